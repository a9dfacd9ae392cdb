//! `wonbon sample`: what of a dataset everyone may see, before buying.
//!
//! The buyer's command checks everything itself, against the chain: that the blocks are the dataset's, that the
//! fair ones are those that the chain drew, and that the file is the one that the owner answered for.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{json, Value};
use wonbon_client::chain::Chain;
use wonbon_client::exchange::buy::{samples, FairSample, Samples};
use wonbon_client::exchange::sell::Sampler;
use wonbon_client::home::FileHome;
use wonbon_client::ports::{Home, Source};
use wonbon_client::service::Service;
use wonbon_model::{DatasetId, Share};
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::sample::{blocks_for, most_blocks, ruled_out, Sample};
use wonbon_profile::{Encoding, Format};

use super::check_rows::kind;
use super::prove::{agree, find_rows, warn_of_others};
use super::search::{document, document_fields};
use super::show::{subject, Subject};
use crate::context::{name_of, Context};
use crate::data_file::{data_length, FormatChoice};
use crate::events::Reporter;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::metadata::Document;
use crate::output::table::fields;
use crate::output::units;
use crate::ranges::{self, parse_rows, Blocks};
use crate::sample_rows::{self, Row};

/// Show samples, or make them.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct SampleCommand {
    /// The owner's side
    #[command(subcommand)]
    owner: Option<Owner>,
    /// An offer (its number, or offer:N) or a dataset id
    #[arg(required = true, value_parser = subject)]
    of: Option<Subject>,
    /// How many rows of each sample are printed; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 10)]
    lines: usize,
}

/// What an owner does.
#[derive(Debug, Subcommand)]
pub enum Owner {
    /// Show blocks of your choice to everyone
    Publish(Publish),
    /// Show the blocks that the chain drew to everyone, and say so on the chain; once for a dataset
    Answer(Answer),
}

/// Blocks to show.
#[derive(Debug, Args)]
pub struct Publish {
    /// The dataset's id
    #[arg(value_parser = dataset_id)]
    dataset: DatasetId,
    /// The file that was published
    file: PathBuf,
    /// Which blocks of 4,096 bytes, for example 0-3,17
    #[arg(long, value_name = "LIST", value_parser = Blocks::parse, required_unless_present = "rows", conflicts_with = "rows")]
    blocks: Option<Blocks>,
    /// Which rows, for example 1-100: the blocks that hold them are shown
    #[arg(long, value_name = "A-B", value_parser = parse_rows)]
    rows: Option<RangeInclusive<u64>>,
    /// What the file is
    #[arg(long, value_enum, default_value_t)]
    format: FormatChoice,
    /// Show them without being asked
    #[arg(long)]
    yes: bool,
}

/// The drawn blocks.
#[derive(Debug, Args)]
pub struct Answer {
    /// The dataset's id
    #[arg(value_parser = dataset_id)]
    dataset: DatasetId,
    /// The file that was published
    file: PathBuf,
    /// Show enough blocks to rule out that more than this share of them is bad [default: 10%]
    #[arg(long, value_name = "PERCENT", value_parser = units::parse_share, conflicts_with = "blocks")]
    share: Option<Share>,
    /// Show so many blocks
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    blocks: Option<u32>,
    /// Show them without being asked
    #[arg(long)]
    yes: bool,
}

fn dataset_id(text: &str) -> Result<DatasetId, String> {
    crate::args::digest(text).map(DatasetId)
}

/// A larger part of a dataset than this is shown only if that is confirmed.
const SHOWN_WITHOUT_ASKING: u64 = 10;

/// Runs it.
pub async fn run(context: &Context, command: SampleCommand) -> Result<(), Failure> {
    match (command.owner, command.of) {
        (Some(Owner::Publish(args)), _) => publish(context, args).await,
        (Some(Owner::Answer(args)), _) => answer(context, args).await,
        (None, Some(of)) => show(context, of, command.lines).await,
        (None, None) => Err(Failure::new(Code::Usage, "say of which offer or dataset")),
    }
}

