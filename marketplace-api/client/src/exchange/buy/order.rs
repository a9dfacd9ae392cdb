//! Placing the order, finding it again, and waiting for its key.

use super::{quote, Buyer, Purchase};
use crate::chain::{Call, ChainEvent, MarketplaceEvent, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head};
use wonbon_model::{BlockNumber, OfferState, Order, OrderId, OrderState, Trade};
use wonbon_primitives::delivery::Delivery;

/// After so many blocks an order that was sent is in a block or never will be: the life of a transaction, and
/// some for what was signed a little later than it was written down.
const ORDER_LIFE: BlockNumber = 64 + 16;

/// How an order stands when there is no more to wait for.
pub(super) enum Standing {
    Delivered(Delivery),
    Final(Box<Trade>),
}

impl Buyer<'_> {
    /// Orders what was agreed to; refuses if that is not what is offered any more.
    pub(super) async fn place(&self, purchase: &mut Purchase) -> Result<OrderId, ExchangeError> {
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
        self.save(purchase).await?;
        let included = self.market.submit(self.key, &call, Until::Finalized).await?;
        let placed = included.events.iter().find_map(|event| match event {
            ChainEvent::Marketplace(MarketplaceEvent::OrderPlaced { order, deliver_by, .. }) => {
                Some((*order, *deliver_by))
            }
            _ => None,
        });
        let (order, deliver_by) = placed.ok_or_else(|| {
            ExchangeError::corrupt("the block of the order", "it has no event of the order")
        })?;
        purchase.order = Some(order);
        self.save(purchase).await?;
        self.observer.event(Event::OrderPlaced { order, deliver_by, escrow: now.escrow() });
        Ok(order)
    }

    /// Looks for an order that may have been placed before a crash, until it is found or cannot be there.
    pub(super) async fn find(&self, purchase: &mut Purchase) -> Result<(), ExchangeError> {
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
                return Ok(self.save(purchase).await?);
            }
            if height > sent_after.saturating_add(ORDER_LIFE) {
                purchase.sent_after = None;
                return Ok(self.save(purchase).await?);
            }
            self.market.finalized_above(height, BLOCK_WAIT).await?;
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
                && trade.placed_at <= sent_after.saturating_add(ORDER_LIFE);
            if fits {
                let then = self.market.order_at(trade.order, trade.placed_at).await?;
                if then.is_some_and(|order| self.is_of(&order, purchase)) {
                    return Ok(Some(trade.order));
                }
            }
        }
        Ok(None)
    }

    /// Waits for the key in a finalized block. If it does not come in time, or the sealing was proved bad by
    /// another, has the money refunded.
    pub(super) async fn wait(&self, purchase: &Purchase, order: OrderId) -> Result<Standing, ExchangeError> {
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
