//! Showing blocks of a dataset to everyone: those that the owner chose, and those that the chain drew.
//!
//! The drawn ones are shown first and answered for on the chain then, with the digest of the file: whoever reads
//! the answer can have the file. Both steps can be repeated: the file of a draw is always the same.
//!
//! What would be given away is told before anything is: [`Sampler::exposure`], [`Sampler::draft`]. No more is ever shown
//! than [`giving`](super::giving) allows.

use super::giving::{fair_limit, Exposure, SampleSize};
use super::origin;
use crate::chain::{Call, Until};
use crate::exchange::event::progress;
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Market, Observer, Result, SampleRefusal, Work};
use crate::keys::Keypair;
use crate::ports::{PassError, Source};
use crate::service::Payloads;
use std::sync::Arc;
use wonbon_model::metadata::Metadata;
use wonbon_model::{unambiguous, Dataset, DatasetId, Digest, Share};
use wonbon_primitives::bounds::MAX_SAMPLE;
use wonbon_primitives::sample::rows::Selection;
use wonbon_primitives::sample::{draw, Kind, Sample};
use wonbon_primitives::{BoundedVec, Commitment};

#[cfg(test)]
mod tests;

/// Shows blocks of one owner's datasets.
pub struct Sampler<'a> {
    /// Where state is read and calls are submitted.
    pub market: &'a dyn Market,
    /// Where packages, texts and samples are.
    pub service: &'a dyn Payloads,
    /// The owner's key.
    pub key: &'a Keypair,
    /// Told of how far reading is, and of what was done.
    pub observer: Arc<dyn Observer>,
}

/// A fair sample that is not shown yet.
#[derive(Debug, Clone)]
pub struct Draft {
    dataset: DatasetId,
    record: Dataset,
    seed: Digest,
    rows: bool,
    selection: Selection,
    /// What it gives away.
    pub exposure: Exposure,
}

impl Draft {
    /// How many drawn blocks it shows.
    pub fn drawn(&self) -> u32 {
        self.selection.drawn
    }

    /// Whether rows that begin in drawn blocks are shown to their ends.
    pub fn shows_rows(&self) -> bool {
        self.rows
    }
}

