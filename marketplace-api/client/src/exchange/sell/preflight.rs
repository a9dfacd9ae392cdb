//! What sellers should know before they publish, deliver or show a sample: what is put on hold, what the chain or the
//! service would refuse, and what they may regret.
//!
//! All of it is data, and nothing is changed by asking: the command, a page or a program shows it in its own words.

use super::publish::{check_rules, check_source};
use super::{blocks_needed, origin, Deliverer, Listing, Publisher};
use crate::exchange::{ExchangeError, Head};
use crate::service::ServiceError;
use wonbon_model::{AccountId, Balance, BlockNumber, OfferId, OfferState, Role, Rules, Share, Standing};
use wonbon_primitives::content::block_count;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::sample::{blocks_for, most_blocks, ruled_out};

/// A day, at 2 seconds a block: the windows of an offer that names none, within the rules.
const DAY: BlockNumber = 43_200;
/// A larger part of a dataset than so many of a hundred blocks is shown only to whoever confirms that.
const MAX_PERCENT_UNCONFIRMED: u64 = 10;

/// A day to deliver in, or as near to it as the rules allow.
pub fn usual_delivery_window(rules: &Rules) -> BlockNumber {
    DAY.min(rules.max_delivery_window).max(rules.min_delivery_window)
}

/// A day to dispute in, or as near to it as the rules allow.
pub fn usual_dispute_window(rules: &Rules) -> BlockNumber {
    DAY.min(rules.max_dispute_window).max(rules.min_dispute_window)
}

/// The bond that so many open orders at this price need.
pub fn bond_for_orders(rules: &Rules, price: Balance, orders: u32) -> Balance {
    rules.bond_for(price).saturating_mul(orders.into())
}

/// What a publication puts on hold, in KRW. Fees come besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// The bond; it comes back when the offer is withdrawn and its last order is final.
    pub bond: Balance,
    /// For the record of the offer, for good.
    pub offer_deposit: Balance,
    /// For the record of the dataset, for good; nothing if it is registered already, which shows once it is sealed.
    pub dataset_deposit: Balance,
    /// For the announcement; it comes back with the registration.
    pub announcement_deposit: Balance,
}

/// Why a publication would be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationRefusal {
    /// Only verified companies publish.
    NotVerified {
        /// Where the seller stands; `None` if it is not registered.
        standing: Option<Standing>,
    },
    /// The company is not registered as a provider.
    NotProvider,
    /// The account has too little for the bond and the deposit of the offer.
    FundsUnavailable {
        /// What the offer would lock, in KRW.
        bond: Balance,
        /// The deposit of the offer.
        offer_deposit: Balance,
        /// What the account has free.
        free: Balance,
    },
    /// The service takes no package of this length from this account.
    NoRoom {
        /// Bytes of the package.
        length: u64,
        /// Most bytes of a package.
        limit: u64,
    },
}

/// What sellers may regret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationWarning {
    /// Nothing is delivered when so few blocks are left, so the bond of such an offer will be lost.
    ShortWindow {
        /// Blocks to deliver in.
        window: BlockNumber,
        /// Blocks that must be left for a delivery.
        needed: BlockNumber,
    },
}

/// What there is to know of a publication before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationPreflight {
    /// What it puts on hold.
    pub holds: Holds,
    /// What the account has free.
    pub free: Balance,
    /// Why it cannot be published now.
    pub refusals: Vec<PublicationRefusal>,
    /// What should be said.
    pub warnings: Vec<PublicationWarning>,
}

