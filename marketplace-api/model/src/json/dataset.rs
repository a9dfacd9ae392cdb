//! Datasets, and what was said and done about them.

use super::{AttestationKind, Method, Relation, Revoker, Word};
use crate::{record, text, AccountId, DatasetId, EntryKey, Hash};
use serde::Serialize;

/// A registered dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dataset {
    /// Root of the tree over its bytes.
    pub id: Hash,
    /// Who registered it first.
    pub registrant: AccountId,
    /// Who owns it now.
    pub owner: AccountId,
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
    /// Won on hold for it, from its owner.
    pub deposit: u128,
}

impl Dataset {
    /// The dataset with this id.
    pub fn new(id: DatasetId, record: &record::Dataset) -> Self {
        Self {
            id: id.into(),
            registrant: record.registrant,
            owner: record.owner,
            length: record.length,
            metadata: record.metadata.into(),
            method: Word(record.method),
            registered_at: record.registered.block,
            registered_time_ms: record.registered.time,
            depth: record.depth,
            parent_count: record.parent_count,
            attestation_count: record.attestation_count,
            handover_count: record.handover_count,
            version_count: record.version_count,
            trade_count: record.trade_count,
            withdrawn: record.withdrawn.as_ref().map(Withdrawal::from),
            sample: record.sample.as_ref().map(SampleAnswer::from),
            records: record.records,
            head: record.head.into(),
            deposit: record.deposit,
        }
    }
}

/// That a dataset was withdrawn by its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

impl From<&record::Withdrawal> for Withdrawal {
    fn from(record: &record::Withdrawal) -> Self {
        Self {
            at: record.at.block,
            time_ms: record.at.time,
            reason: text(&record.reason),
            position: record.position,
        }
    }
}

/// An owner's answer to the fair sample's draw: blocks that anyone checks against seed and root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

impl From<&record::SampleAnswer> for SampleAnswer {
    fn from(record: &record::SampleAnswer) -> Self {
        Self {
            blocks: record.blocks,
            digest: record.digest.into(),
            at: record.at.block,
            time_ms: record.at.time,
            position: record.position,
        }
    }
}

/// One dataset that another was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Parent {
    /// The dataset made.
    pub child: Hash,
    /// Position among its parents.
    pub index: u32,
    /// The dataset it was made from.
    pub parent: Hash,
    /// How it was made from it.
    pub relation: Relation,
    /// What the parent's owner gets of each sale of the child and of all that is made from it, in millionths.
    pub royalty: u32,
}

impl Parent {
    /// The parents of a dataset, in the registrant's order.
    pub fn of(child: DatasetId, records: &[record::Parent]) -> Vec<Self> {
        let parent = |(record, index): (&record::Parent, u32)| Self {
            child: child.into(),
            index,
            parent: record.dataset.into(),
            relation: Word(record.relation),
            royalty: record.royalty.millionths(),
        };
        records.iter().zip(0..).map(parent).collect()
    }
}

/// What one dataset's owner gets of each sale of another that descends from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoyaltyShare {
    /// The ancestor.
    pub dataset: Hash,
    /// Its owner's share of what a sale brings after the platform's fee, in millionths.
    pub share: u32,
}

impl From<&record::RoyaltyShare> for RoyaltyShare {
    fn from(record: &record::RoyaltyShare) -> Self {
        Self { dataset: record.dataset.into(), share: record.share.millionths() }
    }
}

/// A dataset that was registered as a new version of another, whose whole blocks it contains unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

impl Version {
    /// What stands under this key.
    pub fn new(key: EntryKey, record: &record::Version) -> Self {
        let EntryKey { dataset, index } = key;
        Self { dataset: dataset.into(), index, version: record.dataset.into(), position: record.position }
    }
}

/// That a dataset went from one owner to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Handover {
    /// Dataset.
    pub dataset: Hash,
    /// Position among its handovers.
    pub index: u32,
    /// The old owner.
    pub from: AccountId,
    /// The new owner.
    pub to: AccountId,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

impl Handover {
    /// What stands under this key.
    pub fn new(key: EntryKey, record: &record::Handover) -> Self {
        Self {
            dataset: key.dataset.into(),
            index: key.index,
            from: record.from,
            to: record.to,
            at: record.at.block,
            time_ms: record.at.time,
            position: record.position,
        }
    }
}

/// An inspector's statement on a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attestation {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's attestations.
    pub index: u32,
    /// Inspector.
    pub inspector: AccountId,
    /// What it is about.
    pub kind: AttestationKind,
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

impl Attestation {
    /// What stands under this key.
    pub fn new(key: EntryKey, record: &record::Attestation) -> Self {
        Self {
            dataset: key.dataset.into(),
            index: key.index,
            inspector: record.inspector,
            kind: Word(record.kind),
            document: record.document.into(),
            at: record.at.block,
            time_ms: record.at.time,
            revoked: record.revoked.as_ref().map(Revocation::from),
            position: record.position,
        }
    }
}

/// That an attestation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revocation {
    /// Who took it back.
    pub by: Revoker,
    /// Block.
    pub at: u32,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// Why, in the words of who took it back.
    pub reason: String,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

impl From<&record::Revocation> for Revocation {
    fn from(record: &record::Revocation) -> Self {
        Self {
            by: Word(record.by),
            at: record.at.block,
            time_ms: record.at.time,
            reason: text(&record.reason),
            position: record.position,
        }
    }
}
