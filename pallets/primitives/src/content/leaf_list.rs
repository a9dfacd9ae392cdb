//! The leaf list: the plaintext leaf hashes, stored behind the sealed payload, 32 bytes a block.
//!
//! With it a buyer can prove that a block is wrong, so it must be there in full and fold to the plaintext root
//! before anyone pays. It also lets readers confirm a block that they can guess; it goes only where the sealed
//! payload goes.

use super::{check_length, tree::Builder, Commitment};
use crate::{bounds::DIGEST_SIZE, Digest};

/// Why a leaf list is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadLeafList {
    /// Not one entry for each block.
    #[error("the leaf list has {found} bytes and should have {expected}")]
    Count {
        /// Bytes that the list should have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The entries fold to another root than the dataset's.
    #[error("the leaf list does not fold to the root of the dataset")]
    Root,
}

/// Bytes of the leaf list of a file of this length.
pub fn byte_length(length: u64) -> u64 {
    super::block_count(length).saturating_mul(DIGEST_SIZE)
}

/// Bytes of the package (sealed payload, then leaf list) of a file of this length; `None` for a length that no
/// file may have.
pub fn package_length(length: u64) -> Option<u64> {
    check_length(length).ok()?;
    length.checked_add(byte_length(length))
}

/// Last blocks shorter than this are worth a warning.
const SHORT_TAIL: u64 = 32;

/// The length of a last block so short that a reader of the leaf list might guess it; `None` if it is not.
pub fn guessable_tail(length: u64) -> Option<u64> {
    let tail = length.checked_rem(crate::bounds::BLOCK_SIZE)?;
    (1..SHORT_TAIL).contains(&tail).then_some(tail)
}

/// Checks a leaf list that arrives in pieces of any size, in O(log n) memory.
#[derive(Clone, Debug)]
pub struct Checker {
    plain: Commitment,
    found: u64,
    entry: Digest,
    filled: usize,
    builder: Builder,
}

impl Checker {
    /// For the leaf list of this plaintext.
    pub fn new(plain: Commitment) -> Self {
        Self { plain, found: 0, entry: [0; 32], filled: 0, builder: Builder::new() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.found = self.found.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let room = self.entry.get_mut(self.filled..).unwrap_or_default();
            let take = room.len().min(bytes.len());
            let (now, later) = bytes.split_at(take);
            if let Some(room) = room.get_mut(..take) {
                room.copy_from_slice(now);
            }
            self.filled = self.filled.saturating_add(take);
            if self.filled == self.entry.len() {
                self.builder.push(self.entry);
                self.filled = 0;
            }
            bytes = later;
        }
    }

    /// Whether it is the whole list and folds to the root.
    pub fn finish(self) -> Result<(), BadLeafList> {
        let expected = byte_length(self.plain.length);
        if self.found != expected {
            return Err(BadLeafList::Count { expected, found: self.found });
        }
        if self.builder.finish() != Some(self.plain.root) {
            return Err(BadLeafList::Root);
        }
        Ok(())
    }
}

/// Checks a leaf list that is in memory.
pub fn check(list: &[u8], plain: &Commitment) -> Result<(), BadLeafList> {
    let mut checker = Checker::new(*plain);
    checker.update(list);
    checker.finish()
}