impl Publisher<'_> {
    /// What a publication would put on hold, and what stands in its way. A source that cannot be sealed, terms that the
    /// rules do not allow, and an origin that may not be sold from are errors.
    ///
    /// While publications of this account are under way, what they hold is not asked for again. The service is asked
    /// last, and only if nothing else is in the way.
    pub async fn preflight(&self, listing: &Listing) -> Result<PublicationPreflight, ExchangeError> {
        let account = self.key.account();
        let length = check_source(&*self.home.source(&listing.file), listing).await?;
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, listing)?;
        let lineage = origin::lineage(self.market, &account, listing).await?;
        let deposits = self.market.deposits().await?;
        let holds = Holds {
            bond: listing.bond.unwrap_or_else(|| rules.bond_for(listing.price)),
            offer_deposit: deposits.offer,
            dataset_deposit: deposits.of_dataset(lineage.parents.len(), lineage.royalties),
            announcement_deposit: deposits.announcement,
        };
        let free = self.market.balance(&account).await?.free;
        let fresh = self.pending().await?.is_empty();

        let mut refusals = Vec::new();
        let record = self.market.participant(&account).await?;
        let standing = record.as_ref().map(|record| record.standing);
        if standing != Some(Standing::Verified) {
            refusals.push(PublicationRefusal::NotVerified { standing });
        } else if !record.is_some_and(|record| record.profile.roles.contains(Role::Provider)) {
            refusals.push(PublicationRefusal::NotProvider);
        }
        let Holds { bond, offer_deposit, .. } = holds;
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
        let (window, needed) = (listing.delivery_window, blocks_needed(self.market.validators().await?));
        let short = (window <= needed).then_some(PublicationWarning::ShortWindow { window, needed });
        Ok(PublicationPreflight { holds, free, refusals, warnings: short.into_iter().collect() })
    }
}

/// Why nothing can be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRefusal {
    /// The signer is no delegate of the seller: every delivery would be refused.
    NotADelegate {
        /// The company that sells.
        seller: AccountId,
        /// Who would sign.
        signer: AccountId,
    },
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
    /// Why nothing can be delivered.
    pub refusal: Option<DeliveryRefusal>,
    /// The offers that take orders, or have some, and whose keys are not to be had.
    pub undeliverable: Vec<UndeliverableOffer>,
}

impl Deliverer<'_> {
    /// Whether the signer may deliver, and which offers cannot be delivered.
    pub async fn preflight(&self) -> Result<DeliveryPreflight, ExchangeError> {
        let (seller, signer) = (self.seller, self.signer.account());
        if seller != signer {
            let proxies = self.market.proxies(&seller).await?;
            if !proxies.iter().any(|proxy| proxy.delegate == signer && proxy.may_deliver()) {
                let refusal = Some(DeliveryRefusal::NotADelegate { seller, signer });
                return Ok(DeliveryPreflight { refusal, undeliverable: Vec::new() });
            }
        }
        let mut undeliverable = Vec::new();
        for (offer, record) in self.market.offers_of(&seller).await? {
            if record.state != OfferState::Open && record.open_orders == 0 {
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
        Ok(DeliveryPreflight { refusal: None, undeliverable })
    }
}

/// How much of a dataset would be shown to everyone, for nothing and for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// Blocks that are shown.
    pub shown: u64,
    /// Blocks that there are.
    pub blocks: u64,
}

impl Exposure {
    /// Of so many blocks of a dataset of this length, in bytes.
    pub fn of(shown: u64, length: u64) -> Self {
        Self { shown, blocks: block_count(length) }
    }

    /// Whether it is so large that somebody should confirm it: more than a tenth.
    pub fn is_large(&self) -> bool {
        self.shown.saturating_mul(100) > self.blocks.saturating_mul(MAX_PERCENT_UNCONFIRMED)
    }
}

/// How large a fair sample is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleSize {
    /// Enough blocks to rule out that more than this share of them is bad.
    RulingOut(Share),
    /// So many blocks.
    Blocks(u32),
}

/// Why there is no fair sample of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleRefusal {
    /// More blocks than a fair sample of this dataset can have.
    TooManyBlocks {
        /// As many as a sample may have.
        most: u64,
    },
    /// More blocks than a fair sample can have would be needed.
    ShareTooSmall {
        /// What was asked for.
        share: Share,
        /// The least that can be ruled out.
        least: Share,
    },
}

impl SampleSize {
    /// Blocks of a fair sample of this size, of a dataset of this length in bytes.
    pub fn blocks(&self, length: u64) -> Result<u32, SampleRefusal> {
        let (most, all) = (most_blocks(length), block_count(length));
        let blocks = match *self {
            Self::Blocks(blocks) if u64::from(blocks) > most => {
                return Err(SampleRefusal::TooManyBlocks { most })
            }
            Self::Blocks(blocks) => u64::from(blocks),
            Self::RulingOut(share) => blocks_for(share, all).ok_or_else(|| {
                let least = ruled_out(most, all).unwrap_or(Share::WHOLE);
                SampleRefusal::ShareTooSmall { share, least }
            })?,
        };
        Ok(u32::try_from(blocks).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests;
