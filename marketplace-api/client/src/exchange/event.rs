//! What the procedures tell while they run, for a person's terminal or a program.

use crate::ports::Progress;
use serde::{Serialize, Serializer};
use std::sync::Arc;
use wonbon_model::words::Term;
use wonbon_model::{Balance, BlockNumber, DatasetId, Hash, OfferId, OrderId, Outcome};

/// Something that long work is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Encrypting the seller's file into a package.
    Sealing,
    /// Opening the sealed file again and comparing.
    #[serde(rename = "checking")]
    Rechecking,
    /// Sending the package to the service.
    Uploading,
    /// Receiving the package from the service.
    Downloading,
    /// Checking what was received.
    Verifying,
    /// Opening what was bought.
    Opening,
    /// Making the proof of a bad block, or of growth.
    Proving,
    /// Taking blocks out of the file, with their proofs.
    Sampling,
}

/// One thing that happened. Programs read it as JSON: names in it do not change, fields may be added.
///
/// A `dataset` is named by its root, `offer` and `order` by the chain's numbers; `from`, `at`, `deliver_by` and the like
/// are heights of blocks. A `message` is for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    /// Long work is so many bytes on, of so many in all.
    Progress { work: Work, done: u64, total: u64 },
    /// Seller: the file is sealed, and the key is in the sealing store. `length` is that of the plaintext, in bytes.
    Sealed { dataset: DatasetId, sealed_root: Hash, length: u64 },
    /// Seller: the service has the package, checked and published.
    Uploaded,
    /// Seller: metadata, licence and non-disclosure text are at the service.
    DocumentsStored,
    /// Seller: the dataset is announced; it can be registered from this block on, in about so many seconds.
    Announced { from: BlockNumber, seconds: u32 },
    /// Seller: the announcement ran out before it could be used, and is taken back and made anew.
    AnnouncementExpired,
    /// Seller: the announcement was taken back, and its deposit with it: it can lead to no registration any more.
    AnnouncementCancelled,
    /// Seller: the dataset is registered.
    Registered { dataset: DatasetId },
    /// Seller: the dataset is registered by the same owner already, since that block; only the offer is new.
    RegisteredBefore { dataset: DatasetId, at: BlockNumber },
    /// Seller: the registration is provisional until this block, which comes at about this time, in milliseconds since
    /// 1970: until then an earlier announcement of somebody else would displace it. The offer follows by itself.
    Provisional { dataset: DatasetId, until: BlockNumber, until_ms: u64 },
    /// Seller: the dataset is offered.
    Offered { offer: OfferId },
    /// Seller: the service has a sample, checked and published.
    SampleStored { dataset: DatasetId },
    /// Seller: the chain has not drawn the fair sample yet.
    DrawAwaited { registered_at: BlockNumber },
    /// Seller: the chain knows which file shows the drawn blocks, so many of them.
    DrawAnswered { dataset: DatasetId, blocks: u32 },
    /// Seller: watching for orders; so many wait for delivery now.
    Watching { waiting: usize },
    /// Seller: an order in a finalized block; `deliver_by` is the last block for the delivery.
    OrderSeen { order: OrderId, offer: OfferId, deliver_by: BlockNumber },
    /// Seller: the key is delivered, in a finalized block.
    Delivered { order: OrderId },
    /// Seller: an order is not delivered, and will not be.
    NotDelivered {
        order: OrderId,
        #[serde(flatten)]
        reason: NotDelivered,
    },
    /// Seller: a delivery failed and is tried again.
    DeliveryFailed { order: OrderId, message: String },
    /// Seller: the chain counts so many more open orders of an offer than the node shows; those are not delivered.
    OrdersWithheld { offer: OfferId, orders: u32 },
    /// Seller: delivering failed as a whole, and nothing is delivered until it is tried again after so many seconds.
    DeliveringFailed { message: String, seconds: u64 },
    /// Seller: an upgrade of the chain takes effect from block `due` on, and these orders, as far as they are open then, end
    /// under rules that nobody knows yet.
    UpgradeAnnounced { due: BlockNumber, orders: Vec<OrderId> },
    /// Seller: finality is so many blocks behind, so nothing is delivered until it has caught up.
    FinalityBehind { blocks: BlockNumber },
    /// Seller: finality has caught up.
    FinalityBack,
    /// The chain cannot be reached; it is tried again.
    ChainLost { message: String },
    /// A journal cannot be read and is left out. The message has its place too.
    JournalSkipped { path: String, message: String },
    /// Buyer: the package is here and is what the offer says.
    PackageVerified,
    /// Buyer: the order is placed, with so much in escrow; `deliver_by` is the last block for the delivery.
    OrderPlaced { order: OrderId, deliver_by: BlockNumber, escrow: Balance },
    /// Buyer: an order from before a crash was found.
    OrderFound { order: OrderId },
    /// Buyer: the key is there, in a finalized block; the last one for a dispute is `dispute_until`.
    KeyReceived { order: OrderId, dispute_until: BlockNumber },
    /// Buyer: the file is open, verified and in its place.
    Opened,
    /// Buyer: the delivered key is not the one committed to.
    WrongKey,
    /// Buyer: a block is not the dataset's. Blocks are counted from 0.
    BadBlock { block: u64 },
    /// Buyer: the dispute is submitted; its proof was checked here first.
    Disputed { order: OrderId },
    /// The order is final.
    Final {
        order: OrderId,
        #[serde(serialize_with = "word")]
        outcome: Outcome,
    },
}

fn word<S: Serializer>(term: &impl Term, to: S) -> Result<S::Ok, S::Error> {
    term.word().serialize(to)
}

/// Why an order is not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum NotDelivered {
    /// Fewer blocks are left than are needed: the key could be seen in the pool and held back until it is too late.
    TooLate { left: BlockNumber, needed: BlockNumber },
    /// The key of the sealing is not in the sealing store.
    NoKey,
    /// The chain refuses it.
    Refused { message: String },
}

/// Is told of each event of a procedure as it happens.
pub trait Observer: Send + Sync {
    /// Takes an event. Must not block.
    fn event(&self, event: Event);
}

/// Progress that becomes an event.
pub(super) fn progress(observer: &Arc<dyn Observer>, work: Work, total: u64) -> Progress {
    let observer = observer.clone();
    Arc::new(move |done| observer.event(Event::Progress { work, done, total }))
}