impl Sampler<'_> {
    /// What showing the blocks with these indices gives away; an error if it is more than this share, or everything.
    pub async fn exposure(
        &self,
        dataset: DatasetId,
        file: &dyn Source,
        indices: Vec<u64>,
        most: Share,
    ) -> Result<Exposure> {
        let record = self.owned(&dataset).await?;
        let exposure = Exposure::of(indices.iter().copied(), record.length);
        exposure.check(most)?;
        match self.rows_are_lines(dataset, &record).await? {
            false => Ok(exposure),
            true => {
                let ranges = file.unproved_ranges(indices).await;
                Ok(exposure.with_rows(dataset, ranges.map_err(|error| other_file(file, dataset, error))?))
            }
        }
    }

    /// Shows the blocks with these indices, if they are no more than this share.
    pub async fn show(
        &self,
        dataset: DatasetId,
        file: &dyn Source,
        indices: Vec<u64>,
        most: Share,
    ) -> Result<Sample> {
        let record = self.owned(&dataset).await?;
        Exposure::of(indices.iter().copied(), record.length).check(most)?;
        let sample = self.make(dataset, &record, file, indices, Kind::Chosen).await?;
        self.service.put_sample(&dataset, "chosen", sample.to_file()).await?;
        self.observer.event(Event::SampleStored { dataset });
        Ok(sample)
    }

    /// The fair sample of this size, or as large as this share allows, before it is shown. Waits for the draw if need be.
    /// One that was answered for is the same again.
    pub async fn draft(
        &self,
        dataset: DatasetId,
        file: &dyn Source,
        size: SampleSize,
        most: Share,
    ) -> Result<Draft> {
        let record = self.owned(&dataset).await?;
        let asked = size.drawn(record.length)?;
        let wanted = match &record.sample {
            Some(answer) if asked.is_none_or(|asked| asked == u64::from(answer.blocks)) => {
                Some(answer.blocks.into())
            }
            Some(_) => return Err(ExchangeError::AlreadyAnswered(dataset)),
            None => asked,
        };
        // What was answered for is public by its digest, and is what it is.
        let most = if record.sample.is_some() { Share::WHOLE } else { most };
        let limit = fair_limit(record.length, most)?;
        let rows = self.rows_are_lines(dataset, &record).await?;
        let seed = self.seed(&record).await?;
        let plain = Commitment { root: dataset.0, length: record.length };
        let count = wanted.unwrap_or(limit).min(MAX_SAMPLE.into());
        let drawn = draw(&self.market.genesis(), &seed, &dataset.0, plain.blocks(), count);
        self.check_length(file, dataset, &record).await?;
        let selected = file.select_blocks(drawn, limit, rows).await;
        let selection = selected.map_err(|error| other_file(file, dataset, error))?;
        let fitting = u64::from(selection.drawn);
        match wanted {
            Some(wanted) if wanted > fitting => {
                return Err(SampleRefusal::TooManyBlocks { wanted, fitting, most: limit }.into());
            }
            _ if fitting == 0 => return Err(SampleRefusal::NothingFits { most: limit }.into()),
            _ => {}
        }
        let mut exposure = Exposure::of(selection.blocks.iter().copied(), record.length);
        if rows {
            let ranges = file.unproved_ranges(selection.blocks.iter().copied().collect()).await;
            exposure = exposure.with_rows(dataset, ranges.map_err(|error| other_file(file, dataset, error))?);
        }
        Ok(Draft { dataset, record, seed, rows, selection, exposure })
    }

    /// Shows a drafted sample, and says so on the chain.
    pub async fn answer(&self, draft: &Draft, file: &dyn Source) -> Result<Sample> {
        let Draft { dataset, record, seed, rows, selection, .. } = draft;
        let (dataset, blocks) = (*dataset, selection.drawn);
        let plain = Commitment { root: dataset.0, length: record.length };
        let kind = Kind::Fair { seed: *seed, drawn: blocks, rows: *rows };
        let indices = selection.blocks.iter().copied().collect();
        let sample = self.make(dataset, record, file, indices, kind).await?;
        let checked = sample.verify_fair(&plain, &self.market.genesis(), seed);
        checked.map_err(|cause| ExchangeError::corrupt("the sample", cause))?;
        let digest = sample.digest();
        if record.sample.as_ref().is_some_and(|answer| answer.digest != digest) {
            return Err(ExchangeError::AlreadyAnswered(dataset));
        }
        self.service.put_sample(&dataset, "fair", sample.to_file()).await?;
        self.observer.event(Event::SampleStored { dataset });
        if record.sample.is_none() {
            let call = Call::answer_draw(dataset, blocks, digest);
            match self.market.submit(self.key, &call, Until::Finalized).await {
                // Our own from before a crash, or a second run beside this one.
                Err(error) if error.is_refused("Provenance", "AlreadyAnswered") => {
                    let now = self.owned(&dataset).await?.sample;
                    if now.is_none_or(|answer| (answer.blocks, answer.digest) != (blocks, digest)) {
                        return Err(ExchangeError::AlreadyAnswered(dataset));
                    }
                }
                other => drop(other?),
            }
        }
        self.observer.event(Event::DrawAnswered { dataset, blocks });
        Ok(sample)
    }

    /// Whether the dataset's rows are lines of text, as its description said when it was registered.
    async fn rows_are_lines(&self, dataset: DatasetId, record: &Dataset) -> Result<bool> {
        match self.service.metadata(&record.metadata).await {
            Ok(document) => Ok(rows_are_lines(&document)),
            Err(error) if error.status() == Some(404) => Err(ExchangeError::NoDescription(dataset)),
            Err(error) => Err(error.into()),
        }
    }

    /// Blocks of another length are not read as if they were the dataset's.
    async fn check_length(&self, file: &dyn Source, dataset: DatasetId, record: &Dataset) -> Result<()> {
        let found = file.length().await?;
        if found == record.length {
            return Ok(());
        }
        let reason = format!("it has {found} bytes and the dataset {}", record.length);
        Err(ExchangeError::OtherFile { place: file.name().to_owned(), dataset, reason })
    }

    async fn owned(&self, dataset: &DatasetId) -> Result<Dataset> {
        origin::owned_dataset(self.market, &self.key.account(), dataset).await
    }

    /// The seed, once it is drawn in a finalized block, where another one would be another draw, and once the registration
    /// is provisional no more: before, the chain takes no answer.
    async fn seed(&self, record: &Dataset) -> Result<Digest> {
        let registered = record.registered.block;
        let mut announced = false;
        loop {
            let finalized = self.market.lag().await?.finalized;
            if finalized >= record.provisional_until {
                if let Some(seed) = self.market.seed(registered, Head::Finalized).await? {
                    return Ok(seed);
                }
            }
            if !std::mem::replace(&mut announced, true) {
                self.observer.event(Event::DrawAwaited { registered_at: registered });
            }
            self.market.finalized_above(finalized, BLOCK_WAIT).await?;
        }
    }

    async fn make(
        &self,
        dataset: DatasetId,
        record: &Dataset,
        file: &dyn Source,
        indices: Vec<u64>,
        kind: Kind,
    ) -> Result<Sample> {
        let sampling = progress(&self.observer, Work::Sampling, record.length);
        let refused =
            |reason: String| ExchangeError::OtherFile { place: file.name().to_owned(), dataset, reason };
        let (found, ranges) = match file.block_ranges(indices, sampling).await {
            Ok(made) => made,
            Err(error) => return Err(other_file(file, dataset, error)),
        };
        let plain = Commitment { root: dataset.0, length: record.length };
        if found != plain {
            return Err(refused(format!("its bytes are those of dataset {}", DatasetId(found.root))));
        }
        let ranges = BoundedVec::try_from(ranges).map_err(|_| refused("it is too large".to_owned()))?;
        let sample = Sample { dataset, length: record.length, kind, ranges };
        sample.verify(&plain).map_err(|cause| ExchangeError::corrupt("the sample", cause))?;
        Ok(sample)
    }
}

/// Whether a metadata document says that rows are lines. A document of another layout says nothing.
pub(in crate::exchange) fn rows_are_lines(document: &[u8]) -> bool {
    let document = unambiguous::from_slice(document).ok().and_then(|document| Metadata::salvage(&document));
    let profile = document.and_then(|document| document.profile);
    profile.and_then(|profile| profile.rows_are_lines).unwrap_or(false)
}

/// What could not be read of a file, or is not in it.
fn other_file(file: &dyn Source, dataset: DatasetId, error: PassError) -> ExchangeError {
    match error {
        PassError::Storage(error) => error.into(),
        other => {
            let (place, reason) = (file.name().to_owned(), other.to_string());
            ExchangeError::OtherFile { place, dataset, reason }
        }
    }
}
