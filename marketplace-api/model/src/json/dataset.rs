//! Datasets, and what was said and done about them.

use super::{AttestationKind, Method, Relation, Revoker, Word};
use crate::{facts, record, text, AccountId, DatasetId, Digest, EntryKey, Hash};

forms! {
    /// A registered dataset.
    Dataset(id: DatasetId, record: &record::Dataset) {
        /// Root of the tree over its bytes.
        id: Hash = id.into();
        /// Who registered it first.
        registrant: AccountId = record.registrant;
        /// Who owns it now.
        owner: AccountId = record.owner;
        /// Bytes that it has.
        length: u64 = record.length;
        /// SHA-256 of its metadata document.
        metadata: Hash = record.metadata.into();
        /// How it was made.
        method: Method = Word(record.method);
        /// Block of registration.
        registered_at: u32 = record.registered.block;
        /// Its time in milliseconds since 1970.
        registered_time_ms: u64 = record.registered.time;
        /// Block in which it was announced.
        announced_at: u32 = record.announced;
        /// First block in which its registration is provisional no more: before it, an earlier announcement displaces it.
        provisional_until: u32 = record.provisional_until;
        /// Generations of parents behind it; new versions do not count.
        depth: u32 = record.depth;
        /// Number of parents.
        parent_count: u32 = record.parent_count;
        /// Number of attestations, revoked ones included.
        attestation_count: u32 = record.attestation_count;
        /// Number of handovers of ownership.
        handover_count: u32 = record.handover_count;
        /// Number of datasets registered as new versions of it.
        version_count: u32 = record.version_count;
        /// Number of trades that are final.
        trade_count: u32 = record.trade_count;
        /// Withdrawn, and why.
        withdrawn: Option<Withdrawal> = record.withdrawn.as_ref().map(Withdrawal::new);
        /// The owner's answer to the fair sample's draw.
        sample: Option<SampleAnswer> = record.sample.as_ref().map(SampleAnswer::new);
        /// Number of records in its hash chain.
        records: u32 = record.records;
        /// Head of its hash chain.
        head: Hash = record.head.into();
        /// Won on hold for it, from its owner.
        deposit: u128 = record.deposit;
    }

    /// What stands beside the record of a dataset: where it comes from, and where it went.
    DatasetFacts(facts: &facts::DatasetFacts) {
        /// What it was made from.
        parents: Vec<Parent> = Parent::of(facts.dataset.key, &facts.parents);
        /// The royalties that each sale of it pays, through all generations.
        royalties: Vec<RoyaltyShare> = facts.royalties.iter().map(RoyaltyShare::new).collect();
        /// The dataset that it is a new version of.
        version_of: Option<Hash> = facts.older().map(Hash::from);
        /// Its new versions, the first of them.
        versions: Vec<Version> = facts.versions.iter().map(|found| found.json(Version::new)).collect();
        /// How it went from owner to owner, the first handovers.
        handovers: Vec<Handover> = facts.handovers.iter().map(|found| found.json(Handover::new)).collect();
        /// Account to which a handover of ownership is proposed.
        handover_to: Option<AccountId> = facts.handover_to;
    }

    /// A commitment to a root and a length that its account is going to register.
    Announcement(announcement: Digest, record: &record::Announcement) {
        /// The commitment.
        announcement: Hash = announcement.into();
        /// Block in which it was announced.
        at: u32 = record.at;
        /// Won on hold for it, from its account.
        deposit: u128 = record.deposit;
    }

    /// That a dataset was withdrawn by its owner.
    Withdrawal(record: &record::Withdrawal) {
        /// Block of the withdrawal.
        at: u32 = record.at.block;
        /// Its time in milliseconds since 1970.
        time_ms: u64 = record.at.time;
        /// The owner's reason.
        reason: String = text(&record.reason);
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// An owner's answer to the fair sample's draw: blocks that anyone checks against seed and root.
    SampleAnswer(record: &record::SampleAnswer) {
        /// How many blocks of the draw, from its first on, are shown.
        blocks: u32 = record.blocks;
        /// SHA-256 of the sample file that shows them.
        digest: Hash = record.digest.into();
        /// Block of the answer.
        at: u32 = record.at.block;
        /// Its time in milliseconds since 1970.
        time_ms: u64 = record.at.time;
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// One dataset that another was made from.
    Parent(child: DatasetId, index: u32, record: &record::Parent) {
        /// The dataset made.
        child: Hash = child.into();
        /// Position among its parents.
        index: u32 = index;
        /// The dataset it was made from.
        parent: Hash = record.dataset.into();
        /// How it was made from it.
        relation: Relation = Word(record.relation);
        /// What the parent's owner gets of each sale of the child and of all that is made from it, in millionths.
        royalty: u32 = record.royalty.millionths();
    }

    /// What one dataset's owner gets of each sale of another that descends from it.
    RoyaltyShare(record: &record::RoyaltyShare) {
        /// The ancestor.
        dataset: Hash = record.dataset.into();
        /// Its owner's share of what a sale brings after the platform's fee, in millionths.
        share: u32 = record.share.millionths();
    }

    /// A dataset that was registered as a new version of another, whose whole blocks it contains unchanged.
    Version(key: EntryKey, record: &record::Version) {
        /// The older dataset.
        dataset: Hash = key.dataset.into();
        /// Position among its versions.
        index: u32 = key.index;
        /// The newer dataset.
        version: Hash = record.dataset.into();
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// That a dataset went from one owner to another.
    Handover(key: EntryKey, record: &record::Handover) {
        /// Root of the dataset.
        dataset: Hash = key.dataset.into();
        /// Position among its handovers.
        index: u32 = key.index;
        /// The old owner.
        from: AccountId = record.from;
        /// The new owner.
        to: AccountId = record.to;
        /// Block in which the new owner accepted.
        at: u32 = record.at.block;
        /// Its time in milliseconds since 1970.
        time_ms: u64 = record.at.time;
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// An inspector's statement on a dataset.
    Attestation(key: EntryKey, record: &record::Attestation) {
        /// Root of the dataset that it is about.
        dataset: Hash = key.dataset.into();
        /// Position among the dataset's attestations.
        index: u32 = key.index;
        /// Who says so.
        inspector: AccountId = record.inspector;
        /// What it is about.
        kind: AttestationKind = Word(record.kind);
        /// SHA-256 of the document.
        document: Hash = record.document.into();
        /// Block of the statement.
        at: u32 = record.at.block;
        /// Its time in milliseconds since 1970.
        time_ms: u64 = record.at.time;
        /// Taken back, and why.
        revoked: Option<Revocation> = record.revoked.as_ref().map(Revocation::new);
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// That an attestation was taken back.
    Revocation(record: &record::Revocation) {
        /// Who took it back.
        by: Revoker = Word(record.by);
        /// Block in which it was taken back.
        at: u32 = record.at.block;
        /// Its time in milliseconds since 1970.
        time_ms: u64 = record.at.time;
        /// Why, in the words of who took it back.
        reason: String = text(&record.reason);
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }
}

impl Parent {
    /// The parents of a dataset, in the registrant's order.
    pub fn of(child: DatasetId, records: &[record::Parent]) -> Vec<Self> {
        records.iter().zip(0..).map(|(record, index)| Self::new(child, index, record)).collect()
    }
}
