//! The buyer's side of samples: they are fetched, verified against the chain, and shown.

use serde_json::{json, Value};
use wonbon_client::exchange::buy::{samples, FairSample, Samples};
use wonbon_client::service::Service;
use wonbon_model::json::Draw;
use wonbon_model::metadata::Metadata;
use wonbon_model::unambiguous;
use wonbon_model::words::{amount, size};
use wonbon_model::DatasetId;
use wonbon_primitives::content::block_count;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::sample::{Kind, Sample};
use wonbon_profile::Encoding;

use crate::arguments::Subject;
use crate::context::Context;
use crate::descriptions::document_fields;
use crate::exit::{Code, Failure, Result};
use crate::failures::unknown;
use crate::output::object::With;
use crate::output::table::{clean, fields};
use crate::ranges;
use crate::sample_rows::{self, ShownRows};

/// Shows the samples of a dataset, or of an offer's.
pub(super) async fn show(context: &Context, of: Subject, lines: usize) -> Result<()> {
    let chain = context.chain().await?;
    let dataset = match of {
        Subject::Dataset(dataset) => dataset,
        Subject::Offer(offer) => {
            let record = chain.finalized().await?.offer(offer).await?;
            record.ok_or_else(|| unknown(format!("offer {offer}")))?.dataset
        }
        Subject::Order(_) | Subject::Company(_) => {
            return Err(Failure::new(Code::Usage, "samples are of an offer or a dataset"));
        }
    };
    let service = Service::new(&context.global.service, chain.genesis(), None)?;
    let found = samples(&chain, &service, &dataset).await?;
    let document = found.description.as_deref().and_then(|bytes| unambiguous::from_slice(bytes).ok());
    let document = document.and_then(|document| Metadata::salvage(&document));
    if document.is_none() {
        let service = &context.global.service;
        context.out.note(format!("(the service {service} has no readable description of this dataset)"));
    }
    let most = if lines == 0 { usize::MAX } else { lines };
    let profile = document.as_ref().and_then(|document| document.profile.as_ref());
    let encoding = profile.and_then(Encoding::of);
    let view = View { dataset, found: &found, encoding, most };
    context.out.result(&view.json(), || view.text(document.as_ref()))
}

/// The samples of a dataset, for people and for programs.
struct View<'a> {
    dataset: DatasetId,
    found: &'a Samples,
    encoding: Option<Encoding>,
    most: usize,
}

