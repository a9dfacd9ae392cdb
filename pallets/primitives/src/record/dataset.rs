//! Datasets, what they were made from, and what was said and done about them.

use super::{Amount, Moment, Reason};
use crate::{
    dataset::{Method, Relation},
    share::Share,
    DatasetId, Digest,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A registered dataset. Its id, the root of its plaintext, is the key under which it stands.
///
/// The counts are stored, zero included, so that a storage proof of this one record says how many entries a
/// complete list must have.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Dataset<AccountId, Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::DATASET_LAYOUT`].
    pub version: u8,
    /// Who registered it first; never changes.
    pub registrant: AccountId,
    /// Who holds it now.
    pub owner: AccountId,
    /// Its length in bytes.
    #[codec(compact)]
    pub length: u64,
    /// SHA-256 of its metadata document.
    pub metadata: Digest,
    /// How it was made.
    pub method: Method,
    /// When it was registered.
    pub registered: Moment<BlockNumber>,
    /// The block in which it was announced; that of the registration if the record has the first layout, which does not
    /// say it.
    #[codec(compact)]
    pub announced: BlockNumber,
    /// The first block in which the registration is not provisional any more: until then an older announcement displaces
    /// it. That of the registration if the record has the first layout.
    #[codec(compact)]
    pub provisional_until: BlockNumber,
    /// How many generations of parents stand behind it; new versions do not count.
    #[codec(compact)]
    pub depth: u32,
    /// How many parents it has.
    #[codec(compact)]
    pub parent_count: u32,
    /// How many attestations it has, revoked ones included.
    #[codec(compact)]
    pub attestation_count: u32,
    /// How often it was handed over.
    #[codec(compact)]
    pub handover_count: u32,
    /// How many datasets are registered as new versions of it.
    #[codec(compact)]
    pub version_count: u32,
    /// How many trades of it are final.
    #[codec(compact)]
    pub trade_count: u32,
    /// Set when its owner withdrew it; never unset.
    pub withdrawn: Option<Withdrawal<BlockNumber>>,
    /// Set when its owner answered the fair sample's draw; never unset.
    pub sample: Option<SampleAnswer<BlockNumber>>,
    /// How many entries its hash chain has.
    #[codec(compact)]
    pub records: u32,
    /// The last value of its hash chain.
    pub head: Digest,
    /// What is on hold for it, from its owner.
    #[codec(compact)]
    pub deposit: Balance,
}

impl<AccountId, Balance: Amount, BlockNumber: Amount + PartialOrd> Dataset<AccountId, Balance, BlockNumber> {
    /// Whether an older announcement could still displace the registration in this block.
    pub fn is_provisional_at(&self, block: BlockNumber) -> bool {
        block < self.provisional_until
    }
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
    /// What its owner gets of each sale of the child, and of all that is made from the child.
    pub royalty: Share,
}

/// What one dataset's owner gets of each sale of another that descends from it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct RoyaltyShare {
    /// The ancestor.
    pub dataset: DatasetId,
    /// Its owner's share of what a sale brings after the platform's fee.
    pub share: Share,
}

/// Which dataset another is a new version of, until that one has a [`Version`] of it.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct GrownFrom {
    /// The old dataset.
    pub dataset: DatasetId,
    /// How many bytes at the beginning of both are proved to be the same.
    #[codec(compact)]
    pub shared_bytes: u64,
}

/// A dataset that was registered as a new version of another, which it contains.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Version {
    /// The new version.
    pub dataset: DatasetId,
    /// Its place in the hash chain of the dataset that it is a version of.
    #[codec(compact)]
    pub position: u32,
}

/// When and why an owner withdrew a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Withdrawal<BlockNumber: Amount> {
    /// Block and time of the withdrawal.
    pub at: Moment<BlockNumber>,
    /// Why, in the owner's words.
    pub reason: Reason,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
}

/// An owner's answer to the fair sample's draw: blocks that anyone checks against seed and root.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct SampleAnswer<BlockNumber: Amount> {
    /// How many blocks of the draw, from its first on, are shown.
    #[codec(compact)]
    pub blocks: u32,
    /// SHA-256 of the sample file that shows them.
    pub digest: Digest,
    /// Block and time of the answer.
    pub at: Moment<BlockNumber>,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
}

/// That a dataset went from one owner to another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Handover<AccountId, BlockNumber: Amount> {
    /// Layout of this record, [`super::DATASET_ENTRY_LAYOUT`].
    pub version: u8,
    /// The old owner.
    pub from: AccountId,
    /// The new owner.
    pub to: AccountId,
    /// Block and time at which it changed hands.
    pub at: Moment<BlockNumber>,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
}

/// What an attestation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
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
pub struct Attestation<AccountId, Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::DATASET_ENTRY_LAYOUT`].
    pub version: u8,
    /// Who says it.
    pub inspector: AccountId,
    /// What it is about.
    pub kind: AttestationKind,
    /// SHA-256 of the document that says it.
    pub document: Digest,
    /// When it was said.
    pub at: Moment<BlockNumber>,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
    /// Set when it was taken back; never unset.
    pub revoked: Option<Revocation<BlockNumber>>,
    /// What is on hold for it, from the inspector. It stays: the record does.
    #[codec(compact)]
    pub deposit: Balance,
}

/// Who took an attestation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Revoker {
    /// The inspector who made it.
    Inspector,
    /// The authority.
    Authority,
}

/// When, why and by whom an attestation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Revocation<BlockNumber: Amount> {
    /// Who took it back.
    pub by: Revoker,
    /// Block and time of the revocation.
    pub at: Moment<BlockNumber>,
    /// Why, in the revoker's words.
    pub reason: Reason,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
}
