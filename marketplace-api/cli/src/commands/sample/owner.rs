//! The owner's side of samples: blocks of their choice, and the blocks that the chain drew.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::chain::Chain;
use wonbon_client::exchange::sell::giving::{Exposure, SampleSize, LARGEST_SHARE, USUAL_SHARE};
use wonbon_client::exchange::sell::Sampler;
use wonbon_client::home::FileHome;
use wonbon_client::ports::{Home, Source};
use wonbon_client::service::Service;
use wonbon_model::words::amount;
use wonbon_model::{DatasetId, Share};
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::sample::{ruled_out, Kind, Sample};

use crate::arguments::dataset_id;
use crate::commands::prove::{find_rows, warn_of_others, NEIGHBOURS};
use crate::context::{name_of, Context};
use crate::data_file::{self, data_length, FormatChoice};
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};
use crate::ranges::{parse_rows, Blocks};
use crate::row_groups::{find_groups, Wanted};
use crate::sample_rows;

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// The dataset's id
    #[arg(value_parser = dataset_id)]
    dataset: DatasetId,
    /// The file that was published
    file: PathBuf,
    /// Which blocks of 4,096 bytes, for example 0-3,17
    #[arg(long, value_name = "LIST", value_parser = Blocks::parse, required_unless_present_any = ["rows", "groups"], conflicts_with_all = ["rows", "groups"])]
    blocks: Option<Blocks>,
    /// Which rows, for example 1-100; the whole blocks that hold them are shown, of Parquet their whole row groups
    #[arg(long, value_name = "A-B", value_parser = parse_rows, conflicts_with = "groups")]
    rows: Option<RangeInclusive<u64>>,
    /// Which row groups of a Parquet file, counted from 0, for example 0,3
    #[arg(long, value_name = "LIST", value_parser = Blocks::parse)]
    groups: Option<Blocks>,
    /// Refuse if more than this share of the dataset would be given away [default: 10%]
    #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share)]
    most: Option<Share>,
    /// How to read the file
    #[arg(long, value_enum, default_value_t)]
    format: FormatChoice,
    /// Show them without asking
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// The dataset's id
    #[arg(value_parser = dataset_id)]
    dataset: DatasetId,
    /// The file that was published
    file: PathBuf,
    /// Show enough blocks to rule out that more than this share of them is bad
    #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share, conflicts_with = "blocks")]
    share: Option<Share>,
    /// Show this many drawn blocks, and the ends of their rows
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    blocks: Option<u32>,
    /// Give away at most this share of the dataset, which is 10% at most [default: 1%, or 10% with --share or --blocks]
    #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share)]
    most: Option<Share>,
    /// Show them without asking
    #[arg(long)]
    yes: bool,
}

/// Shows blocks of the owner's choice.
pub(super) async fn publish(context: &Context, args: Publish) -> Result<()> {
    let length = data_length(&args.file)?;
    let indices = chosen_blocks(context, &args, length).await?;
    let most = args.most.unwrap_or(per_million(LARGEST_SHARE));
    let seller = Seller::new(context).await?;
    let source = seller.source(&args.file)?;
    let exposure = seller.sampler().exposure(args.dataset, &*source, indices.clone(), most).await?;
    agree(context, &exposure, args.yes)?;
    let made = seller.sampler().show(args.dataset, &*source, indices, most).await;
    seller.reporter.clear();
    print(context, &made?)
}

/// The blocks that are meant, from blocks, rows or row groups.
async fn chosen_blocks(context: &Context, args: &Publish, length: u64) -> Result<Vec<u64>> {
    let parquet = data_file::is_parquet(&args.file, args.format)?;
    let groups = match (&args.blocks, &args.groups, &args.rows) {
        (Some(blocks), ..) => return blocks.indices(),
        (None, Some(groups), _) if parquet => Wanted::Groups(groups.indices()?),
        (None, Some(_), _) => {
            return Err(
                Failure::refused("only Parquet files have row groups").advise("say --rows or --blocks")
            );
        }
        (None, None, Some(rows)) if parquet => Wanted::Rows(rows.clone()),
        (None, None, Some(rows)) => {
            let found = find_rows(context, &args.file, args.format, length, rows).await?;
            warn_of_others(context, rows, &found);
            return Blocks::from(found.blocks).indices();
        }
        (None, None, None) => {
            return Err(Failure::new(Code::Usage, "say which --blocks, --rows or --groups"));
        }
    };
    let found = find_groups(&args.file, &groups)?;
    context.out.note(found.in_words());
    Ok(found.blocks)
}

