//! What buyers should know before anything is downloaded or paid: what is under way already, what stands in the way,
//! and what they have to accept.
//!
//! All of it is data, and nothing is changed by asking: the command, a page or a program shows it in its own words.

use super::settlement::is_paid;
use super::{Buyer, Purchase, Quote};
use crate::chain::Prospect;
use crate::exchange::cost::{Cost, Means, Shortage};
use crate::exchange::event::progress;
use crate::exchange::{upgrades, ExchangeError, Head, Result, Work};
use sha2::{Digest as _, Sha256};
use wonbon_model::{
    BlockNumber, DatasetId, Digest, OfferId, OrderId, OrderTerms, Participant, Role, Standing, Trade,
};

/// What this account has to do with an offer and a sink already.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PurchaseState {
    /// Nothing: a purchase can begin.
    Nothing,
    /// A purchase into this sink was interrupted: it can be resumed.
    Interrupted(Box<Purchase>),
    /// A purchase into another sink, of this name, was interrupted.
    Elsewhere { output: String },
    /// An order is on the chain and no journal of it is here: it can be adopted.
    Ordered(OrderId),
    /// It was bought with an order that was paid, and what is in the sink is the dataset: there is nothing to do.
    Done { dataset: DatasetId, order: OrderId },
    /// Something else is in the sink, and nothing replaces it.
    Occupied,
}

/// Why the chain would refuse an order. Amounts are in KRW.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PurchaseRefusal {
    /// The offer is the buyer's own.
    OwnOffer,
    /// Only verified companies buy. The buyer stands nowhere if it is not registered.
    NotVerified { standing: Option<Standing> },
    /// The council has stopped new orders for now.
    OrdersStopped,
    /// An upgrade of the chain takes effect from block `due` on, and an order could still run in block `end`.
    ReachesPastUpgrade { end: BlockNumber, due: BlockNumber },
    /// The buyer's company has not the role of a consumer.
    NotConsumer,
    /// The account, or the member who acts for it, cannot pay what goes into escrow and the fees.
    Short(Shortage),
}

/// What there is to know of a purchase before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchasePreflight {
    /// The offer and the terms of an order now.
    pub quote: Quote,
    /// Who sells, as the chain knows it.
    pub seller: Option<Participant>,
    /// Hash of the dataset's description.
    pub metadata: Option<Digest>,
    /// Why it cannot be bought now. With one of these an order would be refused, or could not be accepted later.
    pub refusals: Vec<PurchaseRefusal>,
    /// What it puts on hold and costs.
    pub cost: Cost,
    /// What there is to pay it with.
    pub means: Means,
    /// This pays for another copy of a dataset that was bought before, first with this order.
    pub second_copy: Option<OrderId>,
}

/// A text that an order accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextToAccept {
    /// Its SHA-256, as the terms have it.
    pub digest: Digest,
    /// The text, checked against that; `None` if the service cannot give it.
    pub text: Option<String>,
}

/// The texts that an order accepts. Nobody should be asked to accept what they cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextsToAccept {
    /// What the buyer may do with the data.
    pub licence: TextToAccept,
    /// The non-disclosure agreement, which the order accepts.
    pub nda: TextToAccept,
}

impl TextsToAccept {
    /// Whether both can be read.
    pub fn are_readable(&self) -> bool {
        self.licence.text.is_some() && self.nda.text.is_some()
    }
}

