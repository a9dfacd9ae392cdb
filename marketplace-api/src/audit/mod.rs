//! What an auditor sees: the ledger of a period, a report of suspicious dealing, and who downloaded what.
//!
//! Ledger and report are made of public facts, need no role, and can be made from the chain itself with
//! `wonbon audit`: the rules are the same code (`wonbon_audit`). Downloads are the service's own record and
//! are shown to verified companies with the auditor's role only, and to a payload's seller.

mod deliveries;
mod downloads;
mod evidence;
mod export;
mod reports;

pub use deliveries::{deliveries, DeliveriesError};
pub use downloads::{AuditError, Download, DownloadFilter, DownloadLog, PeriodOfBlocks};
use evidence::check;
pub use evidence::{report, ReportError, MAX_REPORT_TRADES};
pub use export::{Export, ExportError};
pub use reports::{Reports, MAX_CONCURRENT_REPORTS};
