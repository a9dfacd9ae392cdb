//! Where records are read from: a certificate's proof, or the chain itself.

use std::collections::BTreeSet;
use thiserror::Error;

/// The chain's storage at one block, or a proof of a part of it.
pub trait StorageReader {
    /// The value under a storage key; `None` if nothing stands there.
    fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError>;

    /// Says which keys are read next, at most 1,024 at a time, so that a reader over a network can fetch them
    /// together. A hint: nothing depends on it.
    fn announce(&mut self, _keys: &[Vec<u8>]) -> Result<(), ReadError> {
        Ok(())
    }
}

/// Why a key could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The proof does not say whether anything stands there. Never an absence.
    #[error("the proof does not cover the key")]
    NotCovered,
    /// The source failed: a node that cannot be reached, say.
    #[error(transparent)]
    Source(Box<dyn std::error::Error + Send + Sync>),
}

/// Reads through another reader and keeps the keys: exactly those that a certificate has to prove.
pub struct Recording<R> {
    reader: R,
    keys: BTreeSet<Vec<u8>>,
}

impl<R> Recording<R> {
    /// Notes every key that is read through it.
    pub fn new(reader: R) -> Self {
        Self { reader, keys: BTreeSet::new() }
    }

    /// Every key that was read, in order.
    pub fn into_keys(self) -> Vec<Vec<u8>> {
        self.keys.into_iter().collect()
    }
}

impl<R: StorageReader> StorageReader for Recording<R> {
    fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let value = self.reader.read(key)?;
        self.keys.insert(key.to_vec());
        Ok(value)
    }

    fn announce(&mut self, keys: &[Vec<u8>]) -> Result<(), ReadError> {
        self.reader.announce(keys)
    }
}
