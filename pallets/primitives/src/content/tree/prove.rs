//! Inclusion and consistency paths from the leaves in order, in O(log n) memory.
//!
//! Both are lists of roots of disjoint ranges of leaves. Which ranges is known before any leaf is read, so one
//! pass with one builder gives them all.

use super::Builder;
use crate::Digest;
use alloc::vec::Vec;
use core::ops::Range;

/// Collects the hashes of a path while the leaves go by.
#[derive(Clone, Debug)]
pub struct Prover {
    size: u64,
    next: u64,
    /// Ranges still to come with their place in the path, the next one last.
    ranges: Vec<(Range<u64>, usize)>,
    builder: Builder,
    path: Vec<Digest>,
}

/// There is no such proof, or not as many leaves were given as the tree has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no such proof over these leaves")]
pub struct NoSuchProof;

impl Prover {
    /// For the inclusion path of a leaf in a tree of `size` leaves (RFC 9162 section 2.1.3.1).
    pub fn inclusion(index: u64, size: u64) -> Result<Self, NoSuchProof> {
        if index >= size {
            return Err(NoSuchProof);
        }
        Ok(Self::over(descend(index, size, |_| false).0, size))
    }

    /// For the consistency path from the first `old` leaves to all `size` (RFC 9162 section 2.1.4.1).
    pub fn consistency(old: u64, size: u64) -> Result<Self, NoSuchProof> {
        if old == 0 || old > size {
            return Err(NoSuchProof);
        }
        // To the largest subtree that ends with the last of the old leaves.
        let (mut ranges, ends) = descend(old.saturating_sub(1), size, |here| here.end == old);
        // The first leaves themselves are what the checker already knows the root of.
        if ends.start != 0 {
            ranges.push(ends);
        }
        Ok(Self::over(ranges, size))
    }

    /// `top_down` are the ranges from the root downwards; a path begins at the bottom.
    fn over(top_down: Vec<Range<u64>>, size: u64) -> Self {
        let path = alloc::vec![[0; 32]; top_down.len()];
        let mut ranges: Vec<_> =
            top_down.into_iter().rev().enumerate().map(|(at, range)| (range, at)).collect();
        ranges.sort_by_key(|(range, _)| core::cmp::Reverse(range.start));
        Self { size, next: 0, ranges, builder: Builder::new(), path }
    }

    /// Takes the next leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let index = self.next;
        self.next = self.next.saturating_add(1);
        let Some((range, at)) = self.ranges.last() else { return };
        if index < range.start {
            return;
        }
        self.builder.push(leaf);
        if self.next == range.end {
            if let (Some(place), Some(root)) = (self.path.get_mut(*at), self.builder.finish()) {
                *place = root;
            }
            self.builder = Builder::new();
            self.ranges.pop();
        }
    }

    /// The path; every leaf of the tree must have been given.
    pub fn finish(self) -> Result<Vec<Digest>, NoSuchProof> {
        if self.next == self.size && self.ranges.is_empty() {
            Ok(self.path)
        } else {
            Err(NoSuchProof)
        }
    }
}

/// Goes down from the root to the leaf at `index`, or until `arrived`: the ranges beside the way, and where it ends.
fn descend(index: u64, size: u64, arrived: impl Fn(&Range<u64>) -> bool) -> (Vec<Range<u64>>, Range<u64>) {
    let (mut beside, mut here) = (Vec::new(), 0..size);
    while let Some(middle) = split(here.start, here.end).filter(|_| !arrived(&here)) {
        if index < middle {
            beside.push(middle..here.end);
            here.end = middle;
        } else {
            beside.push(here.start..middle);
            here.start = middle;
        }
    }
    (beside, here)
}

/// Where the leaves `start..end` split: after the largest power of two below their number. `None` for one leaf.
fn split(start: u64, end: u64) -> Option<u64> {
    let below = end.checked_sub(start)?.checked_sub(1)?;
    start.checked_add(1u64.checked_shl(below.checked_ilog2()?)?)
}

/// The inclusion path of the leaf at `index`.
pub fn inclusion_path(
    leaves: impl ExactSizeIterator<Item = Digest>,
    index: u64,
) -> Result<Vec<Digest>, NoSuchProof> {
    run(Prover::inclusion(index, leaves.len() as u64)?, leaves)
}

/// The consistency path from the first `old` leaves to all of them.
pub fn consistency_path(
    leaves: impl ExactSizeIterator<Item = Digest>,
    old: u64,
) -> Result<Vec<Digest>, NoSuchProof> {
    run(Prover::consistency(old, leaves.len() as u64)?, leaves)
}

fn run(mut prover: Prover, leaves: impl Iterator<Item = Digest>) -> Result<Vec<Digest>, NoSuchProof> {
    leaves.for_each(|leaf| prover.push(leaf));
    prover.finish()
}
