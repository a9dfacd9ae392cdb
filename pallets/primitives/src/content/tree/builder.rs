//! The root of a tree from its leaves in order, in O(log n) memory.

use super::node_hash;
use crate::Digest;
use alloc::vec::Vec;

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
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a perfect subtree cannot begin at this leaf")]
pub struct Unaligned;

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

    /// Adds a leaf, and shows `each` every perfect subtree that ends with it, by its height, smallest first.
    pub(in crate::content) fn push_shown(&mut self, leaf: Digest, each: impl FnMut(u32, &Digest)) {
        // As above.
        let _ = self.grow(0, leaf, each);
    }

    /// Adds the root of a perfect subtree of 2^height leaves; the leaves so far must be a multiple of that.
    pub fn push_subtree(&mut self, height: u32, root: Digest) -> Result<(), Unaligned> {
        self.grow(height, root, |_, _| {})
    }

    fn grow(
        &mut self,
        height: u32,
        root: Digest,
        mut each: impl FnMut(u32, &Digest),
    ) -> Result<(), Unaligned> {
        let leaves = 1u64.checked_shl(height).ok_or(Unaligned)?;
        if self.count.checked_rem(leaves) != Some(0) {
            return Err(Unaligned);
        }
        self.count = self.count.checked_add(leaves).ok_or(Unaligned)?;
        let (mut height, mut root) = (height, root);
        each(height, &root);
        while let Some((_, left)) = self.subtrees.pop_if(|last| last.0 == height) {
            root = node_hash(&left, &root);
            height = height.saturating_add(1);
            each(height, &root);
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
        self.finish_shown(|_, _| {})
    }

    /// The same, and shows `each` every subtree that ends with the last leaf and was not shown when that was
    /// pushed, by its first leaf, smallest first.
    pub(in crate::content) fn finish_shown(&self, mut each: impl FnMut(u64, &Digest)) -> Option<Digest> {
        let mut start = self.count;
        let mut whole = None;
        for (height, left) in self.subtrees.iter().rev() {
            start = start.saturating_sub(1u64.checked_shl(*height).unwrap_or(0));
            whole = Some(match whole {
                None => *left,
                Some(right) => {
                    let root = node_hash(left, &right);
                    each(start, &root);
                    root
                }
            });
        }
        whole
    }

    /// The root, if what follows the leaves so far is a subtree with fewer leaves than the smallest here.
    pub(in crate::content) fn finish_with(&self, rest: &Digest) -> Digest {
        self.subtrees.iter().rev().fold(*rest, |right, (_, left)| node_hash(left, &right))
    }
}

/// The root over leaf hashes; `None` if there are none.
pub fn root_of(leaves: impl IntoIterator<Item = Digest>) -> Option<Digest> {
    let mut builder = Builder::new();
    leaves.into_iter().for_each(|leaf| builder.push(leaf));
    builder.finish()
}
