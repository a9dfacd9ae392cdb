//! `wonbon audit ledger`: all trades of a period, in a file.

use std::io::BufWriter;
use std::path::PathBuf;
use wonbon_model::words::{amount, short, size};

use clap::Args;
use serde_json::json;
use wonbon_audit::export::{About, Format, LedgerWriter};
use wonbon_client::audit::{ExportError, TradeIndex};
use wonbon_primitives::id::to_hex;

use super::period::{as_of, Span};
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{cannot_write, NewFile};

#[derive(Debug, Args)]
pub(crate) struct Ledger {
    #[command(flatten)]
    span: Span,
    /// csv, parquet or json [default: as FILE ends]
    #[arg(long, value_parser = str::parse::<Format>)]
    format: Option<Format>,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(context: &Context, args: Ledger) -> Result<()> {
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
    let mut file = NewFile::create(&args.output, args.force)?;
    let (chain, view, as_of) = as_of(context, &period).await?;
    context.out.note(format!("Looking for the trades of {period}"));
    let index = TradeIndex::read(&view, &period).await?;
    let about = About { genesis: to_hex(&chain.genesis()), as_of: as_of.clone(), period: period.to_string() };
    let failed = |error: ExportError| match error {
        ExportError::Chain(error) => error.into(),
        ExportError::Write(error) => cannot_write(&args.output, &error),
    };
    let out = BufWriter::new(file.writer());
    let mut writer = LedgerWriter::new(format, &about, out).map_err(|error| failed(error.into()))?;
    let bar = context.out.count("trades", index.len() as u64);
    index.export(&chain, &view, &mut writer, &|done, _| bar.set(done)).await.map_err(failed)?;
    drop(bar);
    writer.finish().map_err(|error| failed(error.into()))?;
    let bytes = file.keep()?;
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
    let lines = [
        ("ledger", args.output.display().to_string()),
        ("period", about.period),
        ("trades", amount::number(index.len() as u128)),
        ("size", size::bytes(bytes)),
        ("as of", format!("finalized block {} ({})", as_of.block, short(&as_of.block_hash))),
    ];
    context.out.fields(&value, &lines)
}
