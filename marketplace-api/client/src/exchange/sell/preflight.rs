//! What sellers should know before they publish or deliver: what is put on hold, what the chain or the service would
//! refuse, and what they may regret. What a sample gives away is counted in [`super::giving`].
//!
//! All of it is data, and nothing is changed by asking: the command, a page or a program shows it in its own words.

use super::publish::{check_rules, check_source};
use super::{blocks_needed, origin, Deliverer, Listing, Publisher};
use crate::exchange::{ExchangeError, Head, Result};
use crate::service::ServiceError;
use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::{Balance, BlockNumber, OfferId, OfferState, Role, Rules, Standing};
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
    /// The account has too little free for the bond and the deposit of the offer.
    FundsUnavailable { bond: Balance, offer_deposit: Balance, free: Balance },
    /// The service takes no package of this length from this account, only up to that limit.
    NoRoom { length: u64, limit: u64 },
}

/// What there is to know of a publication before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationPreflight {
    /// Why it cannot be published now.
    pub refusals: Vec<PublicationRefusal>,
    /// Nothing is delivered when fewer blocks are left than are needed: so many, if the delivery window has no more. The
    /// bond of such an offer will be lost.
    pub short_window: Option<BlockNumber>,
}

impl Publisher<'_> {
    /// What stands in the way of a publication. A source that cannot be sealed, terms that the
    /// rules do not allow, and an origin that may not be sold from are errors.
    ///
    /// While publications of this account are under way, what they hold is not asked for again. The service is asked
    /// last, and only if nothing else is in the way.
    pub async fn preflight(&self, listing: &Listing) -> Result<PublicationPreflight> {
        let account = self.key.account();
        let length = check_source(&*self.home.source(&listing.file), listing).await?;
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, listing)?;
        origin::parents(self.market, &account, listing).await?;
        let bond = listing.bond.unwrap_or_else(|| rules.bond_for(listing.price));
        let offer_deposit = self.market.offer_deposit().await?;
        let free = self.market.balance(&account, Head::Best).await?.free;
        let fresh = self.pending().await?.is_empty();

        let mut refusals = Vec::new();
        let record = self.market.participant(&account, Head::Best).await?;
        let standing = record.as_ref().map(|record| record.standing);
        if standing != Some(Standing::Verified) {
            refusals.push(PublicationRefusal::NotVerified { standing });
        } else if !record.is_some_and(|record| record.profile.roles.contains(Role::Provider)) {
            refusals.push(PublicationRefusal::NotProvider);
        }
        if fresh && bond.saturating_add(offer_deposit) > free {
            refusals.push(PublicationRefusal::FundsUnavailable { bond, offer_deposit, free });
        }
        if fresh && refusals.is_empty() {
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
        Ok(PublicationPreflight { refusals, short_window })
    }
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
