//! What a block changed, as complete records.

use codec::{Decode, Encode};

use super::{Account, Attestation, Dataset, Hash, Offer, Order, Parent, Participant, Trade};

/// A block by number and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlockRef {
    /// Number.
    pub number: u32,
    /// Hash.
    pub hash: Hash,
}

/// One record as it stands after a block.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "few live at once, and not for long")]
pub enum Change {
    /// A company registered or changed.
    Participant(Participant),
    /// A dataset was registered or changed.
    Dataset(Dataset),
    /// A dataset got a parent.
    Parent(Parent),
    /// An attestation was made or revoked.
    Attestation(Attestation),
    /// A handover of ownership was proposed to an account, or is no longer open.
    Handover {
        /// Dataset.
        dataset: Hash,
        /// Who may accept it.
        to: Option<Account>,
    },
    /// An offer was made or changed.
    Offer(Offer),
    /// An order was placed or changed. A final order shows as a [`Change::Trade`] only.
    Order(Order),
    /// An order became final.
    Trade(Trade),
}

/// All that one finalized block changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockChanges {
    /// The block.
    pub block: BlockRef,
    /// Hash of the block before it; zero for the first.
    pub parent: Hash,
    /// Its time in milliseconds since 1970; 0 in the first block.
    pub time_ms: u64,
    /// Its records, at most one for each key.
    pub changes: Vec<Change>,
}
