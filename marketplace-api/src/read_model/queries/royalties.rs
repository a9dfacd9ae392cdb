//! Royalties that were paid to a company, or for a dataset.

use wonbon_model::{json::RoyaltiesReceived, AccountId, DatasetId, EntryKey, Royalty, Trade};

use super::{page, trade, Page, PageRequest, Result};
use crate::{
    kv::{row::tail, Direction, KvError, KvStore},
    read_model::row::{entry_key, fetch, Kind},
};

/// A royalty, with the trade that it was paid of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidRoyalty {
    /// Where the trade stands.
    pub key: EntryKey,
    /// The trade.
    pub trade: Trade,
    /// What was paid, to whom and for what.
    pub royalty: Royalty,
}

/// The royalties that a company got, newest first.
pub fn royalties_to(
    kv: &dyn KvStore,
    account: AccountId,
    request: &PageRequest,
) -> Result<Page<PaidRoyalty>> {
    paid(kv, Kind::RoyaltyByAccount.key(&[&account]), request)
}

/// The royalties that were paid for a dataset, newest first.
pub fn royalties_for(
    kv: &dyn KvStore,
    dataset: DatasetId,
    request: &PageRequest,
) -> Result<Page<PaidRoyalty>> {
    paid(kv, Kind::RoyaltyByDataset.key(&[&dataset]), request)
}

fn paid(kv: &dyn KvStore, prefix: Vec<u8>, request: &PageRequest) -> Result<Page<PaidRoyalty>> {
    page(kv, &prefix, Direction::Descending, request, |key, _| {
        let place = u32::from_be_bytes(tail(key)?);
        let entry = key.len().checked_sub(size_of::<u32>()).and_then(|end| key.get(..end));
        let key = entry_key(entry.ok_or(KvError::Corrupt("a key"))?)?;
        let Some(found) = trade(kv, key)? else { return Ok(None) };
        let royalty = usize::try_from(place).ok().and_then(|place| found.record.royalties.get(place));
        Ok(royalty.cloned().map(|royalty| PaidRoyalty { key, royalty, trade: found.record.clone() }))
    })
}

/// What the royalties come to that a company got.
pub fn received_by(kv: &dyn KvStore, account: AccountId) -> Result<RoyaltiesReceived> {
    sum(kv, Kind::RoyaltiesOfAccount.key(&[&account]))
}

/// What the royalties come to that were paid for a dataset.
pub fn received_for(kv: &dyn KvStore, dataset: DatasetId) -> Result<RoyaltiesReceived> {
    sum(kv, Kind::RoyaltiesOfDataset.key(&[&dataset]))
}

fn sum(kv: &dyn KvStore, key: Vec<u8>) -> Result<RoyaltiesReceived> {
    let (royalties_received_count, royalties_received) = fetch(kv, &key)?.unwrap_or_default();
    Ok(RoyaltiesReceived { royalties_received, royalties_received_count })
}
