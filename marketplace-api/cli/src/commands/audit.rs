//! `wonbon audit`: the ledger of a period, a report of suspicious dealing, and who downloaded what.
//!
//! Promises: ledger and report are read from the chain itself, at one finalized block that they name; the service is
//! not asked. The rules are those that the service runs (`wonbon_client::audit`), so both reports can be compared.

use std::collections::BTreeSet;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use wonbon_audit::export::{findings_csv, About, Format, LedgerWriter};
use wonbon_audit::{AsOf, BadPeriod, Period, RelatedList, Report, ThresholdOverrides};
use wonbon_client::audit::{survey, ExportError, SurveyOptions, TradeIndex};
use wonbon_client::chain::{Chain, ChainError, View};
use wonbon_client::service::Service;
use wonbon_model::AccountId;
use wonbon_model::{BlockNumber, Moment};
use wonbon_primitives::id::to_hex;

use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::output::table::{clean, fields, short, Align, Table};
use crate::output::units;

/// Largest list of related companies, in bytes.
const LIST_BYTES: u64 = 16 << 20;
/// Most downloads that are listed at once.
const DOWNLOADS: usize = 10_000;

/// The auditor's view.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// All trades of a period, each with the block it stands in, as CSV, Parquet or JSON
    Ledger(Ledger),
    /// Suspicious dealing: concentration, related companies, circles, price outliers, disputes lost
    Report(MakeReport),
    /// Who downloaded what from the service (for verified companies with the auditor's role)
    Downloads(Downloads),
}

/// The period that is looked at.
#[derive(Clone, Debug, Args)]
pub struct Span {
    /// The first block, day in Korea (2026-01-01) or time (RFC 3339); it belongs to the period
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// The last block, day or time; it belongs to the period
    #[arg(long, value_name = "WHEN")]
    to: Option<String>,
}

impl Span {
    fn period(&self) -> Result<Period, Failure> {
        Period::new(self.from.as_deref(), self.to.as_deref()).map_err(bad_period)
    }
}

fn bad_period(error: BadPeriod) -> Failure {
    let code = match error {
        BadPeriod::Malformed(_) | BadPeriod::Inverted => Code::Usage,
        BadPeriod::NotYet { .. } | BadPeriod::Future { .. } => Code::Refused,
    };
    Failure::new(code, error.to_string())
}

