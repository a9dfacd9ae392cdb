//! Datasets and what was said and done about them, as the service keeps and shows them.
//!
//! A record is complete: whoever holds it needs no other record to understand it.

use codec::{Decode, Encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Hash, Method};

/// That a dataset was withdrawn by its owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Withdrawal {
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// The owner's reason.
    pub reason: String,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// An owner's answer to the fair sample's draw: blocks that anyone checks against seed and root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct SampleAnswer {
    /// How many blocks of the draw, from its first on, are shown.
    pub blocks: u32,
    /// SHA-256 of the sample file that shows them.
    pub digest: Hash,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// A registered dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Dataset {
    /// Root of the tree over its bytes.
    pub id: Hash,
    /// Who registered it first.
    pub registrant: Account,
    /// Who owns it now.
    pub owner: Account,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of its metadata document.
    pub metadata: Hash,
    /// How it was made.
    pub method: Method,
    /// Block of registration.
    pub registered_at: u32,
    /// Its time in milliseconds since 1970.
    pub registered_time_ms: u64,
    /// Generations of parents behind it; new versions do not count.
    pub depth: u32,
    /// Number of parents.
    pub parent_count: u32,
    /// Number of attestations, revoked ones included.
    pub attestation_count: u32,
    /// Number of handovers of ownership.
    pub handover_count: u32,
    /// Number of datasets registered as new versions of it.
    pub version_count: u32,
    /// Number of trades that are final.
    pub trade_count: u32,
    /// Withdrawn, and why.
    pub withdrawn: Option<Withdrawal>,
    /// The owner's answer to the fair sample's draw.
    pub sample: Option<SampleAnswer>,
    /// Number of records in its hash chain.
    pub records: u32,
    /// Head of its hash chain.
    pub head: Hash,
}

/// One dataset that another was made from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Parent {
    /// The dataset made.
    pub child: Hash,
    /// Position among its parents.
    pub index: u32,
    /// The dataset it was made from.
    pub parent: Hash,
    /// How.
    #[schema(value_type = wonbon_model::json::Relation)]
    pub relation: String,
    /// What the parent's owner gets of each sale of the child and of all that is made from it, in millionths.
    pub royalty: u32,
}

/// What one dataset's owner gets of each sale of another that descends from it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct RoyaltyShare {
    /// The ancestor.
    pub dataset: Hash,
    /// Its owner's share of what a sale brings after the platform's fee, in millionths.
    pub share: u32,
}

/// A dataset that was registered as a new version of another, whose whole blocks it contains unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Version {
    /// The older dataset.
    pub dataset: Hash,
    /// Position among its versions.
    pub index: u32,
    /// The newer dataset.
    pub version: Hash,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// That a dataset went from one owner to another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Handover {
    /// Dataset.
    pub dataset: Hash,
    /// Position among its handovers.
    pub index: u32,
    /// The old owner.
    pub from: Account,
    /// The new owner.
    pub to: Account,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// That an attestation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Revocation {
    /// Who took it back.
    #[schema(value_type = wonbon_model::json::Revoker)]
    pub by: String,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Reason.
    pub reason: String,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

/// An inspector's statement on a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Attestation {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's attestations.
    pub index: u32,
    /// Inspector.
    pub inspector: Account,
    /// What it is about.
    #[schema(value_type = wonbon_model::json::AttestationKind)]
    pub kind: String,
    /// SHA-256 of the document.
    pub document: Hash,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Taken back, and why.
    pub revoked: Option<Revocation>,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}
