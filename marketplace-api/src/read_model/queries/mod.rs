//! Questions to the read model.
//!
//! Lists go along one index and filter what they meet. One request looks at no more than [`MAX_EXAMINED_ROWS`] rows, so a
//! rare filter gives a short page with a cursor rather than a slow answer. A cursor is the index key of the last
//! row examined: rows that appear or vanish elsewhere do not shift it.

mod acts;
mod companies;
mod facts;
mod lineage;
mod lists;
mod notices;
mod period;
mod royalties;

pub use acts::{acts_after, acts_from, ActEntry};
pub use companies::{
    company_facts, founded_since, is_clerk, is_member_anywhere, member, members, memberships,
};
pub use facts::{
    attestations, dataset_facts, derive_rights, handovers, held_unanswered, registered_unanswered, royalties,
    seed, versions, UnansweredDraws,
};
pub use lineage::{lineage, parents, Lineage, LineageStep, LINEAGE_DEPTH, LINEAGE_NODES};
pub use lists::{
    datasets, offers, orders, participants, trades, OfferFilter, OrderFilter, ParticipantFilter,
};
pub use notices::{orders_stopped, upgrade};
pub use period::{
    applied_time_ms, block, deliveries_after, deliveries_from, every_handover, every_participant,
    first_block, memberships_since, times_around, trades_after, trades_from, transfers, DeliveredKey,
};
pub use royalties::{received_by, received_for, royalties_for, royalties_to, PaidRoyalty};

use wonbon_model::{
    AccountId, Dataset, DatasetId, EntryKey, Hash, Keyed, Offer, OfferId, Order, OrderId, Participant, Trade,
};

use super::row::{fetch, Kind};
use crate::kv::{row::tail, Direction, KvError, KvStore};

/// Most rows that one request looks at.
pub const MAX_EXAMINED_ROWS: usize = 5_000;
/// Rows fetched from the engine at once.
const ROWS_PER_FETCH: usize = 128;

/// Where a page begins and how long it may be.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The index key behind which it begins.
    pub after: Option<Vec<u8>>,
    /// How many items it has at most, 1 or more.
    pub limit: usize,
}

/// Some items of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end of the list.
    pub next: Option<Vec<u8>>,
}

impl<T> Page<T> {
    /// The page with something else in place of each item.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), next: self.next }
    }

    /// The page with something else in place of each item, or the first error.
    pub fn try_map<U, E>(
        self,
        item: impl FnMut(T) -> std::result::Result<U, E>,
    ) -> std::result::Result<Page<U>, E> {
        let items = self.items.into_iter().map(item).collect::<std::result::Result<_, E>>()?;
        Ok(Page { items, next: self.next })
    }
}

type Result<T> = std::result::Result<T, KvError>;
/// A page of records with what they stand under.
type Records<K, R> = Result<Page<Keyed<K, R>>>;
/// A page of records of which a dataset has any number.
type Entries<R> = Records<EntryKey, R>;

/// A page of rows, as far as `item` makes something of them.
pub(crate) fn page<T>(
    kv: &dyn KvStore,
    prefix: &[u8],
    direction: Direction,
    request: &PageRequest,
    mut item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let mut items = Vec::new();
    let mut after = request.after.clone();
    let mut examined = 0;
    loop {
        let rows = kv.scan(prefix, after.as_deref(), direction, ROWS_PER_FETCH)?;
        let last_fetch = rows.len() < ROWS_PER_FETCH;
        let count = rows.len();
        for (position, (key, value)) in rows.into_iter().enumerate() {
            examined += 1;
            items.extend(item(&key, &value)?);
            let at_end = last_fetch && position + 1 == count;
            after = Some(key);
            if !at_end && (items.len() >= request.limit || examined >= MAX_EXAMINED_ROWS) {
                return Ok(Page { items, next: after });
            }
        }
        if last_fetch {
            return Ok(Page { items, next: None });
        }
    }
}

/// A company.
pub fn participant(kv: &dyn KvStore, account: AccountId) -> Result<Option<Participant>> {
    fetch(kv, &Kind::Participant.key(&[&account]))
}

/// A dataset.
pub fn dataset(kv: &dyn KvStore, id: DatasetId) -> Result<Option<Dataset>> {
    fetch(kv, &Kind::Dataset.key(&[&id]))
}

/// The account to which a dataset is being handed over.
pub fn pending_handover(kv: &dyn KvStore, dataset: DatasetId) -> Result<Option<AccountId>> {
    fetch(kv, &Kind::PendingHandover.key(&[&dataset]))
}

/// An offer.
pub fn offer(kv: &dyn KvStore, id: OfferId) -> Result<Option<Offer>> {
    fetch(kv, &Kind::Offer.key(&[&id]))
}

/// An order that is not final.
pub fn order(kv: &dyn KvStore, id: OrderId) -> Result<Option<Order>> {
    fetch(kv, &Kind::Order.key(&[&id]))
}

/// A trade.
pub fn trade(kv: &dyn KvStore, key: EntryKey) -> Result<Option<Keyed<EntryKey, Trade>>> {
    let found = fetch(kv, &Kind::Trade.key(&[&key.dataset, &key.index]))?;
    Ok(found.map(|record| Keyed::new(key, record)))
}

/// The trade that an order ended as.
pub fn finished_order(kv: &dyn KvStore, id: OrderId) -> Result<Option<Keyed<EntryKey, Trade>>> {
    let Some((dataset, index)) = fetch(kv, &Kind::FinishedOrder.key(&[&id]))? else { return Ok(None) };
    trade(kv, EntryKey { dataset, index })
}

/// The offers, at most `limit`, that sell a sealed payload.
pub fn offers_of_payload(
    kv: &dyn KvStore,
    sealed_root: Hash,
    limit: usize,
) -> Result<Vec<Keyed<OfferId, Offer>>> {
    let prefix = Kind::OfferBySealedRoot.key(&[&sealed_root]);
    let rows = kv.scan(&prefix, None, Direction::Ascending, limit)?;
    let found = |(key, _): &(Vec<u8>, _)| {
        let id = OfferId::from_be_bytes(tail(key)?);
        Ok(offer(kv, id)?.map(|record| Keyed::new(id, record)))
    };
    rows.iter().filter_map(|row| found(row).transpose()).collect()
}
