//! What of a dataset can be seen before it is bought, checked here against the chain and nothing else.

use crate::exchange::sell::rows_are_lines;
use crate::exchange::{ExchangeError, Head, Market, Result};
use crate::service::Payloads;
use wonbon_model::{Dataset, DatasetId, Digest, SampleAnswer};
use wonbon_primitives::sample::{Kind, Sample};
use wonbon_primitives::Commitment;

/// The samples of a dataset, each found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    /// Hash of the chain's first block. Which blocks were drawn follows from it.
    pub genesis: Digest,
    /// What the chain says about the dataset.
    pub record: Dataset,
    /// The blocks that the owner chose to show, if any.
    pub chosen: Option<Sample>,
    /// The blocks that the chain drew.
    pub fair: FairSample,
    /// The description that was fixed when the dataset was registered; `None` if the service does not have it.
    pub description: Option<Vec<u8>>,
}

/// How far a fair sample is. The drawn blocks are computed from the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FairSample {
    /// The chain has not drawn yet.
    NotDrawn,
    /// The owner has not shown the drawn blocks.
    Unanswered { seed: Digest },
    /// The owner said on the chain which file shows them: how many blocks, and its digest. There is no sample if the
    /// service does not have the file.
    Answered { seed: Digest, answer: SampleAnswer, sample: Option<Sample> },
}

/// Gets and checks the samples of a dataset.
pub async fn samples(market: &dyn Market, service: &dyn Payloads, dataset: &DatasetId) -> Result<Samples> {
    let record = market.dataset(dataset, Head::Finalized).await?;
    let record = record.ok_or(ExchangeError::NoSuchDataset(*dataset))?;
    let plain = Commitment { root: dataset.0, length: record.length };

    let chosen = match service.sample(dataset, "chosen").await? {
        None => None,
        Some(file) => {
            let sample = read("the chosen sample", &file)?;
            sample.verify(&plain).map_err(|cause| ExchangeError::corrupt("the chosen sample", cause))?;
            Some(sample)
        }
    };
    let description = match service.metadata(&record.metadata).await {
        Ok(document) => Some(document),
        Err(error) if error.status() == Some(404) => None,
        Err(error) => return Err(error.into()),
    };
    let lines = description.as_deref().map(rows_are_lines);
    let genesis = market.genesis();
    let seed = market.seed(record.registered.block, Head::Finalized).await?;
    let fair = match (seed, record.sample) {
        (None, _) => FairSample::NotDrawn,
        (Some(seed), None) => FairSample::Unanswered { seed },
        (Some(seed), Some(answer)) => {
            let sample = match service.sample(dataset, "fair").await? {
                None => None,
                Some(file) => Some(fair(&file, &plain, &genesis, &seed, &answer, lines)?),
            };
            FairSample::Answered { seed, answer, sample }
        }
    };
    Ok(Samples { genesis, record, chosen, fair, description })
}

fn fair(
    file: &[u8],
    plain: &Commitment,
    genesis: &Digest,
    seed: &Digest,
    answer: &SampleAnswer,
    lines: Option<bool>,
) -> Result<Sample> {
    const SAMPLE_FILE: &str = "the fair sample";
    let sample = read(SAMPLE_FILE, file)?;
    let (drawn, rows) = match sample.kind {
        Kind::Fair { drawn, rows, .. } => (drawn, rows),
        _ => (0, false),
    };
    if (drawn, sample.digest()) != (answer.blocks, answer.digest) {
        return Err(ExchangeError::corrupt(
            SAMPLE_FILE,
            "it is not the file that the owner answered for on the chain",
        ));
    }
    sample.verify_fair(plain, genesis, seed).map_err(|cause| ExchangeError::corrupt(SAMPLE_FILE, cause))?;
    // What rows are was said when the dataset was registered, before anybody knew which blocks would be drawn.
    if lines.is_some_and(|lines| lines != rows) {
        return Err(ExchangeError::corrupt(
            SAMPLE_FILE,
            if rows {
                "it shows lines as rows, and its description does not say that rows are lines"
            } else {
                "its description says that rows are lines, and it does not show them to their ends"
            },
        ));
    }
    Ok(sample)
}

fn read(what: &str, file: &[u8]) -> Result<Sample> {
    Sample::from_file(file).map_err(|cause| ExchangeError::corrupt(what, cause))
}
