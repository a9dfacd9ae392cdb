//! Everything of a period, in order: what an auditor goes through.

use std::collections::{BTreeMap, BTreeSet};

use wonbon_model::{
    AccountId, Balance, BlockNumber, DatasetId, EntryKey, Handover, Hash, Keyed, OrderId, Participant, Trade,
};

use super::{fetch, order, trade, Result};
use crate::{
    kv::{row::tail, Direction, KvError, KvStore},
    read_model::row::{decode, entry_key, Kind},
};

/// Rows fetched from the engine at once.
const FETCH: usize = 256;

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

/// Some of the trades that are final, oldest first.
#[derive(Clone, Debug)]
pub struct Trades {
    /// The trades.
    pub items: Vec<Keyed<EntryKey, Trade>>,
    /// Behind which key to go on; `None` at the end.
    pub next: Option<Vec<u8>>,
}

/// Where the trades from a block on begin.
pub fn trades_from(block: u32) -> Vec<u8> {
    Kind::TradeByTime.key(&[&block])
}

/// The trades behind a key, at most `limit`.
pub fn trades_after(kv: &dyn KvStore, after: &[u8], limit: usize) -> Result<Trades> {
    let prefix = Kind::TradeByTime.key(&[]);
    let rows = kv.scan(&prefix, Some(after), Direction::Ascending, limit)?;
    let next = (rows.len() == limit).then(|| rows.last().map(|(key, _)| key.clone())).flatten();
    let mut items = Vec::with_capacity(rows.len());
    for (key, _) in &rows {
        items.push(trade(kv, entry_key(key)?)?.ok_or(KvError::Corrupt("a trade is missing"))?);
    }
    Ok(Trades { items, next })
}

/// Goes through the rows of a prefix behind a key, until `visit` says that it is enough.
fn each(
    kv: &dyn KvStore,
    prefix: &[u8],
    mut after: Option<Vec<u8>>,
    mut visit: impl FnMut(&[u8], &[u8]) -> Result<bool>,
) -> Result<()> {
    loop {
        let rows = kv.scan(prefix, after.as_deref(), Direction::Ascending, FETCH)?;
        for (key, value) in &rows {
            if !visit(key, value)? {
                return Ok(());
            }
        }
        if rows.len() < FETCH {
            return Ok(());
        }
        after = rows.into_iter().next_back().map(|(key, _)| key);
    }
}

/// Every company.
pub fn each_participant(kv: &dyn KvStore, mut visit: impl FnMut(AccountId, Participant)) -> Result<()> {
    each(kv, &Kind::Participant.key(&[]), None, |key, value| {
        visit(AccountId(tail(key)?), decode(value)?);
        Ok(true)
    })
}

/// Every handover of a dataset.
pub fn each_handover(kv: &dyn KvStore, mut visit: impl FnMut(EntryKey, Handover)) -> Result<()> {
    each(kv, &Kind::Handover.key(&[]), None, |key, value| {
        visit(entry_key(key)?, decode(value)?);
        Ok(true)
    })
}

/// Money that went directly from one account to another, outside of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Block.
    pub at: BlockNumber,
    /// From whom.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
    /// How much, in won.
    pub amount: Balance,
}

/// Every direct transfer from one block up to another.
pub fn each_transfer(kv: &dyn KvStore, first: u32, last: u32, mut visit: impl FnMut(Transfer)) -> Result<()> {
    let after = Kind::Transfer.key(&[&first]);
    each(kv, &Kind::Transfer.key(&[]), Some(after), |key, value| {
        let at = key.get(1..5).and_then(|part| part.try_into().ok()).map(u32::from_be_bytes);
        let at = at.ok_or(KvError::Corrupt("a key"))?;
        let (from, to, amount) = decode(value)?;
        let within = at <= last;
        if within {
            visit(Transfer { at, from, to, amount });
        }
        Ok(within)
    })
}

/// Who may act for whom, or could at some time since block `since`: company, delegate.
pub fn delegations(kv: &dyn KvStore, since: u32) -> Result<BTreeSet<(AccountId, AccountId)>> {
    let mut open: BTreeMap<(AccountId, AccountId), i64> = BTreeMap::new();
    let mut found = BTreeSet::new();
    each(kv, &Kind::Delegation.key(&[]), None, |key, value| {
        let parts = key.get(1..).and_then(|key| key.split_first_chunk::<32>());
        let (company, rest) = parts.ok_or(KvError::Corrupt("a key"))?;
        let parts = rest.split_first_chunk::<32>().and_then(|(delegate, rest)| {
            let at = rest.first_chunk::<4>()?;
            Some((delegate, u32::from_be_bytes(*at)))
        });
        let (delegate, at) = parts.ok_or(KvError::Corrupt("a key"))?;
        let pair = (AccountId(*company), AccountId(*delegate));
        // One delegate may have several powers at a time.
        *open.entry(pair).or_default() += if decode(value)? { 1 } else { -1 };
        if at >= since {
            found.insert(pair);
        }
        Ok(true)
    })?;
    found.extend(open.into_iter().filter(|(_, powers)| *powers > 0).map(|(pair, _)| pair));
    Ok(found)
}

/// A key that a seller delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredKey {
    /// Block.
    pub at: BlockNumber,
    /// Order.
    pub order: OrderId,
    /// Dataset.
    pub dataset: DatasetId,
    /// Seller.
    pub seller: AccountId,
    /// Buyer.
    pub buyer: AccountId,
}

/// Where the deliveries from a block on begin.
pub fn deliveries_from(block: u32) -> Vec<u8> {
    Kind::DeliveryByTime.key(&[&block])
}

/// The deliveries behind a key, up to a block, oldest first, at most `limit`; and where the next page begins.
pub fn deliveries_after(
    kv: &dyn KvStore,
    after: &[u8],
    last: u32,
    limit: usize,
) -> Result<(Vec<DeliveredKey>, Option<Vec<u8>>)> {
    let prefix = Kind::DeliveryByTime.key(&[]);
    let rows = kv.scan(&prefix, Some(after), Direction::Ascending, limit + 1)?;
    let mut items = Vec::new();
    for (position, (key, _)) in rows.iter().enumerate() {
        let at = key.get(1..5).and_then(|part| part.try_into().ok()).map(u32::from_be_bytes);
        let (at, id) = (at.ok_or(KvError::Corrupt("a key"))?, u64::from_be_bytes(tail(key)?));
        if at > last {
            break;
        }
        if position == limit {
            return Ok((items, rows.get(limit - 1).map(|(key, _)| key.clone())));
        }
        let (dataset, seller, buyer) = match order(kv, id)? {
            Some(order) => (order.terms.dataset, order.terms.seller, order.buyer),
            None => {
                let trade = super::finished_order(kv, id)?;
                let trade = trade.ok_or(KvError::Corrupt("an order is missing"))?;
                (trade.key.dataset, trade.record.seller, trade.record.buyer)
            }
        };
        items.push(DeliveredKey { at, order: id, dataset, seller, buyer });
    }
    Ok((items, None))
}
