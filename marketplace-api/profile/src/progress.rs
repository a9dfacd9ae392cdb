//! How far a reading is, and whether it is to go on: one callback that the caller gives.

use std::io::{self, Read};
use std::ops::ControlFlow;

/// Told how many bytes were read since it was last told (perhaps none); `Break` stops the work soon.
pub type Progress<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// What a reader fails with when it was stopped.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
pub(crate) struct Stopped;

impl Stopped {
    /// Whether a reader failed because it was stopped.
    pub(crate) fn caused(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Stopped>())
    }
}

/// A reader that tells how far it is.
pub(crate) struct Watched<'a, 'b, R> {
    inner: R,
    progress: &'a mut Progress<'b>,
}

impl<'a, 'b, R: Read> Watched<'a, 'b, R> {
    pub(crate) fn new(inner: R, progress: &'a mut Progress<'b>) -> Self {
        Watched { inner, progress }
    }
}

impl<R: Read> Read for Watched<'_, '_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        match (self.progress)(count as u64) {
            ControlFlow::Continue(()) => Ok(count),
            ControlFlow::Break(()) => Err(io::Error::other(Stopped)),
        }
    }
}
