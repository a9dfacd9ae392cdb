//! What sellers should know before they publish or deliver: what is put on hold, what the chain or the service would
//! refuse, and what they may regret. What a sample gives away is counted in [`super::giving`].
//!
//! All of it is data, and nothing is changed by asking: the command, a page or a program shows it in its own words.

use super::publish::{check_rules, check_source};
use super::{blocks_needed, origin, Deliverer, Listing, Publication, Publisher};
use crate::exchange::cost::{Cost, Held, Hold, Means, Shortage};
use crate::exchange::{ExchangeError, Head, Result};
use crate::service::ServiceError;
use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::{Balance, BlockNumber, DatasetId, OfferId, Parent, Role, Rules, Standing};
use wonbon_primitives::bounds::MAX_ROYALTIES;
use wonbon_primitives::content::leaf_list::package_length;

/// The windows of an offer that names none, within the rules.
const DAY_IN_BLOCKS: BlockNumber = 24 * 60 * 60 / BLOCK_SECONDS;

/// A day to deliver in, or as near to it as the rules allow.
pub fn usual_delivery_window(rules: &Rules) -> BlockNumber {
    DAY_IN_BLOCKS.min(rules.max_delivery_window).max(rules.min_delivery_window)
}

/// A day to dispute in, or as near to it as the rules allow.
pub fn usual_dispute_window(rules: &Rules) -> BlockNumber {
    DAY_IN_BLOCKS.min(rules.max_dispute_window).max(rules.min_dispute_window)
}

/// The bond that so many open orders at this price need.
pub fn bond_for_orders(rules: &Rules, price: Balance, orders: u32) -> Balance {
    rules.bond_for(price).saturating_mul(orders.into())
}

/// Why a publication would be refused. Amounts are in KRW, lengths in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PublicationRefusal {
    /// Only verified companies publish. The seller stands nowhere if it is not registered.
    NotVerified { standing: Option<Standing> },
    /// The company is not registered as a provider.
    NotProvider,
    /// The account, or the member who acts for it, cannot pay what the publication takes.
    Short(Shortage),
    /// The service takes no package of this length from this account, only up to that limit.
    NoRoom { length: u64, limit: u64 },
}

/// What there is to know of a publication before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationPreflight {
    /// Why it cannot be published now.
    pub refusals: Vec<PublicationRefusal>,
    /// What it puts on hold and costs from here on.
    pub cost: Cost,
    /// What there is to pay it with.
    pub means: Means,
    /// Nothing is delivered when fewer blocks are left than are needed: so many, if the delivery window has no more. The
    /// bond of such an offer will be lost.
    pub short_window: Option<BlockNumber>,
}

