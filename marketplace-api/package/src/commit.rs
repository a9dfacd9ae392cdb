//! The root of a file, from its chunks in order.

use crate::{
    chunk::Sequence,
    tree::{leaf_hashes, ChunkTree, FileTree},
    Chunk, PackageError,
};
use wonbon_primitives::{Commitment, Digest};

/// A chunk whose blocks were hashed.
#[derive(Clone, Debug)]
pub struct CommittedChunk {
    chunk: Chunk,
    tree: ChunkTree,
}

impl CommittedChunk {
    /// The leaf hashes of its blocks, in order.
    pub fn leaves(&self) -> &[Digest] {
        self.tree.leaves()
    }
}

impl Chunk {
    /// Hashes its blocks; refuses bytes that are not as many as it has.
    pub fn commit(&self, bytes: &[u8]) -> Result<CommittedChunk, PackageError> {
        self.holds(bytes)?;
        Ok(CommittedChunk { chunk: *self, tree: ChunkTree::new(leaf_hashes(bytes)) })
    }
}

/// Folds the chunks of a file to its commitment.
#[derive(Clone, Debug)]
pub struct Committing {
    sequence: Sequence,
    tree: FileTree,
}

impl Committing {
    /// For a file of this length.
    pub fn new(length: u64) -> Result<Self, PackageError> {
        Ok(Self { sequence: Sequence::new(length)?, tree: FileTree::default() })
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: &CommittedChunk) -> Result<(), PackageError> {
        self.sequence.advance(&chunk.chunk)?;
        self.tree.push(&chunk.tree);
        Ok(())
    }

    /// The commitment, once every chunk was given.
    pub fn finish(self) -> Result<Commitment, PackageError> {
        self.sequence.check_complete()?;
        Ok(Commitment { root: self.tree.root(), length: self.sequence.length() })
    }
}
