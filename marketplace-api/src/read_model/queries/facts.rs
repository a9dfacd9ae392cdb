//! What stands beside a dataset's record: versions, handovers, attestations, royalties, the draw of its fair sample.

use codec::Decode;
use wonbon_model::{
    AccountId, Attestation, BlockNumber, DatasetId, DeriveRight, Digest, EntryKey, Handover, Keyed,
    RoyaltyShare, Version,
};

use super::{fetch, page, Page, PageRequest, Result};
use crate::{
    kv::{row::tail, Direction, KvStore},
    read_model::row::{decode, entry_key, Kind},
};

/// Most unanswered draws that are counted.
const DRAWS: usize = 1000;

/// A dataset's new versions, by index.
pub fn versions(
    kv: &dyn KvStore,
    dataset: DatasetId,
    request: &PageRequest,
) -> Result<Page<Keyed<EntryKey, Version>>> {
    entries(kv, Kind::Version, dataset, request)
}

/// A dataset's handovers, by index.
pub fn handovers(
    kv: &dyn KvStore,
    dataset: DatasetId,
    request: &PageRequest,
) -> Result<Page<Keyed<EntryKey, Handover>>> {
    entries(kv, Kind::Handover, dataset, request)
}

/// A dataset's attestations, by index.
pub fn attestations(
    kv: &dyn KvStore,
    dataset: DatasetId,
    request: &PageRequest,
) -> Result<Page<Keyed<EntryKey, Attestation>>> {
    entries(kv, Kind::Attestation, dataset, request)
}

/// A dataset's records of one kind, by index.
fn entries<R: Decode>(
    kv: &dyn KvStore,
    kind: Kind,
    dataset: DatasetId,
    request: &PageRequest,
) -> Result<Page<Keyed<EntryKey, R>>> {
    page(kv, &kind.key(&[&dataset]), Direction::Ascending, request, |key, value| {
        Ok(Some(Keyed::new(entry_key(key)?, decode(value)?)))
    })
}

/// The royalties that a dataset carries, through all generations.
pub fn royalties(kv: &dyn KvStore, dataset: DatasetId) -> Result<Vec<RoyaltyShare>> {
    Ok(fetch(kv, &Kind::Royalties.key(&[&dataset]))?.unwrap_or_default())
}

/// The seed of the fair samples of what was registered in a block; `None` while they are not drawn.
pub fn seed(kv: &dyn KvStore, registered_at: BlockNumber) -> Result<Option<Digest>> {
    fetch(kv, &Kind::Seed.key(&[&registered_at]))
}

/// A company's right to sell what it makes from a dataset.
pub fn derive_right(kv: &dyn KvStore, company: AccountId, dataset: DatasetId) -> Result<Option<DeriveRight>> {
    fetch(kv, &Kind::DeriveRight.key(&[&company, &dataset]))
}

/// A company's rights to sell what it makes, by dataset.
pub fn derive_rights(
    kv: &dyn KvStore,
    company: AccountId,
    request: &PageRequest,
) -> Result<Page<Keyed<(AccountId, DatasetId), DeriveRight>>> {
    page(kv, &Kind::DeriveRight.key(&[&company]), Direction::Ascending, request, |key, value| {
        Ok(Some(Keyed::new((company, DatasetId(tail(key)?)), decode(value)?)))
    })
}

/// How many fair samples were drawn and not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnansweredDraws {
    /// How many, as far as they were counted.
    pub count: u32,
    /// Whether there may be more.
    pub more: bool,
}

/// Counts the unanswered draws of the datasets that a company holds.
pub fn held_unanswered(kv: &dyn KvStore, owner: AccountId) -> Result<UnansweredDraws> {
    unanswered(kv, Kind::UnansweredByOwner.key(&[&owner]))
}

/// Counts the unanswered draws of the datasets that a company registered, whoever holds them now.
pub fn registered_unanswered(kv: &dyn KvStore, registrant: AccountId) -> Result<UnansweredDraws> {
    unanswered(kv, Kind::UnansweredByRegistrant.key(&[&registrant]))
}

/// Datasets whose sample is not drawn yet do not count.
fn unanswered(kv: &dyn KvStore, prefix: Vec<u8>) -> Result<UnansweredDraws> {
    let rows = kv.scan(&prefix, None, Direction::Ascending, DRAWS + 1)?;
    let more = rows.len() > DRAWS;
    let (mut count, mut last) = (0, None);
    for (key, _) in rows.iter().take(DRAWS) {
        let registered_at = key.get(prefix.len()..prefix.len() + 4).and_then(|part| part.try_into().ok());
        let registered_at = registered_at.map(u32::from_be_bytes).ok_or(super::KvError::Corrupt("a key"))?;
        // Datasets of one block share one seed.
        let drawn = match last {
            Some((block, drawn)) if block == registered_at => drawn,
            _ => seed(kv, registered_at)?.is_some(),
        };
        last = Some((registered_at, drawn));
        count += u32::from(drawn);
    }
    Ok(UnansweredDraws { count, more })
}