/// Shows the blocks that the chain drew.
pub(super) async fn answer(context: &Context, args: Answer) -> Result<()> {
    data_length(&args.file)?;
    let (size, usual) = match (args.blocks, args.share) {
        (Some(blocks), _) => (SampleSize::Blocks(blocks), LARGEST_SHARE),
        (None, Some(share)) => (SampleSize::RulingOut(share), LARGEST_SHARE),
        (None, None) => (SampleSize::AsMuchAsMay, USUAL_SHARE),
    };
    let most = args.most.unwrap_or(per_million(usual));
    if most > per_million(LARGEST_SHARE) {
        let text = format!("a fair sample gives away at most {}", per_million(LARGEST_SHARE));
        return Err(Failure::new(Code::Usage, text));
    }
    let seller = Seller::new(context).await?;
    let source = seller.source(&args.file)?;
    let draft = seller.sampler().draft(args.dataset, &*source, size, most).await;
    seller.reporter.clear();
    let draft = draft?;
    let rows = match draft.shows_rows() {
        true => "every row that begins in a drawn block is shown to its end",
        false => {
            "it shows blocks and claims nothing about rows: the dataset is no table whose rows are lines of text (its \
             cells have line breaks in them, or it is Parquet or another binary)"
        }
    };
    context.out.note(format!("{} drawn blocks; {rows}.", amount::number(draft.drawn())));
    agree(context, &draft.exposure, args.yes)?;
    let made = seller.sampler().answer(&draft, &*source).await;
    seller.reporter.clear();
    print(context, &made?)
}

fn per_million(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap_or(Share::NONE)
}

/// Says what is given away, and asks.
fn agree(context: &Context, exposure: &Exposure, yes: bool) -> Result<()> {
    context.out.warn(format!(
        "this shows {} to everyone, for nothing, and cannot be taken back",
        given_in_words(exposure)
    ));
    context.out.note(NEIGHBOURS);
    if yes {
        return Ok(());
    }
    context.agree("Show them?")
}

/// What a sample gives away: blocks, bytes, their share, and rows where they are known.
fn given_in_words(given: &Exposure) -> String {
    let Exposure { shown, blocks, bytes, length, rows } = *given;
    let [shown, blocks, bytes, length] = [shown, blocks, bytes, length].map(amount::number);
    let rows = rows.map(|rows| format!(", with {} whole rows", amount::number(rows))).unwrap_or_default();
    format!("{shown} of {blocks} blocks, {bytes} of {length} bytes ({}){rows},", given.share())
}

/// What an owner's command works with.
struct Seller {
    chain: Chain,
    service: Service,
    home: FileHome,
    key: wonbon_client::Keypair,
    reporter: Arc<Reporter>,
}

impl Seller {
    async fn new(context: &Context) -> Result<Seller> {
        let (chain, key) = context.chain_and_key().await?;
        let service = context.service(&chain, &key)?;
        let (home, reporter) = (context.file_home()?, Arc::new(Reporter::new(context.out, false)));
        Ok(Seller { chain, service, home, key, reporter })
    }

    fn source(&self, file: &Path) -> Result<Box<dyn Source>> {
        Ok(self.home.source(name_of(file)?))
    }

    fn sampler(&self) -> Sampler<'_> {
        Sampler {
            market: &self.chain,
            service: &self.service,
            key: &self.key,
            observer: self.reporter.clone(),
        }
    }
}

fn print(context: &Context, sample: &Sample) -> Result<()> {
    let (shown, all) = (sample.blocks(), block_count(sample.length));
    let mut lines = vec![
        ("dataset", sample.dataset.to_string()),
        ("sample", sample_rows::kind(&sample.kind).to_owned()),
        ("blocks", format!("{shown} of {}: {}", amount::number(all), sample_rows::blocks(sample))),
    ];
    let given = Exposure::of(sample.indices(), sample.length);
    let mut value = json!({
        "dataset": sample.dataset.to_string(),
        "kind": sample_rows::kind(&sample.kind),
        "blocks": shown,
        "of_blocks": all,
        "shown_bytes": given.bytes,
        "given_away": given.share().millionths(),
        "digest": to_hex(&sample.digest()),
        "bytes": sample.to_file().len(),
    });
    if let Kind::Fair { drawn, rows, .. } = sample.kind {
        value["drawn"] = json!(drawn);
        value["shows_rows"] = json!(rows);
        value["ruled_out"] = json!(ruled_out(drawn.into(), all).map(Share::millionths));
        lines.push(("drawn", format!("{} blocks", amount::number(drawn))));
        lines.push(("worth", sample_rows::ruled_out_in_words(drawn.into(), all, rows)));
    }
    lines.push(("next", format!("everyone sees it with `wonbon sample {}`", sample.dataset)));
    context.out.fields(&value, &lines)
}
