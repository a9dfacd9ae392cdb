//! The pieces in which a file passes.

use crate::PackageError;
use wonbon_primitives::{bounds::BLOCK_SIZE, content::check_length};

/// Bytes of a chunk: 256 blocks, a perfect subtree of height 8. Only a file's last chunk is shorter.
pub const CHUNK_SIZE: usize = 1 << 20;

/// A piece of a file, and of the sealed payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// Where it begins, in bytes from the start of the file: a multiple of [`CHUNK_SIZE`].
    pub offset: u64,
    /// How many bytes it has; only the last chunk of a file has fewer than [`CHUNK_SIZE`].
    pub length: usize,
}

impl Chunk {
    /// The chunk with this index of a file of this length; `None` if there is no such chunk.
    pub fn at(index: u64, length: u64) -> Option<Self> {
        let offset = index.checked_mul(CHUNK_SIZE as u64)?;
        let rest = length.checked_sub(offset).filter(|rest| *rest > 0)?;
        Some(Self { offset, length: rest.min(CHUNK_SIZE as u64) as usize })
    }

    /// Number of chunks of a file of this length.
    pub fn count(length: u64) -> u64 {
        length.div_ceil(CHUNK_SIZE as u64)
    }

    /// The chunks of a file of this length, in order.
    pub fn all(length: u64) -> impl Iterator<Item = Self> {
        (0..).map_while(move |index| Self::at(index, length))
    }

    /// Index of its first block.
    pub fn first_block(&self) -> u64 {
        self.offset / BLOCK_SIZE
    }

    /// Number of its blocks.
    pub fn blocks(&self) -> usize {
        self.length.div_ceil(BLOCK_SIZE as usize)
    }

    /// Where its bytes end in the file.
    pub fn end_offset(&self) -> u64 {
        self.offset + self.length as u64
    }

    /// Refuses bytes that are not as many as it has.
    pub(crate) fn holds(&self, bytes: &[u8]) -> Result<(), PackageError> {
        if bytes.len() == self.length {
            Ok(())
        } else {
            Err(PackageError::Chunks)
        }
    }
}

/// How far chunks have come that follow one another from a file's first byte to its last.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    length: u64,
    next: u64,
}

impl Sequence {
    pub(crate) fn new(length: u64) -> Result<Self, PackageError> {
        check_length(length)?;
        Ok(Self { length, next: 0 })
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Takes the next chunk.
    pub(crate) fn advance(&mut self, chunk: &Chunk) -> Result<(), PackageError> {
        if Chunk::at(self.next, self.length).as_ref() != Some(chunk) {
            return Err(PackageError::Chunks);
        }
        self.next += 1;
        Ok(())
    }

    /// Refuses if a chunk is missing.
    pub(crate) fn check_complete(&self) -> Result<(), PackageError> {
        if self.next == Chunk::count(self.length) {
            Ok(())
        } else {
            Err(PackageError::Chunks)
        }
    }
}
