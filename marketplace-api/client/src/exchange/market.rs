//! What the procedures need of the chain and of the service, so that tests can stand in for both.

use crate::chain::{AccountBalance, Call, ChainError, Deposits, Included, Lag, ProxyDefinition, Until};
use crate::keys::Keypair;
use crate::ports::{Incoming, Outgoing, Progress};
use crate::service::{ServiceError, UploadLog, UploadRequest};
use async_trait::async_trait;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId,
    OrderTerms, Parent, Participant, RoyaltyShare, Rules, Trade,
};
use wonbon_primitives::Commitment;

/// How long to wait for a block at a time, before looking whether something else has changed.
pub(super) const BLOCK_WAIT: Duration = Duration::from_secs(6);

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
    /// A company; `None` if it is not registered.
    async fn participant(&self, account: &AccountId) -> Result<Option<Participant>, ChainError>;
    /// What an account has.
    async fn balance(&self, account: &AccountId) -> Result<AccountBalance, ChainError>;
    /// Who may act for an account.
    async fn proxies(&self, account: &AccountId) -> Result<Vec<ProxyDefinition>, ChainError>;
    /// What the chain puts on hold for records.
    async fn deposits(&self) -> Result<Deposits, ChainError>;
    /// The rules of the marketplace; `None` before they are set for the first time.
    async fn rules(&self, head: Head) -> Result<Option<Rules>, ChainError>;
    /// A dataset; `None` if it is not registered.
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
    /// An offer, open or not; `None` if it was never made.
    async fn offer(&self, offer: OfferId, head: Head) -> Result<Option<Offer>, ChainError>;
    /// Every offer that a seller ever made, in finalized blocks.
    async fn offers_of(&self, seller: &AccountId) -> Result<Vec<(OfferId, Offer)>, ChainError>;
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

/// The service, as the procedures see it.
#[async_trait]
pub trait Payloads: Send + Sync {
    /// Refuses a package for which the service has no room, or the account no quota.
    async fn check_room(&self, length: u64) -> Result<(), ServiceError>;
    /// Uploads a package, going on where an earlier attempt stopped.
    async fn upload(
        &self,
        package: &dyn Outgoing,
        what: &UploadRequest,
        resume: Option<String>,
        log: &mut dyn UploadLog,
        progress: Progress,
    ) -> Result<(), ServiceError>;
    /// Downloads a package, going on where an earlier attempt stopped.
    async fn download(
        &self,
        sealed: &Commitment,
        target: &mut dyn Incoming,
        progress: Progress,
    ) -> Result<(), ServiceError>;
    /// Stores a metadata document.
    async fn put_metadata(&self, canonical: &[u8]) -> Result<Digest, ServiceError>;
    /// Stores a licence or non-disclosure text.
    async fn put_document(&self, text: &str) -> Result<Digest, ServiceError>;
    /// A licence or non-disclosure text, checked against its hash.
    async fn document(&self, hash: &Digest) -> Result<String, ServiceError>;
    /// Stores a sample: `chosen` or `fair`.
    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<(), ServiceError>;
    /// A sample file, unchecked.
    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError>;
}