async fn publish(context: &Context, args: Publish) -> Result<(), Failure> {
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
    check_part(context, indices.len() as u64, length, args.yes)?;
    let seller = Seller::new(context).await?;
    let made = seller.sampler().show(args.dataset, &*seller.source(&args.file)?, indices).await;
    seller.reporter.clear();
    made_it(context, &made?)
}

async fn answer(context: &Context, args: Answer) -> Result<(), Failure> {
    let length = data_length(&args.file)?;
    let blocks = match args.blocks {
        Some(blocks) if u64::from(blocks) > most_blocks(length) => {
            return Err(Failure::new(
                Code::Refused,
                format!("a fair sample of this dataset has at most {} blocks", most_blocks(length)),
            ))
        }
        Some(blocks) => u64::from(blocks),
        None => {
            let share = args.share.unwrap_or(Share::from_millionths(100_000).unwrap_or(Share::WHOLE));
            blocks_for(share, block_count(length)).ok_or_else(|| {
                let least = ruled_out(most_blocks(length), block_count(length)).unwrap_or(Share::WHOLE);
                Failure::new(
                    Code::Refused,
                    format!(
                        "to rule out {share} takes more blocks than a sample may have; {least} is possible"
                    ),
                )
            })?
        }
    };
    check_part(context, blocks, length, args.yes)?;
    let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
    let seller = Seller::new(context).await?;
    let made = seller.sampler().answer(args.dataset, &*seller.source(&args.file)?, blocks).await;
    seller.reporter.clear();
    made_it(context, &made?)
}

