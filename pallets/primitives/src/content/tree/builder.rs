//! The root of a tree from its leaves in order, in O(log n) memory.

use super::node_hash;
use crate::Digest;
use alloc::vec::Vec;
use core::fmt;

/// Takes leaf hashes in order and gives the root.
///
/// It keeps the roots of the perfect subtrees that the leaves so far are made of, one for each bit of their
/// number, largest first.
#[derive(Clone, Default, Debug)]
pub struct Builder {
    count: u64,
    subtrees: Vec<(u32, Digest)>,
}

/// A subtree was pushed where a perfect subtree of its height cannot begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unaligned;

impl fmt::Display for Unaligned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a perfect subtree cannot begin at this leaf")
    }
}

impl core::error::Error for Unaligned {}

impl Builder {
    /// No leaf yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Digest) {
        // Height 0 is aligned everywhere, and no memory holds 2^64 leaves one after the other.
        let _ = self.push_subtree(0, leaf);
    }

    /// Adds the root of a perfect subtree of 2^height leaves; the leaves so far must be a multiple of that.
    pub fn push_subtree(&mut self, height: u32, root: Digest) -> Result<(), Unaligned> {
        let leaves = 1u64.checked_shl(height).ok_or(Unaligned)?;
        if self.count.checked_rem(leaves) != Some(0) {
            return Err(Unaligned);
        }
        self.count = self.count.checked_add(leaves).ok_or(Unaligned)?;
        let (mut height, mut root) = (height, root);
        while let Some((_, left)) = self.subtrees.pop_if(|last| last.0 == height) {
            root = node_hash(&left, &root);
            height = height.saturating_add(1);
        }
        self.subtrees.push((height, root));
        Ok(())
    }

    /// Adds the leaves of another builder, which must fit where this one ends.
    pub fn append(&mut self, next: &Self) -> Result<(), Unaligned> {
        next.subtrees.iter().try_for_each(|(height, root)| self.push_subtree(*height, *root))
    }

    /// The root; `None` if there is no leaf.
    pub fn finish(&self) -> Option<Digest> {
        let mut subtrees = self.subtrees.iter().rev().map(|(_, root)| root);
        let smallest = *subtrees.next()?;
        Some(subtrees.fold(smallest, |right, left| node_hash(left, &right)))
    }
}

/// The root over leaf hashes; `None` if there are none.
pub fn root_of(leaves: impl IntoIterator<Item = Digest>) -> Option<Digest> {
    let mut builder = Builder::new();
    leaves.into_iter().for_each(|leaf| builder.push(leaf));
    builder.finish()
}
