//! What an auditor sees: the ledger of a period, a report of suspicious dealing, and who downloaded what.
//!
//! Ledger and report are made of public facts, need no role, and can be made from the chain itself with
//! `wonbon audit`: the rules are the same code (`wonbon_audit`). Downloads are the service's own record and
//! are shown to verified companies with the auditor's role only, and to a payload's seller. Who acted for whom is on the
//! chain, but gathered it is a list of what people do at work: it too is for auditors.

mod acts;
mod deliveries;
mod downloads;
mod export;
mod gather;
mod reports;

use std::io;

use thiserror::Error;
use wonbon_audit::{BadPeriod, Period};
use wonbon_model::{AccountId, Moment, Role};

pub use acts::{acts, ActFilter};
pub use deliveries::deliveries;
pub use downloads::{DownloadFilter, DownloadLog};
pub use export::Export;
use gather::check;
pub use gather::{report, MAX_REPORT_TRADES};
pub use reports::{Reports, MAX_CONCURRENT_REPORTS};

use crate::{
    kv::{KvError, KvStore},
    read_model::{applied, queries},
};

/// Why an auditor does not see what they ask for.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The period asks for what is not there.
    #[error(transparent)]
    Period(#[from] BadPeriod),
    /// A period of blocks, of which downloads know nothing.
    #[error("downloads are not in blocks: give a day or a time")]
    PeriodOfBlocks {
        /// Which end names a block: `from` or `to`.
        end: &'static str,
    },
    /// The period has too many trades for a report.
    #[error("the period has more than {MAX_REPORT_TRADES} trades; ask for a shorter one, or use `wonbon audit report`")]
    TooMany,
    /// Too many reports at once.
    #[error("at most {MAX_CONCURRENT_REPORTS} reports are made at a time")]
    Busy,
    /// Nothing was read from the chain yet.
    #[error("the chain has not been reached yet")]
    NoChain,
    /// The read model is another than when the report or the export was begun.
    #[error("the read model was rebuilt meanwhile")]
    Rebuilt,
    /// The account neither uploaded nor sells the payload, and is no auditor's.
    #[error("only the seller of a payload, and accredited auditors, see its downloads")]
    NotTheSeller,
    /// The account is no accredited auditor's.
    #[error("only auditors that the registrar accredited see this")]
    NotAnAuditor,
    /// The format of an export cannot write a row.
    #[error("a row cannot be written: {0}")]
    Write(#[from] io::Error),
    /// The rows cannot be read.
    #[error(transparent)]
    Kv(#[from] KvError),
}

/// Whether an account is that of a verified company that the registrar accredited as an auditor. The role alone is
/// what a company says of itself.
fn is_auditor(kv: &dyn KvStore, account: AccountId) -> Result<bool, KvError> {
    let found = queries::participant(kv, account)?;
    Ok(found.is_some_and(|company| company.may_act_as(Role::Auditor)))
}

/// The first and the last block of a period, as far as there are blocks; `None` if it has none.
fn blocks_of(kv: &dyn KvStore, period: &Period) -> Result<Option<(u32, u32)>, AuditError> {
    let Some(applied) = applied(kv)? else { return Ok(None) };
    check(kv, period)?;
    let first = |is_in: &dyn Fn(&Moment) -> bool| {
        queries::first_block(kv, applied.height, |block, time| is_in(&Moment { block, time }))
    };
    let begin = first(&|moment| !period.is_before(moment))?;
    let end = first(&|moment| period.is_after(moment))?;
    Ok(end.checked_sub(1).map(|last| (begin, last)))
}
