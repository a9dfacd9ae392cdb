//! Contiguous blocks with one proof: a part of a file shown to someone who knows the file's commitment alone.
//!
//! The path holds the roots of the largest subtrees that lie wholly before the range, then of those wholly after
//! it, both from left to right: no hash that follows from another, so no smaller set would do. For one block
//! these are the hashes of its inclusion path. Which subtrees they are follows from the range and the number of
//! blocks, so a path carries hashes only and has exactly one length.

use super::{
    block_length,
    tree::{compare, leaf_hash, BadProof, Builder, NoSuchProof},
    BadLength, Commitment,
};
use crate::{
    bounds::{RangePathBound, BLOCK_SIZE},
    Digest,
};
use alloc::vec::Vec;
use bounded_collections::BoundedVec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::ops::Range;

/// Contiguous blocks of a file and the path from them to the root.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking)]
pub struct BlockRange {
    /// Index of the first block.
    #[codec(compact)]
    pub first: u64,
    /// The blocks, one after the other. Only the file's last may be short.
    pub blocks: Vec<u8>,
    /// The subtrees before the range, then those after it.
    pub path: BoundedVec<Digest, RangePathBound>,
}

impl BlockRange {
    /// Number of blocks.
    pub fn count(&self) -> u64 {
        (self.blocks.len() as u64).div_ceil(BLOCK_SIZE)
    }

    /// Where the bytes stand in the file.
    pub fn span(&self) -> Range<u64> {
        let start = self.first.saturating_mul(BLOCK_SIZE);
        start..start.saturating_add(self.blocks.len() as u64)
    }

    /// The indices of the blocks.
    pub fn indices(&self) -> Range<u64> {
        self.first..self.first.saturating_add(self.count())
    }

    /// Whether a file of this length has blocks of these lengths at this place.
    pub fn fits(&self, length: u64) -> Result<(), BadRange> {
        super::check_length(length).map_err(BadRange::Length)?;
        let last = self.indices().end.checked_sub(1).ok_or(BadRange::Blocks)?;
        let end = last.saturating_mul(BLOCK_SIZE);
        match block_length(length, last) {
            Some(block) if !self.blocks.is_empty() && self.span().end == end.saturating_add(block) => Ok(()),
            _ => Err(BadRange::Blocks),
        }
    }

    /// Whether these are blocks of the file.
    pub fn verify(&self, file: &Commitment) -> Result<(), BadRange> {
        self.fits(file.length)?;
        let leaves = self.blocks.chunks(BLOCK_SIZE as usize).map(leaf_hash);
        verify(leaves, self.first, file.blocks(), &self.path, &file.root).map_err(BadRange::Proof)
    }
}

/// Why a range is not a part of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadRange {
    /// The length of the file is impossible.
    #[error(transparent)]
    Length(BadLength),
    /// There are no blocks, or the file has none of these lengths there.
    #[error("the file has no blocks of these lengths at this place")]
    Blocks,
    /// The blocks are not the file's.
    #[error(transparent)]
    Proof(BadProof),
}

/// Whether `leaves` are the leaves from `first` on of the tree of `size` leaves with this root.
pub fn verify(
    leaves: impl ExactSizeIterator<Item = Digest>,
    first: u64,
    size: u64,
    path: &[Digest],
    root: &Digest,
) -> Result<(), BadProof> {
    let end = first.checked_add(leaves.len() as u64).ok_or(BadProof::OutOfRange)?;
    let beside = Beside::of(&(first..end), size).ok_or(BadProof::OutOfRange)?;
    let (before, after) = path.split_at_checked(beside.before.len()).ok_or(BadProof::PathLength)?;
    if after.len() != beside.after.len() {
        return Err(BadProof::PathLength);
    }
    let mut tree = Builder::new();
    for (subtree, hash) in beside.before.iter().zip(before) {
        add(&mut tree, subtree, hash)?;
    }
    leaves.for_each(|leaf| tree.push(leaf));
    for (subtree, hash) in beside.after.iter().zip(after) {
        let leaves = subtree.end.saturating_sub(subtree.start);
        if !leaves.is_power_of_two() {
            // The ragged end of the tree: nothing comes after it.
            return compare(&tree.finish_with(hash), root);
        }
        add(&mut tree, subtree, hash)?;
    }
    compare(&tree.finish().ok_or(BadProof::OutOfRange)?, root)
}

fn add(tree: &mut Builder, subtree: &Range<u64>, hash: &Digest) -> Result<(), BadProof> {
    let height = subtree.end.saturating_sub(subtree.start).checked_ilog2().ok_or(BadProof::OutOfRange)?;
    tree.push_subtree(height, *hash).map_err(|_| BadProof::OutOfRange)
}

/// The largest subtrees beside a range, as the leaves that they are of.
struct Beside {
    before: Vec<Range<u64>>,
    after: Vec<Range<u64>>,
}

