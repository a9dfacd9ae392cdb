//! `wonbon prove`: rows of a file, provably part of its dataset, for a third party.
//!
//! A proof shows whole blocks of 4,096 bytes, and with them whatever other rows they hold; of a Parquet file the whole row
//! groups, and the footer. The command says which, and how much of the dataset that is, before it writes anything.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use wonbon_model::words::{amount, size};

use clap::Args;
use serde_json::json;
use wonbon_client::exchange::sell::giving::Exposure;
use wonbon_package::files::block_ranges;
use wonbon_primitives::sample::{Kind, Sample};
use wonbon_primitives::{BoundedVec, DatasetId};
use wonbon_profile::rows::Rows;
use wonbon_profile::Progress;

use crate::context::Context;
use crate::data_file::{self, data_length, FormatChoice};
use crate::exit::{Code, Failure, Result};
use crate::ranges::{self, Blocks};
use crate::row_groups::{find_groups, Wanted};

/// What a path of hashes tells besides the blocks that it proves.
pub(super) const NEIGHBOURS: &str = "With the blocks go the hashes of the blocks beside them: whoever guesses what stands in one of those can find out \
     whether the guess is right.";

#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// The file: CSV or the like, or Parquet
    file: PathBuf,
    /// Which rows: 1 is the first row of data, 0 the header of a CSV file
    #[arg(long, value_name = "A-B", value_parser = ranges::parse_rows)]
    rows: RangeInclusive<u64>,
    /// Where to write the proof
    #[arg(short, long, value_name = "PROOF")]
    output: PathBuf,
    /// Refuse if the file is not this dataset
    #[arg(long, value_name = "ID", value_parser = crate::arguments::digest)]
    dataset: Option<wonbon_primitives::Digest>,
    /// How to read the file
    #[arg(long, value_enum, default_value_t)]
    format: FormatChoice,
    /// Write it without asking, even if other rows become visible
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(context: &Context, args: Prove) -> Result<()> {
    let length = data_length(&args.file)?;
    let found = match data_file::is_parquet(&args.file, args.format)? {
        true => {
            let found = find_groups(&args.file, &Wanted::Rows(args.rows.clone()))?;
            context.out.warn(found.in_words());
            let first = found.rows.first().map_or(1, |rows| rows.start);
            let last = found.rows.last().map_or(1, |rows| rows.end.saturating_sub(1));
            Shown { blocks: found.blocks, visible: first..=last, kind: Kind::Chosen }
        }
        false => {
            let found = find_rows(context, &args.file, args.format, length, &args.rows).await?;
            warn_of_others(context, &args.rows, &found);
            let kind = Kind::Rows { from: found.span.start, to: found.span.end };
            Shown { blocks: Blocks::from(found.blocks).indices()?, visible: found.visible, kind }
        }
    };
    let given = Exposure::of(found.blocks.iter().copied(), length);
    context.out.note(format!(
        "The proof shows {} of {} bytes of the dataset ({}). {NEIGHBOURS}",
        amount::number(given.bytes),
        amount::number(length),
        given.share()
    ));
    let others = found.visible != args.rows;
    if others && !args.yes {
        context.agree("Write the proof, though the other rows become visible with it?")?;
    }
    context.handle_interrupts();
    let sample = {
        let (file, indices) = (args.file.clone(), found.blocks.clone());
        let (plain, ranges) =
            context.pass("proving", length, move |watch| block_ranges(&file, indices, watch)).await?;
        let ranges = BoundedVec::try_from(ranges)
            .map_err(|_| Failure::refused("these are more blocks than a proof may have"))?;
        Sample { dataset: DatasetId(plain.root), length, kind: found.kind, ranges }
    };
    if args.dataset.is_some_and(|expected| expected != sample.dataset.0) {
        let text = format!("{} is dataset {}, not the one named", args.file.display(), sample.dataset);
        return Err(Failure::refused(text)
            .named("OtherFile")
            .advise("nothing was written; name the file that was published, byte for byte"));
    }
    let proof = sample.to_file();
    wonbon_client::files::replace(&args.output, &proof).map_err(|error| {
        Failure::new(Code::Failure, format!("cannot write {}: {error}", args.output.display()))
    })?;
    let value = json!({
        "proof": args.output,
        "dataset": sample.dataset.to_string(),
        "rows": [args.rows.start(), args.rows.end()],
        "visible_rows": [found.visible.start(), found.visible.end()],
        "blocks": [found.blocks.first(), found.blocks.last()],
        "given_away": given.share().millionths(),
        "bytes": proof.len(),
    });
    let lines = [
        ("dataset", sample.dataset.to_string()),
        ("rows", ranges::shown(&args.rows)),
        (
            "also visible",
            others_text(&args.rows, &found.visible).unwrap_or_else(|| "nothing else".to_owned()),
        ),
        ("blocks", ranges::list(ranges::joined(&found.blocks).into_iter())),
        ("given away", format!("{} of the dataset", given.share())),
        ("proof", format!("{} ({})", args.output.display(), size::bytes_exact(proof.len() as u64))),
        ("next", "whoever gets it runs `wonbon check-rows`, with no network".to_owned()),
    ];
    context.out.fields(&value, &lines)
}

/// What a proof shows.
struct Shown {
    blocks: Vec<u64>,
    visible: RangeInclusive<u64>,
    kind: Kind,
}

/// Finds rows of a file of separated text.
pub(super) async fn find_rows(
    context: &Context,
    path: &std::path::Path,
    format: FormatChoice,
    length: u64,
    rows: &RangeInclusive<u64>,
) -> Result<Rows> {
    let (path, rows) = (path.to_owned(), rows.clone());
    let find = move |progress: &mut Progress<'_>| data_file::find_rows(&path, format, &rows, progress);
    context.steps("looking for the rows", length, find).await
}

/// Says which rows beside the wanted ones the blocks show.
pub(super) fn warn_of_others(context: &Context, wanted: &RangeInclusive<u64>, found: &Rows) {
    if let Some(others) = others_text(wanted, &found.visible) {
        context.out.warn(format!(
            "whole blocks of 4,096 bytes are shown, so these become visible too, the outermost perhaps in part: {others}"
        ));
    }
}

fn others_text(wanted: &RangeInclusive<u64>, visible: &RangeInclusive<u64>) -> Option<String> {
    let mut parts = Vec::new();
    if visible.start() < wanted.start() {
        parts.push(ranges::shown(&(*visible.start()..=wanted.start() - 1)));
    }
    if visible.end() > wanted.end() {
        parts.push(ranges::shown(&(wanted.end() + 1..=*visible.end())));
    }
    (!parts.is_empty()).then(|| format!("rows {}", parts.join(" and ")))
}
