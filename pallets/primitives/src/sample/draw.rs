//! The draw of a fair sample: the beginning of a uniform permutation of a dataset's blocks, which follows from
//! genesis, seed and root.

use crate::{label, permutation::permute, Digest};
use alloc::vec::Vec;

/// The first `count` block indices of the draw for a dataset of `blocks` blocks, in the order in which they were
/// drawn; all of them if there are no more.
pub fn draw(genesis: &Digest, seed: &Digest, root: &Digest, blocks: u64, count: u64) -> Vec<u64> {
    permute(label::DRAW, &[genesis, seed, root], blocks, count)
}
