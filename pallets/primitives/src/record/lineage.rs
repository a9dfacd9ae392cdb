//! What follows from a dataset's parents: how deep it stands and which royalties it carries.
//!
//! Royalties stay with the data and add up. A dataset carries what its registrant grants each parent, and all
//! that each parent carries, unscaled: what an ancestor gets of a sale does not shrink with every generation in
//! between. An ancestor that is reached in several ways gets the largest share that any of them states, once.

use super::{Parent, RoyaltyShare, RoyaltyShares};
use crate::{
    bounds::{MAX_DEPTH, MAX_ROYALTIES, MAX_ROYALTY_TOTAL},
    dataset::Relation,
    share::Share,
    DatasetId,
};
use alloc::{collections::BTreeMap, vec::Vec};

/// What the parents of a dataset add up to, one after another.
///
/// It holds at most as many royalties as the parents that were added state together.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    depth: u32,
    shares: BTreeMap<DatasetId, Share>,
}

/// Why a dataset cannot have these parents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadLineage {
    /// More than [`MAX_DEPTH`] generations would stand behind it.
    #[error("more than {MAX_DEPTH} generations of parents")]
    TooDeep,
    /// It would carry more than [`MAX_ROYALTIES`] royalties.
    #[error("more than {MAX_ROYALTIES} royalties")]
    TooManyRoyalties,
    /// Its royalties together would take more than [`MAX_ROYALTY_TOTAL`].
    #[error("royalties of more than {MAX_ROYALTY_TOTAL} millionths of a sale together")]
    RoyaltiesTooHigh,
}

impl Lineage {
    /// Takes one parent, with the depth at which it stands and the royalties that it carries.
    ///
    /// A new version is the same dataset grown, so it is no generation further down.
    pub fn add(&mut self, parent: &Parent, depth: u32, royalties: &[RoyaltyShare]) {
        let below = match parent.relation {
            Relation::NewVersionOf => depth,
            _ => depth.saturating_add(1),
        };
        self.depth = self.depth.max(below);
        self.owe(parent.dataset, parent.royalty);
        for royalty in royalties {
            self.owe(royalty.dataset, royalty.share);
        }
    }

    fn owe(&mut self, dataset: DatasetId, share: Share) {
        if share > Share::NONE {
            let owed = self.shares.entry(dataset).or_insert(share);
            *owed = share.max(*owed);
        }
    }

    /// How deep the dataset stands, and the royalties that it carries, by the ancestor's id.
    pub fn finish(self) -> Result<(u32, RoyaltyShares), BadLineage> {
        if self.depth > MAX_DEPTH {
            return Err(BadLineage::TooDeep);
        }
        let shares: Vec<_> =
            self.shares.into_iter().map(|(dataset, share)| RoyaltyShare { dataset, share }).collect();
        let shares = RoyaltyShares::try_from(shares).map_err(|_| BadLineage::TooManyRoyalties)?;
        let total = shares.iter().try_fold(Share::NONE, |total, royalty| total.checked_add(royalty.share));
        if total.is_none_or(|total| total.millionths() > MAX_ROYALTY_TOTAL) {
            return Err(BadLineage::RoyaltiesTooHigh);
        }
        Ok((self.depth, shares))
    }
}
