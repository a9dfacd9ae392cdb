//! A purchase from its quote to its end, by steps that can each be repeated.

use super::dispute::Found;
use super::package::corrupt;
use super::{quote, Buyer, Quote};
use crate::chain::{Call, Until};
use crate::chain::{ChainEvent, MarketplaceEvent};
use crate::exchange::{journal, Claim, Event, ExchangeError, Head};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Digest, OfferId, OfferState, Order, OrderId, OrderState, OrderTerms, Outcome,
    Trade,
};
use wonbon_primitives::delivery::{Delivery, OrderSecret};
use wonbon_primitives::dispute::DisputeProof;
use wonbon_primitives::id::{hex_digest, to_hex};

const VERSION: u8 = 1;
/// How long to wait for a block at a time.
const PATIENCE: Duration = Duration::from_secs(6);
/// After so many blocks an order that was sent is in a block or never will be: the life of a transaction, and
/// some for what was signed a little later than it was written down.
const LIFE: BlockNumber = 64 + 16;

/// Blocks that a dispute takes to be in a block: the next one at best, and one more.
const SUBMISSION: BlockNumber = 2;

/// A purchase under way, as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    version: u8,
    #[serde(with = "hex_digest")]
    genesis: Digest,
    account: AccountId,
    /// The offer.
    pub offer: OfferId,
    /// What was agreed to.
    pub terms: OrderTerms,
    /// Where the file goes.
    pub output: PathBuf,
    #[serde(with = "hex_digest")]
    nonce: Digest,
    /// Whether the package is here and was checked.
    pub verified: bool,
    /// The height before the order was sent, if it was.
    sent_after: Option<BlockNumber>,
    /// The order, once it is in a finalized block.
    pub order: Option<OrderId>,
    /// The delivered key, wrapped.
    delivery: Option<Delivery>,
}

/// How a purchase ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurchaseEnd {
    /// The file is in its place, and the seller was paid.
    Bought {
        /// The order.
        order: OrderId,
        /// The file.
        output: PathBuf,
        /// How the order ended.
        outcome: Outcome,
    },
    /// The money came back.
    Refunded {
        /// The order.
        order: OrderId,
        /// How the order ended.
        outcome: Outcome,
    },
}

/// How an order stands when there is no more to wait for.
enum Standing {
    Delivered(Delivery),
    Final(Box<Trade>),
}

fn is_paid(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Accepted | Outcome::Lapsed)
}

