//! How far a reading is, and whether it is to go on: one callback that the caller gives.

use std::io::{self, Read};
use std::ops::ControlFlow;

use crate::ProfileError;

/// Told how many bytes were read since it was last told (perhaps none); `Break` stops the work soon.
pub type Progress<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// A reader that shows what it reads to a function, which can refuse it.
pub(crate) struct InspectReader<R, F> {
    inner: R,
    inspect: F,
}

impl<R: Read, F: FnMut(&[u8]) -> Result<(), ProfileError>> InspectReader<R, F> {
    pub(crate) fn new(inner: R, inspect: F) -> Self {
        InspectReader { inner, inspect }
    }
}

impl<R: Read, F: FnMut(&[u8]) -> Result<(), ProfileError>> Read for InspectReader<R, F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        (self.inspect)(&out[..count]).map_err(io::Error::other)?;
        Ok(count)
    }
}
