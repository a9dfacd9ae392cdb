//! The chain and the service themselves, for the procedures.

use super::market::{Head, Market, Payloads};
use crate::chain::{
    AccountBalance, Call, Chain, ChainError, Deposits, Included, Lag, LedgerChange, ProxyDefinition, Until,
    View,
};
use crate::keys::Keypair;
use crate::ports::{Incoming, Outgoing, Progress};
use crate::service::{Service, ServiceError, UploadLog, UploadRequest};
use async_trait::async_trait;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId,
    OrderState, OrderTerms, Parent, Participant, RoyaltyShare, Rules, Trade,
};
use wonbon_primitives::Commitment;

/// How often the finalized height is looked at while waiting for it.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[async_trait]
impl Market for Chain {
    fn genesis(&self) -> Digest {
        Chain::genesis(self)
    }

    async fn lag(&self) -> Result<Lag, ChainError> {
        Chain::lag(self).await
    }

    async fn validators(&self) -> Result<u32, ChainError> {
        let count = self.finalized().await?.validators().await?.len();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn participant(&self, account: &AccountId) -> Result<Option<Participant>, ChainError> {
        self.best().await?.participant(account).await
    }

    async fn balance(&self, account: &AccountId) -> Result<AccountBalance, ChainError> {
        self.best().await?.balance(account).await
    }

    async fn proxies(&self, account: &AccountId) -> Result<Vec<ProxyDefinition>, ChainError> {
        self.best().await?.proxies(account).await
    }

    async fn deposits(&self) -> Result<Deposits, ChainError> {
        self.best().await?.deposits()
    }

    async fn rules(&self, head: Head) -> Result<Option<Rules>, ChainError> {
        view(self, head).await?.rules().await
    }

    async fn dataset(&self, dataset: &DatasetId, head: Head) -> Result<Option<Dataset>, ChainError> {
        view(self, head).await?.dataset(dataset).await
    }

    async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>, ChainError> {
        self.best().await?.parents(dataset).await
    }

    async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>, ChainError> {
        self.best().await?.royalties(dataset).await
    }

    async fn derive_right(
        &self,
        company: &AccountId,
        dataset: &DatasetId,
    ) -> Result<Option<DeriveRight>, ChainError> {
        self.best().await?.derive_right(company, dataset).await
    }

    async fn seed(&self, registered_at: BlockNumber, head: Head) -> Result<Option<Digest>, ChainError> {
        view(self, head).await?.seed(registered_at).await
    }

    async fn announced_at(
        &self,
        account: &AccountId,
        commitment: &Digest,
    ) -> Result<Option<BlockNumber>, ChainError> {
        let found = self.best().await?.announcement(account, commitment).await?;
        Ok(found.map(|announcement| announcement.at))
    }

    async fn announcement_delay(&self) -> Result<BlockNumber, ChainError> {
        self.best().await?.announcement_delay()
    }

    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>, ChainError> {
        self.best().await?.used_key(seller, commitment).await
    }

    async fn offer(&self, offer: OfferId, head: Head) -> Result<Option<Offer>, ChainError> {
        view(self, head).await?.offer(offer).await
    }

    async fn offers_of(&self, seller: &AccountId) -> Result<Vec<(OfferId, Offer)>, ChainError> {
        let mut offers = self.finalized().await?.offers().await?;
        offers.retain(|(_, offer)| offer.seller == *seller);
        Ok(offers)
    }

    async fn quote(&self, offer: OfferId, head: Head) -> Result<Option<OrderTerms>, ChainError> {
        view(self, head).await?.quote(Chain::genesis(self), offer).await
    }

    async fn order(&self, order: OrderId, head: Head) -> Result<Option<Order>, ChainError> {
        view(self, head).await?.order(order).await
    }

    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>, ChainError> {
        match self.block_at(height).await? {
            Some(block) => self.at(block).await?.order(order).await,
            None => Ok(None),
        }
    }

    async fn orders(&self, head: Head) -> Result<Vec<(OrderId, Order)>, ChainError> {
        view(self, head).await?.orders().await
    }

    async fn placed_in(&self, height: BlockNumber) -> Result<Vec<(OrderId, Order)>, ChainError> {
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

    async fn trade_of(&self, order: OrderId, head: Head) -> Result<Option<Trade>, ChainError> {
        view(self, head).await?.trade_of(order).await
    }

    async fn company_trades(&self, account: &AccountId) -> Result<Vec<(DatasetId, Trade)>, ChainError> {
        let view = self.finalized().await?;
        let mut trades = Vec::new();
        for (dataset, index) in view.company_trades(account).await? {
            trades.extend(view.trade(&dataset, index).await?.map(|trade| (dataset, trade)));
        }
        Ok(trades)
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>, ChainError> {
        Ok(self.block_at(height).await?.map(|block| block.hash))
    }

    async fn finalized_above(&self, height: BlockNumber, most: Duration) -> Result<BlockNumber, ChainError> {
        let started = tokio::time::Instant::now();
        loop {
            let finalized = self.finalized_block().await?.height;
            if finalized > height || started.elapsed() >= most {
                return Ok(finalized);
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included, ChainError> {
        Chain::submit(self, key, call, until).await
    }
}

async fn view(chain: &Chain, head: Head) -> Result<View, ChainError> {
    match head {
        Head::Best => chain.best().await,
        Head::Finalized => chain.finalized().await,
    }
}

#[async_trait]
impl Payloads for Service {
    async fn check_room(&self, length: u64) -> Result<(), ServiceError> {
        Service::check_room(self, length).await
    }

    async fn upload(
        &self,
        package: &dyn Outgoing,
        what: &UploadRequest,
        resume: Option<String>,
        log: &mut dyn UploadLog,
        progress: Progress,
    ) -> Result<(), ServiceError> {
        Service::upload(self, package, what, resume, log, progress).await
    }

    async fn download(
        &self,
        sealed: &Commitment,
        target: &mut dyn Incoming,
        progress: Progress,
    ) -> Result<(), ServiceError> {
        Service::download(self, sealed, target, progress).await
    }

    async fn put_metadata(&self, canonical: &[u8]) -> Result<Digest, ServiceError> {
        Service::put_metadata(self, canonical).await
    }

    async fn put_document(&self, text: &str) -> Result<Digest, ServiceError> {
        Service::put_document(self, text).await
    }

    async fn document(&self, hash: &Digest) -> Result<String, ServiceError> {
        Service::document(self, hash).await
    }

    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<(), ServiceError> {
        Service::put_sample(self, dataset, kind, file).await
    }

    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        Service::sample(self, dataset, kind).await
    }
}
