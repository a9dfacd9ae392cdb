//! The state of the chain at one block: rules, offers, orders and trades, and what is put on hold for them.

use super::error::Result;
use super::storage_key::{key, shown, Keys, Name};
use super::{ChainError, View};
use std::collections::BTreeMap;
use std::ops::Range;
use wonbon_model::{
    AccountId, Balance, DatasetId, Digest, EntryKey, Extensions, Keyed, Offer, OfferId, Order, OrderId,
    OrderTerms, Royalties, Trade,
};

/// What has become of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlacedOrder {
    /// It is not final.
    Open(Box<Order>),
    /// It ended, as this trade.
    Final(Box<Trade>),
}

/// Open orders at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrders {
    /// The number of the next order.
    pub next: OrderId,
    /// Those that were asked for and are open.
    pub orders: Vec<(OrderId, Order)>,
    /// The offers that have more open orders than that, and how many more.
    pub missing: Vec<(OfferId, u32)>,
}

/// Where it stands by how much windows were extended, without which no order is read.
const EXTENSIONS: (Name, Keys) = (("Marketplace", "Extensions"), Vec::new());

/// How many there are, as calls state it.
pub fn royalty_count(royalties: &Royalties) -> u32 {
    u32::try_from(royalties.len()).unwrap_or(u32::MAX)
}

impl View {
    /// What an order pays for the records that its trade leaves, with so many royalties in it, in KRW.
    pub fn records_fee(&self, royalties: u32) -> Result<Balance> {
        let trade: Balance = self.constant(("Marketplace", "TradeFee"))?;
        let royalty: Balance = self.constant(("Marketplace", "RoyaltyFee"))?;
        Ok(trade.saturating_add(royalty.saturating_mul(royalties.into())))
    }

    /// Every offer ever made.
    pub async fn offers(&self) -> Result<Vec<(OfferId, Offer)>> {
        self.walk(("Marketplace", "Offers")).await
    }

    /// The terms that an order of an offer would fix now; `None` without the offer or rules.
    pub async fn quote(&self, genesis: Digest, id: OfferId) -> Result<Option<OrderTerms>> {
        self.announce([(("Marketplace", "Offers"), vec![key(id)]), (("Marketplace", "Rules"), vec![])])
            .await?;
        let (Some(offer), Some(rules)) = (self.offer(id).await?, self.rules().await?) else {
            return Ok(None);
        };
        let owed = self.royalties(&offer.dataset).await?;
        self.announce(owed.iter().map(|royalty| (("Provenance", "Datasets"), vec![key(royalty.dataset)])))
            .await?;
        let mut holders = BTreeMap::new();
        for royalty in &owed {
            let ancestor = self.dataset(&royalty.dataset).await?;
            let ancestor = ancestor.ok_or_else(|| {
                ChainError::undecodable("Provenance.Royalties", "it names a dataset that is not there")
            })?;
            holders.insert(royalty.dataset, ancestor.owner);
        }
        let terms = rules.terms_of(genesis, id, &offer, owed, |ancestor| holders.get(ancestor).copied());
        let terms =
            terms.ok_or_else(|| ChainError::undecodable("Provenance.Royalties", "they are too many"))?;
        Ok(Some(terms))
    }

    /// The number of the next order.
    pub async fn next_order(&self) -> Result<OrderId> {
        Ok(self.next_order_number().await?.unwrap_or_default())
    }

    /// Whether the council has stopped new orders.
    pub async fn orders_stopped(&self) -> Result<bool> {
        Ok(self.orders_stopped_flag().await?.unwrap_or_default())
    }

    /// What has become of the orders of these numbers, as far as there are such orders.
    pub async fn orders_between(&self, numbers: Range<OrderId>) -> Result<Vec<(OrderId, PlacedOrder)>> {
        let (open, others) = self.open_between(numbers).await?;
        let mut found: Vec<_> =
            open.into_iter().map(|(id, order)| (id, PlacedOrder::Open(Box::new(order)))).collect();
        found.extend(self.ended(&others).await?);
        Ok(found)
    }

    /// The orders of these numbers that are open, and the other numbers.
    pub(super) async fn open_between(
        &self,
        numbers: Range<OrderId>,
    ) -> Result<(Vec<(OrderId, Order)>, Vec<OrderId>)> {
        let orders = numbers.clone().map(|id| (("Marketplace", "Orders"), vec![key(id)]));
        self.announce(orders.chain([EXTENSIONS])).await?;
        let (mut open, mut others) = (Vec::new(), Vec::new());
        for id in numbers {
            match self.order(id).await? {
                Some(order) => open.push((id, order)),
                None => others.push(id),
            }
        }
        Ok((open, others))
    }

