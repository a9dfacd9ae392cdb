//! `wonbon audit report`: suspicious dealing of a period, by the rules that the service runs too.

use std::io::BufWriter;
use std::path::PathBuf;
use wonbon_model::words::{amount, short};

use clap::Args;
use serde_json::json;
use wonbon_audit::export::findings_csv;
use wonbon_audit::{Report, ThresholdOverrides};
use wonbon_client::audit::survey;

use super::period::{as_of, Span};
use super::related::read_related;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{cannot_write, NewFile};
use crate::output::table::{clean, fields};

/// So many trades of a finding are printed.
const PRINTED_TRADES: usize = 10;

#[derive(Debug, Args)]
pub(crate) struct MakeReport {
    #[command(flatten)]
    span: Span,
    /// Companies that you know to belong together: a CSV with a group and an account on each line
    #[arg(long, value_name = "FILE")]
    related: Option<PathBuf>,
    /// Leave out what only events show: direct transfers, and members who were removed again. Otherwise the
    /// node must still have the state of every block of the period
    #[arg(long)]
    without_events: bool,
    /// Also write the trades behind the findings to this file, as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    thresholds: ThresholdOverrides,
}

pub(crate) async fn run(context: &Context, args: MakeReport) -> Result<()> {
    let period = args.span.period()?;
    let thresholds = args.thresholds.apply().map_err(|error| {
        // The options have dashes.
        Failure::new(Code::Usage, error.to_string().replace('_', "-"))
    })?;
    let related = args.related.as_deref().map(read_related).transpose()?.unwrap_or_default();
    let file = args.csv.as_deref().map(|path| NewFile::create(path, args.force)).transpose()?;
    let (chain, view, as_of) = as_of(context, &period).await?;
    context.out.note(format!("Reading the chain as of block {}", as_of.block));
    let bar = context.out.count("blocks", 0);
    let progress = |done, total| bar.set_of(done, total);
    let read = survey(&chain, &view, &period, !args.without_events, &progress).await;
    drop(bar);
    let mut evidence = read.map_err(|error| {
        let failure = Failure::from(error);
        match args.without_events {
            true => failure,
            false => {
                failure.advise("name an archive node with --chain, or leave events out with --without-events")
            }
        }
    })?;
    evidence.related = related;
    let report = Report::new(evidence, &period, as_of, &thresholds);
    if let (Some(path), Some(mut file)) = (&args.csv, file) {
        let written = findings_csv(&report, BufWriter::new(file.writer()));
        written.map_err(|error| cannot_write(path, &error))?;
        file.keep()?;
    }
    let mut value = json!(report);
    value["source"] = json!("chain");
    context.out.result(&value, || readable(&report))
}

/// The report as a person reads it.
fn readable(report: &Report) -> String {
    let mut text = fields(&[
        ("period", report.period.clone()),
        ("trades", format!("{} ({} paid, {})", report.trades, report.paid_trades, amount::krw(report.paid))),
        ("as of", format!("finalized block {} ({})", report.as_of.block, short(&report.as_of.block_hash))),
    ]);
    for rule in &report.rules {
        text.push_str(&format!("\n\n{} {}: {} findings\n", rule.name, rule.korean, rule.findings));
        text.push_str(&format!("  {}\n", rule.meaning));
        for threshold in &rule.thresholds {
            text.push_str(&format!("  {}: {}\n", threshold.name, threshold.value));
        }
        for limit in &rule.limits {
            text.push_str(&format!("  NOTE: {limit}\n"));
        }
        for finding in report.findings.iter().filter(|finding| finding.rule == rule.name) {
            text.push_str(&format!("\n  * {}\n", finding.summary));
            for company in &finding.companies {
                text.push_str(&format!("    {} ({company})\n", clean(&report.name(company))));
            }
            for fact in &finding.facts {
                text.push_str(&format!("    {}: {}\n", fact.name, clean(&fact.value)));
            }
            for trade in finding.trades.iter().take(PRINTED_TRADES) {
                let note = if trade.note.is_empty() { String::new() } else { format!(", {}", trade.note) };
                text.push_str(&format!(
                    "    block {}: trade {} of {}, order {}, {}{note}\n",
                    trade.block,
                    trade.index,
                    short(trade.dataset),
                    trade.order,
                    amount::krw(trade.price),
                ));
            }
            if finding.trade_count > PRINTED_TRADES {
                let (all, listed) = (finding.trade_count, finding.trades.len());
                text.push_str(&format!("    … of {all} trades in all; --json and --csv list {listed}\n"));
            }
        }
    }
    text.push_str("\nA finding is no proof of wrongdoing: it says where a person should look.");
    text
}
