//! Where a dataset comes from, and whether its owner may sell it: what the chain would refuse after an upload,
//! said before it.

use super::Listing;
use crate::exchange::{ExchangeError, Head, Market};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wonbon_model::{AccountId, Dataset, DatasetId, Parent, Relation, Share};
use wonbon_primitives::bounds::{MAX_PARENTS, MAX_ROYALTIES, MAX_ROYALTY_TOTAL};

/// A dataset that a new one was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The root that names the dataset.
    pub dataset: DatasetId,
    /// How the child relates to it.
    pub relation: Relation,
    /// What its owner gets of each sale; what the licence of the bought copy asks if `None`.
    pub royalty: Option<Share>,
}

/// Where a new dataset comes from, as it will be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lineage {
    /// In the order in which they are registered.
    pub(super) parents: Vec<Parent>,
    /// How many datasets behind it get royalties.
    pub(super) royalties: usize,
}

/// The lineage of a listing. Refuses what could not be offered then: a parent that is not there, one that the seller
/// neither owns nor may derive from, a royalty below what the licence asks, and more royalties than the chain takes.
pub(super) async fn lineage(
    market: &dyn Market,
    account: &AccountId,
    listing: &Listing,
) -> Result<Lineage, ExchangeError> {
    let mut parents = Vec::new();
    if let Some(old) = listing.append_to {
        let record = found(market, &old).await?;
        if record.owner != *account {
            return Err(ExchangeError::NotOwner { dataset: old, owner: record.owner });
        }
        parents.push(Parent { dataset: old, relation: Relation::NewVersionOf, royalty: Share::NONE });
    }
    for origin in &listing.parents {
        let record = found(market, &origin.dataset).await?;
        let owed = owed(market, account, &origin.dataset, &record).await?;
        let royalty = origin.royalty.unwrap_or(owed);
        if royalty < owed {
            return Err(ExchangeError::RoyaltyBelowLicence {
                dataset: origin.dataset,
                owed,
                offered: royalty,
            });
        }
        parents.push(Parent { dataset: origin.dataset, relation: origin.relation, royalty });
    }
    if parents.len() > MAX_PARENTS as usize {
        return Err(ExchangeError::AgainstRules(format!("a dataset has at most {MAX_PARENTS} parents")));
    }
    let royalties = count_royalties(market, &parents).await?;
    Ok(Lineage { parents, royalties })
}

/// Whether a dataset that is registered came from what a listing names, which registering again would not add; and
/// whether its seller may offer it: they may have lost a parent since.
pub(super) async fn check_registered(
    market: &dyn Market,
    account: &AccountId,
    dataset: &DatasetId,
    registered: &Dataset,
    listing: &Listing,
) -> Result<(), ExchangeError> {
    let parents = market.parents(dataset).await?;
    let is_there = |named: &Origin| {
        let is_named = |parent: &Parent| {
            let royalty = named.royalty.is_none_or(|royalty| royalty == parent.royalty);
            (parent.dataset, parent.relation) == (named.dataset, named.relation) && royalty
        };
        parents.iter().any(is_named)
    };
    let older =
        listing.append_to.map(|old| Origin { dataset: old, relation: Relation::NewVersionOf, royalty: None });
    if !listing.parents.iter().chain(&older).all(is_there) {
        return Err(ExchangeError::OtherParents { dataset: *dataset, at: registered.registered.block });
    }
    for parent in parents {
        let record = found(market, &parent.dataset).await?;
        let owed = owed(market, account, &parent.dataset, &record).await?;
        if parent.royalty < owed {
            let (dataset, offered) = (parent.dataset, parent.royalty);
            return Err(ExchangeError::RoyaltyBelowLicence { dataset, owed, offered });
        }
    }
    Ok(())
}

async fn found(market: &dyn Market, dataset: &DatasetId) -> Result<Dataset, ExchangeError> {
    market.dataset(dataset, Head::Best).await?.ok_or(ExchangeError::NoSuchDataset(*dataset))
}

/// The least royalty that a seller owes for a parent.
async fn owed(
    market: &dyn Market,
    account: &AccountId,
    dataset: &DatasetId,
    record: &Dataset,
) -> Result<Share, ExchangeError> {
    if record.owner == *account {
        return Ok(Share::NONE);
    }
    match market.derive_right(account, dataset).await? {
        Some(right) => Ok(right.royalty),
        None => Err(ExchangeError::NoRightToDerive(*dataset)),
    }
}

