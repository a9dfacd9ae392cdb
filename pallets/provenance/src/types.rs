//! The records of the provenance pallet and the hash chain over them. Every stored record opens with a layout
//! byte, so that a reader from another release can tell a record that it does not understand from a wrong one;
//! what has none (a parent, a child, an entry of the chain) follows the layout of the dataset it belongs to.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::fungible::Inspect, BoundedVec};
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use wonbon_primitives::{
    bounds::{ParentsBound, ReasonBound},
    dataset::{Method, Relation},
    label, DatasetId, Digest,
};

/// The layout that this release writes in the first byte of every record.
pub const RECORD_VERSION: u8 = 1;

/// Why something was withdrawn or revoked, in UTF-8.
pub type Reason = BoundedVec<u8, ReasonBound>;

/// What a dataset was made from.
pub type ParentList = BoundedVec<Parent, ParentsBound>;

/// Money, as the runtime's currency counts it.
pub type BalanceOf<T> =
    <<T as crate::Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The announcement record of a runtime.
pub type AnnouncementOf<T> = Announcement<BalanceOf<T>, BlockNumberFor<T>>;

/// The dataset record of a runtime.
pub type DatasetOf<T> = Dataset<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

/// The attestation record of a runtime.
pub type AttestationOf<T> =
    Attestation<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

/// A commitment to a root that its account is going to register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Announcement<Balance, BlockNumber> {
    /// Layout of this record, [`RECORD_VERSION`].
    pub version: u8,
    /// When it was announced.
    pub at: BlockNumber,
    /// What is on hold for it.
    pub deposit: Balance,
}

/// A dataset that a registration names as its origin.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Parent {
    /// The parent.
    pub dataset: DatasetId,
    /// How the child relates to it.
    pub relation: Relation,
}

/// A registered dataset. Its id, the root of its plaintext, is the key under which it stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Dataset<AccountId, Balance, BlockNumber> {
    /// Layout of this record, [`RECORD_VERSION`].
    pub version: u8,
    /// Who registered it first; never changes.
    pub registrant: AccountId,
    /// Who holds it now.
    pub owner: AccountId,
    /// Its length in bytes.
    pub length: u64,
    /// SHA-256 of its metadata document.
    pub metadata: Digest,
    /// How it was made.
    pub method: Method,
    /// When it was registered.
    pub registered_at: BlockNumber,
    /// How many parents it has.
    pub parent_count: u32,
    /// Set when its owner withdrew it; never unset.
    pub withdrawn: Option<Withdrawal<BlockNumber>>,
    /// How many entries its hash chain has.
    pub records: u32,
    /// The last value of its hash chain.
    pub head: Digest,
    /// What is on hold for it, from its owner.
    pub deposit: Balance,
}

/// When and why an owner withdrew a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Withdrawal<BlockNumber> {
    /// When.
    pub at: BlockNumber,
    /// Why, in the owner's words.
    pub reason: Reason,
}

/// What an attestation is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum AttestationKind {
    /// The quality of the data.
    Quality,
    /// The smart-factory level of the plant that the data comes from.
    SmartFactoryLevel,
    /// The processing that the data went through.
    Processing,
}

/// What an accredited inspector says about a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Attestation<AccountId, Balance, BlockNumber> {
    /// Layout of this record, [`RECORD_VERSION`].
    pub version: u8,
    /// Who says it.
    pub inspector: AccountId,
    /// What it is about.
    pub kind: AttestationKind,
    /// SHA-256 of the document that says it.
    pub document: Digest,
    /// When it was said.
    pub at: BlockNumber,
    /// Set when it was taken back; never unset.
    pub revoked: Option<Revocation<BlockNumber>>,
    /// What is on hold for it, from the inspector. It stays: the record does.
    pub deposit: Balance,
}

/// Who took an attestation back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum Revoker {
    /// The inspector who made it.
    Inspector,
    /// The authority.
    Authority,
}

/// When, why and by whom an attestation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Revocation<BlockNumber> {
    /// Who took it back.
    pub by: Revoker,
    /// When.
    pub at: BlockNumber,
    /// Why, in the revoker's words.
    pub reason: Reason,
}

/// The first value of a dataset's hash chain: everything that registration fixed.
pub fn first_head<AccountId: Encode, Balance, BlockNumber: Encode>(
    id: &DatasetId,
    dataset: &Dataset<AccountId, Balance, BlockNumber>,
    parents: &[Parent],
) -> Digest {
    let facts = (
        id,
        &dataset.registrant,
        dataset.length,
        dataset.metadata,
        dataset.method,
        &dataset.registered_at,
        parents,
    );
    label::hash(label::DATASET, &[&facts.encode()])
}

/// The value of a dataset's hash chain after one more entry.
pub fn next_head(head: &Digest, entry: &Digest) -> Digest {
    label::hash(label::RECORD, &[head, entry])
}

/// The chain's entry for an attestation: once when it is made and, with the revocation in it, once more when
/// it is revoked.
pub fn attestation_entry<AccountId: Encode, Balance, BlockNumber: Encode>(
    id: &DatasetId,
    index: u32,
    attestation: &Attestation<AccountId, Balance, BlockNumber>,
) -> Digest {
    let facts = (
        id,
        index,
        &attestation.inspector,
        attestation.kind,
        attestation.document,
        &attestation.at,
        &attestation.revoked,
    );
    label::hash(label::ATTESTATION, &[&facts.encode()])
}

/// The chain's entry for a withdrawal.
pub fn withdrawal_entry<BlockNumber: Encode>(id: &DatasetId, withdrawal: &Withdrawal<BlockNumber>) -> Digest {
    label::hash(label::WITHDRAWAL, &[&(id, withdrawal).encode()])
}

/// The chain's entry for a handover.
pub fn handover_entry<AccountId: Encode, BlockNumber: Encode>(
    id: &DatasetId,
    from: &AccountId,
    to: &AccountId,
    at: &BlockNumber,
) -> Digest {
    label::hash(label::HANDOVER, &[&(id, from, to, at).encode()])
}

/// Whether a reason is UTF-8 text that is not blank, has no control characters and no space at either end.
pub(crate) fn is_readable(reason: &Reason) -> bool {
    core::str::from_utf8(reason)
        .is_ok_and(|text| !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control))
}