impl Buyer<'_> {
    /// Claims the purchases of an offer for this process, until the claim is dropped. To be taken before
    /// [`Self::pending`] is asked: two processes that do not know of each other would order twice.
    pub fn claim(&self, offer: OfferId) -> Result<Claim, ExchangeError> {
        Claim::take(&self.folder(), &self.claim_name(offer), format!("another `wonbon buy` of offer {offer}"))
    }

    fn claim_name(&self, offer: OfferId) -> String {
        format!("{}-{offer}", to_hex(&self.key.account().0))
    }

    fn check_claim(&self, claim: &Claim, offer: OfferId) -> Result<(), ExchangeError> {
        if claim.is_of(&self.folder(), &self.claim_name(offer)) {
            return Ok(());
        }
        Err(ExchangeError::Busy(format!("what was claimed is not offer {offer}; another purchase")))
    }

    /// Buys what was quoted. A purchase of the same offer into the same file that was interrupted is gone on
    /// with; if its order was not sent and the terms are others by now, it is given up for a new one.
    pub async fn buy(
        &self,
        claim: &Claim,
        quote: &Quote,
        output: &Path,
    ) -> Result<PurchaseEnd, ExchangeError> {
        self.check_claim(claim, quote.offer)?;
        let output = std::path::absolute(output).map_err(ExchangeError::file(output))?;
        for purchase in self.pending_of(quote.offer)? {
            let same = purchase.output == output;
            if same && (purchase.terms == quote.terms || !self.abandon(&purchase)?) {
                return self.resume(claim, purchase).await;
            }
        }
        let mut nonce = [0; 32];
        OsRng.fill_bytes(&mut nonce);
        let purchase = Purchase {
            version: VERSION,
            genesis: self.market.genesis(),
            account: self.key.account(),
            offer: quote.offer,
            terms: quote.terms.clone(),
            output,
            nonce,
            verified: false,
            sent_after: None,
            order: None,
            delivery: None,
        };
        self.save(&purchase)?;
        self.resume(claim, purchase).await
    }

    /// Purchases of this account on this chain that were interrupted. A journal that cannot be read is told and
    /// left out.
    pub fn pending(&self) -> Result<Vec<Purchase>, ExchangeError> {
        self.journals(None)
    }

    /// Those of an offer; fails if there is one of it that cannot be read, for it may have been paid.
    pub fn pending_of(&self, offer: OfferId) -> Result<Vec<Purchase>, ExchangeError> {
        let mut found = self.journals(Some(offer))?;
        found.retain(|purchase| purchase.offer == offer);
        Ok(found)
    }

    fn journals(&self, wanted: Option<OfferId>) -> Result<Vec<Purchase>, ExchangeError> {
        let (genesis, account) = (self.market.genesis(), self.key.account());
        let wanted = wanted.map(|offer| [("offer", offer.into()), ("account", account.to_string().into())]);
        let mut found = Vec::new();
        for (path, read) in journal::list::<Purchase>(&self.folder())? {
            let read = read.and_then(|purchase| match purchase.version {
                VERSION => Ok(purchase),
                _ => Err(journal::other_version(&path)),
            });
            match read {
                Ok(purchase) if purchase.genesis == genesis && purchase.account == account => {
                    found.push(purchase);
                }
                Ok(_) => {}
                Err(error) if wanted.as_ref().is_some_and(|wanted| journal::mentions(&path, wanted)) => {
                    return Err(error)
                }
                Err(error) => self.observer.event(Event::JournalSkipped { path, reason: error.to_string() }),
            }
        }
        Ok(found)
    }

    /// A purchase of an order that is on the chain, without its journal: from another machine, say.
    pub async fn adopt(&self, order: OrderId, output: &Path) -> Result<Purchase, ExchangeError> {
        let record = self.market.order(order, Head::Finalized).await?;
        let record = record.filter(|record| record.buyer == self.key.account());
        let record = record.ok_or(ExchangeError::NoSuchOrder(order))?;
        let purchase = Purchase {
            version: VERSION,
            genesis: self.market.genesis(),
            account: self.key.account(),
            offer: record.offer,
            terms: record.terms,
            output: std::path::absolute(output).map_err(ExchangeError::file(output))?,
            nonce: record.nonce,
            verified: false,
            sent_after: Some(record.placed_at),
            order: Some(order),
            delivery: None,
        };
        self.save(&purchase)?;
        Ok(purchase)
    }

    /// Gives a purchase up for which no order was sent: nothing was paid.
    pub fn abandon(&self, purchase: &Purchase) -> Result<bool, ExchangeError> {
        if purchase.sent_after.is_some() {
            return Ok(false);
        }
        self.forget(purchase)?;
        Ok(true)
    }

    /// Goes on with a purchase until its end.
    pub async fn resume(&self, claim: &Claim, mut purchase: Purchase) -> Result<PurchaseEnd, ExchangeError> {
        self.check_claim(claim, purchase.offer)?;
        let package = self.package(&purchase);
        if purchase.order.is_none() && purchase.sent_after.is_some() {
            self.find(&mut purchase).await?;
        }
        if !purchase.verified || !package.exists() {
            match self.fetch(&mut purchase).await {
                // Nothing was paid yet: what cannot be had is not pursued.
                Err(error) if purchase.sent_after.is_none() && !error.is_connection() => {
                    self.forget(&purchase)?;
                    return Err(error);
                }
                other => other?,
            }
        }
        let order = match purchase.order {
            Some(order) => order,
            None => match self.place(&mut purchase).await {
                Err(error @ ExchangeError::Chain(crate::chain::ChainError::Refused { .. }))
                | Err(error @ ExchangeError::Chain(crate::chain::ChainError::Rejected(_)))
                | Err(error @ ExchangeError::Changed(_))
                | Err(error @ ExchangeError::OfferClosed { .. }) => {
                    // In no block with success, so nothing is in escrow.
                    self.forget(&purchase)?;
                    return Err(error);
                }
                other => other?,
            },
        };
        let end = match self.wait(&purchase, order).await? {
            Standing::Delivered(delivery) => {
                purchase.delivery = Some(delivery);
                self.save(&purchase)?;
                self.take(&mut purchase, order, &delivery).await?
            }
            Standing::Final(trade) => self.finish(&mut purchase, order, &trade).await?,
        };
        let (PurchaseEnd::Bought { outcome, .. } | PurchaseEnd::Refunded { outcome, .. }) = &end;
        self.observer.event(Event::Final { order, outcome: *outcome });
        self.forget(&purchase)?;
        Ok(end)
    }

    // --- The order -------------------------------------------------------------------------------------------

    async fn place(&self, purchase: &mut Purchase) -> Result<OrderId, ExchangeError> {
        // Better found before anything is paid.
        self.in_place(purchase).await?;
        let now = quote(self.market, purchase.offer).await?;
        if now.terms != purchase.terms {
            return Err(ExchangeError::Changed(purchase.offer));
        }
        let secret = self.secret(purchase);
        let call = Call::place_order(
            purchase.offer,
            purchase.terms.digest(),
            purchase.terms.licence,
            purchase.terms.nda,
            secret.order_key(),
            purchase.nonce,
        );
        purchase.sent_after = Some(self.market.lag().await?.best);
        self.save(purchase)?;
        let included = self.market.submit(self.key, &call, Until::Finalized).await?;
        let placed = included.events.iter().find_map(|event| match event {
            ChainEvent::Marketplace(MarketplaceEvent::OrderPlaced { order, deliver_by, .. }) => {
                Some((*order, *deliver_by))
            }
            _ => None,
        });
        let (order, deliver_by) =
            placed.ok_or_else(|| corrupt("the block of the order", "it has no event of the order"))?;
        purchase.order = Some(order);
        self.save(purchase)?;
        self.observer.event(Event::OrderPlaced { order, deliver_by, escrow: now.escrow() });
        Ok(order)
    }

    /// Looks for an order that may have been placed before a crash, until it is found or cannot be there.
    async fn find(&self, purchase: &mut Purchase) -> Result<(), ExchangeError> {
        let Some(sent_after) = purchase.sent_after else { return Ok(()) };
        loop {
            let height = self.market.lag().await?.finalized;
            let open = self.market.orders(Head::Finalized).await?;
            let open = open.into_iter().find(|(_, order)| self.is_of(order, purchase)).map(|(id, _)| id);
            let found = match open {
                Some(order) => Some(order),
                None => self.find_final(purchase, sent_after).await?,
            };
            if let Some(order) = found {
                self.observer.event(Event::OrderFound { order });
                purchase.order = Some(order);
                return self.save(purchase);
            }
            if height > sent_after.saturating_add(LIFE) {
                purchase.sent_after = None;
                return self.save(purchase);
            }
            self.market.finalized_above(height, PATIENCE).await?;
        }
    }

    fn is_of(&self, order: &Order, purchase: &Purchase) -> bool {
        order.buyer == self.key.account() && order.nonce == purchase.nonce
    }

    /// The order may be final already. Trades have no nonce; the order as it stood when it was placed has.
    async fn find_final(
        &self,
        purchase: &Purchase,
        sent_after: BlockNumber,
    ) -> Result<Option<OrderId>, ExchangeError> {
        let terms = purchase.terms.digest();
        for (_, trade) in self.market.company_trades(&self.key.account()).await? {
            let fits = trade.buyer == self.key.account()
                && trade.terms == terms
                && trade.placed_at > sent_after
                && trade.placed_at <= sent_after.saturating_add(LIFE);
            if fits {
                let then = self.market.order_at(trade.order, trade.placed_at).await?;
                if then.is_some_and(|order| self.is_of(&order, purchase)) {
                    return Ok(Some(trade.order));
                }
            }
        }
        Ok(None)
    }

    // --- Waiting for the key ---------------------------------------------------------------------------------

    /// Waits for the key in a finalized block. If it does not come in time, or the sealing was proved bad by
    /// another, has the money refunded.
    async fn wait(&self, purchase: &Purchase, order: OrderId) -> Result<Standing, ExchangeError> {
        loop {
            let height = self.market.lag().await?.finalized;
            let Some(record) = self.market.order(order, Head::Finalized).await? else {
                let trade = self.market.trade_of(order, Head::Finalized).await?;
                return trade
                    .map(|trade| Standing::Final(Box::new(trade)))
                    .ok_or(ExchangeError::NoSuchOrder(order));
            };
            if !self.is_of(&record, purchase) {
                return Err(ExchangeError::NoSuchOrder(order));
            }
            match record.state {
                OrderState::Delivered { delivery, dispute_until, .. } => {
                    self.observer.event(Event::KeyReceived { order, dispute_until });
                    return Ok(Standing::Delivered(delivery));
                }
                OrderState::Placed if height > record.deliver_by => {
                    self.close(order, &Call::expire(order)).await?;
                }
                OrderState::Placed => {
                    let offer = self.market.offer(record.offer, Head::Finalized).await?;
                    if offer.is_some_and(|offer| offer.state == OfferState::Faulted) {
                        self.close(order, &Call::refund_faulty(order)).await?;
                    } else {
                        self.market.finalized_above(height, PATIENCE).await?;
                    }
                }
            }
        }
    }

    /// Submits what ends an order. Somebody else may have been faster, which is as good; or another buyer proved
    /// a block of the sealing wrong, under whichever offer: then the refund is taken.
    async fn close(&self, order: OrderId, call: &Call) -> Result<(), ExchangeError> {
        let mut submitted = self.market.submit(self.key, call, Until::Finalized).await;
        if submitted.as_ref().is_err_and(|error| error.is_refused("Marketplace", "FaultySealing")) {
            submitted = self.market.submit(self.key, &Call::refund_faulty(order), Until::Finalized).await;
        }
        match submitted {
            Err(error) if !error.is_refused("Marketplace", "NoSuchOrder") => Err(error.into()),
            _ => Ok(()),
        }
    }

    // --- Taking the key --------------------------------------------------------------------------------------

    async fn take(
        &self,
        purchase: &mut Purchase,
        order: OrderId,
        delivery: &Delivery,
    ) -> Result<PurchaseEnd, ExchangeError> {
        let found = self.open(purchase, order, delivery).await?;
        let opened = found.is_none();
        match found {
            None => {
                self.observer.event(Event::Opened);
                self.close(order, &Call::accept(order)).await?;
            }
            Some(found) => {
                self.observer.event(match found {
                    Found::WrongKey => Event::WrongKey,
                    Found::BadBlock(index) => Event::BadBlock { index },
                });
                let proof = self.proof(purchase, order, delivery, found).await?;
                self.dispute(order, proof).await?;
            }
        }
        let trade = self.market.trade_of(order, Head::Finalized).await?;
        let trade = trade.ok_or(ExchangeError::NoSuchOrder(order))?;
        if !opened && is_paid(trade.outcome) {
            return Err(ExchangeError::DisputeOver(order));
        }
        self.end(purchase, order, &trade)
    }

    /// Sends the proof if it comes in time: in the pool it makes the key public whatever becomes of it.
    async fn dispute(&self, order: OrderId, proof: DisputeProof) -> Result<(), ExchangeError> {
        let (best, record) = loop {
            let lag = self.market.lag().await?;
            match self.market.order(order, Head::Best).await? {
                Some(record) => break (lag.best, record),
                // It is over, by an earlier attempt or by somebody else; how, is known once it is final.
                None if self.market.order(order, Head::Finalized).await?.is_none() => return Ok(()),
                None => drop(self.market.finalized_above(lag.finalized, PATIENCE).await?),
            }
        };
        let in_time = match record.state {
            OrderState::Delivered { dispute_until, .. } => best.saturating_add(SUBMISSION) <= dispute_until,
            OrderState::Placed => false,
        };
        // Somebody proved the same before: the money is there for the asking, at any time.
        let offer = self.market.offer(record.offer, Head::Best).await?;
        if !in_time && offer.is_some_and(|offer| offer.state == OfferState::Faulted) {
            return self.close(order, &Call::refund_faulty(order)).await;
        }
        if !in_time {
            return Err(ExchangeError::DisputeOver(order));
        }
        self.close(order, &Call::dispute(order, proof)).await?;
        self.observer.event(Event::Disputed { order });
        Ok(())
    }

    // --- The end ---------------------------------------------------------------------------------------------

    /// The order is final already: if it was paid for, the file may still have to be opened.
    async fn finish(
        &self,
        purchase: &mut Purchase,
        order: OrderId,
        trade: &Trade,
    ) -> Result<PurchaseEnd, ExchangeError> {
        if is_paid(trade.outcome) && !self.in_place(purchase).await? {
            let delivery = match (purchase.delivery, trade.delivered_at) {
                (Some(delivery), _) => Some(delivery),
                // It is not in the state any more, but in that of the block in which it came.
                (None, Some(height)) => {
                    let then = self.market.order_at(order, height).await?;
                    then.and_then(|then| match then.state {
                        OrderState::Delivered { delivery, .. } => Some(delivery),
                        OrderState::Placed => None,
                    })
                }
                (None, None) => None,
            };
            let delivery = delivery
                .ok_or_else(|| ExchangeError::Delivery("it is not on the chain any more".to_owned()))?;
            match self.open(purchase, order, &delivery).await? {
                None => self.observer.event(Event::Opened),
                Some(Found::WrongKey) => {
                    return Err(corrupt(
                        "the delivered key",
                        "it is wrong, and the time for a dispute is over",
                    ))
                }
                Some(Found::BadBlock(index)) => {
                    let reason = format!("block {index} is wrong, and the time for a dispute is over");
                    return Err(corrupt("the sealed payload", reason));
                }
            }
        }
        self.end(purchase, order, trade)
    }

    fn end(&self, purchase: &Purchase, order: OrderId, trade: &Trade) -> Result<PurchaseEnd, ExchangeError> {
        let outcome = trade.outcome;
        Ok(match outcome {
            Outcome::Accepted | Outcome::Lapsed => {
                PurchaseEnd::Bought { order, output: purchase.output.clone(), outcome }
            }
            Outcome::Missed | Outcome::WrongKey | Outcome::BadBlock(_) | Outcome::Faulted => {
                PurchaseEnd::Refunded { order, outcome }
            }
        })
    }

    // --- The journal -----------------------------------------------------------------------------------------

    pub(super) fn secret(&self, purchase: &Purchase) -> OrderSecret {
        OrderSecret::derive(&self.key.order_secret(), &purchase.nonce)
    }

    fn folder(&self) -> PathBuf {
        self.home.join("purchases")
    }

    fn journal(&self, purchase: &Purchase) -> PathBuf {
        self.folder().join(format!("{}.json", to_hex(&purchase.nonce)))
    }

    /// Each purchase has its own copy: the end of one takes nothing from another.
    pub(super) fn package(&self, purchase: &Purchase) -> PathBuf {
        self.home.join("packages").join(format!("{}.package", to_hex(&purchase.nonce)))
    }

    pub(super) fn save(&self, purchase: &Purchase) -> Result<(), ExchangeError> {
        journal::write(&self.journal(purchase), purchase)
    }

    fn forget(&self, purchase: &Purchase) -> Result<(), ExchangeError> {
        let package = self.package(purchase);
        journal::remove(&self.journal(purchase))?;
        journal::remove(&package)?;
        journal::remove(&package.with_extension("part"))
    }
}
