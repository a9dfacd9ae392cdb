//! Taking a sample: from whom, checked how, and shown in place of which.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use codec::Encode;
use tokio::sync::OwnedMutexGuard;
use wonbon_model::{metadata::Metadata, unambiguous, AccountId, Dataset, DatasetId, Hash};
use wonbon_primitives::{
    sample::{BadSample, Kind as FileKind, Sample},
    Commitment,
};

use super::{Kind, Note, SampleError, Samples};
use crate::{
    kv::Batch,
    storage::Folder,
    task::{blocking, run_to_completion},
};

/// Samples that are checked and stored at once.
pub(super) const CHECKED_AT_ONCE: usize = 4;
/// How long a request waits for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a request waits for what it is about to be seen on the chain: the time that a block takes to get here.
const SEEN_WITHIN: Duration = Duration::from_millis(1500);

/// A sample on its way in: its sender is the dataset's owner, and sends no other.
#[derive(Debug)]
pub struct Receiving {
    samples: Arc<Samples>,
    account: AccountId,
    dataset: Hash,
    kind: Kind,
    _sender: OwnedMutexGuard<()>,
}

impl Samples {
    /// Begins to take a sample of a dataset from an account. What can be refused before it is sent is.
    pub async fn receive(
        self: &Arc<Self>,
        account: AccountId,
        dataset: Hash,
        kind: Kind,
    ) -> Result<Receiving, SampleError> {
        self.owned(account, dataset, kind).await?;
        let sender = tokio::time::timeout(LONGEST_WAIT, self.senders.lock(account)).await;
        let sender = sender.map_err(|_| SampleError::Busy)?;
        Ok(Receiving { samples: self.clone(), account, dataset, kind, _sender: sender })
    }

    /// The dataset and its seed, if a sample of that kind is the account's to show.
    async fn owned(
        &self,
        account: AccountId,
        id: Hash,
        kind: Kind,
    ) -> Result<(Dataset, Option<Hash>), SampleError> {
        let until = tokio::time::Instant::now() + SEEN_WITHIN;
        loop {
            let found = self.facts(id).await?;
            let complete = matches!(&found, Some((_, seed)) if kind == Kind::Chosen || seed.is_some());
            // A dataset or a draw that was seen elsewhere just now may be in a block on its way.
            if !complete && tokio::time::Instant::now() < until {
                tokio::time::sleep(SEEN_WITHIN / 8).await;
                continue;
            }
            return match found.ok_or(SampleError::Missing)? {
                (dataset, _) if dataset.owner != account => Err(SampleError::NotTheOwner),
                (_, None) if kind == Kind::Fair => Err(SampleError::NotDrawn),
                facts => Ok(facts),
            };
        }
    }

    /// Whether a dataset's rows are lines, as its description says; `None` if that is not here.
    async fn rows_are_lines(&self, metadata: Hash) -> Result<Option<bool>, SampleError> {
        let document = self.storage.get(Folder::Metadata, metadata).await?;
        let document = document.and_then(|bytes| unambiguous::from_slice(&bytes).ok());
        let document = document.and_then(|document| Metadata::salvage(&document));
        Ok(document
            .map(|document| document.profile.and_then(|profile| profile.rows_are_lines).unwrap_or(false)))
    }

    async fn remove(&self, digest: Hash) -> Result<(), SampleError> {
        let note = self.read_note(digest).await?;
        self.storage.delete(Folder::Samples, digest).await?;
        self.storage.delete(Folder::SampleNotes, digest).await?;
        if let Some(note) = note {
            self.quota.remove(note.uploader, note.bytes, Batch::new()).await?;
        }
        Ok(())
    }
}

impl Receiving {
    /// Checks a file and shows it; `false` if it was shown before.
    pub async fn publish(self, file: Bytes) -> Result<bool, SampleError> {
        let genesis = self.samples.status.genesis().ok_or(SampleError::NoChain)?;
        run_to_completion(async move {
            let turn = tokio::time::timeout(LONGEST_WAIT, self.samples.arrived.acquire()).await;
            let _turn = turn.ok().and_then(Result::ok).ok_or(SampleError::Busy)?;
            self.check_and_show(file, genesis).await
        })
        .await
    }

    async fn check_and_show(&self, file: Bytes, genesis: Hash) -> Result<bool, SampleError> {
        let (account, kind) = (self.account, self.kind);
        // The dataset may have gone to another owner while the file arrived.
        let (dataset, seed) = self.samples.owned(account, self.dataset, kind).await?;
        let metadata = Hash(dataset.metadata);
        let checking = file.clone();
        let id = self.dataset.into();
        let check = move || check(&checking, id, &dataset, kind, genesis, seed, account);
        let (note, rows) = blocking(check).await?;
        if let (Some(shows), Some(promised)) = (rows, self.samples.rows_are_lines(metadata).await?) {
            if shows != promised {
                return Err(SampleError::OtherRows { shows });
            }
        }
        let Samples { storage, quota, .. } = &*self.samples;
        let known = storage.get(Folder::SampleNotes, note.digest).await?;
        let new = known.is_none();
        if new {
            // The note of a file comes after it, and counts.
            let keep = async {
                storage.put(Folder::Samples, note.digest, file).await?;
                storage.put(Folder::SampleNotes, note.digest, note.encode().into()).await
            };
            quota.keep(account, note.bytes, keep).await?;
        } else if known.is_some_and(|known| Note::read(&known).is_none()) {
            // One of an earlier layout: its file is here and counted.
            storage.put(Folder::SampleNotes, note.digest, note.encode().into()).await?;
        }
        match kind {
            Kind::Chosen => self.point_to(note.digest).await,
            Kind::Fair => Ok(new),
        }
    }

    /// Lets the dataset's chosen sample be this one; `false` if it is.
    async fn point_to(&self, digest: Hash) -> Result<bool, SampleError> {
        let (samples, dataset) = (&self.samples, self.dataset);
        let _exchange = samples.exchange.lock().await;
        let old = samples.chosen(dataset).await?;
        if old == Some(digest) {
            return Ok(false);
        }
        let pointer = Bytes::copy_from_slice(&digest.0);
        samples.storage.put(Folder::ChosenSamples, dataset, pointer).await?;
        if let Some(old) = old {
            samples.remove(old).await?;
        }
        Ok(true)
    }
}

/// Reads and checks a file. With a fair sample comes whether it shows rows.
fn check(
    file: &[u8],
    id: DatasetId,
    dataset: &Dataset,
    kind: Kind,
    genesis: Hash,
    seed: Option<Hash>,
    account: AccountId,
) -> Result<(Note, Option<bool>), SampleError> {
    let sample = Sample::from_file(file)?;
    let plain = Commitment { root: id.0, length: dataset.length };
    match kind {
        Kind::Chosen if sample.kind == FileKind::Chosen => sample.verify(&plain)?,
        Kind::Chosen => return Err(BadSample::OtherKind.into()),
        Kind::Fair => {
            let seed = seed.ok_or(SampleError::NotDrawn)?;
            sample.verify_fair(&plain, &genesis.0, &seed.0)?;
        }
    }
    let rows = match sample.kind {
        FileKind::Fair { rows, .. } => Some(rows),
        FileKind::Chosen | FileKind::Rows { .. } => None,
    };
    let note = Note::of(&sample, file.len() as u64, account, &genesis.0);
    match (kind, &dataset.sample) {
        (Kind::Fair, Some(answer)) if answer.digest != note.digest.0 => {
            Err(SampleError::AlreadyAnswered { blocks: answer.blocks })
        }
        _ => Ok((note, rows)),
    }
}
