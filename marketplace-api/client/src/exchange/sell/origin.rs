//! Where a dataset comes from, and whether its owner may sell it: what the chain would refuse after an upload,
//! said before it.

use super::{Listing, Origin};
use crate::exchange::{ExchangeError, Head, Market, Result};
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::{AccountId, Dataset, DatasetId, Parent, ParentList, Relation, Share};
use wonbon_primitives::bounds::{MAX_LINEAGE, MAX_PARENTS, MAX_ROYALTIES, MAX_ROYALTY_TOTAL};

/// The parents of a listing, in the order in which they are registered. Refuses what could not be offered then: a parent that is not there, one that the seller
/// neither owns nor may derive from or that is provisional, a royalty below what the licence asks, and more royalties than the chain takes.
pub(super) async fn parents(
    market: &dyn Market,
    account: &AccountId,
    listing: &Listing,
) -> Result<ParentList> {
    let mut parents = Vec::new();
    if let Some(old) = listing.append_to {
        owned_dataset(market, account, &old).await?;
        parents.push(Parent { dataset: old, relation: Relation::NewVersionOf, royalty: Share::NONE });
    }
    for origin in &listing.parents {
        let royalty = granted(market, account, origin.dataset, origin.royalty).await?;
        parents.push(Parent { dataset: origin.dataset, relation: origin.relation, royalty });
    }
    for parent in &parents {
        ensure_stands(market, &parent.dataset).await?;
    }
    let too_many = |_| ExchangeError::AgainstRules(format!("a dataset has at most {MAX_PARENTS} parents"));
    let parents = ParentList::try_from(parents).map_err(too_many)?;
    check_royalties(market, &parents).await?;
    Ok(parents)
}

/// Whether a dataset that is registered came from what a listing names, which registering again would not add; and
/// whether its seller may offer it: they may have lost a parent since.
pub(super) async fn check_registered(
    market: &dyn Market,
    account: &AccountId,
    dataset: &DatasetId,
    registered: &Dataset,
    listing: &Listing,
) -> Result<()> {
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
        granted(market, account, parent.dataset, Some(parent.royalty)).await?;
    }
    Ok(())
}

/// How many parents the chain looks at when a dataset is offered: its own, and those of the seller's own datasets behind it
/// as far as the chain does not know them yet.
pub(super) async fn parents_to_look_at(
    market: &dyn Market,
    account: &AccountId,
    dataset: DatasetId,
) -> Result<u32> {
    let (mut count, mut seen, mut unseen) = (0_u32, BTreeSet::new(), vec![dataset]);
    while let Some(next) = unseen.pop() {
        for parent in market.parents(&next).await? {
            count = count.saturating_add(1);
            let is_own = existing_dataset(market, &parent.dataset).await?.owner == *account;
            if is_own && seen.insert(parent.dataset) {
                unseen.push(parent.dataset);
            }
        }
        if count >= MAX_LINEAGE {
            return Ok(MAX_LINEAGE);
        }
    }
    Ok(count)
}

/// A dataset that must be there.
pub(super) async fn existing_dataset(market: &dyn Market, dataset: &DatasetId) -> Result<Dataset> {
    market.dataset(dataset, Head::Best).await?.ok_or(ExchangeError::NoSuchDataset(*dataset))
}

/// Refuses a dataset whose registration may still be displaced, or that is not entered with its own parents yet: it is no
/// parent before.
async fn ensure_stands(market: &dyn Market, dataset: &DatasetId) -> Result<()> {
    let next = market.lag().await?.best.saturating_add(1);
    let is_provisional = existing_dataset(market, dataset).await?.is_provisional_at(next);
    match is_provisional || market.lineage_pending(dataset, Head::Best).await? {
        false => Ok(()),
        true => Err(ExchangeError::AgainstRules(format!(
            "the registration of dataset {dataset} is provisional: nothing is made from it before it stands for good, \
             some minutes after it was registered"
        ))),
    }
}

/// A dataset that must be this account's.
pub(super) async fn owned_dataset(
    market: &dyn Market,
    account: &AccountId,
    dataset: &DatasetId,
) -> Result<Dataset> {
    let record = existing_dataset(market, dataset).await?;
    match record.owner == *account {
        true => Ok(record),
        false => Err(ExchangeError::NotOwner { dataset: *dataset, owner: record.owner }),
    }
}

/// The royalty that a seller grants a parent's owner: what was named, or else the least that is owed. Refuses less.
async fn granted(
    market: &dyn Market,
    account: &AccountId,
    dataset: DatasetId,
    named: Option<Share>,
) -> Result<Share> {
    let owed = match existing_dataset(market, &dataset).await?.owner == *account {
        true => Share::NONE,
        false => {
            let right = market.derive_right(account, &dataset).await?;
            right.ok_or(ExchangeError::NoRightToDerive(dataset))?.royalty
        }
    };
    match named.unwrap_or(owed) {
        offered if offered < owed => Err(ExchangeError::RoyaltyBelowLicence { dataset, owed, offered }),
        offered => Ok(offered),
    }
}

/// Refuses more royalties than the chain takes. A child of these parents would carry each parent's own and all that it
/// carries, the larger of two for one dataset.
async fn check_royalties(market: &dyn Market, parents: &[Parent]) -> Result<()> {
    let shares = carried(market, parents).await?;
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
    Ok(())
}

/// The royalties that a child of these parents would carry, in millionths.
pub(super) async fn carried(market: &dyn Market, parents: &[Parent]) -> Result<BTreeMap<DatasetId, u32>> {
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
    Ok(shares)
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

    async fn check(market: &FakeMarket, listing: &Listing) -> Result<Vec<Share>> {
        let parents = parents(market, &seller().account(), listing).await?;
        Ok(parents.iter().map(|parent| parent.royalty).collect())
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
    async fn nothing_is_made_from_what_is_provisional() {
        let market = FakeMarket::new();
        market.register(DatasetId([1; 32]), 5000, seller().account());
        market.make_provisional(DatasetId([1; 32]));
        for listing in [listing(&[(1, None)], None), listing(&[], Some(1))] {
            let refused = check(&market, &listing).await;
            assert!(
                matches!(refused, Err(ExchangeError::AgainstRules(reason)) if reason.contains("provisional"))
            );
        }
        market.grow(10);
        assert!(check(&market, &listing(&[(1, None)], None)).await.is_ok());
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
