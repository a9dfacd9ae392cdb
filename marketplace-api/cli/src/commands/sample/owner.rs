//! The owner's side of samples: blocks of their choice, and the blocks that the chain drew.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::chain::Chain;
use wonbon_client::exchange::sell::preflight::{Exposure, SampleSize};
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
use crate::commands::prove::{find_rows, warn_of_others};
use crate::context::{name_of, Context};
use crate::data_file::{data_length, FormatChoice};
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};
use crate::ranges::{parse_rows, Blocks};
use crate::sample_rows;

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// The dataset's id
    #[arg(value_parser = dataset_id)]
    dataset: DatasetId,
    /// The file that was published
    file: PathBuf,
    /// Which blocks of 4,096 bytes, for example 0-3,17
    #[arg(long, value_name = "LIST", value_parser = Blocks::parse, required_unless_present = "rows", conflicts_with = "rows")]
    blocks: Option<Blocks>,
    /// Which rows, for example 1-100; the whole blocks that hold them are shown
    #[arg(long, value_name = "A-B", value_parser = parse_rows)]
    rows: Option<RangeInclusive<u64>>,
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
    /// Show enough blocks to rule out that more than this share of them is bad [default: 10%]
    #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share, conflicts_with = "blocks")]
    share: Option<Share>,
    /// Show this many blocks
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    blocks: Option<u32>,
    /// Show them without asking
    #[arg(long)]
    yes: bool,
}

/// Shows blocks of the owner's choice.
pub(super) async fn publish(context: &Context, args: Publish) -> Result<()> {
    let length = data_length(&args.file)?;
    let indices: Vec<u64> = match (&args.blocks, &args.rows) {
        (Some(blocks), _) => blocks.indices()?,
        (None, Some(rows)) => {
            let found = find_rows(context, &args.file, args.format, length, rows).await?;
            warn_of_others(context, rows, &found);
            Blocks::from(found.blocks).indices()?
        }
        (None, None) => return Err(Failure::new(Code::Usage, "say which --blocks or --rows")),
    };
    confirm(context, Exposure::of(indices.len() as u64, length), args.yes)?;
    let seller = Seller::new(context).await?;
    let made = seller.sampler().show(args.dataset, &*seller.source(&args.file)?, indices).await;
    seller.reporter.clear();
    print(context, &made?)
}

/// Shows the blocks that the chain drew.
pub(super) async fn answer(context: &Context, args: Answer) -> Result<()> {
    let length = data_length(&args.file)?;
    let size = match args.blocks {
        Some(blocks) => SampleSize::Blocks(blocks),
        None => {
            let share = args.share.unwrap_or(Share::from_millionths(100_000).unwrap_or(Share::WHOLE));
            SampleSize::RulingOut(share)
        }
    };
    let blocks = size.blocks(length).map_err(Failure::refused)?;
    confirm(context, Exposure::of(blocks.into(), length), args.yes)?;
    let seller = Seller::new(context).await?;
    let made = seller.sampler().answer(args.dataset, &*seller.source(&args.file)?, blocks).await;
    seller.reporter.clear();
    print(context, &made?)
}

/// Asks before a large part of a dataset is given away for nothing.
fn confirm(context: &Context, exposure: Exposure, yes: bool) -> Result<()> {
    let Exposure { shown, blocks } = exposure;
    if yes || !exposure.is_large() {
        return Ok(());
    }
    context.out.warn(format!(
        "this shows {} of the dataset's {} blocks to everyone, for nothing, and cannot be taken back",
        amount::number(shown),
        amount::number(blocks),
    ));
    context.agree("Show them?")
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
    let mut value = json!({
        "dataset": sample.dataset.to_string(),
        "kind": sample_rows::kind(&sample.kind),
        "blocks": shown,
        "of_blocks": all,
        "digest": to_hex(&sample.digest()),
        "bytes": sample.to_file().len(),
    });
    if let Kind::Fair { .. } = sample.kind {
        value["ruled_out"] = json!(ruled_out(shown, all).map(Share::millionths));
        lines.push(("worth", sample_rows::ruled_out_in_words(shown, all)));
    }
    lines.push(("next", format!("everyone sees it with `wonbon sample {}`", sample.dataset)));
    context.out.fields(&value, &lines)
}
