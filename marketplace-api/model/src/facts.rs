//! What the chain has of one dataset or one company: its record, and what stands beside it.
//!
//! Whoever reads a chain fills this in; the JSON of it, and a dataset's documents in the forms of other standards, are
//! made of it, so that every face says the same.

use crate::{
    AccountId, Attestation, Company, Dataset, DatasetId, EntryKey, FormerNumber, Handover, Keyed, Parent,
    Recovery, Relation, RoyaltyShare, Version,
};

/// A dataset with what stands beside its record, all as of one block. A reader may bound the lists that any number
/// stands in; what they have then are the first.
#[derive(Clone, Debug)]
pub struct DatasetFacts {
    /// The record under its id.
    pub dataset: Keyed<DatasetId, Dataset>,
    /// What it was made from, in the registrant's order.
    pub parents: Vec<Parent>,
    /// The royalties that each sale of it pays, through all generations, in the chain's order.
    pub royalties: Vec<RoyaltyShare>,
    /// What inspectors said about it, revoked or not, oldest first.
    pub attestations: Vec<Keyed<EntryKey, Attestation>>,
    /// Its new versions, oldest first.
    pub versions: Vec<Keyed<EntryKey, Version>>,
    /// How it went from owner to owner, oldest first.
    pub handovers: Vec<Keyed<EntryKey, Handover>>,
    /// Account to which a handover of ownership is proposed.
    pub handover_to: Option<AccountId>,
}

impl DatasetFacts {
    /// The dataset that it is a new version of.
    pub fn older(&self) -> Option<DatasetId> {
        let older = self.parents.iter().find(|parent| parent.relation == Relation::NewVersionOf);
        older.map(|parent| parent.dataset)
    }
}

/// A company that acts through people with what stands beside its record, all as of one block.
#[derive(Clone, Debug)]
pub struct CompanyFacts {
    /// The record.
    pub record: Company,
    /// The new admin that is proposed for it, if one is.
    pub recovery: Option<Recovery>,
    /// The registration numbers that it had before, oldest first. A reader may bound it; they are the first then.
    pub former_numbers: Vec<FormerNumber>,
}