impl Buyer<'_> {
    /// What is under way or done already. To be asked with the lock of the offer held. With `another` only a purchase into
    /// the same sink counts: a second copy is meant.
    pub async fn purchase_state(&self, offer: OfferId, output: &str, another: bool) -> Result<PurchaseState> {
        let sink = self.home.sink(output)?;
        let pending = self.pending_of(offer).await?;
        if let Some(same) = pending.iter().find(|purchase| purchase.output == sink.name()) {
            return Ok(PurchaseState::Interrupted(Box::new(same.clone())));
        }
        if let (false, Some(other)) = (another, pending.first()) {
            return Ok(PurchaseState::Elsewhere { output: other.output.clone() });
        }
        let (account, prospect) = (self.key.account(), self.prospect(offer).await?);
        // The chain counts them: where there are none, no list is needed.
        let open_orders = prospect.offer.as_ref().map_or(0, |offer| offer.open_orders);
        if !another && open_orders > 0 {
            let orders = self.market.orders(Head::Finalized).await?;
            let ours = orders.into_iter().find(|(_, order)| order.buyer == account && order.offer == offer);
            if let Some((order, record)) = ours {
                return match self.secret_of(&record).await? {
                    Some(_) => Ok(PurchaseState::Ordered(order)),
                    None => Err(ExchangeError::OthersOrder(order)),
                };
            }
        }
        let Some(length) = sink.length().await else { return Ok(PurchaseState::Nothing) };
        let bought = paid(&prospect).rfind(|trade| trade.offer == offer);
        let dataset = prospect.offer.as_ref().map(|offer| offer.dataset);
        let (Some(dataset), Some(trade), false) = (dataset, bought, another) else {
            return Ok(PurchaseState::Occupied);
        };
        let verifying = progress(&self.observer, Work::Verifying, length);
        match sink.commit(verifying).await {
            Ok(found) if found.root == dataset.0 => Ok(PurchaseState::Done { dataset, order: trade.order }),
            _ => Ok(PurchaseState::Occupied),
        }
    }

    /// What a purchase would cost, and what stands in its way. An offer that takes no orders is an error.
    pub async fn preflight(&self, offer: OfferId) -> Result<PurchasePreflight> {
        let (prospect, account) = (self.prospect(offer).await?, self.key.account());
        let quote = Quote::of(offer, &prospect)?;
        let (terms, mut refusals) = (&quote.terms, Vec::new());
        if terms.seller == account {
            refusals.push(PurchaseRefusal::OwnOffer);
        }
        refusals.extend(hindrance(&prospect, terms));
        // What is only a few blocks old counts as well: nothing is paid before it is final.
        let may_buy = |record: &Participant| {
            record.standing == Standing::Verified && record.profile.roles.contains(Role::Consumer)
        };
        let mut buyer = prospect.buyer.clone();
        if !buyer.as_ref().is_some_and(may_buy) {
            buyer = self.market.participant(&account, Head::Best).await?;
        }
        match buyer {
            Some(record) if may_buy(&record) => {}
            Some(record) if record.standing == Standing::Verified => {
                refusals.push(PurchaseRefusal::NotConsumer)
            }
            other => {
                let standing = other.map(|record| record.standing);
                refusals.push(PurchaseRefusal::NotVerified { standing });
            }
        }
        let cost = Cost::of_order(&quote.terms, quote.records_fee);
        let means = Means::known(self.market, self.key, cost.needed(), prospect.balance).await?;
        refusals.extend(cost.shortage(&means).map(PurchaseRefusal::Short));
        let second_copy = paid(&prospect).next().map(|trade| trade.order);
        let metadata = prospect.dataset.as_ref().map(|dataset| dataset.metadata);
        Ok(PurchasePreflight { seller: prospect.seller, metadata, refusals, cost, means, second_copy, quote })
    }

    /// The texts that an order with these terms accepts. Those that are `known` here already are not asked for; a service
    /// that does not have a text is no error, one that cannot be reached is.
    pub async fn texts(&self, terms: &OrderTerms, known: &[&str]) -> Result<TextsToAccept> {
        let licence = self.text(terms.licence, known).await?;
        Ok(TextsToAccept { licence, nda: self.text(terms.nda, known).await? })
    }

    async fn text(&self, digest: Digest, known: &[&str]) -> Result<TextToAccept> {
        if let Some(text) = known.iter().find(|text| <[u8; 32]>::from(Sha256::digest(text)) == digest) {
            return Ok(TextToAccept { digest, text: Some((*text).to_owned()) });
        }
        match self.service.document(&digest).await {
            Ok(text) => Ok(TextToAccept { digest, text: Some(text) }),
            Err(error) if error.is_connection() => Err(error.into()),
            Err(_) => Ok(TextToAccept { digest, text: None }),
        }
    }
}

/// Why nobody should order under these terms now, whoever they are.
pub(super) fn hindrance(prospect: &Prospect, terms: &OrderTerms) -> Option<PurchaseRefusal> {
    if prospect.orders_stopped {
        return Some(PurchaseRefusal::OrdersStopped);
    }
    let (end, upgrade) = (upgrades::end_of_new(terms, prospect.height), prospect.upgrade.as_ref()?);
    upgrade.is_reached_by(&end).then_some(PurchaseRefusal::ReachesPastUpgrade { end, due: upgrade.due })
}

/// The trades of the dataset in which the buyer paid, in the order in which they became final.
fn paid(prospect: &Prospect) -> impl DoubleEndedIterator<Item = &Trade> {
    prospect.bought.iter().filter(|trade| is_paid(trade.outcome))
}

#[cfg(test)]
mod tests;
