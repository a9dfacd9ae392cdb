//! Sealing a file where it is, chunk by chunk.

use crate::{
    chunk::Sequence,
    lanes::apply_cipher,
    tree::{leaf_hashes, ChunkTree, FileTree},
    Chunk, PackageError, Sealed,
};
use wonbon_primitives::{bounds::BLOCK_SIZE, content::BadLength, seal::ContentKey, Commitment, Digest};

/// Blocks that are hashed, sealed and hashed again while they are in the fastest cache.
const BLOCKS_AT_ONCE: usize = 4;

/// A chunk that was sealed.
#[derive(Clone, Debug)]
pub struct SealedChunk {
    chunk: Chunk,
    plain: ChunkTree,
    sealed: ChunkTree,
}

impl SealedChunk {
    /// Its part of the leaf list: the leaf hashes of the plaintext.
    pub fn leaves(&self) -> &[Digest] {
        self.plain.leaves()
    }
}

impl Chunk {
    /// Seals its bytes where they are.
    pub fn seal(&self, key: &ContentKey, bytes: &mut [u8]) -> Result<SealedChunk, PackageError> {
        self.holds(bytes)?;
        let (mut plain, mut sealed) = (Vec::with_capacity(self.blocks()), Vec::with_capacity(self.blocks()));
        let groups = bytes.chunks_mut(BLOCKS_AT_ONCE * BLOCK_SIZE as usize);
        for (group, first) in groups.zip((self.first_block()..).step_by(BLOCKS_AT_ONCE)) {
            plain.extend(leaf_hashes(group));
            apply_cipher(key, first, group).map_err(|_| BadLength(self.end_offset()))?;
            sealed.extend(leaf_hashes(group));
        }
        Ok(SealedChunk { chunk: *self, plain: ChunkTree::new(plain), sealed: ChunkTree::new(sealed) })
    }
}

/// Folds the chunks of a file that is sealed.
#[derive(Clone, Debug)]
pub struct Sealing {
    sequence: Sequence,
    plain: FileTree,
    sealed: FileTree,
}

impl Sealing {
    /// For a file of this length.
    pub fn new(length: u64) -> Result<Self, PackageError> {
        let (plain, sealed) = Default::default();
        Ok(Self { sequence: Sequence::new(length)?, plain, sealed })
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: &SealedChunk) -> Result<(), PackageError> {
        self.sequence.advance(&chunk.chunk)?;
        self.plain.push(&chunk.plain);
        self.sealed.push(&chunk.sealed);
        Ok(())
    }

    /// What the sealing is known by, once every chunk was given; the key is the one that all were sealed with.
    pub fn finish(self, key: &ContentKey) -> Result<Sealed, PackageError> {
        self.sequence.check_complete()?;
        let length = self.sequence.length();
        Ok(Sealed {
            plain: Commitment { root: self.plain.root(), length },
            sealed: Commitment { root: self.sealed.root(), length },
            key_commitment: key.commitment(),
        })
    }
}
