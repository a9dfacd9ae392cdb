//! Royalties that were paid: which, to whom and for what, and what they come to.
//!
//! Promises: one is written for each royalty of a trade that was paid, once; the sums are those of the rows.

use std::collections::HashMap;

use wonbon_model::{Balance, EntryKey, Trade};

use super::row::{encode, fetch, Kind};
use crate::kv::{Batch, KvError, KvStore};

/// How many royalties there were, and what they come to in won.
pub(super) type Sum = (u64, Balance);

/// The sums that a batch changes, which are not in the read model yet, by their keys.
#[derive(Default)]
pub(super) struct Sums(HashMap<Vec<u8>, Sum>);

impl Sums {
    fn add(
        &mut self,
        kv: &dyn KvStore,
        batch: &mut Batch,
        key: Vec<u8>,
        amount: Balance,
    ) -> Result<(), KvError> {
        let before = match self.0.get(&key) {
            Some(sum) => *sum,
            None => fetch(kv, &key)?.unwrap_or_default(),
        };
        let sum = (before.0.saturating_add(1), before.1.saturating_add(amount));
        batch.put(key.clone(), encode(&sum));
        self.0.insert(key, sum);
        Ok(())
    }
}

/// Notes the royalties of a trade that became final.
pub(super) fn stage(
    kv: &dyn KvStore,
    batch: &mut Batch,
    sums: &mut Sums,
    key: EntryKey,
    trade: &Trade,
) -> Result<(), KvError> {
    if !trade.outcome.is_paid() {
        return Ok(());
    }
    let (sold, index, block) = (&key.dataset, &key.index, &trade.ended.block);
    for (place, royalty) in (0_u32..).zip(trade.royalties.iter()) {
        let (account, dataset) = (&royalty.account, &royalty.dataset);
        batch.put(Kind::RoyaltyByAccount.key(&[account, block, sold, index, &place]), encode(&()));
        batch.put(Kind::RoyaltyByDataset.key(&[dataset, block, sold, index, &place]), encode(&()));
        sums.add(kv, batch, Kind::RoyaltiesOfAccount.key(&[account]), royalty.amount)?;
        sums.add(kv, batch, Kind::RoyaltiesOfDataset.key(&[dataset]), royalty.amount)?;
    }
    Ok(())
}
