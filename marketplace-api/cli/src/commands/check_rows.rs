//! `wonbon check-rows`: checks a proof of rows with nothing but the proof, and prints them.

use std::ops::Range;
use std::path::PathBuf;
use wonbon_model::words::size;

use clap::Args;
use serde_json::json;
use wonbon_primitives::sample::{BadSample, Kind, Sample, MAX_FILE};
use wonbon_primitives::{Commitment, Digest};
use wonbon_profile::rows::split;
use wonbon_profile::Encoding;

use crate::context::Context;
use crate::data_file::EncodingChoice;
use crate::exit::{Code, Failure, Result};
use crate::output::table::clean;
use crate::sample_rows::{self, Row};

#[derive(Debug, Args)]
pub(crate) struct CheckRows {
    /// The proof that `wonbon prove` wrote, or a sample file
    proof: PathBuf,
    /// Accept only rows of this dataset: take the id from the chain or a certificate
    #[arg(long, value_name = "ID", value_parser = crate::arguments::digest)]
    dataset: Option<Digest>,
    /// Accept only this length of the dataset: take it from the same place
    #[arg(long, value_name = "BYTES")]
    length: Option<u64>,
    /// The text encoding of the rows
    #[arg(long, value_enum, default_value_t)]
    encoding: EncodingChoice,
}

pub(crate) fn run(context: &Context, args: CheckRows) -> Result<()> {
    let sample = read(&args.proof)?;
    let plain = Commitment {
        root: args.dataset.unwrap_or(sample.dataset.0),
        length: args.length.unwrap_or(sample.length),
    };
    sample.verify(&plain).map_err(|cause| not_valid(&args.proof, cause))?;

    let encoding = Encoding::from(args.encoding);
    let mut columns = Vec::new();
    let shown = match sample.kind {
        Kind::Rows { from, to } => {
            let span = from..to;
            let bytes = sample.bytes(&span).unwrap_or_default();
            if !whole_lines(&sample, &span) {
                context.out.warn("the proof cuts rows off: what is printed is not whole rows");
            }
            if from != 0 {
                context.out.note(
                    "Proved: these bytes at this offset. That a row begins here, and which number it has, is proved \
                     only if the proof begins at byte 0: a line break may stand in a quoted cell.",
                );
            }
            let row = |row: Range<usize>| {
                Row::of_text(from + row.start as u64, encoding.decode_lossy(without_line_break(&bytes[row])))
            };
            split(bytes).into_iter().map(row).collect()
        }
        Kind::Chosen | Kind::Fair { .. } => {
            match sample_rows::shown(&sample, Some(encoding), None, usize::MAX) {
                Some(found) => {
                    context.out.note(format!("What is printed: {}.", found.about));
                    columns = found.columns;
                    found.rows
                }
                None => Vec::new(),
            }
        }
    };
    let checked = match (args.dataset, args.length) {
        (Some(_), Some(_)) => "dataset and length that you gave",
        (Some(_), None) => "the dataset that you gave",
        _ => "the dataset that the proof names",
    };
    if args.dataset.is_none() {
        context.out.warn(format!(
            "compare the dataset yourself, with the chain or a certificate: {}",
            sample.dataset
        ));
    } else if args.length.is_none() {
        context.out.note(
            "The rows are this dataset's. Where in it they stand is as the proof says: --length confirms it.",
        );
    }
    context.out.note(format!(
        "Verified against {checked}: {} blocks of a dataset of {}.",
        sample.blocks(),
        size::bytes_exact(sample.length)
    ));
    let value = json!({
        "dataset": sample.dataset.to_string(),
        "length": sample.length,
        "kind": sample_rows::kind(&sample.kind),
        "from": shown.first().and_then(|row| row.offset),
        "columns": columns,
        "row_begins_proved": matches!(sample.kind, Kind::Rows { from: 0, .. }),
        "blocks": sample.indices().collect::<Vec<_>>(),
        "rows": shown,
        "checked_against": { "dataset": args.dataset.is_some(), "length": args.length.is_some() },
    });
    context.out.result(&value, || {
        let header = (!columns.is_empty())
            .then(|| columns.iter().map(|name| clean(name)).collect::<Vec<_>>().join("\t"));
        header.into_iter().chain(shown.iter().map(Row::printable)).collect::<Vec<_>>().join("\n")
    })
}

/// A row without the line break that ends it.
fn without_line_break(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}

fn read(path: &std::path::Path) -> Result<Sample> {
    let failed = |reason: String| Failure::refused(format!("{}: {reason}", path.display()));
    let length = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if length > MAX_FILE {
        return Err(failed(BadSample::TooLong.to_string()));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    Sample::from_file(&bytes).map_err(|cause| match cause {
        BadSample::Magic | BadSample::Format(_) | BadSample::TooLong | BadSample::Encoding => {
            failed(cause.to_string()).named("Unreadable")
        }
        other => not_valid(path, other),
    })
}

fn not_valid(path: &std::path::Path, cause: BadSample) -> Failure {
    Failure::new(Code::Verification, format!("{} does not verify: {cause}", path.display()))
        .named("Invalid")
        .advise("nothing in it is proved")
}

/// Whether the bytes begin and end where lines do, as far as the blocks show it.
fn whole_lines(sample: &Sample, span: &Range<u64>) -> bool {
    let ends_line = |at: u64| sample.bytes(&(at..at + 1)).is_some_and(|byte| matches!(byte, b"\n" | b"\r"));
    let begins = span.start == 0 || ends_line(span.start - 1);
    let ends = span.end == sample.length || ends_line(span.end - 1);
    begins && ends
}
