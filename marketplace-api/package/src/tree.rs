//! The leaves of chunks and the trees over them.

use crate::lanes::hash_pieces;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, DIGEST_SIZE},
    content::tree::{leaf_hash, Builder},
    Digest,
};

/// What RFC 9162 puts before a block and before two nodes.
const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;

/// The leaf hashes of bytes that begin where a block begins.
pub fn leaf_hashes(bytes: &[u8]) -> Vec<Digest> {
    let (whole, short) = bytes.split_at(bytes.len() - bytes.len() % BLOCK_SIZE as usize);
    let mut leaves = hash_pieces(LEAF_PREFIX, whole, BLOCK_SIZE as usize);
    if !short.is_empty() {
        leaves.push(leaf_hash(short));
    }
    leaves
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
        let mut rest = leaves.as_slice();
        while let Some(height) = rest.len().checked_ilog2() {
            let (perfect, after) = rest.split_at(1 << height);
            tree.push_subtree(height, perfect_root(perfect)).expect("the larger ones come first; qed");
            rest = after;
        }
        Self { leaves, tree }
    }

    pub(crate) fn leaves(&self) -> &[Digest] {
        &self.leaves
    }
}

/// The root over a power of two of leaves, a level at a time: the nodes of one level are independent.
fn perfect_root(leaves: &[Digest]) -> Digest {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = hash_pieces(NODE_PREFIX, level.as_flattened(), 2 * DIGEST_SIZE as usize);
    }
    level[0]
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