/// A ledger to write.
#[derive(Debug, Args)]
pub struct Ledger {
    #[command(flatten)]
    span: Span,
    /// csv, parquet or json [default: what FILE ends with]
    #[arg(long, value_parser = str::parse::<Format>)]
    format: Option<Format>,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// A report to make.
#[derive(Debug, Args)]
pub struct MakeReport {
    #[command(flatten)]
    span: Span,
    /// Companies that you know to belong together: a CSV of group and account, a line each
    #[arg(long, value_name = "FILE")]
    related: Option<PathBuf>,
    /// Leave out what only events tell: direct transfers, and delegates that were removed again. Without it the
    /// node must still have the state of every block of the period
    #[arg(long)]
    without_events: bool,
    /// Write the trades that findings rest on to this file, as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    thresholds: ThresholdOverrides,
}

/// Downloads to list.
#[derive(Debug, Args)]
pub struct Downloads {
    #[command(flatten)]
    span: Span,
    /// Whose
    #[arg(long, value_name = "ACCOUNT")]
    company: Option<AccountId>,
}

/// Runs it.
pub async fn run(context: &Context, command: Audit) -> Result<(), Failure> {
    context.handle_interrupts();
    match command {
        Audit::Ledger(args) => ledger(context, args).await,
        Audit::Report(args) => report(context, args).await,
        Audit::Downloads(args) => downloads(context, args).await,
    }
}

/// A file that is there whole or not at all.
struct Target {
    path: PathBuf,
    file: tempfile::NamedTempFile,
    force: bool,
}

impl Target {
    fn new(path: &Path, force: bool) -> Result<Self, Failure> {
        if !force && path.exists() {
            let text = format!("{} is there already", path.display());
            return Err(Failure::new(Code::Refused, text).advise("name another file, or say --force"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        Ok(Self { path: path.to_owned(), file: file.map_err(|error| unwritable(path, &error))?, force })
    }

    /// Gives the file its name.
    fn keep(self) -> Result<u64, Failure> {
        let Self { path, file, force } = self;
        let synced = file.as_file().sync_all().and_then(|()| file.as_file().metadata());
        let length = synced.map_err(|error| unwritable(&path, &error))?.len();
        let kept = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
        kept.map_err(|error| unwritable(&path, &error.error))?;
        Ok(length)
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::Failure, format!("cannot write {}: {error}", path.display()))
        .advise("check the disk, its free space and the permissions")
}

/// The finalized block that everything is read at; it has what the period asks for.
async fn as_of(context: &Context, chain: &Chain, view: &View, period: &Period) -> Result<AsOf, Failure> {
    let last = Moment { block: view.block().height, time: view.time_ms().await? };
    period.check(&last).map_err(bad_period)?;
    if let Some(block) = period.mixed() {
        match time_of(chain, block).await {
            Ok(Some(time)) => period.check_mixed(time..=time).map_err(bad_period)?,
            // Without the block's state, which only an archive node has for good.
            Ok(None) | Err(_) => context.out.warn(format!(
                "the node does not tell the time of block {block}; whether the period ends before it begins was \
                 not looked at"
            )),
        }
    }
    Ok(AsOf::new(view.block(), last.time))
}

async fn time_of(chain: &Chain, block: BlockNumber) -> Result<Option<u64>, ChainError> {
    let Some(block) = chain.block_at(block).await? else { return Ok(None) };
    chain.at(block).await?.time_ms().await.map(Some)
}

async fn ledger(context: &Context, args: Ledger) -> Result<(), Failure> {
    let period = args.span.period()?;
    let format = match args.format {
        Some(format) => format,
        None => {
            let ending = args.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            ending.parse().map_err(|_| {
                Failure::new(Code::Usage, "the file's name does not say the format")
                    .advise("say --format csv, parquet or json")
            })?
        }
    };
    let mut target = Target::new(&args.output, args.force)?;
    let chain = context.chain().await?;
    let view = chain.finalized().await?;
    let as_of = as_of(context, &chain, &view, &period).await?;
    context.out.note(format!("Looking for the trades of {period}"));
    let index = TradeIndex::read(&view, &period).await?;
    let about = About { genesis: to_hex(&chain.genesis()), as_of: as_of.clone(), period: period.to_string() };
    let failed = |error: ExportError| match error {
        ExportError::Chain(error) => error.into(),
        ExportError::Write(error) => unwritable(&args.output, &error),
    };
    let out = BufWriter::new(target.file.as_file_mut());
    let mut writer = LedgerWriter::new(format, &about, out).map_err(|error| failed(error.into()))?;
    let bar = context.out.count("trades", index.len() as u64);
    index.export(&chain, &view, &mut writer, &|done, _| bar.set(done)).await.map_err(failed)?;
    drop(bar);
    writer.finish().map_err(|error| failed(error.into()))?;
    let bytes = target.keep()?;
    let value = json!({
        "source": "chain",
        "file": args.output,
        "format": format.extension(),
        "trades": index.len(),
        "bytes": bytes,
        "period": about.period,
        "genesis": about.genesis,
        "as_of": as_of,
    });
    context.out.result(&value, || {
        fields(&[
            ("ledger", args.output.display().to_string()),
            ("period", about.period.clone()),
            ("trades", units::thousands(index.len() as u128)),
            ("size", units::bytes(bytes)),
            ("as of", format!("finalized block {} ({})", as_of.block, short(&as_of.block_hash))),
        ])
    })
}

/// Reads the auditor's own list: group, account.
fn related_lists(text: &str) -> Result<Vec<RelatedList>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut lists: Vec<RelatedList> = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let (Some(group), Some(account), 2) = (record.get(0), record.get(1), record.len()) else {
            return Err(format!("line {}: expected a group and an account", number + 1));
        };
        let account = match account.parse::<AccountId>() {
            Ok(account) => account,
            // The first line may be a header.
            Err(_) if number == 0 => continue,
            Err(error) => return Err(format!("line {}: \"{}\": {error}", number + 1, clean(account))),
        };
        match lists.iter_mut().find(|list| list.name == group) {
            Some(list) => {
                list.members.insert(account);
            }
            None => lists.push(RelatedList { name: group.to_owned(), members: BTreeSet::from([account]) }),
        }
    }
    Ok(lists)
}

fn read_related(path: &Path) -> Result<Vec<RelatedList>, Failure> {
    let refused = |reason: String| Failure::new(Code::Refused, format!("{}: {reason}", path.display()));
    let length = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?.len();
    if length > LIST_BYTES {
        return Err(refused(format!("longer than {LIST_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    related_lists(&text).map_err(refused)
}

async fn report(context: &Context, args: MakeReport) -> Result<(), Failure> {
    let period = args.span.period()?;
    let thresholds = args.thresholds.apply().map_err(|error| {
        // The options have dashes.
        Failure::new(Code::Usage, error.to_string().replace('_', "-"))
    })?;
    let related = args.related.as_deref().map(read_related).transpose()?.unwrap_or_default();
    let target = args.csv.as_deref().map(|path| Target::new(path, args.force)).transpose()?;
    let chain = context.chain().await?;
    let view = chain.finalized().await?;
    let as_of = as_of(context, &chain, &view, &period).await?;
    context.out.note(format!("Reading the chain as of block {}", as_of.block));
    let bar = context.out.count("blocks", 0);
    let options = SurveyOptions { period, events: !args.without_events };
    let read = survey(&chain, &view, options, &|done, total| bar.set_of(done, total)).await;
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
    if let Some(mut target) = target {
        let written = findings_csv(&report, BufWriter::new(target.file.as_file_mut()));
        written.map_err(|error| unwritable(&target.path, &error))?;
        target.keep()?;
    }
    let mut value = json!(report);
    value["source"] = json!("chain");
    context.out.result(&value, || readable(&report))
}

/// The report as a person reads it.
fn readable(report: &Report) -> String {
    let mut text = fields(&[
        ("period", report.period.clone()),
        ("trades", format!("{} ({} paid, {})", report.trades, report.paid_trades, units::krw(report.paid))),
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
            for trade in finding.trades.iter().take(SHOWN) {
                let note = if trade.note.is_empty() { String::new() } else { format!(", {}", trade.note) };
                text.push_str(&format!(
                    "    block {}: trade {} of {}, order {}, {}{note}\n",
                    trade.block,
                    trade.index,
                    short(&trade.dataset.to_string()),
                    trade.order,
                    units::krw(trade.price),
                ));
            }
            if finding.trade_count > SHOWN {
                let (all, listed) = (finding.trade_count, finding.trades.len());
                text.push_str(&format!("    … of {all} trades in all; --json and --csv list {listed}\n"));
            }
        }
    }
    text.push_str("\nA finding is no proof of wrongdoing: it says where a person should look.");
    text
}

/// Trades of a finding that are printed.
const SHOWN: usize = 10;

async fn downloads(context: &Context, args: Downloads) -> Result<(), Failure> {
    // The service reads the same words; a mistake is told before the passphrase is asked for.
    args.span.period()?;
    let mut query: Vec<(&str, String)> = vec![("limit", "200".to_owned())];
    query.extend(args.span.from.map(|from| ("from", from)));
    query.extend(args.span.to.map(|to| ("to", to)));
    query.extend(args.company.map(|company| ("account", company.to_string())));
    let (chain, key) = context.chain_and_key().await?;
    let service = Service::new(&context.global.service, chain.genesis(), Some(key))?;
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    let complete = loop {
        let page = service.downloads(&query, cursor.as_deref()).await?;
        found.extend(page.items);
        match page.next {
            None => break true,
            Some(_) if found.len() >= DOWNLOADS => break false,
            next => cursor = next,
        }
    };
    found.sort_by_key(|download| (download.first_at_ms, download.sealed_root, download.account));
    let value = json!({ "source": "service", "downloads": found, "complete": complete });
    context.out.result(&value, || {
        let mut table = Table::new(&[
            ("FIRST", Align::Left),
            ("LAST", Align::Left),
            ("COMPANY", Align::Left),
            ("SEALED PAYLOAD", Align::Left),
            ("REQUESTS", Align::Right),
            ("BYTES", Align::Right),
        ]);
        for download in &found {
            table.row([
                units::time_utc(download.first_at_ms).unwrap_or_default(),
                units::time_utc(download.last_at_ms).unwrap_or_default(),
                download.account.to_string(),
                short(&to_hex(&download.sealed_root)),
                download.requests.to_string(),
                download.bytes.to_string(),
            ]);
        }
        let rest = if complete { "" } else { "There are more; ask for a shorter period.\n" };
        let body = if table.is_empty() { "No download.\n".to_owned() } else { table.to_string() };
        format!("{body}{rest}Told by the service {}, not by the chain.", context.global.service)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_auditor_s_list_is_read() {
        let (one, two) = (AccountId([1; 32]), AccountId([2; 32]));
        let text =
            format!("\u{feff}group,account\r\n# 한빛\r\n한빛, {one}\r\n한빛,{two}\r\n\"a, b\",{one}\r\n");
        let lists = related_lists(&text).unwrap();
        assert_eq!(lists.len(), 2);
        assert_eq!(lists[0], RelatedList { name: "한빛".to_owned(), members: [one, two].into() });
        assert_eq!(lists[1].name, "a, b");
        assert_eq!(related_lists(""), Ok(vec![]));
        for bad in [format!("a,{one}\nb,5xyz"), format!("a,{one},c"), format!("a,{one}\nb")] {
            assert!(related_lists(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.csv");
        let write = |force: bool| {
            let mut target = Target::new(&path, force)?;
            target.file.as_file_mut().write_all(b"new").unwrap();
            target.keep()
        };
        assert_eq!(write(false).unwrap(), 3);
        assert_eq!(write(false).unwrap_err().code, Code::Refused);
        std::fs::write(&path, "old, and longer").unwrap();
        write(true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
