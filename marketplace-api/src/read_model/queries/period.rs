//! Everything of a period, in order: what an auditor goes through.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{
    AccountId, Balance, BlockNumber, DatasetId, EntryKey, Handover, Hash, Keyed, Participant, Trade,
};

use super::{finished_order, order, trade, Entries, Page, Result};
use crate::{
    kv::{
        row::{number, tail},
        rows, Direction, KvError, KvStore,
    },
    read_model::row::{decode, entry_key, fetch, Kind},
};

/// Hash and time, in milliseconds since 1970, of a block that changed something.
pub fn block(kv: &dyn KvStore, number: u32) -> Result<Option<(Hash, u64)>> {
    fetch(kv, &Kind::Block.key(&[&number]))
}

/// The time of the block applied last, in milliseconds since 1970.
pub fn applied_time_ms(kv: &dyn KvStore) -> Result<Option<u64>> {
    fetch(kv, &Kind::AppliedTime.key(&[]))
}

/// Between which times a block was made, by its neighbours that changed something; the later one may not be there.
pub fn times_around(kv: &dyn KvStore, number: u32) -> Result<(u64, Option<u64>)> {
    let prefix = Kind::Block.key(&[]);
    // The row next to a key, without that of the key itself.
    let nearest = |to: Option<u32>, direction| {
        let to = to.map(|number| Kind::Block.key(&[&number]));
        let rows = kv.scan(&prefix, to.as_deref(), direction, 1)?;
        rows.first().map(|(_, row)| Ok::<_, KvError>(decode::<(Hash, u64)>(row)?.1)).transpose()
    };
    let earlier = nearest(number.checked_add(1), Direction::Descending)?;
    let later = nearest(number.checked_sub(1), Direction::Ascending)?;
    Ok((earlier.unwrap_or_default(), later))
}

/// The first block from which on `is_in` holds of number and time, among those up to `last`; `last` + 1 if it
/// holds of none. It must hold of every block after one that it holds of.
pub fn first_block(kv: &dyn KvStore, last: u32, is_in: impl Fn(u32, u64) -> bool) -> Result<u32> {
    let (mut low, mut high) = (0, last.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        // Blocks that changed nothing have no row; the next one that has speaks for them.
        let after = middle.checked_sub(1).map(|before| Kind::Block.key(&[&before]));
        let rows = kv.scan(&Kind::Block.key(&[]), after.as_deref(), Direction::Ascending, 1)?;
        let found = match rows.first() {
            None => None,
            Some((key, row)) => Some((u32::from_be_bytes(tail(key)?), decode::<(Hash, u64)>(row)?.1)),
        };
        match found {
            Some((number, time)) if number <= last && !is_in(number, time) => low = number.saturating_add(1),
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Where the trades from a block on begin.
pub fn trades_from(block: u32) -> Vec<u8> {
    Kind::TradeByTime.key(&[&block])
}

/// The trades behind a key that are final, oldest first, at most `limit`.
pub fn trades_after(kv: &dyn KvStore, after: &[u8], limit: usize) -> Entries<Trade> {
    let prefix = Kind::TradeByTime.key(&[]);
    let rows = kv.scan(&prefix, Some(after), Direction::Ascending, limit)?;
    let next = (rows.len() == limit).then(|| rows.last().map(|(key, _)| key.clone())).flatten();
    let mut items = Vec::with_capacity(rows.len());
    for (key, _) in &rows {
        items.push(trade(kv, entry_key(key)?)?.ok_or(KvError::Corrupt("a trade is missing"))?);
    }
    Ok(Page { items, next })
}

/// Companies by account, registered ones of every standing.
pub fn every_participant(
    kv: &dyn KvStore,
) -> impl Iterator<Item = Result<Keyed<AccountId, Participant>>> + '_ {
    rows(kv, Kind::Participant.key(&[]), None).map(|row| {
        let (key, value) = row?;
        Ok(Keyed::new(AccountId(tail(&key)?), decode(&value)?))
    })
}

/// Every handover of a dataset.
pub fn every_handover(kv: &dyn KvStore) -> impl Iterator<Item = Result<Keyed<EntryKey, Handover>>> + '_ {
    rows(kv, Kind::Handover.key(&[]), None).map(|row| {
        let (key, value) = row?;
        Ok(Keyed::new(entry_key(&key)?, decode(&value)?))
    })
}

/// Money that went directly from one account to another, outside of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The block that it happened in.
    pub at: BlockNumber,
    /// From whom.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
    /// How much, in won.
    pub amount: Balance,
}

