//! A [`Market`] over a connection to the chain.

use super::market::{Head, Market};
use crate::chain::{
    AccountBalance, Call, Chain, ChainError, DayLimit, Deposits, Included, Lag, LedgerChange, OpenOrders,
    OrderProgress, OrdersSince, PlacedOrder, Prospect, Result, Signed, Until, View, Wanted,
};
use crate::keys::{Keypair, Membership};
use async_trait::async_trait;
use std::ops::Range;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId,
    OrderState, Parent, Participant, RoyaltyShare, Rules, Trade, Upgrade,
};

#[async_trait]
impl Market for Chain {
    fn genesis(&self) -> Digest {
        Chain::genesis(self)
    }

    async fn lag(&self) -> Result<Lag> {
        Chain::lag(self).await
    }

    async fn validators(&self) -> Result<u32> {
        let count = self.finalized().await?.validators().await?.len();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn participant(&self, account: &AccountId, head: Head) -> Result<Option<Participant>> {
        view(self, head).await?.participant(account).await
    }

    async fn balance(&self, account: &AccountId, head: Head) -> Result<AccountBalance> {
        view(self, head).await?.balance(account).await
    }

    async fn membership(&self, company: &AccountId, member: &AccountId) -> Result<Option<Membership>> {
        self.best().await?.membership(company, member).await
    }

    async fn day_limit(&self, company: &AccountId, member: &AccountId) -> Result<Option<DayLimit>> {
        self.finalized().await?.day_limit(company, member).await
    }

    async fn deposits(&self) -> Result<Deposits> {
        self.finalized().await?.deposits()
    }

    async fn rules(&self, head: Head) -> Result<Option<Rules>> {
        view(self, head).await?.rules().await
    }

    async fn upgrade(&self) -> Result<Option<Upgrade>> {
        self.finalized().await?.announced_upgrade().await
    }

    async fn dataset(&self, dataset: &DatasetId, head: Head) -> Result<Option<Dataset>> {
        view(self, head).await?.dataset(dataset).await
    }

    async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>> {
        self.best().await?.parents(dataset).await
    }

    async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>> {
        self.best().await?.royalties(dataset).await
    }

    async fn derive_right(&self, company: &AccountId, dataset: &DatasetId) -> Result<Option<DeriveRight>> {
        self.best().await?.derive_right(company, dataset).await
    }

    async fn seed(&self, registered_at: BlockNumber, head: Head) -> Result<Option<Digest>> {
        view(self, head).await?.seed(registered_at).await
    }

    async fn announced_at(
        &self,
        account: &AccountId,
        commitment: &Digest,
        head: Head,
    ) -> Result<Option<BlockNumber>> {
        let found = view(self, head).await?.announcement(account, commitment).await?;
        Ok(found.map(|announcement| announcement.at))
    }

    async fn announcement_delay(&self) -> Result<BlockNumber> {
        self.best().await?.announcement_delay()
    }

    async fn announcement_lifetime(&self) -> Result<BlockNumber> {
        self.best().await?.announcement_lifetime()
    }

    async fn lineage_pending(&self, dataset: &DatasetId, head: Head) -> Result<bool> {
        Ok(view(self, head).await?.pending_lineage(dataset).await?.is_some())
    }

    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>> {
        self.best().await?.used_key(seller, commitment).await
    }

    async fn offer(&self, offer: OfferId, head: Head) -> Result<Option<Offer>> {
        view(self, head).await?.offer(offer).await
    }

    async fn offers_of(&self, seller: &AccountId) -> Result<Vec<(OfferId, Offer)>> {
        let mut offers = self.finalized().await?.offers().await?;
        offers.retain(|(_, offer)| offer.seller == *seller);
        Ok(offers)
    }

    async fn prospect(&self, offer: OfferId, buyer: &AccountId) -> Result<Prospect> {
        let view = self.recent(Wanted::purchase(offer, buyer)).await?;
        view.prospect(Chain::genesis(self), offer, buyer).await
    }

    async fn order(&self, order: OrderId, head: Head) -> Result<Option<Order>> {
        view(self, head).await?.order(order).await
    }

    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>> {
        match self.block_at(height).await? {
            Some(block) => self.at(block).await?.order(order).await,
            None => Ok(None),
        }
    }

    async fn orders(&self, head: Head) -> Result<Vec<(OrderId, Order)>> {
        view(self, head).await?.orders().await
    }

    async fn orders_between(&self, numbers: Range<OrderId>) -> Result<Vec<(OrderId, PlacedOrder)>> {
        self.finalized().await?.orders_between(numbers).await
    }

    async fn offers_with_keys(
        &self,
        seller: &AccountId,
        commitments: &[Digest],
    ) -> Result<Vec<(Digest, OfferId)>> {
        self.finalized().await?.offers_with_keys(seller, commitments).await
    }

    async fn open_orders(&self, offers: &[OfferId], numbers: &[OrderId]) -> Result<OpenOrders> {
        self.finalized().await?.open_orders(offers, numbers).await
    }

    async fn next_order(&self) -> Result<OrderId> {
        self.finalized().await?.next_order().await
    }

    async fn nonce(&self, account: &AccountId) -> Result<u64> {
        self.finalized_reading(Wanted::account(account)).await?.nonce(account).await
    }

    async fn orders_since(&self, first: OrderId, account: &AccountId, nonce: &Digest) -> Result<OrdersSince> {
        let view = self.finalized_reading(Wanted::orders_since(first, account)).await?;
        view.orders_since(first, account, nonce).await
    }

    async fn order_progress(&self, order: OrderId, account: &AccountId) -> Result<OrderProgress> {
        let view = self.finalized_reading(Wanted::progress(order, account)).await?;
        view.order_progress(order, account).await
    }

    async fn order_changed(&self, order: OrderId, seen: BlockNumber, most: Duration) -> Result<()> {
        Chain::order_changed(self, order, seen, most).await
    }

    async fn placed_in(&self, height: BlockNumber) -> Result<Vec<(OrderId, Order)>> {
        let block = self.block_at(height).await?;
        let block = block.ok_or_else(|| ChainError::NoSuchBlock(height.to_string()))?;
        let placed = self.block_changes(block).await?.changes.into_iter().filter_map(|change| match change {
            LedgerChange::Order { order, record: Some(record) } if record.state == OrderState::Placed => {
                Some((order, record))
            }
            _ => None,
        });
        Ok(placed.collect())
    }

    async fn trade_of(&self, order: OrderId, head: Head) -> Result<Option<Trade>> {
        Ok(view(self, head).await?.trade_of(order).await?.map(|trade| trade.record))
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>> {
        Ok(self.block_at(height).await?.map(|block| block.hash))
    }

    async fn finalized_above(&self, height: BlockNumber, most: Duration) -> Result<BlockNumber> {
        Chain::finalized_above(self, height, most).await
    }

    async fn sign(&self, key: &Keypair, call: &Call) -> Result<Signed> {
        self.sign_call(key, call).await
    }

    async fn send(&self, signed: &Signed, until: Until) -> Result<Digest> {
        self.send_signed(signed, until).await
    }

    async fn dispatch_all(&self, key: &Keypair, calls: &[Call]) -> Result<Vec<Result<Signed>>> {
        Chain::dispatch_all(self, key, calls).await
    }

    async fn send_again(&self, signed: &Signed) -> Result<()> {
        Chain::send_again(self, signed).await
    }

    async fn included(&self, signed: &Signed, block: Digest) -> Result<Included> {
        Chain::included(self, signed, block).await
    }

    async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included> {
        Chain::submit(self, key, call, until).await
    }
}

async fn view(chain: &Chain, head: Head) -> Result<View> {
    match head {
        Head::Best => chain.best().await,
        Head::Finalized => chain.finalized().await,
    }
}
