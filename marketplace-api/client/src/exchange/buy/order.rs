//! Placing the order, finding it again, and waiting for its key.

use super::preflight::{hindrance, PurchaseRefusal};
use super::purchase::WaitOutcome;
use super::{Buyer, Purchase, Quote};
use crate::chain::{royalty_count, Call, ChainError, OrdersSince, PlacedOrder, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Result};
use std::time::Duration;
use wonbon_model::{BlockNumber, OfferState, Order, OrderId, OrderState};

/// After so many blocks an order that was sent is in a block or never will be: the life of a transaction, and
/// some for what was signed a little later than it was written down.
const ORDER_LIFE: BlockNumber = 64 + 16;

/// How often an order is signed if other transactions of the account take its number.
const MAX_ORDERS_SIGNED: u32 = 5;
/// How long nothing may be heard of an open order before it is looked at.
const MAX_SILENCE: Duration = Duration::from_secs(12);

/// What came of sending an order.
enum Sent {
    Placed(OrderId, BlockNumber),
    /// Another transaction of the account had its number.
    NumberTaken(ExchangeError),
}

impl Buyer<'_> {
    /// Orders what was agreed to; refuses if that is not what is offered any more.
    pub(super) async fn place_order(&self, purchase: &mut Purchase) -> Result<OrderId> {
        // Better found before anything is paid.
        self.in_place(purchase).await?;
        for signed in 1.. {
            let prospect = self.prospect(purchase.offer).await?;
            let now = Quote::of(purchase.offer, &prospect)?;
            if now.terms.digest() != purchase.terms.digest() {
                return Err(ExchangeError::Changed(purchase.offer));
            }
            if purchase.signed.is_none() {
                // Downloading takes a while, in which the council may have decided something.
                match hindrance(&prospect, &purchase.terms) {
                    Some(PurchaseRefusal::OrdersStopped) => return Err(ExchangeError::OrdersStopped),
                    Some(PurchaseRefusal::ReachesPastUpgrade { end, due }) => {
                        return Err(ExchangeError::ReachesPastUpgrade { end, due })
                    }
                    _ => {}
                }
                purchase.first_order = prospect.next_order;
                let call = self.order_call(purchase, prospect.parents).await?;
                let signed = self.market.sign(self.key, &call).await?;
                purchase.sent_after = Some(signed.birth);
                purchase.signed = Some(signed);
                // Before it is sent: whoever comes after a crash sends this one, and no other.
                self.save(purchase).await?;
            }
            match self.send_order(purchase).await? {
                Sent::Placed(order, deliver_by) => {
                    self.observer.event(Event::OrderPlaced { order, deliver_by, escrow: now.escrow() });
                    return Ok(order);
                }
                Sent::NumberTaken(error) if signed >= MAX_ORDERS_SIGNED => return Err(error),
                Sent::NumberTaken(_) => {}
            }
        }
        Err(ExchangeError::NotPlaced(purchase.offer))
    }

    async fn order_call(&self, purchase: &Purchase, parents: u32) -> Result<Call> {
        let terms = &purchase.terms;
        let (order_key, nonce) = (self.secret(purchase).await?.order_key(), purchase.nonce);
        Ok(Call::place_order(
            purchase.offer,
            terms.price,
            royalty_count(&terms.royalties),
            parents,
            terms.digest(),
            terms.licence,
            terms.nda,
            order_key,
            nonce,
        ))
    }

    /// Sends the order that was signed. That it is placed rests on the proved state alone.
    async fn send_order(&self, purchase: &mut Purchase) -> Result<Sent> {
        let signed = &purchase.signed.clone().ok_or(ExchangeError::Changed(purchase.offer))?;
        let sent = match self.market.send(signed, Until::Finalized).await {
            // In none any more: so says the node.
            Err(ChainError::Expired { until }) => Err(ChainError::Expired { until }),
            Err(error) => return Err(error.into()),
            Ok(block) => Ok(block),
        };
        loop {
            let seen = self.seen(purchase).await?;
            let (height, over) = (seen.height, is_over(purchase, &seen));
            if let Some((order, record)) = self.placed(purchase, seen).await? {
                purchase.order = Some(order);
                self.save(purchase).await?;
                return Ok(Sent::Placed(order, record.map_or(0, |record| record.deliver_by)));
            }
            if over {
                let number_taken = height <= signed.expires();
                (purchase.sent_after, purchase.signed) = (None, None);
                self.save(purchase).await?;
                return match sent {
                    Err(error) if number_taken => Ok(Sent::NumberTaken(error.into())),
                    Err(error) => Err(error.into()),
                    Ok(block) => {
                        let failure = self.market.included(signed, block).await.err();
                        Err(failure.map_or(ExchangeError::NotPlaced(purchase.offer), ExchangeError::Chain))
                    }
                };
            }
            self.market.finalized_above(height, BLOCK_WAIT).await?;
        }
    }

    /// Looks for an order that may have been placed. If it is not there and cannot be any more, another may be signed; if
    /// it can, the one that was signed is sent again.
    pub(super) async fn find_order(&self, purchase: &mut Purchase) -> Result<()> {
        loop {
            let seen = self.seen(purchase).await?;
            let (height, over) = (seen.height, is_over(purchase, &seen));
            if let Some((order, _)) = self.placed(purchase, seen).await? {
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

    async fn seen(&self, purchase: &Purchase) -> Result<OrdersSince> {
        let account = self.key.account();
        Ok(self.market.orders_since(purchase.first_order, &account, &purchase.nonce).await?)
    }

    /// The order of a purchase, by the numbers that it can have: no node can leave one out. Its record is there while it
    /// is open.
    async fn placed(
        &self,
        purchase: &Purchase,
        seen: OrdersSince,
    ) -> Result<Option<(OrderId, Option<Order>)>> {
        let terms = purchase.terms.digest();
        let mut ended = Vec::new();
        for (id, placed) in seen.orders {
            match placed {
                PlacedOrder::Open(order) if self.is_of(&order, purchase) => {
                    return Ok(Some((id, Some(*order))))
                }
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
                return Ok(Some((trade.order, None)));
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
            let seen = self.market.order_progress(order, &self.key.account()).await?;
            let Some(record) = seen.order else {
                let trade = seen.trade.ok_or(ExchangeError::NoSuchOrder(order))?;
                return Ok(WaitOutcome::Final(Box::new(trade)));
            };
            if !self.is_of(&record, purchase) {
                return Err(ExchangeError::NoSuchOrder(order));
            }
            match record.state {
                OrderState::Delivered { delivery, dispute_until, .. } => {
                    self.observer.event(Event::KeyReceived { order, dispute_until });
                    return Ok(WaitOutcome::Delivered(delivery));
                }
                OrderState::Placed if seen.height > record.deliver_by => {
                    self.submit_ending(order, &Call::expire(order)).await?;
                }
                OrderState::Placed => {
                    if seen.offer.is_some_and(|offer| offer.state == OfferState::Faulted) {
                        self.submit_ending(order, &Call::refund_faulty(order)).await?;
                    } else {
                        self.market.order_changed(order, seen.height, MAX_SILENCE).await?;
                    }
                }
            }
        }
    }
}

/// Whether an order can be in no later block than those: its transaction's life is over, or another one of its number is in
/// a block.
fn is_over(purchase: &Purchase, seen: &OrdersSince) -> bool {
    match &purchase.signed {
        Some(signed) => seen.height > signed.expires() || seen.nonce > signed.nonce,
        None => seen.height > purchase.sent_after.unwrap_or_default().saturating_add(ORDER_LIFE),
    }
}
