//! Showing blocks of a dataset to everyone: those that the owner chose, and those that the chain drew.
//!
//! The drawn ones are shown first and answered for on the chain then, with the digest of the file: whoever reads
//! the answer can have the file. Both steps can be repeated: the file of a draw is always the same.

use super::origin;
use crate::chain::{Call, Until};
use crate::exchange::event::progress;
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Market, Observer, Result, Work};
use crate::keys::Keypair;
use crate::ports::{PassError, Source};
use crate::service::Payloads;
use std::sync::Arc;
use wonbon_model::{Dataset, DatasetId, Digest};
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

impl Sampler<'_> {
    /// Shows the blocks with these indices.
    pub async fn show(&self, dataset: DatasetId, file: &dyn Source, indices: Vec<u64>) -> Result<Sample> {
        let record = self.owned(&dataset).await?;
        let sample = self.make(dataset, &record, file, indices, Kind::Chosen).await?;
        self.service.put_sample(&dataset, "chosen", sample.to_file()).await?;
        self.observer.event(Event::SampleStored { dataset });
        Ok(sample)
    }

    /// Shows the first `blocks` drawn blocks, and says so on the chain. Waits for the draw if need be.
    pub async fn answer(&self, dataset: DatasetId, file: &dyn Source, blocks: u32) -> Result<Sample> {
        let record = self.owned(&dataset).await?;
        if record.sample.as_ref().is_some_and(|answer| answer.blocks != blocks) {
            return Err(ExchangeError::AlreadyAnswered(dataset));
        }
        let seed = self.seed(&record).await?;
        let genesis = self.market.genesis();
        let plain = Commitment { root: dataset.0, length: record.length };
        let indices = draw(&genesis, &seed, &dataset.0, plain.blocks(), blocks.into());
        let sample = self.make(dataset, &record, file, indices, Kind::Fair { seed }).await?;
        let checked = sample.verify_fair(&plain, &genesis, &seed);
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
            Err(PassError::Storage(error)) => return Err(error.into()),
            Err(other) => return Err(refused(other.to_string())),
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
