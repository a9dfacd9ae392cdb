//! The evidence for the report, out of the read model.

use std::collections::BTreeMap;

use thiserror::Error;
use wonbon_audit::{
    AsOf, AuditedTrade, BadPeriod, Company, Evidence, HandoverFact, Period, Report, Thresholds,
};
use wonbon_model::{self, AccountId, DatasetId, Moment};

use crate::{
    kv::{KvError, KvStore},
    model::{Account, BlockRef, Derivation, Hash, Outcome, Participant, Royalty, Trade},
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

pub(super) fn account(account: Account) -> AccountId {
    AccountId(account.0)
}

pub(super) fn moment(trade: &Trade) -> Moment {
    Moment { block: trade.final_at, time: trade.final_time_ms }
}

pub(super) fn block_ref(block: BlockRef) -> wonbon_model::BlockRef {
    wonbon_model::BlockRef { height: block.number, hash: block.hash.0 }
}

pub(super) fn company(participant: Participant) -> Company {
    let Participant { name, registration_number, ksic, .. } = participant;
    // With the dashes that the chain's own text has.
    let registration_number = match registration_number.parse::<wonbon_model::RegistrationNumber>() {
        Ok(number) => number.to_string(),
        Err(_) => registration_number,
    };
    Company { name, registration_number, ksic }
}

/// The block applied last, with its time.
pub(super) fn as_of(kv: &dyn KvStore) -> Result<Option<(BlockRef, Hash, AsOf)>, KvError> {
    let Some(block) = applied(kv)? else { return Ok(None) };
    let genesis = hash_at(kv, 0)?.unwrap_or_default();
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    Ok(Some((block, genesis, AsOf::new(block_ref(block), time))))
}

/// Refuses a period that asks for what is not there, as the command does.
pub(crate) fn check(kv: &dyn KvStore, period: &Period) -> Result<Result<(), BadPeriod>, KvError> {
    let Some(last) = applied(kv)? else { return Ok(Ok(())) };
    let time = queries::applied_time_ms(kv)?.unwrap_or_default();
    let checked = period.check(&Moment { block: last.number, time });
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
    Ok(match hash_at(kv, block.number)? {
        Some(hash) => hash == block.hash,
        // Its hash is not kept any more: it is there if blocks that follow it are.
        None => applied(kv)?.is_some_and(|last| last.number > block.number),
    })
}

/// A trade as the chain has it.
pub(super) fn record(trade: &Trade) -> wonbon_model::Trade {
    let part = |royalty: &Royalty| wonbon_model::Royalty {
        dataset: DatasetId(royalty.dataset.0),
        account: account(royalty.account),
        amount: royalty.amount,
    };
    wonbon_model::Trade {
        version: 1,
        order: trade.order,
        offer: trade.offer,
        seller: account(trade.seller),
        buyer: account(trade.buyer),
        price: trade.price,
        platform_fee: trade.platform_fee,
        // The chain has no more of them than the bound.
        royalties: wonbon_model::Royalties::truncate_from(trade.royalties.iter().map(part).collect()),
        licence: trade.licence.0,
        nda: trade.nda.0,
        derivation: match trade.derivation {
            Derivation::Forbidden => wonbon_model::Derivation::Forbidden,
            Derivation::Permitted { royalty } => wonbon_model::Derivation::Permitted {
                royalty: wonbon_model::Share::from_millionths(royalty).unwrap_or(wonbon_model::Share::WHOLE),
            },
        },
        terms: trade.terms.0,
        placed_at: trade.placed_at,
        delivered_at: trade.delivered_at,
        ended: moment(trade),
        outcome: match trade.outcome {
            Outcome::Accepted => wonbon_model::Outcome::Accepted,
            Outcome::Lapsed => wonbon_model::Outcome::Lapsed,
            Outcome::Missed => wonbon_model::Outcome::Missed,
            Outcome::WrongKey => wonbon_model::Outcome::WrongKey,
            Outcome::BadBlock => wonbon_model::Outcome::BadBlock(trade.bad_block.unwrap_or_default()),
            Outcome::Faulted => wonbon_model::Outcome::Faulted,
        },
        position: trade.position,
    }
}

/// Makes the report of a period.
pub fn report(kv: &dyn KvStore, period: &Period, thresholds: &Thresholds) -> Result<Report, ReportError> {
    let (last, genesis, as_of) = as_of(kv)?.ok_or(ReportError::NoChain)?;
    check(kv, period)??;
    let is_in = |block, time| !period.is_before(&Moment { block, time });
    let first = queries::first_block(kv, last.number, is_in)?;
    let mut evidence = Evidence { genesis: genesis.0, ..Default::default() };
    trades(kv, period, first, last.number, &mut evidence)?;
    for trade in &evidence.trades {
        if !evidence.lengths.contains_key(&trade.dataset) {
            let dataset = queries::dataset(kv, Hash(trade.dataset.0))?;
            evidence.lengths.extend(dataset.map(|dataset| (trade.dataset, dataset.length)));
        }
    }
    queries::each_participant(kv, |found| {
        evidence.companies.insert(account(found.account), company(found));
    })?;
    queries::each_handover(kv, |found| {
        let at = Moment { block: found.at, time: found.time_ms };
        if !period.is_after(&at) && found.at <= last.number {
            evidence.handovers.insert(HandoverFact {
                from: account(found.from),
                to: account(found.to),
                dataset: DatasetId(found.dataset.0),
                index: found.index,
                block: found.at,
            });
        }
    })?;
    let delegations = queries::delegations(kv, first)?;
    evidence.delegations =
        delegations.into_iter().map(|(company, delegate)| (account(company), account(delegate))).collect();
    transfers(kv, period, first, last.number, &mut evidence)?;
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
            let ended = moment(trade);
            if period.is_after(&ended) || trade.final_at > last {
                return Ok(());
            }
            if evidence.trades.len() == MAX_REPORT_TRADES {
                return Err(ReportError::TooMany);
            }
            let dataset = DatasetId(trade.dataset.0);
            evidence.trades.push(AuditedTrade::new(dataset, trade.index, &record(trade)));
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
        let (from, to) = (account(found.from), account(found.to));
        if !evidence.concerns(&from, &to) {
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
            evidence.add_transfer(from, to, found.amount, found.at);
        }
    })?;
    failure.map_or(Ok(()), |error| Err(error.into()))
}
