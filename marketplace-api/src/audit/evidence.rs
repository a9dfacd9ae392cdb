//! The evidence for the report, out of the read model.

use std::collections::BTreeMap;

use thiserror::Error;
use wonbon_audit::{
    AsOf, AuditedTrade, BadPeriod, Company, Evidence, HandoverFact, Period, Report, Thresholds,
};
use wonbon_model::{BlockRef, Hash, Moment};

use crate::{
    kv::{KvError, KvStore},
    read_model::{applied, hash_at, queries},
};

/// Most trades that the service makes a report of; the command has no such bound.
pub const MAX_REPORT_TRADES: usize = 200_000;
/// Trades read at once.
const PAGE: usize = 512;

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The period asks for what is not there.
    #[error(transparent)]
    Period(#[from] BadPeriod),
    /// The period has too many trades.
    #[error("the period has more than {MAX_REPORT_TRADES} trades; ask for a shorter one, or use `wonbon audit report`")]
    TooMany,
    /// Too many reports at once.
    #[error("at most {} reports are made at a time", super::MAX_CONCURRENT_REPORTS)]
    Busy,
    /// Nothing was read from the chain yet.
    #[error("the chain has not been reached yet")]
    NoChain,
    /// The read model is another than when the report was begun.
    #[error("the read model was rebuilt meanwhile")]
    Rebuilt,
    /// The read model cannot be read.
    #[error(transparent)]
    KvStore(#[from] KvError),
}

/// The block applied last, with its time.
pub(super) fn as_of(kv: &dyn KvStore) -> Result<Option<(BlockRef, Hash, AsOf)>, KvError> {
    let Some(block) = applied(kv)? else { return Ok(None) };
    let genesis = hash_at(kv, 0)?.unwrap_or_default();
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    Ok(Some((block, genesis, AsOf::new(block, time))))
}

/// Refuses a period that asks for what is not there, as the command does.
pub(crate) fn check(kv: &dyn KvStore, period: &Period) -> Result<Result<(), BadPeriod>, KvError> {
    let Some(last) = applied(kv)? else { return Ok(Ok(())) };
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    let checked = period.check(&Moment { block: last.height, time });
    Ok(match period.mixed() {
        Some(block) if checked.is_ok() => {
            let (earliest, latest) = queries::times_around(kv, block)?;
            period.check_mixed(earliest..=latest.unwrap_or(time))
        }
        _ => checked,
    })
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
pub fn report(kv: &dyn KvStore, period: &Period, thresholds: &Thresholds) -> Result<Report, ReportError> {
    let (last, genesis, as_of) = as_of(kv)?.ok_or(ReportError::NoChain)?;
    check(kv, period)??;
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
    queries::each_participant(kv, |account, found| {
        evidence.companies.insert(account, Company::from(&found));
    })?;
    queries::each_handover(kv, |key, found| {
        if !period.is_after(&found.at) && found.at.block <= last.height {
            evidence.handovers.insert(HandoverFact {
                from: found.from,
                to: found.to,
                dataset: key.dataset,
                index: key.index,
                block: found.at.block,
            });
        }
    })?;
    evidence.delegations = queries::delegations(kv, first)?;
    transfers(kv, period, first, last.height, &mut evidence)?;
    if !is_there(kv, last)? {
        return Err(ReportError::Rebuilt);
    }
    Ok(Report::new(evidence, period, as_of, thresholds))
}

fn trades(
    kv: &dyn KvStore,
    period: &Period,
    first: u32,
    last: u32,
    evidence: &mut Evidence,
) -> Result<(), ReportError> {
    let mut after = Some(queries::trades_from(first));
    while let Some(key) = after {
        let page = queries::trades_after(kv, &key, PAGE)?;
        for trade in &page.items {
            let ended = &trade.record.ended;
            if period.is_after(ended) || ended.block > last {
                return Ok(());
            }
            if evidence.trades.len() == MAX_REPORT_TRADES {
                return Err(ReportError::TooMany);
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
) -> Result<(), ReportError> {
    evidence.transfers = Some(BTreeMap::new());
    // A block that changed anything has its time; a transfer changes something.
    let mut times: BTreeMap<u32, u64> = BTreeMap::new();
    let mut failure = None;
    queries::each_transfer(kv, first, last, |found| {
        if !evidence.concerns(&found.from, &found.to) {
            return;
        }
        let time = match times.get(&found.at) {
            Some(time) => *time,
            None => {
                let time = match queries::block(kv, found.at) {
                    Ok(block) => block.map(|(_, time)| time).unwrap_or_default(),
                    Err(error) => {
                        failure = Some(error);
                        0
                    }
                };
                times = BTreeMap::from([(found.at, time)]);
                time
            }
        };
        if period.contains(&Moment { block: found.at, time }) {
            evidence.add_transfer(found.from, found.to, found.amount, found.at);
        }
    })?;
    failure.map_or(Ok(()), |error| Err(error.into()))
}
