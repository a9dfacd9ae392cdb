//! What ends an order: opening and accepting, a dispute, a refund.

use super::fault::FoundFault;
use super::{Buyer, Purchase, PurchaseEnd};
use crate::chain::{royalty_count, Call, ChainError, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Result};
use wonbon_model::{BlockNumber, OfferState, OrderId, OrderState, Outcome, Trade};
use wonbon_primitives::delivery::Delivery;
use wonbon_primitives::dispute::DisputeProof;

/// Blocks that a dispute takes to be in a block: the next one at best, and one more.
const BLOCKS_TO_SUBMIT: BlockNumber = 2;

impl Buyer<'_> {
    /// Submits what ends an order. Somebody else may have been faster, which is as good; or another buyer proved
    /// a block of the sealing wrong, under whichever offer: then the refund is taken.
    pub(super) async fn submit_ending(&self, order: OrderId, call: &Call) -> Result<()> {
        let mut ended = self.end_with(order, call).await;
        if ended.as_ref().is_err_and(|error| error.is_refused("Marketplace", "FaultySealing")) {
            ended = self.end_with(order, &Call::refund_faulty(order)).await;
        }
        match ended {
            Err(error) if !error.is_refused("Marketplace", "NoSuchOrder") => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Submits a call until the order is over by the proved state; what was refused is told as the node says.
    async fn end_with(&self, order: OrderId, call: &Call) -> Result<(), ChainError> {
        loop {
            let signed = self.market.sign(self.key, call).await?;
            let block = match self.market.send(&signed, Until::Finalized).await {
                Ok(block) => Some(block),
                // Another transaction of the account had its number.
                Err(ChainError::Expired { .. }) => None,
                Err(error) => return Err(error),
            };
            loop {
                let seen = self.market.order_progress(order, &signed.account).await?;
                if seen.order.is_none() {
                    return Ok(());
                }
                let Some(block) = block else { break };
                if seen.nonce > signed.nonce {
                    return self.market.included(&signed, block).await.map(drop);
                }
                // The state that was proved last is of a block before.
                self.market.finalized_above(seen.height, BLOCK_WAIT).await?;
            }
        }
    }

    /// Opens the package with the delivered key; then accepts, or disputes.
    pub(super) async fn open_and_settle(
        &self,
        purchase: &mut Purchase,
        order: OrderId,
        delivery: &Delivery,
    ) -> Result<PurchaseEnd> {
        let found = self.open(purchase, order, delivery).await?;
        let opened = found.is_none();
        match found {
            None => {
                self.observer.event(Event::Opened);
                self.submit_ending(order, &Call::accept(order, royalty_count(&purchase.terms.royalties)))
                    .await?;
            }
            Some(found) => {
                self.observer.event(match found {
                    FoundFault::WrongKey => Event::WrongKey,
                    FoundFault::BadBlock(block) => Event::BadBlock { block },
                });
                let proof = self.proof(purchase, order, delivery, found).await?;
                self.dispute(order, proof).await?;
            }
        }
        let ended = self.market.order_progress(order, &self.key.account()).await?;
        let trade = ended.trade.ok_or(ExchangeError::NoSuchOrder(order))?;
        if !opened && is_paid(trade.outcome) {
            return Err(ExchangeError::DisputeOver(order));
        }
        Ok(end_of(purchase, order, &trade))
    }

    /// Sends the proof if it comes in time: in the pool it makes the key public whatever becomes of it. What is disputed, and
    /// whether there is time, stands in the proved state; a node could make either up of its best block.
    async fn dispute(&self, order: OrderId, proof: DisputeProof) -> Result<()> {
        let seen = self.market.order_progress(order, &self.key.account()).await?;
        // It is over, by an earlier attempt or by somebody else.
        let Some(record) = seen.order else { return Ok(()) };
        let best = self.market.lag().await?.best;
        let in_time = match record.state {
            OrderState::Delivered { dispute_until, .. } => {
                best.saturating_add(BLOCKS_TO_SUBMIT) <= dispute_until
            }
            OrderState::Placed => false,
        };
        // Somebody proved the same before: the money is there for the asking, at any time.
        if !in_time && seen.offer.is_some_and(|offer| offer.state == OfferState::Faulted) {
            return self.submit_ending(order, &Call::refund_faulty(order)).await;
        }
        if !in_time {
            return Err(ExchangeError::DisputeOver(order));
        }
        self.submit_ending(order, &Call::dispute(order, proof)).await?;
        self.observer.event(Event::Disputed { order });
        Ok(())
    }

    /// The order is final already: if it was paid for, the file may still have to be opened.
    pub(super) async fn open_after_the_end(
        &self,
        purchase: &mut Purchase,
        order: OrderId,
        trade: &Trade,
    ) -> Result<PurchaseEnd> {
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
                Some(FoundFault::WrongKey) => {
                    return Err(ExchangeError::corrupt(
                        "the delivered key",
                        "it is wrong, and the time for a dispute is over",
                    ))
                }
                Some(FoundFault::BadBlock(index)) => {
                    let reason = format!("block {index} is wrong, and the time for a dispute is over");
                    return Err(ExchangeError::corrupt("the sealed payload", reason));
                }
            }
        }
        Ok(end_of(purchase, order, trade))
    }
}

pub(super) fn is_paid(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Accepted | Outcome::Lapsed)
}

fn end_of(purchase: &Purchase, order: OrderId, trade: &Trade) -> PurchaseEnd {
    let outcome = trade.outcome;
    match is_paid(outcome) {
        true => PurchaseEnd::Bought { order, output: purchase.output.clone(), outcome },
        false => PurchaseEnd::Refunded { order, outcome },
    }
}