    /// What those orders came to that ended.
    pub(super) async fn ended(&self, numbers: &[OrderId]) -> Result<Vec<(OrderId, PlacedOrder)>> {
        self.announce(numbers.iter().map(|id| (("Marketplace", "Finished"), vec![key(id)]))).await?;
        let mut places = Vec::new();
        for id in numbers {
            places.extend(self.finished(*id).await?);
        }
        let entry = |(dataset, index)| (("Marketplace", "Trades"), vec![key(dataset), key(index)]);
        self.announce(places.into_iter().map(entry)).await?;
        let mut found = Vec::new();
        for id in numbers {
            let trade = self.trade_of(*id).await?;
            found.extend(trade.map(|trade| (*id, PlacedOrder::Final(Box::new(trade.record)))));
        }
        Ok(found)
    }

    /// Which of these key commitments a seller has made an offer with.
    pub async fn offers_with_keys(
        &self,
        seller: &AccountId,
        commitments: &[Digest],
    ) -> Result<Vec<(Digest, OfferId)>> {
        let entry = |commitment| (("Marketplace", "UsedKeys"), vec![key(seller), key(commitment)]);
        self.announce(commitments.iter().map(entry)).await?;
        let mut found = Vec::new();
        for commitment in commitments {
            found.extend(self.used_key(seller, commitment).await?.map(|offer| (*commitment, offer)));
        }
        Ok(found)
    }

    /// The orders of these numbers that are open, and whether these offers have more of them than that.
    pub async fn open_orders(&self, offers: &[OfferId], numbers: &[OrderId]) -> Result<OpenOrders> {
        let entries = offers.iter().map(|offer| (("Marketplace", "Offers"), vec![key(offer)]));
        let entries =
            entries.chain(numbers.iter().map(|order| (("Marketplace", "Orders"), vec![key(order)])));
        self.announce(entries.chain([(("Marketplace", "NextOrder"), vec![]), EXTENSIONS])).await?;
        let mut orders = Vec::new();
        for id in numbers {
            orders.extend(self.order(*id).await?.map(|order| (*id, order)));
        }
        let mut missing = Vec::new();
        for id in offers {
            let open = self.offer(*id).await?.map_or(0, |offer| offer.open_orders);
            let found = orders.iter().filter(|(_, order)| order.offer == *id).count();
            let left = open.saturating_sub(u32::try_from(found).unwrap_or(u32::MAX));
            missing.extend((left > 0).then_some((*id, left)));
        }
        Ok(OpenOrders { next: self.next_order().await?, orders, missing })
    }

    /// An order that is not final, with its windows as they were extended.
    pub async fn order(&self, order: OrderId) -> Result<Option<Order>> {
        let Some(order) = self.stored_order(order).await? else { return Ok(None) };
        Ok(Some(order.extended(&self.extensions().await?)))
    }

    /// Every order that is not final, likewise.
    pub async fn orders(&self) -> Result<Vec<(OrderId, Order)>> {
        let orders: Vec<(OrderId, Order)> = self.walk(("Marketplace", "Orders")).await?;
        let extensions = self.extensions().await?;
        Ok(orders.into_iter().map(|(id, order)| (id, order.extended(&extensions))).collect())
    }

    /// By how much windows were extended.
    async fn extensions(&self) -> Result<Extensions> {
        Ok(self.stored_extensions().await?.unwrap_or_default())
    }

    /// The trade of a final order.
    pub async fn trade_of(&self, order: OrderId) -> Result<Option<Keyed<EntryKey, Trade>>> {
        let Some((dataset, index)) = self.finished(order).await? else { return Ok(None) };
        let trade = self.trade(&dataset, index).await?;
        Ok(trade.map(|record| Keyed::new(EntryKey { dataset, index }, record)))
    }

    /// The trades of a dataset, in the order in which they became final.
    pub async fn trades(&self, dataset: &DatasetId) -> Result<Vec<Keyed<EntryKey, Trade>>> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.trade_count);
        self.entries_of(("Marketplace", "Trades"), dataset, count).await
    }

    /// The trades of a company, as seller or buyer, in the order in which they became final.
    pub async fn company_trades(&self, account: &AccountId) -> Result<Vec<Keyed<EntryKey, Trade>>> {
        let list = ("Marketplace", "CompanyTrades");
        let count = self.company_trade_count(account).await?.unwrap_or_default();
        let places: Vec<(DatasetId, u32)> = self.list(list, account, count).await?;
        let named = places.len();
        let keys = places.into_iter().map(|(dataset, index)| EntryKey { dataset, index });
        let trades = self.trades_at(keys).await?;
        if trades.len() < named {
            return Err(ChainError::undecodable(shown(list), "it names a trade that is not there"));
        }
        Ok(trades)
    }

    /// The trades of these keys, as far as there are such, in their order.
    pub async fn trades_at(
        &self,
        keys: impl IntoIterator<Item = EntryKey>,
    ) -> Result<Vec<Keyed<EntryKey, Trade>>> {
        let keys: Vec<_> = keys.into_iter().collect();
        let entry = |at: &EntryKey| (("Marketplace", "Trades"), vec![key(at.dataset), key(at.index)]);
        self.announce(keys.iter().map(entry)).await?;
        let mut trades = Vec::new();
        for at in keys {
            let trade = self.trade(&at.dataset, at.index).await?;
            trades.extend(trade.map(|trade| Keyed::new(at, trade)));
        }
        Ok(trades)
    }
}