impl View<'_> {
    fn rows(&self, sample: &Sample) -> Option<ShownRows> {
        sample_rows::shown(sample, self.encoding, Some(&self.found.genesis), self.most)
    }

    fn blocks(&self) -> u64 {
        block_count(self.found.record.length)
    }

    fn sample_json(&self, sample: &Sample) -> Value {
        let mut value = self.rows_json(sample);
        value["blocks"] = json!(sample.indices().collect::<Vec<_>>());
        value["digest"] = json!(to_hex(&sample.digest()));
        value
    }

    /// The rows of a sample. Of what is no table there are none.
    fn rows_json(&self, sample: &Sample) -> Value {
        let found = self.rows(sample);
        let columns = found.as_ref().map(|found| &found.columns).filter(|columns| !columns.is_empty());
        json!({
            "columns": columns,
            "rows": found.as_ref().map(|found| &found.rows[..]).unwrap_or_default(),
            "all_rows": found.as_ref().map(|found| found.all),
        })
    }

    fn fair_json(&self) -> With<Draw> {
        let (seed, sample) = match &self.found.fair {
            FairSample::NotDrawn => (None, None),
            FairSample::Unanswered { seed } => (Some(*seed), None),
            FairSample::Answered { seed, sample, .. } => (Some(*seed), sample.as_ref()),
        };
        let mut record = Draw::new(&self.found.record, seed);
        let shown = |sample: &Sample| {
            record.confirm();
            let mut value = self.rows_json(sample);
            value["shown_blocks"] = json!(sample.indices().collect::<Vec<_>>());
            value["drawn_blocks"] = json!(sample.drawn(&self.found.genesis));
            value["shows_rows"] = json!(shows_rows(sample));
            value
        };
        let more = sample.map_or_else(|| json!({}), shown);
        With { record, more }
    }

    fn json(&self) -> Value {
        json!({
            "dataset": self.dataset.to_string(),
            "length": self.found.record.length,
            "blocks": self.blocks(),
            "chosen": self.found.chosen.as_ref().map(|sample| self.sample_json(sample)),
            "fair": self.fair_json(),
        })
    }

    fn text(&self, document: Option<&Metadata>) -> String {
        let Samples { record, chosen, fair, .. } = self.found;
        let mut lines: Vec<(&'static str, String)> =
            document_fields(document).into_iter().filter(|(name, _)| *name == "title").collect();
        let (length, blocks) = (size::bytes_exact(record.length), amount::number(self.blocks()));
        lines.push(("dataset", self.dataset.to_string()));
        lines.push(("length", format!("{length} in {blocks} blocks")));
        let mut shown = None;
        let answer = match fair {
            FairSample::NotDrawn => "the chain has not drawn yet".to_owned(),
            FairSample::Unanswered { .. } => {
                "drawn, and NOT ANSWERED: the owner has not shown the blocks that the chain drew".to_owned()
            }
            FairSample::Answered { answer, sample, .. } => {
                shown = sample.as_ref();
                let state = match sample {
                    Some(sample) => format!(
                        "verified here: these are the dataset's blocks, those that the chain drew{}\n{}",
                        if shows_rows(sample) { ", with the ends of their rows" } else { "" },
                        sample_rows::ruled_out_in_words(
                            answer.blocks.into(),
                            self.blocks(),
                            shows_rows(sample)
                        )
                    ),
                    None => format!(
                        "NOT HERE: the service does not have the file, ask the owner for it; until it is checked \
                         this is only the owner's word\nSHA-256 of the file: {}",
                        to_hex(&answer.digest)
                    ),
                };
                let blocks = amount::number(answer.blocks);
                format!("answered in block {}, {blocks} drawn blocks; {state}", answer.at.block)
            }
        };
        lines.push(("fair sample", answer));
        let choice = chosen.as_ref().map(|sample| {
            let (count, blocks) = (amount::number(sample.blocks()), sample_rows::blocks(sample));
            format!("{count} blocks ({blocks}) that the owner chose; verified here")
        });
        lines.push(("chosen sample", choice.unwrap_or_else(|| "none".to_owned())));
        let mut text = fields(&lines);
        for (name, sample) in [("fair", shown), ("chosen", chosen.as_ref())] {
            text.push_str(&sample.map(|sample| self.rows_text(name, sample)).unwrap_or_default());
        }
        text
    }

    fn rows_text(&self, name: &str, sample: &Sample) -> String {
        let Some(found) = self.rows(sample) else {
            return format!(
                "\nThe {name} sample is not described as a table, so no rows are shown. Proved bytes: {}\n",
                ranges::list(sample.ranges.iter().map(|range| range.span()))
            );
        };
        let mut text = format!(
            "\nRows of the {name} sample ({} of {}; {}):\n",
            found.rows.len(),
            amount::number(found.all),
            found.about
        );
        if !found.columns.is_empty() {
            text.push_str(&found.columns.iter().map(|name| clean(name)).collect::<Vec<_>>().join("\t"));
            text.push('\n');
        }
        for row in &found.rows {
            text.push_str(&row.printable());
            text.push('\n');
        }
        text
    }
}

fn shows_rows(sample: &Sample) -> bool {
    matches!(sample.kind, Kind::Fair { rows: true, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::{AccountId, Dataset, Method, Moment, SampleAnswer};

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
            announced: 0,
            provisional_until: 1,
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
        let found = Samples { genesis: [0; 32], record, chosen: None, fair, description: None };
        let view = View { dataset: DatasetId([1; 32]), found: &found, encoding: None, most: 10 };
        let value = view.json();
        assert_eq!((&value["fair"]["state"], &value["fair"]["ruled_out"]), (&json!("claimed"), &Value::Null));
        let text = view.text(None);
        assert!(text.contains("NOT HERE") && text.contains(&"08".repeat(32)), "{text}");
        assert!(!text.contains("every block") && !text.contains('%'), "{text}");
    }
}
