//! Records together with the keys that they stand under on the chain, which are no part of their bytes.

use crate::DatasetId;

/// A record and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed<K, R> {
    /// What it stands under.
    pub key: K,
    /// The record, as the chain has it.
    pub record: R,
}

impl<K, R> Keyed<K, R> {
    /// A record under a key.
    pub fn new(key: K, record: R) -> Self {
        Self { key, record }
    }

    /// The two as JSON, by the constructor of a [form](crate::json).
    pub fn json<J>(&self, form: impl FnOnce(K, &R) -> J) -> J
    where
        K: Copy,
    {
        form(self.key, &self.record)
    }
}

/// The key of a record of which a dataset has any number: trades, attestations, versions, handovers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// The dataset whose list it stands in.
    pub dataset: DatasetId,
    /// Its number among the dataset's records of this kind, from 0.
    pub index: u32,
}

impl EntryKey {
    /// The key of the record with this number.
    pub fn new(dataset: DatasetId, index: u32) -> Self {
        Self { dataset, index }
    }
}
