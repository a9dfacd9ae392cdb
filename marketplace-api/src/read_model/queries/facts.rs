//! What stands beside a dataset's record: versions, handovers, royalties, the draw of its fair sample.

use super::{fetch, page, Page, PageRequest, Result};
use crate::{
    model::{Account, DeriveRight, Handover, Hash, RoyaltyShare, Version},
    read_model::{
        ledger::{Direction, Ledger, Table},
        row::{decode_chain as decode, Kind},
    },
};

/// Most unanswered draws that are counted.
const DRAWS: usize = 1000;

/// A dataset's new versions, by index.
pub fn versions(ledger: &dyn Ledger, dataset: Hash, request: &PageRequest) -> Result<Page<Version>> {
    page(ledger, &Kind::Version.key(&[&dataset]), Direction::Ascending, request, |_, value| {
        decode(value).map(Some)
    })
}

/// A dataset's handovers, by index.
pub fn handovers(ledger: &dyn Ledger, dataset: Hash, request: &PageRequest) -> Result<Page<Handover>> {
    page(ledger, &Kind::Handover.key(&[&dataset]), Direction::Ascending, request, |_, value| {
        decode(value).map(Some)
    })
}

/// The royalties that a dataset carries, through all generations.
pub fn royalties(ledger: &dyn Ledger, dataset: Hash) -> Result<Vec<RoyaltyShare>> {
    Ok(fetch(ledger, &Kind::Royalties.key(&[&dataset]))?.unwrap_or_default())
}

/// The seed of the fair samples of what was registered in a block; `None` while they are not drawn.
pub fn seed(ledger: &dyn Ledger, registered_at: u32) -> Result<Option<Hash>> {
    fetch(ledger, &Kind::Seed.key(&[&registered_at]))
}

/// A company's right to sell what it makes from a dataset.
pub fn derive_right(ledger: &dyn Ledger, company: Account, dataset: Hash) -> Result<Option<DeriveRight>> {
    fetch(ledger, &Kind::DeriveRight.key(&[&company, &dataset]))
}

/// A company's rights to sell what it makes, by dataset.
pub fn derive_rights(
    ledger: &dyn Ledger,
    company: Account,
    request: &PageRequest,
) -> Result<Page<DeriveRight>> {
    page(ledger, &Kind::DeriveRight.key(&[&company]), Direction::Ascending, request, |_, value| {
        decode(value).map(Some)
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
pub fn held_unanswered(ledger: &dyn Ledger, owner: Account) -> Result<UnansweredDraws> {
    unanswered(ledger, Kind::UnansweredByOwner.key(&[&owner]))
}

/// Counts the unanswered draws of the datasets that a company registered, whoever holds them now.
pub fn registered_unanswered(ledger: &dyn Ledger, registrant: Account) -> Result<UnansweredDraws> {
    unanswered(ledger, Kind::UnansweredByRegistrant.key(&[&registrant]))
}

/// Datasets whose sample is not drawn yet do not count.
fn unanswered(ledger: &dyn Ledger, prefix: Vec<u8>) -> Result<UnansweredDraws> {
    let rows = ledger.scan(Table::Chain, &prefix, None, Direction::Ascending, DRAWS + 1)?;
    let more = rows.len() > DRAWS;
    let (mut count, mut last) = (0, None);
    for (key, _) in rows.iter().take(DRAWS) {
        let registered_at = key.get(prefix.len()..prefix.len() + 4).and_then(|part| part.try_into().ok());
        let registered_at =
            registered_at.map(u32::from_be_bytes).ok_or(super::LedgerError::Corrupt("a key"))?;
        // Datasets of one block share one seed.
        let drawn = match last {
            Some((block, drawn)) if block == registered_at => drawn,
            _ => seed(ledger, registered_at)?.is_some(),
        };
        last = Some((registered_at, drawn));
        count += u32::from(drawn);
    }
    Ok(UnansweredDraws { count, more })
}
