//! What the procedures tell while they run, for a person's terminal or a program.

use crate::ports::Progress;
use std::sync::Arc;
use std::time::Duration;
use wonbon_model::{Balance, BlockNumber, DatasetId, OfferId, OrderId, Outcome};
use wonbon_primitives::Commitment;

/// Something that long work is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Sealing a file.
    Sealing,
    /// Opening the sealed file again and comparing.
    Rechecking,
    /// Sending the package.
    Uploading,
    /// Receiving the package.
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

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Long work is so many bytes on.
    Progress {
        /// What is being done.
        work: Work,
        /// Bytes that are done.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// Seller: the file is sealed, and the key is in the sealing store.
    Sealed {
        /// Root and length of the plaintext.
        plain: Commitment,
        /// The sealed payload.
        sealed: Commitment,
    },
    /// Seller: the service has the package, checked and published.
    Uploaded,
    /// Seller: metadata, licence and non-disclosure text are at the service.
    DocumentsStored,
    /// Seller: the dataset is announced; it can be registered from this block on.
    Announced {
        /// The first block of the registration.
        from: BlockNumber,
    },
    /// Seller: the announcement was taken back, and its deposit with it: it can lead to no registration any more.
    AnnouncementCancelled,
    /// Seller: the dataset is registered.
    Registered {
        /// The root that names the dataset.
        dataset: DatasetId,
    },
    /// Seller: the dataset is registered by the same owner already; only the offer is new.
    RegisteredBefore {
        /// The root that names the dataset.
        dataset: DatasetId,
        /// Height of the block.
        at: BlockNumber,
    },
    /// Seller: the dataset is offered.
    Offered {
        /// The chain's number of the offer.
        offer: OfferId,
    },
    /// Seller: the service has a sample, checked and published.
    SampleStored {
        /// Of which dataset.
        dataset: DatasetId,
    },
    /// Seller: the chain has not drawn the fair sample yet.
    DrawAwaited {
        /// The block of the registration.
        registered_at: BlockNumber,
    },
    /// Seller: the chain knows which file shows the drawn blocks.
    DrawAnswered {
        /// Of which dataset.
        dataset: DatasetId,
        /// How many blocks it shows.
        blocks: u32,
    },
    /// Seller: watching for orders.
    Watching {
        /// Orders that wait for delivery now.
        waiting: usize,
    },
    /// Seller: an order in a finalized block.
    OrderSeen {
        /// The chain's number of the order.
        order: OrderId,
        /// The chain's number of the offer.
        offer: OfferId,
        /// The last block for the delivery.
        deliver_by: BlockNumber,
    },
    /// Seller: the key is delivered, in a finalized block.
    Delivered {
        /// Of which order.
        order: OrderId,
    },
    /// Seller: an order is not delivered, and will not be.
    NotDelivered {
        /// The chain's number of the order.
        order: OrderId,
        /// Why, in words for people.
        reason: NotDelivered,
    },
    /// Seller: a delivery failed and is tried again.
    DeliveryFailed {
        /// Of which order.
        order: OrderId,
        /// Why, in words for people.
        reason: String,
    },
    /// Seller: delivering failed as a whole, and nothing is delivered until it is tried again.
    DeliveringFailed {
        /// Why, in words for people.
        reason: String,
        /// When it is tried again.
        pause: Duration,
    },
    /// Seller: finality is behind, so nothing is delivered until it has caught up.
    FinalityBehind {
        /// Blocks that are not final.
        blocks: BlockNumber,
    },
    /// Seller: finality has caught up.
    FinalityBack,
    /// The chain cannot be reached; it is tried again.
    ChainLost {
        /// What the connection says.
        reason: String,
    },
    /// A journal cannot be read and is left out.
    JournalSkipped {
        /// Where it is.
        place: String,
        /// Why, with its place.
        reason: String,
    },
    /// Buyer: the package is here and is what the offer says.
    PackageVerified,
    /// Buyer: the order is placed.
    OrderPlaced {
        /// The chain's number of the order.
        order: OrderId,
        /// The last block for the delivery.
        deliver_by: BlockNumber,
        /// What is in escrow.
        escrow: Balance,
    },
    /// Buyer: an order from before a crash was found.
    OrderFound {
        /// The chain's number of the order.
        order: OrderId,
    },
    /// Buyer: the key is there, in a finalized block.
    KeyReceived {
        /// Of which order.
        order: OrderId,
        /// The last block for a dispute.
        dispute_until: BlockNumber,
    },
    /// Buyer: the file is open, verified and in its place.
    Opened,
    /// Buyer: the delivered key is not the one committed to.
    WrongKey,
    /// Buyer: a block is not the dataset's.
    BadBlock {
        /// Counted from 0.
        index: u64,
    },
    /// Buyer: the dispute is submitted; its proof was checked here first.
    Disputed {
        /// Of which order.
        order: OrderId,
    },
    /// The order is final.
    Final {
        /// The chain's number of the order.
        order: OrderId,
        /// How it ended.
        outcome: Outcome,
    },
}

/// Why an order is not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDelivered {
    /// Too few blocks are left: the key could be seen in the pool and held back until it is too late.
    TooLate {
        /// Blocks that are left.
        left: BlockNumber,
        /// Blocks that are needed.
        needed: BlockNumber,
    },
    /// The key of the sealing is not in the sealing store.
    NoKey,
    /// The chain refuses it.
    Refused(String),
}

/// Who is told.
pub trait Observer: Send + Sync {
    /// Takes an event. Must not block.
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Send + Sync> Observer for F {
    fn event(&self, event: Event) {
        self(event);
    }
}

/// For who does not want to know.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: Event) {}
}

/// Progress that becomes an event.
pub(super) fn progress(observer: &Arc<dyn Observer>, work: Work, total: u64) -> Progress {
    let observer = observer.clone();
    Arc::new(move |done| observer.event(Event::Progress { work, done, total }))
}
