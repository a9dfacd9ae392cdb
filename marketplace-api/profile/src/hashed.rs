//! The hash of what is read, taken while it is read.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};
use wonbon_model::Digest;

/// A reader that hashes what it gives.
pub(crate) struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Hashed { inner, hash: Sha256::new() }
    }

    /// SHA-256 of everything that was read.
    pub(crate) fn digest(self) -> Digest {
        self.hash.finalize().into()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        self.hash.update(&out[..count]);
        Ok(count)
    }
}
