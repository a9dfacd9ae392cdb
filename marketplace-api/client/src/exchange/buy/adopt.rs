//! Orders without a journal here: from another machine, or a colleague's.

use super::settlement::is_paid;
use super::{Buyer, Purchase};
use crate::company::SecretId;
use crate::exchange::{ExchangeError, Head, Result};
use wonbon_model::{OfferId, Order, OrderId, OrderState};
use wonbon_primitives::delivery::OrderSecret;

impl Buyer<'_> {
    /// A purchase of an order that is on the chain, without its journal. One that is final and was paid is opened again from
    /// the block of its delivery, which the node must still have; what it says is checked as any delivery is.
    pub async fn adopt(&self, order: OrderId, output: &str) -> Result<Purchase> {
        let record = match self.market.order(order, Head::Finalized).await? {
            Some(record) => record,
            None => self.delivered(order).await?,
        };
        if record.buyer != self.key.account() {
            return Err(ExchangeError::NoSuchOrder(order));
        }
        let secret = self.secret_of(&record).await?.ok_or(ExchangeError::OthersOrder(order))?;
        let output = self.home.sink(output)?.name().to_owned();
        let delivery = match record.state {
            OrderState::Delivered { delivery, .. } => Some(delivery),
            OrderState::Placed => None,
        };
        let mut purchase = self.new_purchase(record.offer, record.terms, output, (record.nonce, secret));
        (purchase.sent_after, purchase.order) = (Some(record.placed_at), Some(order));
        purchase.delivery = delivery;
        self.save(&purchase).await?;
        Ok(purchase)
    }

    /// Of which offer an order of this account is, open or final.
    pub async fn offer_of(&self, order: OrderId) -> Result<OfferId> {
        let account = self.key.account();
        let open = self.market.order(order, Head::Finalized).await?;
        if let Some(record) = open.filter(|record| record.buyer == account) {
            return Ok(record.offer);
        }
        let trade = self.market.trade_of(order, Head::Finalized).await?;
        let trade = trade.filter(|trade| trade.buyer == account).ok_or(ExchangeError::NoSuchOrder(order))?;
        Ok(trade.offer)
    }

    /// A final order of this account as it stood when its key had come.
    async fn delivered(&self, order: OrderId) -> Result<Order> {
        let trade = self.market.trade_of(order, Head::Finalized).await?;
        let trade = trade.filter(|trade| trade.buyer == self.key.account());
        let trade = trade.ok_or(ExchangeError::NoSuchOrder(order))?;
        if !is_paid(trade.outcome) {
            return Err(ExchangeError::NotBought(order));
        }
        let then = match trade.delivered_at {
            Some(height) => self.market.order_at(order, height).await?,
            None => None,
        };
        then.ok_or_else(|| ExchangeError::Delivery("it is not on the chain any more".to_owned()))
    }

    /// What the secret of a new order derives from: the company's secret of now, or the key's own for whoever acts for
    /// themselves.
    pub(super) async fn secret_for_orders(&self) -> Result<Option<SecretId>> {
        match self.company {
            Some(keyring) => Ok(Some(*keyring.current().await?.id())),
            None => Ok(None),
        }
    }

    /// What the secret of an order of this account derives from; `None` if this key has neither the company's secret nor its
    /// own is it.
    pub(super) async fn secret_of(&self, order: &Order) -> Result<Option<Option<SecretId>>> {
        if self.own_secret(&order.nonce).order_key() == order.order_key {
            return Ok(Some(None));
        }
        match self.company {
            Some(keyring) => Ok(keyring.of_order(&order.nonce, &order.order_key).await?.map(Some)),
            None => Ok(None),
        }
    }

    /// The secret of a purchase's order.
    pub(super) async fn secret(&self, purchase: &Purchase) -> Result<OrderSecret> {
        let Some(id) = &purchase.secret else { return Ok(self.own_secret(&purchase.nonce)) };
        let keyring = self.company.ok_or(ExchangeError::CompanysOrder(id.company.account))?;
        Ok(keyring.get(id).await?.order_secret(&purchase.nonce))
    }

    fn own_secret(&self, nonce: &[u8; 32]) -> OrderSecret {
        OrderSecret::derive(&self.key.order_secret(), nonce)
    }
}
