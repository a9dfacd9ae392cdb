//! The buyer's side: quote an offer, check its package, order, open and accept, or dispute.
//!
//! What it promises:
//!
//! - Money goes into escrow only after the sealed payload and its leaf list are here and checked, so that a bad
//!   block can be proved whatever becomes of the service. Both are kept until the order is final.
//! - What is paid is what was quoted: the order carries a digest of all terms.
//! - A purchase that was killed anywhere goes on from its journal and the chain. An order is never placed twice:
//!   its transaction is written down before it is sent, and sent again as it is; another is signed only once the first
//!   cannot be in any block any more, by the proved state.
//!   One process at a time buys an offer for an account.
//! - The file appears in its place only when all of it was checked, and replaces no other.
//! - A dispute makes the content key public, so its proof is checked here first, by the chain's own function, and
//!   sent only in time.

mod adopt;
mod fault;
mod order;
mod package;
pub mod preflight;
mod purchase;
mod sample;
mod settlement;
#[cfg(test)]
mod tests;

pub use purchase::{Purchase, PurchaseEnd, PurchaseLock};
pub use sample::{samples, FairSample, Samples};

use super::market::{Head, Market, BLOCK_WAIT};
use super::{ExchangeError, Observer, Result};
use crate::chain::{Lag, Prospect};
use crate::company::Keyring;
use crate::keys::Keypair;
use crate::ports::Home;
use crate::service::Payloads;
use std::sync::Arc;
use wonbon_model::{Balance, Offer, OfferId, OfferState, OrderTerms};

/// An offer with everything that an order of it would fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The chain's number of the offer.
    pub offer: OfferId,
    /// As it stands in the state.
    pub record: Offer,
    /// The terms that an order now would have.
    pub terms: OrderTerms,
    /// What it pays for the records that its trade leaves on the chain, in KRW.
    pub records_fee: Balance,
}

impl Quote {
    /// An offer that takes no orders is an error.
    pub(super) fn of(offer: OfferId, prospect: &Prospect) -> Result<Self> {
        let record = prospect.offer.clone().ok_or(ExchangeError::NoSuchOffer(offer))?;
        let closed = |state| Err(ExchangeError::OfferClosed { offer, state });
        match record.state {
            OfferState::Open => {}
            OfferState::Withdrawn => return closed("withdrawn"),
            OfferState::Paused => return closed("paused: a delivery was missed"),
            OfferState::Faulted => return closed("faulted: a block of it was proved to be wrong"),
        }
        let terms = prospect.terms.clone().ok_or(ExchangeError::NoRules)?;
        Ok(Self { offer, record, terms, records_fee: prospect.records_fee })
    }

    /// What goes into escrow: the price and the reserve for a dispute.
    pub fn escrow(&self) -> Balance {
        self.terms.price.saturating_add(self.terms.dispute_reserve)
    }

    /// What an order takes at once: escrow, and the fee for its records.
    pub fn taken(&self) -> Balance {
        self.escrow().saturating_add(self.records_fee)
    }
}

/// Buys for one account.
pub struct Buyer<'a> {
    /// Where state is read and calls are submitted.
    pub market: &'a dyn Market,
    /// Where packages, texts and samples are.
    pub service: &'a dyn Payloads,
    /// The buyer's key: it signs, and derives each order's secret where no company's does.
    pub key: &'a Keypair,
    /// The secrets of the company that the key acts for, if it acts for one: with them a colleague opens what was bought.
    pub company: Option<&'a Keyring<'a>>,
    /// Where journals and packages are.
    pub home: &'a dyn Home,
    /// Told of each step, and of how far long ones are.
    pub observer: Arc<dyn Observer>,
}

impl Buyer<'_> {
    /// What an order of this offer would fix now.
    pub async fn quote(&self, offer: OfferId) -> Result<Quote> {
        Quote::of(offer, &self.prospect(offer).await?)
    }

    /// What there is to know of an offer. One that was only just made is waited for: what is paid rests on the proved state.
    pub(super) async fn prospect(&self, offer: OfferId) -> Result<Prospect> {
        let account = self.key.account();
        let found = self.market.prospect(offer, &account).await?;
        if found.offer.is_some() || self.market.offer(offer, Head::Best).await?.is_none() {
            return Ok(found);
        }
        let Lag { best, finalized } = self.market.lag().await?;
        let mut height = finalized;
        for _ in finalized..best {
            if height < best {
                height = self.market.finalized_above(height, BLOCK_WAIT).await?;
            }
        }
        Ok(self.market.prospect(offer, &account).await?)
    }
}
