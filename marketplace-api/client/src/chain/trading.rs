//! The state of the chain at one block: rules, offers, orders and trades, and what is put on hold for them.

use super::view::key;
use super::{ChainError, View};
use std::collections::BTreeMap;
use wonbon_model::{
    AccountId, Balance, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId, OrderTerms, Rules,
    Trade,
};

/// What the chain puts on hold for records, in KRW.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deposits {
    /// From a seller for each offer, for good, beside its bond.
    pub offer: Balance,
    /// For an announcement, until it is used or cancelled.
    pub announcement: Balance,
    /// For a dataset, for good.
    pub dataset: Balance,
    /// For each parent of a dataset, besides.
    pub parent: Balance,
    /// For each royalty that a dataset carries, besides.
    pub royalty: Balance,
}

impl Deposits {
    /// For a new dataset with so many parents and royalties.
    pub fn of_dataset(&self, parents: usize, royalties: usize) -> Balance {
        let parents = self.parent.saturating_mul(parents as Balance);
        let royalties = self.royalty.saturating_mul(royalties as Balance);
        self.dataset.saturating_add(parents).saturating_add(royalties)
    }
}

impl View {
    /// What the chain puts on hold for records.
    pub fn deposits(&self) -> Result<Deposits, ChainError> {
        Ok(Deposits {
            offer: self.constant("Marketplace", "OfferDeposit")?,
            announcement: self.constant("Provenance", "AnnouncementDeposit")?,
            dataset: self.constant("Provenance", "DatasetDeposit")?,
            parent: self.constant("Provenance", "ParentDeposit")?,
            royalty: self.constant("Provenance", "RecordDeposit")?,
        })
    }

    /// The rules of the marketplace, if there are any yet.
    pub async fn rules(&self) -> Result<Option<Rules>, ChainError> {
        self.read("Marketplace", "Rules", vec![]).await
    }

    /// An offer, open or not.
    pub async fn offer(&self, offer: OfferId) -> Result<Option<Offer>, ChainError> {
        self.read("Marketplace", "Offers", vec![key(offer)]).await
    }

    /// Every offer ever made.
    pub async fn offers(&self) -> Result<Vec<(OfferId, Offer)>, ChainError> {
        self.walk("Marketplace", "Offers").await
    }

    /// The terms that an order of an offer would fix now; `None` without the offer or rules.
    pub async fn quote(&self, genesis: Digest, id: OfferId) -> Result<Option<OrderTerms>, ChainError> {
        let (Some(offer), Some(rules)) = (self.offer(id).await?, self.rules().await?) else {
            return Ok(None);
        };
        let owed = self.royalties(&offer.dataset).await?;
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

    /// A company's right to sell what it makes from a dataset.
    pub async fn derive_right(
        &self,
        company: &AccountId,
        dataset: &DatasetId,
    ) -> Result<Option<DeriveRight>, ChainError> {
        self.read("Marketplace", "DeriveRights", vec![key(company), key(dataset)]).await
    }

    /// The id of the next offer.
    pub async fn next_offer(&self) -> Result<OfferId, ChainError> {
        Ok(self.read("Marketplace", "NextOffer", vec![]).await?.unwrap_or_default())
    }

    /// The id of the next order.
    pub async fn next_order(&self) -> Result<OrderId, ChainError> {
        Ok(self.read("Marketplace", "NextOrder", vec![]).await?.unwrap_or_default())
    }

    /// An order that is not final.
    pub async fn order(&self, order: OrderId) -> Result<Option<Order>, ChainError> {
        self.read("Marketplace", "Orders", vec![key(order)]).await
    }

    /// Every order that is not final.
    pub async fn orders(&self) -> Result<Vec<(OrderId, Order)>, ChainError> {
        self.walk("Marketplace", "Orders").await
    }

    /// Where the trade of a final order stands.
    pub async fn finished(&self, order: OrderId) -> Result<Option<(DatasetId, u32)>, ChainError> {
        self.read("Marketplace", "Finished", vec![key(order)]).await
    }

    /// The trade of a final order.
    pub async fn trade_of(&self, order: OrderId) -> Result<Option<Trade>, ChainError> {
        match self.finished(order).await? {
            Some((dataset, index)) => self.trade(&dataset, index).await,
            None => Ok(None),
        }
    }

    /// A trade of a dataset, by its number there.
    pub async fn trade(&self, dataset: &DatasetId, index: u32) -> Result<Option<Trade>, ChainError> {
        self.read("Marketplace", "Trades", vec![key(dataset), key(index)]).await
    }

    /// The trades of a dataset, in the order in which they became final.
    pub async fn trades(&self, dataset: &DatasetId) -> Result<Vec<Trade>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.trade_count);
        self.list("Marketplace", "Trades", dataset, count).await
    }

    /// Where the trades of a company stand, as seller or buyer, in the order in which they became final.
    pub async fn company_trades(&self, account: &AccountId) -> Result<Vec<(DatasetId, u32)>, ChainError> {
        let count =
            self.read("Marketplace", "CompanyTradeCount", vec![key(account)]).await?.unwrap_or_default();
        self.list("Marketplace", "CompanyTrades", account, count).await
    }

    /// The offer for which a seller used a key commitment.
    pub async fn used_key(
        &self,
        seller: &AccountId,
        commitment: &Digest,
    ) -> Result<Option<OfferId>, ChainError> {
        self.read("Marketplace", "UsedKeys", vec![key(seller), key(commitment)]).await
    }
}
