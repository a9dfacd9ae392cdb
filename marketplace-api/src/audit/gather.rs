//! The evidence for the report, out of the read model.

use std::collections::BTreeMap;

use wonbon_audit::{AsOf, AuditedTrade, Company, Evidence, HandoverFact, Period, Report, Thresholds};
use wonbon_model::{BlockRef, Hash, Keyed, Moment};

use super::AuditError;
use crate::{
    kv::{KvError, KvStore},
    read_model::{applied, hash_at, queries},
};

/// Most trades that the service makes a report of; the command has no such bound.
pub const MAX_REPORT_TRADES: usize = 200_000;
/// Trades read at once.
const TRADES_PER_READ: usize = 512;

/// The block applied last, with its time.
pub(super) fn as_of(kv: &dyn KvStore) -> Result<Option<(BlockRef, Hash, AsOf)>, KvError> {
    let Some(block) = applied(kv)? else { return Ok(None) };
    let genesis = hash_at(kv, 0)?.unwrap_or_default();
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    Ok(Some((block, genesis, AsOf::new(block, time))))
}

/// Refuses a period that asks for what is not there, as the command does.
pub(super) fn check(kv: &dyn KvStore, period: &Period) -> Result<(), AuditError> {
    let Some(last) = applied(kv)? else { return Ok(()) };
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    period.check(&Moment { block: last.height, time })?;
    if let Some(block) = period.mixed() {
        let (earliest, latest) = queries::times_around(kv, block)?;
        period.check_mixed(earliest..=latest.unwrap_or(time))?;
    }
    Ok(())
}

/// Whether the read model still has a block that was the last one.
pub(super) fn is_there(kv: &dyn KvStore, block: BlockRef) -> Result<bool, KvError> {
    Ok(match hash_at(kv, block.height)? {
        Some(hash) => hash.0 == block.hash,
        // Its hash is not kept any more: it is there if blocks that follow it are.
        None => applied(kv)?.is_some_and(|last| last.height > block.height),
    })
}

/// Makes the report of a period.
pub fn report(kv: &dyn KvStore, period: &Period, thresholds: &Thresholds) -> Result<Report, AuditError> {
    let (last, genesis, as_of) = as_of(kv)?.ok_or(AuditError::NoChain)?;
    check(kv, period)?;
    let is_in = |block, time| !period.is_before(&Moment { block, time });
    let first = queries::first_block(kv, last.height, is_in)?;
    let mut evidence = Evidence { genesis: genesis.0, ..Default::default() };
    trades(kv, period, first, last.height, &mut evidence)?;
    for trade in &evidence.trades {
        if !evidence.lengths.contains_key(&trade.dataset) {
            let dataset = queries::dataset(kv, trade.dataset)?;
            evidence.lengths.extend(dataset.map(|dataset| (trade.dataset, dataset.length)));
        }
    }
    for company in queries::every_participant(kv) {
        let company = company?;
        evidence.companies.insert(company.key, Company::from(&company.record));
    }
    for handover in queries::every_handover(kv) {
        let Keyed { key, record: found } = handover?;
        if !period.is_after(&found.at) && found.at.block <= last.height {
            evidence.handovers.insert(HandoverFact {
                from: found.from,
                to: found.to,
                dataset: key.dataset,
                index: key.index,
                block: found.at.block,
            });
        }
    }
    evidence.memberships = queries::memberships_since(kv, first)?;
    transfers(kv, period, first, last.height, &mut evidence)?;
    if !is_there(kv, last)? {
        return Err(AuditError::Rebuilt);
    }
    Ok(Report::new(evidence, period, as_of, thresholds))
}

fn trades(
    kv: &dyn KvStore,
    period: &Period,
    first: u32,
    last: u32,
    evidence: &mut Evidence,
) -> Result<(), AuditError> {
    let mut after = Some(queries::trades_from(first));
    while let Some(key) = after {
        let page = queries::trades_after(kv, &key, TRADES_PER_READ)?;
        for trade in &page.items {
            let ended = &trade.record.ended;
            if period.is_after(ended) || ended.block > last {
                return Ok(());
            }
            if evidence.trades.len() == MAX_REPORT_TRADES {
                return Err(AuditError::TooMany);
            }
            let (dataset, index) = (trade.key.dataset, trade.key.index);
            evidence.trades.push(AuditedTrade::new(dataset, index, &trade.record));
        }
        after = page.next;
    }
    Ok(())
}

fn transfers(
    kv: &dyn KvStore,
    period: &Period,
    first: u32,
    last: u32,
    evidence: &mut Evidence,
) -> Result<(), AuditError> {
    evidence.transfers = Some(BTreeMap::new());
    // A block that changed anything has its time; a transfer changes something.
    let mut known = None;
    for found in queries::transfers(kv, first, last) {
        let found = found?;
        if !evidence.concerns(&found.from, &found.to) {
            continue;
        }
        let time = match known {
            Some((block, time)) if block == found.at => time,
            _ => queries::block(kv, found.at)?.map(|(_, time)| time).unwrap_or_default(),
        };
        known = Some((found.at, time));
        if period.contains(&Moment { block: found.at, time }) {
            evidence.add_transfer(found.from, found.to, found.amount, found.at);
        }
    }
    Ok(())
}
