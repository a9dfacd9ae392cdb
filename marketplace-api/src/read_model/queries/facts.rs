//! A dataset with what stands beside its record: versions, handovers, attestations, royalties, the seed of its sample.

use codec::Decode;
use wonbon_model::{
    AccountId, Attestation, BlockNumber, DatasetFacts, DatasetId, DeriveRight, Digest, Handover, Keyed,
    RoyaltyShare, Version,
};

use super::{dataset, page, parents, pending_handover, Entries, PageRequest, Records, Result};
use crate::{
    kv::{
        row::{number, tail},
        Direction, KvStore,
    },
    read_model::row::{decode, entry_key, fetch, Kind},
};

/// Most unanswered draws that are counted.
const MAX_COUNTED_DRAWS: usize = 1000;

/// A dataset with what stands beside it, the first `limit` of each list; `None` if it is not registered.
pub fn dataset_facts(kv: &dyn KvStore, id: DatasetId, limit: usize) -> Result<Option<DatasetFacts>> {
    let Some(record) = dataset(kv, id)? else { return Ok(None) };
    let first = PageRequest { after: None, limit };
    Ok(Some(DatasetFacts {
        dataset: Keyed::new(id, record),
        parents: parents(kv, id)?,
        royalties: royalties(kv, id)?,
        attestations: attestations(kv, id, &first)?.items,
        versions: versions(kv, id, &first)?.items,
        handovers: handovers(kv, id, &first)?.items,
        handover_to: pending_handover(kv, id)?,
    }))
}

/// A dataset's new versions, by index.
pub fn versions(kv: &dyn KvStore, dataset: DatasetId, request: &PageRequest) -> Entries<Version> {
    entries(kv, Kind::Version, dataset, request)
}

/// A dataset's handovers, by index.
pub fn handovers(kv: &dyn KvStore, dataset: DatasetId, request: &PageRequest) -> Entries<Handover> {
    entries(kv, Kind::Handover, dataset, request)
}

/// A dataset's attestations, by index.
pub fn attestations(kv: &dyn KvStore, dataset: DatasetId, request: &PageRequest) -> Entries<Attestation> {
    entries(kv, Kind::Attestation, dataset, request)
}

/// A dataset's records of one kind, by index.
fn entries<R: Decode>(kv: &dyn KvStore, kind: Kind, dataset: DatasetId, request: &PageRequest) -> Entries<R> {
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

/// A company's rights to sell what it makes, by dataset.
pub fn derive_rights(
    kv: &dyn KvStore,
    company: AccountId,
    request: &PageRequest,
) -> Records<(AccountId, DatasetId), DeriveRight> {
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
    let rows = kv.scan(&prefix, None, Direction::Ascending, MAX_COUNTED_DRAWS + 1)?;
    let more = rows.len() > MAX_COUNTED_DRAWS;
    let (mut count, mut last) = (0, None);
    for (key, _) in rows.iter().take(MAX_COUNTED_DRAWS) {
        let registered_at = number(key, prefix.len())?;
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
