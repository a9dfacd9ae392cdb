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
use crate::exit::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Write all trades of a period, each with its block, as CSV, Parquet or JSON
    Ledger(ledger::Ledger),
    /// Look for suspicious trading: one-sided trade, related companies, circles, odd prices, lost disputes
    Report(report::MakeReport),
    /// List who downloaded what from the service (for verified companies with the auditor's role)
    Downloads(downloads::Downloads),
}

pub(crate) async fn run(context: &Context, command: Audit) -> Result<()> {
    context.handle_interrupts();
    match command {
        Audit::Ledger(args) => ledger::run(context, args).await,
        Audit::Report(args) => report::run(context, args).await,
        Audit::Downloads(args) => downloads::run(context, args).await,
    }
}
