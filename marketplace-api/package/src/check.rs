//! Checking a package without its key: the payload has the sealed root, and the leaf list folds to the dataset's.

use crate::{
    chunk::Sequence,
    tree::{leaf_hashes, ChunkTree, FileTree},
    Chunk, PackageError,
};
use wonbon_primitives::{Commitment, Digest};

/// A chunk of a sealed payload and its part of the leaf list, both hashed.
#[derive(Clone, Debug)]
pub struct CheckedChunk {
    chunk: Chunk,
    sealed: ChunkTree,
    list: ChunkTree,
}

impl CheckedChunk {
    /// `leaves` are those that the leaf list has of the chunk, `sealed` those of the chunk itself.
    pub(crate) fn new(chunk: Chunk, sealed: Vec<Digest>, leaves: Vec<Digest>) -> Result<Self, PackageError> {
        if leaves.len() != chunk.blocks() {
            return Err(PackageError::LeafList);
        }
        Ok(Self { chunk, sealed: ChunkTree::new(sealed), list: ChunkTree::new(leaves) })
    }

    pub(crate) fn chunk(&self) -> Chunk {
        self.chunk
    }

    /// The leaf hashes of the sealed payload, with which a reader can check any part of a download as it comes. They
    /// are worth something only if the whole package is found right.
    pub fn sealed_leaves(&self) -> &[Digest] {
        self.sealed.leaves()
    }

    /// The leaf hashes of the plaintext, as the leaf list has them.
    pub(crate) fn listed_leaves(&self) -> &[Digest] {
        self.list.leaves()
    }
}

impl Chunk {
    /// Hashes its sealed bytes and its part of the leaf list.
    pub fn check(&self, sealed: &[u8], leaves: Vec<Digest>) -> Result<CheckedChunk, PackageError> {
        self.holds(sealed)?;
        CheckedChunk::new(*self, leaf_hashes(sealed), leaves)
    }
}

/// Folds the chunks of a package and judges it.
#[derive(Clone, Debug)]
pub struct Checking {
    sequence: Sequence,
    expected: (Commitment, Digest),
    sealed: FileTree,
    list: FileTree,
}

impl Checking {
    /// For a package of this sealed payload and this dataset.
    pub fn new(sealed: &Commitment, plain_root: &Digest) -> Result<Self, PackageError> {
        let sequence = Sequence::new(sealed.length)?;
        let expected = (*sealed, *plain_root);
        Ok(Self { sequence, expected, sealed: FileTree::default(), list: FileTree::default() })
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: &CheckedChunk) -> Result<(), PackageError> {
        self.sequence.advance(&chunk.chunk)?;
        self.sealed.push(&chunk.sealed);
        self.list.push(&chunk.list);
        Ok(())
    }

    /// Whether the package is what was expected, once every chunk was given.
    pub fn finish(self) -> Result<(), PackageError> {
        self.sequence.check_complete()?;
        let (sealed, plain_root) = self.expected;
        if self.sealed.root() != sealed.root {
            return Err(PackageError::Payload);
        }
        if self.list.root() != plain_root {
            return Err(PackageError::LeafList);
        }
        Ok(())
    }
}
