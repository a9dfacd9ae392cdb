//! What the procedures need of the chain and of the service, so that tests can stand in for both.

use crate::chain::LedgerChange;
use crate::chain::{Call, Chain, ChainError, Included, Lag, Until};
use crate::keys::Keypair;
use crate::service::{Progress, Service, ServiceError, UploadRequest};
use async_trait::async_trait;
use std::path::Path;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId,
    OrderState, OrderTerms, Parent, RoyaltyShare, Rules, Trade,
};
use wonbon_primitives::Commitment;

/// Which state is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// The best block's, which may be exchanged for another.
    Best,
    /// The last finalized block's.
    Finalized,
}

/// The chain, as the procedures see it.
#[async_trait]
pub trait Market: Send + Sync {
    /// The genesis hash.
    fn genesis(&self) -> Digest;
    /// Best and finalized height.
    async fn lag(&self) -> Result<Lag, ChainError>;
    /// How many validators there are.
    async fn validators(&self) -> Result<u32, ChainError>;
    /// The rules.
    async fn rules(&self, head: Head) -> Result<Option<Rules>, ChainError>;
    /// A dataset.
    async fn dataset(&self, dataset: &DatasetId, head: Head) -> Result<Option<Dataset>, ChainError>;
    /// What a dataset was made from.
    async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>, ChainError>;
    /// The royalties that a dataset carries.
    async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>, ChainError>;
    /// A company's right to sell what it makes from a dataset.
    async fn derive_right(
        &self,
        company: &AccountId,
        dataset: &DatasetId,
    ) -> Result<Option<DeriveRight>, ChainError>;
    /// The seed of the fair samples of what was registered in a block, once they are drawn.
    async fn seed(&self, registered_at: BlockNumber, head: Head) -> Result<Option<Digest>, ChainError>;
    /// When an announcement was made, if it is open.
    async fn announced_at(
        &self,
        account: &AccountId,
        commitment: &Digest,
    ) -> Result<Option<BlockNumber>, ChainError>;
    /// Blocks between an announcement and its registration.
    async fn announcement_delay(&self) -> Result<BlockNumber, ChainError>;
    /// The offer for which a seller used a key commitment.
    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>, ChainError>;
    /// An offer.
    async fn offer(&self, offer: OfferId, head: Head) -> Result<Option<Offer>, ChainError>;
    /// The terms that an order of an offer would fix now; `None` without the offer or rules.
    async fn quote(&self, offer: OfferId, head: Head) -> Result<Option<OrderTerms>, ChainError>;
    /// An order that is not final.
    async fn order(&self, order: OrderId, head: Head) -> Result<Option<Order>, ChainError>;
    /// An order as it stood in the finalized block of a height.
    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>, ChainError>;
    /// The orders that are not final.
    async fn orders(&self, head: Head) -> Result<Vec<(OrderId, Order)>, ChainError>;
    /// The orders that a finalized block placed.
    async fn placed_in(&self, height: BlockNumber) -> Result<Vec<(OrderId, Order)>, ChainError>;
    /// The trade of a final order.
    async fn trade_of(&self, order: OrderId, head: Head) -> Result<Option<Trade>, ChainError>;
    /// The trades of a company.
    async fn company_trades(&self, account: &AccountId) -> Result<Vec<(DatasetId, Trade)>, ChainError>;
    /// The hash of the node's block of a height, if it has one so high.
    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>, ChainError>;
    /// Waits until the finalized height is above this one, or for so long, and answers the finalized height.
    async fn finalized_above(&self, height: BlockNumber, most: Duration) -> Result<BlockNumber, ChainError>;
    /// Submits a call.
    async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included, ChainError>;
}

/// How often the finalized height is looked at while waiting for it.
const LOOK: Duration = Duration::from_millis(250);

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
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included, ChainError> {
        Chain::submit(self, key, call, until).await
    }
}

async fn view(chain: &Chain, head: Head) -> Result<crate::chain::View, ChainError> {
    match head {
        Head::Best => chain.best().await,
        Head::Finalized => chain.finalized().await,
    }
}

/// The service, as the procedures see it.
#[async_trait]
pub trait Payloads: Send + Sync {
    /// Refuses a package for which the service has no room, or the account no quota.
    async fn check_room(&self, length: u64) -> Result<(), ServiceError>;
    /// Uploads a package, going on where an earlier attempt stopped.
    async fn upload(
        &self,
        package: &Path,
        what: &UploadRequest,
        resume: Option<String>,
        remember: &(dyn for<'s> Fn(&'s str) + Send + Sync),
        progress: Progress,
    ) -> Result<(), ServiceError>;
    /// Downloads a package, going on where an earlier attempt stopped.
    async fn download(
        &self,
        sealed: &Commitment,
        target: &Path,
        progress: Progress,
    ) -> Result<(), ServiceError>;
    /// Stores a metadata document.
    async fn put_metadata(&self, canonical: &[u8]) -> Result<Digest, ServiceError>;
    /// Stores a licence or non-disclosure text.
    async fn put_document(&self, text: &str) -> Result<Digest, ServiceError>;
    /// Stores a sample: `chosen` or `fair`.
    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<(), ServiceError>;
    /// A sample file, unchecked.
    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError>;
}

#[async_trait]
impl Payloads for Service {
    async fn check_room(&self, length: u64) -> Result<(), ServiceError> {
        Service::check_room(self, length).await
    }

    async fn upload(
        &self,
        package: &Path,
        what: &UploadRequest,
        resume: Option<String>,
        remember: &(dyn for<'s> Fn(&'s str) + Send + Sync),
        progress: Progress,
    ) -> Result<(), ServiceError> {
        Service::upload(self, package, what, resume, remember, progress).await
    }

    async fn download(
        &self,
        sealed: &Commitment,
        target: &Path,
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

    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<(), ServiceError> {
        Service::put_sample(self, dataset, kind, file).await
    }

    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        Service::sample(self, dataset, kind).await
    }
}
