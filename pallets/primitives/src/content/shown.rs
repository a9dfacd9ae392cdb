//! The leaves that a registration shows: that its author has the tree, and not only its root.
//!
//! Which ones follows from the hash of a block that nobody knows when the root is announced, from the account and from
//! the root: [`MAX_SHOWN_LEAVES`] of the whole blocks, or all of them if there are fewer. A short last block is not
//! drawn, because its few bytes could be guessed from its hash; if it is the only block, it is shown: its leaf is the
//! root, which is known anyway, so that for a file of one block this proves nothing. The account is part of it, so that
//! what one account shows is of no use to another that announced in the same block.
//!
//! Whoever has a part f of the leaves passes with probability f^8. No byte of the file is shown; hashes of blocks and of
//! subtrees are.

use super::{
    tree::{self, verify_inclusion, BadProof, NoSuchProof},
    BadLength, Commitment,
};
use crate::{
    bounds::{PathBound, ShownLeavesBound, BLOCK_SIZE, MAX_SHOWN_LEAVES},
    label,
    permutation::permute,
    Digest,
};
use alloc::vec::Vec;
use bounded_collections::BoundedVec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A leaf and its way to the root. Which leaf it is follows from the draw.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct ShownLeaf {
    /// Hash of the leaf.
    pub leaf: Digest,
    /// Its inclusion path.
    pub path: BoundedVec<Digest, PathBound>,
}

/// The drawn leaves, in the order in which they are drawn.
pub type ShownLeaves = BoundedVec<ShownLeaf, ShownLeavesBound>;

/// Why the leaves do not show what they should.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadLeaves {
    /// The length is impossible.
    #[error(transparent)]
    Length(BadLength),
    /// More or fewer leaves than are drawn.
    #[error("{found} leaves are shown instead of {drawn}")]
    Count {
        /// How many are drawn.
        drawn: u32,
        /// How many are shown.
        found: u32,
    },
    /// A leaf is not the one at its place in the tree.
    #[error("the leaf of block {index}: {cause}")]
    Leaf {
        /// The block.
        index: u64,
        /// What is wrong with it.
        cause: BadProof,
    },
}

/// Which leaves are shown for a file, in the order in which they are drawn.
pub fn drawn(seed: &Digest, account: &[u8], file: &Commitment) -> Vec<u64> {
    let whole = file.length.checked_div(BLOCK_SIZE).unwrap_or(0).max(1);
    permute(label::LEAF_DRAW, &[seed, account, &file.root], whole, MAX_SHOWN_LEAVES.into())
}

/// Checks the leaves that an account shows for a file.
pub fn verify(
    seed: &Digest,
    account: &[u8],
    file: &Commitment,
    leaves: &[ShownLeaf],
) -> Result<(), BadLeaves> {
    file.validate().map_err(BadLeaves::Length)?;
    let drawn = drawn(seed, account, file);
    if drawn.len() != leaves.len() {
        return Err(BadLeaves::Count { drawn: drawn.len() as u32, found: leaves.len() as u32 });
    }
    drawn.into_iter().zip(leaves).try_for_each(|(index, shown)| {
        verify_inclusion(&shown.leaf, index, file.blocks(), &shown.path, &file.root)
            .map_err(|cause| BadLeaves::Leaf { index, cause })
    })
}

/// How many digests are shown: checking each takes a hash.
pub fn digests(leaves: &[ShownLeaf]) -> u32 {
    leaves.iter().fold(0, |sum, shown| sum.saturating_add(shown.path.len() as u32).saturating_add(1))
}

/// Collects what is shown while the leaves of a file go by, each once and in order.
#[derive(Clone, Debug)]
pub struct Prover {
    next: u64,
    leaves: Vec<(u64, Digest, tree::Prover)>,
}

impl Prover {
    /// For the leaves that an account shows for a file.
    pub fn new(seed: &Digest, account: &[u8], file: &Commitment) -> Result<Self, NoSuchProof> {
        let leaves = drawn(seed, account, file).into_iter();
        let leaves = leaves.map(|index| Ok((index, [0; 32], tree::Prover::inclusion(index, file.blocks())?)));
        Ok(Self { next: 0, leaves: leaves.collect::<Result<_, _>>()? })
    }

    /// Takes the next leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        for (index, found, prover) in &mut self.leaves {
            prover.push(leaf);
            if *index == self.next {
                *found = leaf;
            }
        }
        self.next = self.next.saturating_add(1);
    }

    /// The leaves with their paths, once every leaf of the file was given.
    pub fn finish(self) -> Result<ShownLeaves, NoSuchProof> {
        let shown = self.leaves.into_iter().map(|(_, leaf, prover)| {
            let path = BoundedVec::try_from(prover.finish()?).map_err(|_| NoSuchProof)?;
            Ok(ShownLeaf { leaf, path })
        });
        BoundedVec::try_from(shown.collect::<Result<Vec<_>, _>>()?).map_err(|_| NoSuchProof)
    }
}
