//! What a block changed, as complete records.

use codec::{Decode, Encode};

use super::{
    Account, Attestation, Dataset, DeriveRight, Handover, Hash, Offer, Order, Parent, Participant,
    RoyaltyShare, Trade, Version,
};

/// A block by number and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlockRef {
    /// Number.
    pub number: u32,
    /// Hash.
    pub hash: Hash,
}

/// Money that went directly from one account to another, outside of a trade.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Transfer {
    /// Block.
    pub at: u32,
    /// Position among the transfers of the block.
    pub index: u32,
    /// From whom.
    pub from: Account,
    /// To whom.
    pub to: Account,
    /// How much, in won.
    pub amount: u128,
}

/// That an account became the delegate of another, or is none any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Delegation {
    /// Block.
    pub at: u32,
    /// Position among the block's events of this kind.
    pub index: u32,
    /// For whom the delegate acts.
    pub company: Account,
    /// Who acts.
    pub delegate: Account,
    /// Whether this began then, or ended.
    pub begins: bool,
}

/// One record as it stands after a block.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "few live at once, and not for long")]
pub enum Change {
    /// A company registered or changed.
    Participant(Participant),
    /// A company that was not verified yet withdrew its registration.
    RegistrationWithdrawn(Account),
    /// A dataset was registered or changed.
    Dataset(Dataset),
    /// A dataset got a parent.
    Parent(Parent),
    /// An attestation was made or revoked.
    Attestation(Attestation),
    /// The royalties that a new dataset carries, through all generations.
    Royalties {
        /// Dataset.
        dataset: Hash,
        /// Each ancestor's share.
        shares: Vec<RoyaltyShare>,
    },
    /// A dataset got a new version.
    Version(Version),
    /// The fair samples of all datasets that were registered in a block were drawn.
    Seed {
        /// The block in which they were registered.
        registered_at: u32,
        /// The seed.
        seed: Hash,
    },
    /// A handover of ownership was proposed to an account, or is no longer open.
    PendingHandover {
        /// Dataset.
        dataset: Hash,
        /// Who may accept it.
        to: Option<Account>,
    },
    /// A dataset went from one owner to another.
    Handover(Handover),
    /// An offer was made or changed.
    Offer(Offer),
    /// An order was placed or changed. A final order shows as a [`Change::Trade`] only.
    Order(Order),
    /// An order became final.
    Trade(Trade),
    /// A company may sell what it makes from a dataset.
    DeriveRight(DeriveRight),
    /// Money went directly from one account to another.
    Transfer(Transfer),
    /// An account may, or may no longer, act for another.
    Delegation(Delegation),
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