/// The royalties that a child of these parents would carry: each parent's own and all that it carries, the larger
/// of two for one dataset. Refuses more than the chain takes.
async fn count_royalties(market: &dyn Market, parents: &[Parent]) -> Result<usize, ExchangeError> {
    let mut shares: BTreeMap<DatasetId, u32> = BTreeMap::new();
    for parent in parents {
        let carried = market.royalties(&parent.dataset).await?;
        let carried = carried.iter().map(|royalty| (royalty.dataset, royalty.share));
        for (dataset, share) in carried.chain([(parent.dataset, parent.royalty)]) {
            let entry = shares.entry(dataset).or_default();
            *entry = share.millionths().max(*entry);
        }
    }
    shares.retain(|_, share| *share > 0);
    let total = shares.values().fold(0u32, |total, share| total.saturating_add(*share));
    if shares.len() > MAX_ROYALTIES as usize {
        return Err(ExchangeError::AgainstRules(format!(
            "{} datasets behind it would get royalties; at most {MAX_ROYALTIES} can",
            shares.len()
        )));
    }
    if total > MAX_ROYALTY_TOTAL {
        let most = Share::from_millionths(MAX_ROYALTY_TOTAL).unwrap_or(Share::WHOLE);
        let total =
            Share::from_millionths(total).map_or_else(|| "more than all".to_owned(), |s| s.to_string());
        return Err(ExchangeError::AgainstRules(format!(
            "the royalties of all datasets behind it would be {total}; at most {most} is possible"
        )));
    }
    Ok(shares.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fake::{buyer, seller, FakeMarket};
    use wonbon_model::RoyaltyShare;

    fn share(percent: u32) -> Share {
        Share::from_millionths(percent * 10_000).unwrap()
    }

    fn listing(parents: &[(u8, Option<u32>)], append_to: Option<u8>) -> Listing {
        let parents = parents.iter().map(|(id, royalty)| Origin {
            dataset: DatasetId([*id; 32]),
            relation: Relation::CleanedFrom,
            royalty: royalty.map(share),
        });
        Listing {
            parents: parents.collect(),
            append_to: append_to.map(|id| DatasetId([id; 32])),
            ..Listing::for_tests()
        }
    }

    async fn check(market: &FakeMarket, listing: &Listing) -> Result<Vec<Share>, ExchangeError> {
        let lineage = lineage(market, &seller().account(), listing).await?;
        Ok(lineage.parents.iter().map(|parent| parent.royalty).collect())
    }

    #[tokio::test]
    async fn who_may_not_derive_is_told_before_anything_is_sent() {
        let market = FakeMarket::new();
        market.register(DatasetId([1; 32]), 5000, seller().account());
        market.register(DatasetId([2; 32]), 5000, buyer().account());
        // Owned: nothing is owed, and what is granted is granted.
        assert_eq!(check(&market, &listing(&[(1, None)], None)).await.unwrap(), [Share::NONE]);
        assert_eq!(check(&market, &listing(&[(1, Some(3))], None)).await.unwrap(), [share(3)]);
        // Another's, and no copy bought.
        let refused = check(&market, &listing(&[(1, None), (2, Some(50))], None)).await;
        assert!(matches!(refused, Err(ExchangeError::NoRightToDerive(id)) if id == DatasetId([2; 32])));
        // A copy bought under a licence that permits it for 10 %.
        market.permit(seller().account(), DatasetId([2; 32]), share(10));
        assert_eq!(check(&market, &listing(&[(2, None)], None)).await.unwrap(), [share(10)]);
        assert_eq!(check(&market, &listing(&[(2, Some(12))], None)).await.unwrap(), [share(12)]);
        let refused = check(&market, &listing(&[(2, Some(9))], None)).await;
        assert!(matches!(refused, Err(ExchangeError::RoyaltyBelowLicence { owed, .. }) if owed == share(10)));
        // None at all.
        let refused = check(&market, &listing(&[(3, None)], None)).await;
        assert!(matches!(refused, Err(ExchangeError::NoSuchDataset(id)) if id == DatasetId([3; 32])));
    }

    #[tokio::test]
    async fn only_its_owner_makes_a_new_version() {
        let market = FakeMarket::new();
        market.register(DatasetId([1; 32]), 5000, seller().account());
        market.register(DatasetId([2; 32]), 5000, buyer().account());
        assert_eq!(check(&market, &listing(&[], Some(1))).await.unwrap(), [Share::NONE]);
        market.permit(seller().account(), DatasetId([2; 32]), share(10));
        let refused = check(&market, &listing(&[], Some(2))).await;
        assert!(matches!(refused, Err(ExchangeError::NotOwner { owner, .. }) if owner == buyer().account()));
    }

    #[tokio::test]
    async fn royalties_are_added_up_through_all_generations() {
        let market = FakeMarket::new();
        for id in 1..=3 {
            market.register(DatasetId([id; 32]), 5000, seller().account());
        }
        market.carry(DatasetId([1; 32]), RoyaltyShare { dataset: DatasetId([9; 32]), share: share(20) });
        market.carry(DatasetId([2; 32]), RoyaltyShare { dataset: DatasetId([9; 32]), share: share(30) });
        // 30 for the common ancestor, and the parents' own.
        let fits = listing(&[(1, Some(10)), (2, Some(10))], None);
        assert_eq!(check(&market, &fits).await.unwrap(), [share(10), share(10)]);
        let over = listing(&[(1, Some(10)), (2, Some(11))], None);
        let refused = check(&market, &over).await;
        assert!(matches!(refused, Err(ExchangeError::AgainstRules(reason)) if reason.contains("51 %")));
    }
}
