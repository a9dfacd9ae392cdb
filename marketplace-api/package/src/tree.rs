//! The leaves of chunks and the tree over them.

use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::tree::{leaf_hash, Builder},
    Digest,
};

/// The leaf hashes of bytes that begin where a block begins.
pub fn leaf_hashes(bytes: &[u8]) -> Vec<Digest> {
    bytes.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect()
}

/// The leaves of a chunk with the tree over them.
#[derive(Clone, Debug)]
pub(crate) struct ChunkTree {
    leaves: Vec<Digest>,
    tree: Builder,
}

impl ChunkTree {
    pub(crate) fn new(leaves: Vec<Digest>) -> Self {
        let mut tree = Builder::new();
        leaves.iter().for_each(|leaf| tree.push(*leaf));
        Self { leaves, tree }
    }

    pub(crate) fn leaves(&self) -> &[Digest] {
        &self.leaves
    }
}

/// The tree over a file whose chunks come in order.
#[derive(Clone, Default, Debug)]
pub(crate) struct FileTree(Builder);

impl FileTree {
    pub(crate) fn push(&mut self, chunk: &ChunkTree) {
        self.0.append(&chunk.tree).expect("every chunk but the last is a perfect subtree; qed");
    }

    /// The root; a file has a block at least.
    pub(crate) fn root(&self) -> Digest {
        self.0.finish().expect("no file here is empty; qed")
    }
}