impl Beside {
    /// `None` if the range is empty or goes beyond the tree.
    fn of(range: &Range<u64>, size: u64) -> Option<Self> {
        if range.is_empty() || range.end > size {
            return None;
        }
        let (mut before, mut after) = (Vec::new(), Vec::new());
        // Before it: the perfect subtrees that the leaves up to there are made of.
        let mut start = 0u64;
        while let Some(height) = range.start.saturating_sub(start).checked_ilog2() {
            let end = start.checked_add(1u64.checked_shl(height)?)?;
            before.push(start..end);
            start = end;
        }
        // After it: at each place the largest perfect subtree that can begin there, or what is left of the tree.
        let mut start = range.end;
        while start < size {
            let end = start.checked_add(1u64.checked_shl(start.trailing_zeros())?).unwrap_or(size).min(size);
            after.push(start..end);
            start = end;
        }
        Some(Self { before, after })
    }

    fn into_iter(self) -> impl Iterator<Item = Range<u64>> {
        self.before.into_iter().chain(self.after)
    }
}

/// Makes the paths of several ranges while the leaves go by, each once and in order. It holds the paths and
/// O(log n) hashes beside them.
#[derive(Clone, Debug)]
pub struct Prover {
    size: u64,
    tree: Builder,
    ranges: Vec<Range<u64>>,
    /// The subtrees that are asked for, in the order in which the leaves complete them: by end, and the smaller
    /// one first where two end together. With the hash, once it is known.
    wanted: Vec<(Range<u64>, Option<Digest>)>,
    /// How many of them are known.
    known: usize,
}

impl Prover {
    /// For these ranges of a tree of `size` leaves.
    pub fn new(size: u64, ranges: Vec<Range<u64>>) -> Result<Self, NoSuchProof> {
        let mut wanted = Vec::new();
        for range in &ranges {
            wanted.extend(Beside::of(range, size).ok_or(NoSuchProof)?.into_iter().map(|range| (range, None)));
        }
        wanted.sort_by(|(a, _), (b, _)| order(a, b));
        wanted.dedup();
        Ok(Self { size, tree: Builder::new(), ranges, wanted, known: 0 })
    }

    /// Takes the next leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let Self { tree, wanted, known, .. } = self;
        let end = tree.count().saturating_add(1);
        tree.push_shown(leaf, |height, hash| {
            if let Some((range, place)) = wanted.get_mut(*known) {
                let leaves = range.end.saturating_sub(range.start);
                if range.end == end && leaves.checked_ilog2() == Some(height) && leaves.is_power_of_two() {
                    *place = Some(*hash);
                    *known = known.saturating_add(1);
                }
            }
        });
    }

    /// The root and the path of each range, once every leaf was given.
    pub fn finish(mut self) -> Result<(Digest, Vec<BoundedVec<Digest, RangePathBound>>), NoSuchProof> {
        if self.tree.count() != self.size {
            return Err(NoSuchProof);
        }
        let (wanted, known) = (&mut self.wanted, &mut self.known);
        let root = self.tree.finish_shown(|start, hash| {
            if let Some((range, place)) = wanted.get_mut(*known) {
                if range.start == start {
                    *place = Some(*hash);
                    *known = known.saturating_add(1);
                }
            }
        });
        let path = |range: &Range<u64>| {
            let beside = Beside::of(range, self.size).ok_or(NoSuchProof)?;
            let hashes = beside.into_iter().map(|subtree| {
                let at = self.wanted.binary_search_by(|(there, _)| order(there, &subtree)).ok()?;
                self.wanted.get(at)?.1
            });
            let hashes: Option<Vec<Digest>> = hashes.collect();
            BoundedVec::try_from(hashes.ok_or(NoSuchProof)?).map_err(|_| NoSuchProof)
        };
        let paths = self.ranges.iter().map(path).collect::<Result<_, _>>()?;
        Ok((root.ok_or(NoSuchProof)?, paths))
    }
}

/// The order in which subtrees are completed.
fn order(a: &Range<u64>, b: &Range<u64>) -> core::cmp::Ordering {
    a.end.cmp(&b.end).then(b.start.cmp(&a.start))
}

/// The path of the leaves `range`, from leaves that are at hand.
pub fn range_path(
    leaves: impl IntoIterator<Item = Digest>,
    range: Range<u64>,
    size: u64,
) -> Result<BoundedVec<Digest, RangePathBound>, NoSuchProof> {
    let mut prover = Prover::new(size, alloc::vec![range])?;
    leaves.into_iter().for_each(|leaf| prover.push(leaf));
    prover.finish()?.1.pop().ok_or(NoSuchProof)
}

/// Puts block indices in order and joins neighbours: the fewest ranges that are these blocks.
pub fn join(mut indices: Vec<u64>) -> Vec<Range<u64>> {
    indices.sort_unstable();
    indices.dedup();
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for index in indices {
        let end = index.saturating_add(1);
        match ranges.last_mut() {
            Some(last) if last.end == index => last.end = end,
            _ => ranges.push(index..end),
        }
    }
    ranges
}
