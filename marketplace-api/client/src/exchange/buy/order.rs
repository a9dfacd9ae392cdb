//! Placing the order, finding it again, and waiting for its key.

use super::purchase::WaitOutcome;
use super::{Buyer, Purchase};
use crate::chain::{Call, ChainError, PlacedOrder, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Result};
use wonbon_model::{BlockNumber, OfferState, Order, OrderId, OrderState};

/// After so many blocks an order that was sent is in a block or never will be: the life of a transaction, and
/// some for what was signed a little later than it was written down.
const ORDER_LIFE: BlockNumber = 64 + 16;

impl Buyer<'_> {
    /// Orders what was agreed to; refuses if that is not what is offered any more.
    pub(super) async fn place_order(&self, purchase: &mut Purchase) -> Result<OrderId> {
        // Better found before anything is paid.
        self.in_place(purchase).await?;
        let now = self.quote(purchase.offer).await?;
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
        if purchase.signed.is_none() {
            purchase.first_order = self.market.next_order().await?;
            let signed = self.market.sign(self.key, &call).await?;
            purchase.sent_after = Some(signed.birth);
            purchase.signed = Some(signed);
            // Before it is sent: whoever comes after a crash sends this one, and no other.
            self.save(purchase).await?;
        }
        let order = self.send_order(purchase).await?;
        let record = self.market.order(order, Head::Finalized).await?;
        let deliver_by = record.map_or(0, |record| record.deliver_by);
        self.observer.event(Event::OrderPlaced { order, deliver_by, escrow: now.escrow() });
        Ok(order)
    }

    /// Sends the order that was signed. That it is placed rests on the proved state alone.
    async fn send_order(&self, purchase: &mut Purchase) -> Result<OrderId> {
        let signed = &purchase.signed.clone().ok_or(ExchangeError::Changed(purchase.offer))?;
        let sent = match self.market.send(signed, Until::Finalized).await {
            // In none any more: so says the node.
            Err(ChainError::Expired { until }) => Err(ChainError::Expired { until }),
            Err(error) => return Err(error.into()),
            Ok(block) => Ok(block),
        };
        let mut height = self.market.lag().await?.finalized;
        loop {
            let over = self.is_over(purchase, height).await?;
            if let Some(order) = self.placed(purchase).await? {
                purchase.order = Some(order);
                self.save(purchase).await?;
                return Ok(order);
            }
            if over {
                let failure = match sent {
                    Ok(block) => self.market.included(signed, block).await.err(),
                    Err(error) => Some(error),
                };
                (purchase.sent_after, purchase.signed) = (None, None);
                self.save(purchase).await?;
                return Err(failure.map_or(ExchangeError::NotPlaced(purchase.offer), ExchangeError::Chain));
            }
            height = self.market.finalized_above(height, BLOCK_WAIT).await?;
        }
    }

    /// Looks for an order that may have been placed. If it is not there and cannot be any more, another may be signed; if
    /// it can, the one that was signed is sent again.
    pub(super) async fn find_order(&self, purchase: &mut Purchase) -> Result<()> {
        loop {
            let height = self.market.lag().await?.finalized;
            let over = self.is_over(purchase, height).await?;
            // The views never go back: this one has all that was in that one.
            if let Some(order) = self.placed(purchase).await? {
                self.observer.event(Event::OrderFound { order });
                purchase.order = Some(order);
                return Ok(self.save(purchase).await?);
            }
            if over {
                (purchase.sent_after, purchase.signed) = (None, None);
                return Ok(self.save(purchase).await?);
            }
            if purchase.signed.is_some() {
                return Ok(());
            }
            self.market.finalized_above(height, BLOCK_WAIT).await?;
        }
    }

    /// Whether the order can be in no later block: its transaction's life is over at this height, or another one of its
    /// number is in a block.
    async fn is_over(&self, purchase: &Purchase, height: BlockNumber) -> Result<bool> {
        let Some(signed) = &purchase.signed else {
            let sent_after = purchase.sent_after.unwrap_or_default();
            return Ok(height > sent_after.saturating_add(ORDER_LIFE));
        };
        Ok(height > signed.expires() || self.market.nonce(&signed.account).await? > signed.nonce)
    }

    /// The order of a purchase, by the numbers that it can have: no node can leave one out.
    async fn placed(&self, purchase: &Purchase) -> Result<Option<OrderId>> {
        let terms = purchase.terms.digest();
        let next = self.market.next_order().await?;
        let mut ended = Vec::new();
        for (id, placed) in self.market.orders_between(purchase.first_order..next).await? {
            match placed {
                PlacedOrder::Open(order) if self.is_of(&order, purchase) => return Ok(Some(id)),
                PlacedOrder::Final(trade) if trade.buyer == self.key.account() && trade.terms == terms => {
                    ended.push(trade);
                }
                _ => {}
            }
        }
        // Trades have no nonce. If there are several of the same terms, or a colleague may have ordered the same, the node
        // tells which order had it.
        let colleagues = self.key.membership().is_some();
        let several = colleagues || ended.len() > 1;
        for trade in ended {
            let then = match several {
                true => self.market.order_at(trade.order, trade.placed_at).await?,
                false => None,
            };
            if then.map_or(!colleagues, |order| self.is_of(&order, purchase)) {
                return Ok(Some(trade.order));
            }
        }
        Ok(None)
    }

    fn is_of(&self, order: &Order, purchase: &Purchase) -> bool {
        order.buyer == self.key.account() && order.nonce == purchase.nonce
    }

    /// Waits for the key in a finalized block. If it does not come in time, or the sealing was proved bad by
    /// another, has the money refunded.
    pub(super) async fn wait_for_key(&self, purchase: &Purchase, order: OrderId) -> Result<WaitOutcome> {
        loop {
            let height = self.market.lag().await?.finalized;
            let Some(record) = self.market.order(order, Head::Finalized).await? else {
                let trade = self.market.trade_of(order, Head::Finalized).await?;
                return trade
                    .map(|trade| WaitOutcome::Final(Box::new(trade)))
                    .ok_or(ExchangeError::NoSuchOrder(order));
            };
            if !self.is_of(&record, purchase) {
                return Err(ExchangeError::NoSuchOrder(order));
            }
            match record.state {
                OrderState::Delivered { delivery, dispute_until, .. } => {
                    self.observer.event(Event::KeyReceived { order, dispute_until });
                    return Ok(WaitOutcome::Delivered(delivery));
                }
                OrderState::Placed if height > record.deliver_by => {
                    self.submit_ending(order, &Call::expire(order)).await?;
                }
                OrderState::Placed => {
                    let offer = self.market.offer(record.offer, Head::Finalized).await?;
                    if offer.is_some_and(|offer| offer.state == OfferState::Faulted) {
                        self.submit_ending(order, &Call::refund_faulty(order)).await?;
                    } else {
                        self.market.finalized_above(height, BLOCK_WAIT).await?;
                    }
                }
            }
        }
    }
}