/// Every direct transfer from one block up to another.
pub fn transfers(kv: &dyn KvStore, first: u32, last: u32) -> impl Iterator<Item = Result<Transfer>> + '_ {
    let found = rows(kv, Kind::Transfer.key(&[]), Some(Kind::Transfer.key(&[&first]))).map(|row| {
        let (key, value) = row?;
        let (from, to, amount) = decode(&value)?;
        Ok(Transfer { at: number(&key, 1)?, from, to, amount })
    });
    found.take_while(move |found| !matches!(found, Ok(transfer) if transfer.at > last))
}

/// Who may act for whom, or could at some time since block `since`: company, member.
pub fn memberships_since(kv: &dyn KvStore, since: u32) -> Result<BTreeSet<(AccountId, AccountId)>> {
    let pair = |key: &[u8]| -> Result<(AccountId, AccountId)> {
        let account = |end: usize| tail(key.get(..end).unwrap_or_default()).map(AccountId);
        Ok((account(33)?, account(65)?))
    };
    let mut found = BTreeSet::new();
    for row in rows(kv, Kind::Member.key(&[]), None) {
        found.insert(pair(&row?.0)?);
    }
    // Who is no member any more was one until then.
    for row in rows(kv, Kind::Membership.key(&[]), None) {
        let (key, _) = row?;
        if number(&key, 65)? >= since {
            found.insert(pair(&key)?);
        }
    }
    Ok(found)
}

/// A key that a seller delivered to a buyer. It stands on the chain, where the buyer alone can read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Delivered)]
pub struct DeliveredKey {
    /// Block of the delivery.
    pub at: u32,
    /// Number of the order.
    pub order: u64,
    /// The dataset that the key opens.
    #[schema(value_type = Hash)]
    pub dataset: DatasetId,
    /// Who delivered.
    pub seller: AccountId,
    /// Who alone can read the key.
    pub buyer: AccountId,
}

/// Where the deliveries from a block on begin.
pub fn deliveries_from(block: u32) -> Vec<u8> {
    Kind::DeliveryByTime.key(&[&block])
}

/// The deliveries behind a key, up to a block, oldest first, at most `limit`.
pub fn deliveries_after(
    kv: &dyn KvStore,
    after: Vec<u8>,
    last: u32,
    limit: usize,
) -> Result<Page<DeliveredKey>> {
    let (mut items, mut next) = (Vec::new(), None);
    for row in rows(kv, Kind::DeliveryByTime.key(&[]), Some(after)) {
        let (key, _) = row?;
        let (at, id) = (number(&key, 1)?, u64::from_be_bytes(tail(&key)?));
        if at > last {
            break;
        }
        if items.len() == limit {
            return Ok(Page { items, next });
        }
        let (dataset, seller, buyer) = match order(kv, id)? {
            Some(order) => (order.terms.dataset, order.terms.seller, order.buyer),
            None => {
                let trade = finished_order(kv, id)?.ok_or(KvError::Corrupt("an order is missing"))?;
                (trade.key.dataset, trade.record.seller, trade.record.buyer)
            }
        };
        items.push(DeliveredKey { at, order: id, dataset, seller, buyer });
        next = Some(key);
    }
    Ok(Page { items, next: None })
}
