//! Opening a sealed payload, chunk by chunk, and finding what is wrong with it.
//!
//! One pass finds three things: the root of the sealed payload, the root that the leaf list folds to, and the
//! first block that does not open to its leaf. Only if both roots are right is a bad block the seller's fault,
//! so it is reported last.

use crate::{lanes::apply_cipher, tree::leaf_hashes, CheckedChunk, Checking, Chunk, PackageError, Sealed};
use wonbon_primitives::{bounds::BLOCK_SIZE, seal::ContentKey, Digest};

/// Blocks that are hashed, opened and hashed again while they are in the fastest cache.
const BLOCKS_AT_ONCE: usize = 4;

/// A chunk that was opened.
#[derive(Clone, Debug)]
pub struct OpenedChunk {
    checked: CheckedChunk,
    bad: Option<u64>,
}

impl OpenedChunk {
    /// Whether every block is the one of its leaf.
    pub fn is_good(&self) -> bool {
        self.bad.is_none()
    }
}

impl Chunk {
    /// Opens its sealed bytes where they are and compares each block with its leaf of the leaf list.
    pub fn open(
        &self,
        key: &ContentKey,
        bytes: &mut [u8],
        leaves: Vec<Digest>,
    ) -> Result<OpenedChunk, PackageError> {
        self.holds(bytes)?;
        let mut sealed = Vec::with_capacity(self.blocks());
        let mut bad = None;
        let groups =
            bytes.chunks_mut(BLOCKS_AT_ONCE * BLOCK_SIZE as usize).zip(leaves.chunks(BLOCKS_AT_ONCE));
        for ((group, leaves), first) in groups.zip((self.first_block()..).step_by(BLOCKS_AT_ONCE)) {
            sealed.extend(leaf_hashes(group));
            apply_cipher(key, first, group).map_err(|_| PackageError::NoSuchBlock(first))?;
            let opened = leaf_hashes(group);
            let wrong = opened.iter().zip(leaves).zip(first..).find(|((opened, leaf), _)| opened != leaf);
            bad = bad.or(wrong.map(|(_, index)| index));
        }
        Ok(OpenedChunk { checked: CheckedChunk::new(*self, sealed, leaves)?, bad })
    }
}

/// Folds the chunks of a package that is opened, and judges it.
#[derive(Clone, Debug)]
pub struct Opening {
    checking: Checking,
    first_bad: Option<u64>,
}

impl Opening {
    /// For a package of this sealing, with this key. A key that is not the one of the sealing is refused.
    pub fn new(expected: &Sealed, key: &ContentKey) -> Result<Self, PackageError> {
        if key.commitment() != expected.key_commitment {
            return Err(PackageError::WrongKey);
        }
        if expected.plain.length != expected.sealed.length {
            return Err(PackageError::Payload);
        }
        Ok(Self { checking: Checking::new(&expected.sealed, &expected.plain.root)?, first_bad: None })
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: &OpenedChunk) -> Result<(), PackageError> {
        self.checking.push(&chunk.checked)?;
        self.first_bad = self.first_bad.or(chunk.bad);
        Ok(())
    }

    /// Whether what was opened is the dataset, once every chunk was given.
    ///
    /// [`PackageError::BadBlock`] names the first block that is not the dataset's, for [`crate::FaultProving`].
    pub fn finish(self) -> Result<(), PackageError> {
        self.checking.finish()?;
        self.first_bad.map_or(Ok(()), |index| Err(PackageError::BadBlock(index)))
    }
}
