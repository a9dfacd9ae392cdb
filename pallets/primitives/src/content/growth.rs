//! Growing datasets: proof that a new version begins with the bytes of the old one.
//!
//! With q = floor(old length / 4096) ≥ 1 and new length > old length, it proves that the first q · 4096 bytes
//! are unchanged. It says nothing about the short tail of the old version.
//!
//! If the old length is a multiple of 4,096, the RFC 9162 consistency proof runs from the old root. Otherwise
//! the last leaf of the old tree covers a short block that may have grown into another, so the old root itself
//! is no prefix of the new tree. Then the old last leaf is shown with its inclusion path: being the last, all
//! its siblings are to the left, and they alone fold to the root of the first q leaves; the consistency proof
//! runs from there.

use super::{
    block_count, check_length,
    tree::{self, node_hash, verify_consistency, verify_inclusion, BadProof, NoSuchProof},
    BadLength, Commitment,
};
use crate::{
    bounds::{ConsistencyBound, PathBound, BLOCK_SIZE},
    Digest,
};
use bounded_collections::BoundedVec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Proof that one file begins with the whole blocks of another.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct GrowthProof {
    /// The short last block of the old version; `None` if its length is a multiple of 4,096.
    pub tail: Option<Tail>,
    /// Consistency path from the first q leaves to the new tree.
    pub consistency: BoundedVec<Digest, ConsistencyBound>,
}

/// The last leaf of the old tree and its inclusion path.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Tail {
    /// Hash of the last leaf.
    pub leaf: Digest,
    /// Its path: the subtrees to the left, smallest first.
    pub path: BoundedVec<Digest, PathBound>,
}

/// Why growth is not proved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadGrowth {
    /// One of the lengths is impossible.
    #[error(transparent)]
    Length(BadLength),
    /// The old version has no whole block: there is nothing to prove.
    #[error("the old version has no whole block")]
    NoWholeBlock,
    /// The new version is not longer than the old one.
    #[error("the new version is not longer than the old one")]
    NotLonger,
    /// A tail is given where there is none, or missing where there is one.
    #[error("the proof does not fit the length of the old version")]
    Tail,
    /// The old last leaf is not in the old tree.
    #[error("old version: {0}")]
    OldTree(BadProof),
    /// The new tree does not begin with the old blocks.
    #[error("new version: {0}")]
    NewTree(BadProof),
    /// The leaves given to the prover are not those of the two versions.
    #[error("the leaves are not those of the two versions")]
    Leaves,
}

impl From<NoSuchProof> for BadGrowth {
    fn from(_: NoSuchProof) -> Self {
        Self::Leaves
    }
}

/// Number of whole blocks of the old version, if growth from one length to the other can be proved at all.
fn whole_blocks(old: u64, new: u64) -> Result<u64, BadGrowth> {
    check_length(old).and(check_length(new)).map_err(BadGrowth::Length)?;
    if new <= old {
        return Err(BadGrowth::NotLonger);
    }
    match old.checked_div(BLOCK_SIZE) {
        None | Some(0) => Err(BadGrowth::NoWholeBlock),
        Some(whole) => Ok(whole),
    }
}

/// Checks the proof; gives the number of bytes at the beginning that both versions share.
pub fn verify(old: &Commitment, new: &Commitment, proof: &GrowthProof) -> Result<u64, BadGrowth> {
    let whole = whole_blocks(old.length, new.length)?;
    let shared = whole.saturating_mul(BLOCK_SIZE);
    let prefix = match (&proof.tail, shared == old.length) {
        (None, true) => old.root,
        (Some(tail), false) => {
            verify_inclusion(&tail.leaf, whole, whole.saturating_add(1), &tail.path, &old.root)
                .map_err(BadGrowth::OldTree)?;
            let (smallest, larger) = tail.path.split_first().ok_or(BadGrowth::Tail)?;
            larger.iter().fold(*smallest, |right, left| node_hash(left, &right))
        }
        _ => return Err(BadGrowth::Tail),
    };
    verify_consistency(whole, new.blocks(), &prefix, &new.root, &proof.consistency)
        .map_err(BadGrowth::NewTree)?;
    Ok(shared)
}

/// Makes the proof from the leaf hashes of both versions, each read once and in order, in O(log n) memory.
///
/// The leaves are not compared: whoever proves checks the result with [`verify`].
#[derive(Clone, Debug)]
pub struct Prover {
    /// For the short last block of the old version, if it has one, with the last leaf seen.
    tail: Option<(tree::Prover, Option<Digest>)>,
    consistency: tree::Prover,
}

impl Prover {
    /// For growth from one length to another.
    pub fn new(old_length: u64, new_length: u64) -> Result<Self, BadGrowth> {
        let whole = whole_blocks(old_length, new_length)?;
        let tail = if whole.saturating_mul(BLOCK_SIZE) == old_length {
            None
        } else {
            Some((tree::Prover::inclusion(whole, whole.saturating_add(1))?, None))
        };
        Ok(Self { tail, consistency: tree::Prover::consistency(whole, block_count(new_length))? })
    }

    /// Takes the next leaf hash of the old version.
    pub fn old_leaf(&mut self, leaf: Digest) {
        if let Some((prover, last)) = &mut self.tail {
            prover.push(leaf);
            *last = Some(leaf);
        }
    }

    /// Takes the next leaf hash of the new version.
    pub fn new_leaf(&mut self, leaf: Digest) {
        self.consistency.push(leaf);
    }

    /// The proof, once every leaf of both versions was given.
    pub fn finish(self) -> Result<GrowthProof, BadGrowth> {
        let tail = match self.tail {
            None => None,
            Some((prover, last)) => {
                let path = BoundedVec::try_from(prover.finish()?).map_err(|_| BadGrowth::Leaves)?;
                Some(Tail { leaf: last.ok_or(BadGrowth::Leaves)?, path })
            }
        };
        let consistency = BoundedVec::try_from(self.consistency.finish()?).map_err(|_| BadGrowth::Leaves)?;
        Ok(GrowthProof { tail, consistency })
    }
}

/// Makes the proof from leaves that are at hand.
pub fn prove(
    old_length: u64,
    old_leaves: impl IntoIterator<Item = Digest>,
    new_length: u64,
    new_leaves: impl IntoIterator<Item = Digest>,
) -> Result<GrowthProof, BadGrowth> {
    let mut prover = Prover::new(old_length, new_length)?;
    old_leaves.into_iter().for_each(|leaf| prover.old_leaf(leaf));
    new_leaves.into_iter().for_each(|leaf| prover.new_leaf(leaf));
    prover.finish()
}