/// Asks before a large part of a dataset is given away for nothing.
fn check_part(context: &Context, shown: u64, length: u64, yes: bool) -> Result<(), Failure> {
    let blocks = block_count(length);
    if yes || shown.saturating_mul(100) <= blocks.saturating_mul(SHOWN_WITHOUT_ASKING) {
        return Ok(());
    }
    context.out.warn(format!(
        "this shows {} of the dataset's {} blocks to everyone, for nothing, and cannot be taken back",
        units::thousands(shown.into()),
        units::thousands(blocks.into()),
    ));
    agree(context, "Show them?")
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
    async fn new(context: &Context) -> Result<Seller, Failure> {
        let (chain, key) = context.chain_and_key().await?;
        let service = Service::new(&context.global.service, chain.genesis(), Some(key.clone()))?;
        let (home, reporter) = (context.file_home()?, Arc::new(Reporter::new(context.out, false)));
        Ok(Seller { chain, service, home, key, reporter })
    }

    fn source(&self, file: &Path) -> Result<Box<dyn Source>, Failure> {
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

fn made_it(context: &Context, sample: &Sample) -> Result<(), Failure> {
    let (shown, all) = (sample.blocks(), block_count(sample.length));
    let fair = kind(&sample.kind) == "fair";
    let mut value = json!({
        "dataset": sample.dataset.to_string(),
        "kind": kind(&sample.kind),
        "blocks": shown,
        "of_blocks": all,
        "digest": to_hex(&sample.digest()),
        "bytes": sample.to_file().len(),
    });
    if fair {
        value["ruled_out"] = json!(ruled_out(shown, all).map(Share::millionths));
    }
    context.out.result(&value, || {
        let mut lines = vec![
            ("dataset", sample.dataset.to_string()),
            ("sample", kind(&sample.kind).to_owned()),
            (
                "blocks",
                format!("{shown} of {}: {}", units::thousands(all.into()), sample_rows::blocks(sample)),
            ),
        ];
        if fair {
            lines.push(("worth", sample_rows::worth(shown, all)));
        }
        lines.push(("next", format!("everyone sees it with `wonbon sample {}`", sample.dataset)));
        fields(&lines)
    })
}

async fn show(context: &Context, of: Subject, lines: usize) -> Result<(), Failure> {
    let chain = context.chain().await?;
    let dataset = match of {
        Subject::Dataset(dataset) => dataset,
        Subject::Offer(offer) => {
            let record = chain.finalized().await?.offer(offer).await?;
            record.ok_or_else(|| unknown(format!("offer {offer}")))?.dataset
        }
        Subject::Order(_) | Subject::Company(_) => {
            return Err(Failure::new(Code::Usage, "samples are of an offer or a dataset"))
        }
    };
    let service = Service::new(&context.global.service, chain.genesis(), None)?;
    let found = samples(&chain, &service, &dataset).await?;
    let document = document(context, &found.record.metadata).await;
    let most = if lines == 0 { usize::MAX } else { lines };
    let encoding = encoding(document.as_ref());
    let view = View { dataset, found: &found, encoding, most };
    context.out.result(&view.json(), || view.text(document.as_ref()))
}

/// How the rows can be read; `None` if the dataset is not described as separated text.
fn encoding(document: Option<&Document>) -> Option<Encoding> {
    let profile = &document?.profile;
    match (profile.format, profile.encoding.as_deref()) {
        (Format::Csv, Some("cp949")) => Some(Encoding::Cp949),
        (Format::Csv, _) => Some(Encoding::Utf8),
        _ => None,
    }
}

/// The samples of a dataset, for people and for programs.
struct View<'a> {
    dataset: DatasetId,
    found: &'a Samples,
    encoding: Option<Encoding>,
    most: usize,
}

impl View<'_> {
    fn rows(&self, sample: &Sample) -> Vec<Row> {
        self.encoding.map(|encoding| sample_rows::rows(sample, encoding, self.most)).unwrap_or_default()
    }

    fn blocks(&self) -> u64 {
        block_count(self.found.record.length)
    }

    fn sample_json(&self, sample: &Sample) -> Value {
        json!({
            "blocks": sample.indices().collect::<Vec<_>>(),
            "digest": to_hex(&sample.digest()),
            "rows": self.rows(sample).iter().map(Row::json).collect::<Vec<_>>(),
            "all_rows": self.encoding.map(|_| sample_rows::count(sample)),
        })
    }

    fn json(&self) -> Value {
        let fair = match &self.found.fair {
            FairSample::NotDrawn => json!({ "state": "not_drawn" }),
            FairSample::Unanswered { seed } => json!({ "state": "unanswered", "seed": to_hex(seed) }),
            FairSample::Answered { seed, answer, sample } => {
                let mut value = sample.as_ref().map_or_else(|| json!({}), |sample| self.sample_json(sample));
                value["state"] = json!(if sample.is_some() { "answered" } else { "claimed" });
                value["seed"] = json!(to_hex(seed));
                value["digest"] = json!(to_hex(&answer.digest));
                value["shown"] = json!(answer.blocks);
                value["answered_at"] = json!(answer.at.block);
                // What a file rules out that nobody has seen is nothing.
                let share = sample.as_ref().and_then(|sample| ruled_out(sample.blocks(), self.blocks()));
                value["ruled_out"] = json!(share.map(Share::millionths));
                value
            }
        };
        json!({
            "dataset": self.dataset.to_string(),
            "length": self.found.record.length,
            "blocks": self.blocks(),
            "chosen": self.found.chosen.as_ref().map(|sample| self.sample_json(sample)),
            "fair": fair,
        })
    }

    fn text(&self, document: Option<&Document>) -> String {
        let mut lines: Vec<(&'static str, String)> =
            document_fields(document).into_iter().filter(|(name, _)| *name == "title").collect();
        lines.push(("dataset", self.dataset.to_string()));
        lines.push((
            "length",
            format!(
                "{} in {} blocks",
                units::bytes_exact(self.found.record.length),
                units::thousands(self.blocks().into())
            ),
        ));
        let mut text = String::new();
        let mut fair = None;
        match &self.found.fair {
            FairSample::NotDrawn => lines.push(("fair sample", "the chain has not drawn yet".to_owned())),
            FairSample::Unanswered { .. } => lines.push((
                "fair sample",
                "drawn, and NOT ANSWERED: the owner has not shown the blocks that the chain drew".to_owned(),
            )),
            FairSample::Answered { answer, sample, .. } => {
                let state = match sample {
                    Some(sample) => format!(
                        "verified here: these are the dataset's blocks, and those that the chain drew\n{}",
                        sample_rows::worth(sample.blocks(), self.blocks())
                    ),
                    None => format!(
                        "NOT HERE: the service does not have the file, ask the owner for it; until it is checked \
                         this is his word alone\nSHA-256 of the file: {}",
                        to_hex(&answer.digest)
                    ),
                };
                lines.push((
                    "fair sample",
                    format!(
                        "answered in block {}, {} blocks; {state}",
                        answer.at.block,
                        units::thousands(answer.blocks.into()),
                    ),
                ));
                fair = sample.as_ref();
            }
        }
        match &self.found.chosen {
            None => lines.push(("chosen sample", "none".to_owned())),
            Some(sample) => lines.push((
                "chosen sample",
                format!(
                    "{} blocks ({}) that the owner likes to show; verified here",
                    units::thousands(sample.blocks().into()),
                    sample_rows::blocks(sample)
                ),
            )),
        }
        text.push_str(&fields(&lines));
        for (name, sample) in [("fair", fair), ("chosen", self.found.chosen.as_ref())] {
            text.push_str(&sample.map(|sample| self.rows_text(name, sample)).unwrap_or_default());
        }
        text
    }

    fn rows_text(&self, name: &str, sample: &Sample) -> String {
        if self.encoding.is_none() {
            return format!(
                "\nThe {name} sample is not described as separated text, so no rows are shown. Proved bytes: {}\n",
                ranges::list(sample.ranges.iter().map(|range| range.span()))
            );
        }
        let rows = self.rows(sample);
        let all = sample_rows::count(sample);
        let mut text = format!(
            "\nRows of the {name} sample ({} of {}; rows cut by the edge of a block are left out):\n",
            rows.len(),
            units::thousands(all as u128)
        );
        for row in &rows {
            text.push_str(&row.printable());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser;
    use wonbon_model::{AccountId, Dataset, Method, Moment, SampleAnswer};

    fn parsed(arguments: &[&str]) -> Result<SampleCommand, clap::Error> {
        let line = ["wonbon", "sample"].iter().chain(arguments);
        match Cli::try_parse_from(line)?.command {
            Command::Sample(sample) => Ok(sample),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn buyers_and_owners_use_one_word() {
        let id = "ab".repeat(32);
        assert_eq!(parsed(&["3"]).unwrap().of, Some(Subject::Offer(3)));
        assert_eq!(parsed(&[&id]).unwrap().of, Some(Subject::Dataset(DatasetId([0xab; 32]))));
        assert!(matches!(
            parsed(&["publish", &id, "f", "--blocks", "1"]).unwrap().owner,
            Some(Owner::Publish(_))
        ));
        assert!(matches!(
            parsed(&["answer", &id, "f", "--share", "5%"]).unwrap().owner,
            Some(Owner::Answer(_))
        ));
        for wrong in [
            &[][..],
            &["publish", &id, "f"],
            &["publish", &id, "f", "--blocks", "1", "--rows", "1"],
            &["answer", &id, "f", "--share", "5%", "--blocks", "3"],
            &["answer", &id, "f", "--blocks", "0"],
            &["publish", "3", "f", "--blocks", "1"],
        ] {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }

    /// The owner answered on the chain for a file that nobody has.
    #[test]
    fn a_file_that_is_not_there_is_worth_nothing() {
        let at = Moment { block: 9, time: 0 };
        let answer = SampleAnswer { blocks: 3, digest: [8; 32], at, position: 0 };
        let record = Dataset {
            version: 1,
            registrant: AccountId([1; 32]),
            owner: AccountId([1; 32]),
            length: 3 * 4096,
            metadata: [0; 32],
            method: Method::Collected,
            registered: Moment { block: 1, time: 0 },
            depth: 0,
            parent_count: 0,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: Some(answer),
            records: 0,
            head: [0; 32],
            deposit: 0,
        };
        let fair = FairSample::Answered { seed: [7; 32], answer, sample: None };
        let found = Samples { record, chosen: None, fair };
        let view = View { dataset: DatasetId([1; 32]), found: &found, encoding: None, most: 10 };
        let value = view.json();
        assert_eq!((&value["fair"]["state"], &value["fair"]["ruled_out"]), (&json!("claimed"), &Value::Null));
        let text = view.text(None);
        assert!(text.contains("NOT HERE") && text.contains(&"08".repeat(32)), "{text}");
        assert!(!text.contains("every block") && !text.contains('%'), "{text}");
    }
}
