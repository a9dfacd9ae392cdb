//! `wonbon audit`: the ledger of a period, a report of suspicious dealing, and who downloaded what.
//!
//! Promises: ledger and report are read from the chain itself, at one finalized block that they name; the service is
//! not asked. The rules are those that the service runs (`wonbon_client::audit`), so both reports can be compared.

mod downloads;
mod ledger;
mod period;
mod related;
mod report;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Failure;

/// The auditor's view.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// All trades of a period, each with the block it stands in, as CSV, Parquet or JSON
    Ledger(ledger::Ledger),
    /// Suspicious dealing: concentration, related companies, circles, price outliers, disputes lost
    Report(report::MakeReport),
    /// Who downloaded what from the service (for verified companies with the auditor's role)
    Downloads(downloads::Downloads),
}

/// Runs it.
pub async fn run(context: &Context, command: Audit) -> Result<(), Failure> {
    context.handle_interrupts();
    match command {
        Audit::Ledger(args) => ledger::run(context, args).await,
        Audit::Report(args) => report::run(context, args).await,
        Audit::Downloads(args) => downloads::run(context, args).await,
    }
}
