//! What buyers should know before anything is downloaded or paid: what is under way already, what stands in the way,
//! and what they have to accept.
//!
//! All of it is data, and nothing is changed by asking: the command, a page or a program shows it in its own words.

use super::settlement::is_paid;
use super::{Buyer, Purchase, Quote};
use crate::exchange::event::progress;
use crate::exchange::{ExchangeError, Head, Work};
use sha2::{Digest as _, Sha256};
use wonbon_model::{Balance, DatasetId, Digest, OfferId, OrderId, OrderTerms, Participant, Standing, Trade};

/// What this account has to do with an offer and a sink already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: a purchase can begin.
    Nothing,
    /// A purchase into this sink was interrupted: it can be resumed.
    Interrupted(Box<Purchase>),
    /// A purchase into another sink was interrupted.
    Elsewhere {
        /// The name of that sink.
        output: String,
    },
    /// An order is on the chain and no journal of it is here: it can be adopted.
    Ordered(OrderId),
    /// It was bought, and what is in the sink is the dataset: there is nothing to do.
    Done {
        /// The root that names the dataset.
        dataset: DatasetId,
        /// The order, which was paid.
        order: OrderId,
    },
    /// Something else is in the sink, and nothing replaces it.
    Occupied,
}

/// Why the chain would refuse an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseRefusal {
    /// The offer is the buyer's own.
    OwnOffer,
    /// Only verified companies buy.
    NotVerified {
        /// Where the buyer stands; `None` if it is not registered.
        standing: Option<Standing>,
    },
    /// The account has too little.
    FundsUnavailable {
        /// What would go into escrow.
        escrow: Balance,
        /// What the account has free.
        free: Balance,
    },
}

/// What buyers may not want, though they can have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseWarning {
    /// This pays for another copy of a dataset that was bought before.
    SecondCopy {
        /// The order of the first copy that was paid.
        order: OrderId,
    },
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
    /// Why it cannot be bought now. With one of these an order would be refused.
    pub refusals: Vec<PurchaseRefusal>,
    /// What should be said.
    pub warnings: Vec<PurchaseWarning>,
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
    /// The non-disclosure agreement.
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
    pub async fn begun(&self, offer: OfferId, output: &str, another: bool) -> Result<Begun, ExchangeError> {
        let sink = self.home.sink(output)?;
        let pending = self.pending_of(offer).await?;
        if let Some(same) = pending.iter().find(|purchase| purchase.output == sink.name()) {
            return Ok(Begun::Interrupted(Box::new(same.clone())));
        }
        if let (false, Some(other)) = (another, pending.first()) {
            return Ok(Begun::Elsewhere { output: other.output.clone() });
        }
        let account = self.key.account();
        if !another {
            let orders = self.market.orders(Head::Finalized).await?;
            let ours = orders.into_iter().find(|(_, order)| order.buyer == account && order.offer == offer);
            if let Some((order, _)) = ours {
                return Ok(Begun::Ordered(order));
            }
        }
        let Some(length) = sink.length().await else { return Ok(Begun::Nothing) };
        let bought = self.bought(|_, trade| trade.offer == offer).await?;
        let Some((dataset, trade)) = bought.into_iter().next_back().filter(|_| !another) else {
            return Ok(Begun::Occupied);
        };
        let verifying = progress(&self.observer, Work::Verifying, length);
        match sink.commit(verifying).await {
            Ok(found) if found.root == dataset.0 => Ok(Begun::Done { dataset, order: trade.order }),
            _ => Ok(Begun::Occupied),
        }
    }

    /// What a purchase would cost, and what stands in its way. An offer that takes no orders is an error.
    pub async fn preflight(&self, offer: OfferId) -> Result<PurchasePreflight, ExchangeError> {
        let (quote, account) = (self.quote(offer).await?, self.key.account());
        let (terms, mut refusals) = (&quote.terms, Vec::new());
        if terms.seller == account {
            refusals.push(PurchaseRefusal::OwnOffer);
        }
        let standing = self.market.participant(&account).await?.map(|record| record.standing);
        if standing != Some(Standing::Verified) {
            refusals.push(PurchaseRefusal::NotVerified { standing });
        }
        let (escrow, free) = (quote.escrow(), self.market.balance(&account).await?.free);
        if free < escrow {
            refusals.push(PurchaseRefusal::FundsUnavailable { escrow, free });
        }
        let before = self.bought(|dataset, _| *dataset == terms.dataset).await?;
        let warnings = before.first().map(|(_, trade)| PurchaseWarning::SecondCopy { order: trade.order });
        let seller = self.market.participant(&terms.seller).await?;
        let dataset = self.market.dataset(&terms.dataset, Head::Finalized).await?;
        let metadata = dataset.map(|dataset| dataset.metadata);
        Ok(PurchasePreflight { seller, metadata, refusals, warnings: warnings.into_iter().collect(), quote })
    }

    /// The texts that an order with these terms accepts. Those that are `known` here already are not asked for; a service
    /// that does not have a text is no error, one that cannot be reached is.
    pub async fn texts(&self, terms: &OrderTerms, known: &[&str]) -> Result<TextsToAccept, ExchangeError> {
        let licence = self.text(terms.licence, known).await?;
        Ok(TextsToAccept { licence, nda: self.text(terms.nda, known).await? })
    }

    async fn text(&self, digest: Digest, known: &[&str]) -> Result<TextToAccept, ExchangeError> {
        if let Some(text) = known.iter().find(|text| <[u8; 32]>::from(Sha256::digest(text)) == digest) {
            return Ok(TextToAccept { digest, text: Some((*text).to_owned()) });
        }
        match self.service.document(&digest).await {
            Ok(text) => Ok(TextToAccept { digest, text: Some(text) }),
            Err(error) if error.is_connection() => Err(error.into()),
            Err(_) => Ok(TextToAccept { digest, text: None }),
        }
    }

    /// The trades in which this account bought and paid, in the order in which they became final.
    async fn bought(
        &self,
        which: impl Fn(&DatasetId, &Trade) -> bool,
    ) -> Result<Vec<(DatasetId, Trade)>, ExchangeError> {
        let account = self.key.account();
        let mut trades = self.market.company_trades(&account).await?;
        trades.retain(|(dataset, trade)| {
            trade.buyer == account && is_paid(trade.outcome) && which(dataset, trade)
        });
        Ok(trades)
    }
}

#[cfg(test)]
mod tests;