impl Publisher<'_> {
    /// What stands in the way of a publication. A source that cannot be sealed, terms that the
    /// rules do not allow, and an origin that may not be sold from are errors.
    ///
    /// What the same publication holds already, if it was interrupted, is not asked for again. The service is asked last,
    /// and only if nothing else is in the way.
    pub async fn preflight(&self, listing: &Listing) -> Result<PublicationPreflight> {
        let account = self.key.account();
        let source = self.home.source(&listing.file);
        let length = check_source(&*source, listing).await?;
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, listing)?;
        let parents = origin::parents(self.market, &account, listing).await?;
        let name = self.name(listing, source.identity().await?);
        let begun = self.begun(&name).await?;
        let cost = self.cost(listing, &rules, &parents, begun.as_ref()).await?;
        let means = Means::of(self.market, self.key, cost.needed()).await?;

        let mut refusals = Vec::new();
        let record = self.market.participant(&account, Head::Best).await?;
        let standing = record.as_ref().map(|record| record.standing);
        if standing != Some(Standing::Verified) {
            refusals.push(PublicationRefusal::NotVerified { standing });
        } else if !record.is_some_and(|record| record.profile.roles.contains(Role::Provider)) {
            refusals.push(PublicationRefusal::NotProvider);
        }
        refusals.extend(cost.shortage(&means).map(PublicationRefusal::Short));
        if begun.is_none() && refusals.is_empty() {
            match self.service.check_room(package_length(length).unwrap_or(u64::MAX)).await {
                Ok(()) => {}
                Err(ServiceError::TooLarge { length, limit }) => {
                    refusals.push(PublicationRefusal::NoRoom { length, limit });
                }
                Err(error) => return Err(error.into()),
            }
        }
        let needed = blocks_needed(self.market.validators().await?);
        let short_window = (listing.delivery_window <= needed).then_some(needed);
        Ok(PublicationPreflight { refusals, cost, means, short_window })
    }

    /// What a publication puts on hold from here on: less what it holds already, if it was begun.
    async fn cost(
        &self,
        listing: &Listing,
        rules: &Rules,
        parents: &[Parent],
        begun: Option<&Publication>,
    ) -> Result<Cost> {
        let deposits = self.market.deposits().await?;
        let so_far = self.so_far(begun).await?;
        let (mut holds, mut transactions, mut counted_besides) = (Vec::new(), 0_u32, 0);
        if so_far < Progress::Registered {
            let count = u32::try_from(parents.len()).unwrap_or(u32::MAX);
            let royalties = origin::carried(self.market, parents).await?;
            let royalties = u32::try_from(royalties.len()).unwrap_or(u32::MAX);
            let deposit = deposits.of_dataset(count, royalties);
            // The announcement holds what a dataset without parents does.
            let held = if so_far < Progress::Announced { 0 } else { deposits.dataset };
            holds.push(Hold::open(Held::Dataset, deposit.saturating_sub(held)));
            // The chain counts as many royalties as there can be.
            let counted = deposits.of_dataset(count, if parents.is_empty() { 0 } else { MAX_ROYALTIES });
            counted_besides = counted.saturating_sub(deposit);
            transactions += if so_far < Progress::Announced { 2 } else { 1 };
        }
        if so_far < Progress::Offered {
            let bond = listing.bond.unwrap_or_else(|| rules.bond_for(listing.price));
            holds.extend([Hold::open(Held::Bond, bond), Hold::open(Held::Offer, deposits.offer)]);
            // The lineage is entered on its own, once the registration stands.
            transactions += if parents.is_empty() { 1 } else { 2 };
        }
        Ok(Cost { counted_besides, ..Cost::of(transactions, holds) })
    }

    /// How far a publication that was begun has come on the chain.
    async fn so_far(&self, begun: Option<&Publication>) -> Result<Progress> {
        let Some((publication, sealed)) = begun.and_then(|begun| Some((begun, begun.sealed?))) else {
            return Ok(Progress::Nothing);
        };
        let account = self.key.account();
        if self.market.used_key(&account, &sealed.key_commitment).await?.is_some() {
            return Ok(Progress::Offered);
        }
        let dataset = self.market.dataset(&DatasetId(sealed.plain.root), Head::Best).await?;
        if dataset.is_some_and(|dataset| dataset.owner == account) {
            return Ok(Progress::Registered);
        }
        let commitment = self.commitment(publication, &sealed);
        let announced = self.market.announced_at(&account, &commitment, Head::Best).await?;
        Ok(if announced.is_some() { Progress::Announced } else { Progress::Nothing })
    }
}

/// How far a publication has come on the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Nothing,
    Announced,
    Registered,
    Offered,
}

/// An offer whose orders cannot be delivered from here: each of them costs a part of the bond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeliverableOffer {
    /// The chain's number of the offer.
    pub offer: OfferId,
    /// Why its content key cannot be read; `None` if it is not here.
    pub unreadable: Option<String>,
}

/// What there is to know before delivering begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPreflight {
    /// The offers that take orders, or have some, and whose keys are not to be had.
    pub undeliverable: Vec<UndeliverableOffer>,
}

impl Deliverer<'_> {
    /// Which offers cannot be delivered from here.
    pub async fn preflight(&self) -> Result<DeliveryPreflight> {
        let seller = self.seller;
        let mut undeliverable = Vec::new();
        for (offer, record) in self.market.offers_of(&seller).await? {
            if record.state.is_closed() && record.open_orders == 0 {
                continue;
            }
            let unreadable = match self.store.key(&record.key_commitment).await {
                Ok(Some(_)) => continue,
                Ok(None) => None,
                // The other offers' orders can be delivered.
                Err(error) => Some(error.to_string()),
            };
            undeliverable.push(UndeliverableOffer { offer, unreadable });
        }
        Ok(DeliveryPreflight { undeliverable })
    }
}

#[cfg(test)]
mod tests;
