//! What the procedures need of the chain, so that tests can stand in for it.

use crate::chain::{
    AccountBalance, Call, DayLimit, Deposits, Included, Lag, OpenOrders, OrderProgress, OrdersSince,
    PlacedOrder, Prospect, Result, Signed, Until,
};
use crate::keys::{Keypair, Membership};
use async_trait::async_trait;
use std::ops::Range;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order, OrderId, Parent,
    Participant, RoyaltyShare, Rules, Trade, Upgrade,
};

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
    /// Hash of the first block, which names the chain.
    fn genesis(&self) -> Digest;
    /// Best and finalized height.
    async fn lag(&self) -> Result<Lag>;
    /// How many validators there are.
    async fn validators(&self) -> Result<u32>;
    /// A company; `None` if it is not registered.
    async fn participant(&self, account: &AccountId, head: Head) -> Result<Option<Participant>>;
    /// What an account has.
    async fn balance(&self, account: &AccountId, head: Head) -> Result<AccountBalance>;
    /// Under what somebody acts for a company now; `None` if they are no member of it.
    async fn membership(&self, company: &AccountId, member: &AccountId) -> Result<Option<Membership>>;
    /// What somebody may take of their company's money today, in finalized blocks; `None` if they are no member of it.
    async fn day_limit(&self, company: &AccountId, member: &AccountId) -> Result<Option<DayLimit>>;
    /// What the chain puts on hold for records.
    async fn deposits(&self) -> Result<Deposits>;
    /// The rules of the marketplace; `None` before they are set for the first time.
    async fn rules(&self, head: Head) -> Result<Option<Rules>>;
    /// The upgrade of the chain that is announced, in finalized blocks; `None` if there is none.
    async fn upgrade(&self) -> Result<Option<Upgrade>>;
    /// A dataset; `None` if it is not registered.
    async fn dataset(&self, dataset: &DatasetId, head: Head) -> Result<Option<Dataset>>;
    /// What a dataset was made from.
    async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>>;
    /// The royalties that a dataset carries.
    async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>>;
    /// A company's right to sell what it makes from a dataset.
    async fn derive_right(&self, company: &AccountId, dataset: &DatasetId) -> Result<Option<DeriveRight>>;
    /// The seed of the fair samples of what was registered in a block, once they are drawn.
    async fn seed(&self, registered_at: BlockNumber, head: Head) -> Result<Option<Digest>>;
    /// When an announcement was made, if it is open.
    async fn announced_at(
        &self,
        account: &AccountId,
        commitment: &Digest,
        head: Head,
    ) -> Result<Option<BlockNumber>>;
    /// Blocks from an announcement to the one whose hash draws the leaves that its registration shows.
    async fn announcement_delay(&self) -> Result<BlockNumber>;
    /// Blocks after an announcement in which it can be used.
    async fn announcement_lifetime(&self) -> Result<BlockNumber>;
    /// Whether a dataset is still to be entered with its parents.
    async fn lineage_pending(&self, dataset: &DatasetId, head: Head) -> Result<bool>;
    /// The offer for which a seller used a key commitment.
    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>>;
    /// An offer, open or not; `None` if it was never made.
    async fn offer(&self, offer: OfferId, head: Head) -> Result<Option<Offer>>;
    /// Every offer that a seller ever made, in finalized blocks.
    async fn offers_of(&self, seller: &AccountId) -> Result<Vec<(OfferId, Offer)>>;
    /// What a buyer has to know of an offer, in finalized blocks as of a moment ago.
    async fn prospect(&self, offer: OfferId, buyer: &AccountId) -> Result<Prospect>;
    /// An order that is not final.
    async fn order(&self, order: OrderId, head: Head) -> Result<Option<Order>>;
    /// An order as it stood in the finalized block of a height.
    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>>;
    /// The orders that are not final.
    async fn orders(&self, head: Head) -> Result<Vec<(OrderId, Order)>>;
    /// What has become of the orders of these numbers.
    async fn orders_between(&self, numbers: Range<OrderId>) -> Result<Vec<(OrderId, PlacedOrder)>>;
    /// Which of these key commitments a seller has made an offer with.
    async fn offers_with_keys(
        &self,
        seller: &AccountId,
        commitments: &[Digest],
    ) -> Result<Vec<(Digest, OfferId)>>;
    /// The orders of these numbers that are open, and whether these offers have more.
    async fn open_orders(&self, offers: &[OfferId], numbers: &[OrderId]) -> Result<OpenOrders>;
    /// The number of the next order.
    async fn next_order(&self) -> Result<OrderId>;
    /// How many transactions of an account are in finalized blocks.
    async fn nonce(&self, account: &AccountId) -> Result<u64>;
    /// What has become of the orders from a number on, and how many transactions of an account there are. The order of the
    /// account with this nonce is sought: if it is open, those that ended may be left out.
    async fn orders_since(&self, first: OrderId, account: &AccountId, nonce: &Digest) -> Result<OrdersSince>;
    /// How far an order is, and how many transactions of an account there are.
    async fn order_progress(&self, order: OrderId, account: &AccountId) -> Result<OrderProgress>;
    /// Waits until something became of an open order that was looked at at this finalized height, as the node says, or for
    /// so long.
    async fn order_changed(&self, order: OrderId, seen: BlockNumber, most: Duration) -> Result<()>;
    /// The orders that a finalized block placed, as the node says.
    async fn placed_in(&self, height: BlockNumber) -> Result<Vec<(OrderId, Order)>>;
    /// The trade of a final order.
    async fn trade_of(&self, order: OrderId, head: Head) -> Result<Option<Trade>>;
    /// The hash of the node's block of a height, if it has one so high.
    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>>;
    /// Waits until the finalized height is above this one, or for so long, and answers the finalized height.
    async fn finalized_above(&self, height: BlockNumber, most: Duration) -> Result<BlockNumber>;
    /// Signs a call, to be written down before it is sent.
    async fn sign(&self, key: &Keypair, call: &Call) -> Result<Signed>;
    /// Sends what was signed, perhaps once more, and waits for its block, whose hash it answers.
    async fn send(&self, signed: &Signed, until: Until) -> Result<Digest>;
    /// Signs calls under consecutive numbers and sends them all at once, and waits for nothing.
    async fn dispatch_all(&self, key: &Keypair, calls: &[Call]) -> Result<Vec<Result<Signed>>>;
    /// Sends what was signed once more, and waits for nothing.
    async fn send_again(&self, signed: &Signed) -> Result<()>;
    /// What a call did in its block, as the node says.
    async fn included(&self, signed: &Signed, block: Digest) -> Result<Included>;
    /// Signs and sends a call.
    async fn submit(&self, key: &Keypair, call: &Call, until: Until) -> Result<Included>;
}
