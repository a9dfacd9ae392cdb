//! Samples: blocks of a dataset that everyone may see, each provably part of it.
//!
//! Promises: what is shown was checked first, against root, length and seed as the chain has them; a fair sample is
//! shown only if it is the file that the owner answered for on the chain; a file stands under its own SHA-256 and
//! never changes. Only a dataset's owner stores samples of it, and they count against the owner's quota. Whoever reads
//! one checks it again, and needs nothing for that but the chain.
//!
//! An owner may exchange the sample that they chose. In the storage a pointer, with the dataset's name, is written after
//! the file it leads to, and the old file is removed last: so a reader finds a whole sample, or, where it goes away
//! under their eyes, looks once more.

mod note;

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use codec::Encode;
use thiserror::Error;
use tokio::sync::{OwnedMutexGuard, Semaphore};
use wonbon_primitives::{
    sample::{BadSample, Kind as FileKind, Sample},
    Commitment,
};

pub use note::{Note, ROWS};

use crate::{
    follower::Status,
    kv::{Batch, KvError, KvStore},
    locks::{KeyedMutex, Running},
    model::{Account, Dataset, Hash},
    read_model::{queries, ReadModel},
    storage::{Downloads, Folder, OverQuota, Quota, Source, Storage, StorageError},
    task::run_to_completion,
};

/// Most bytes of a sample file.
pub const MAX_BYTES: u64 = wonbon_primitives::sample::MAX_FILE;
/// Samples that are checked and stored at once.
const AT_ONCE: usize = 4;
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// How long a request waits for what it is about to be seen on the chain: the time that a block takes to get here.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Why blocks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The owner chose them.
    Chosen,
    /// The chain drew them.
    Fair,
}

/// Why a sample was not taken or not given.
#[derive(Debug, Error)]
pub enum SampleError {
    /// There is no such dataset.
    #[error("no such dataset")]
    Missing,
    /// The dataset is another's.
    #[error("only the owner of a dataset stores samples of it")]
    NotTheOwner,
    /// The chain has not drawn yet.
    #[error("the chain has not drawn the fair sample of this dataset yet")]
    NotDrawn,
    /// The owner answered for another file.
    #[error("the draw was answered on the chain with another sample, of {blocks} blocks")]
    AlreadyAnswered {
        /// How many blocks it shows.
        blocks: u32,
    },
    /// The file is not such a sample.
    #[error("the sample does not verify: {0}")]
    Invalid(#[from] BadSample),
    /// The chain was not reached yet.
    #[error("the chain was not reached yet")]
    NoChain,
    /// Too many at once.
    #[error("too many samples at once")]
    Busy,
    /// The account's quota.
    #[error(transparent)]
    OverQuota(#[from] OverQuota),
    /// The bytes cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The rows cannot be read or written.
    #[error(transparent)]
    KvStore(#[from] KvError),
}

impl From<io::Error> for SampleError {
    fn from(error: io::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// The samples of this service.
#[derive(Debug)]
pub struct Samples {
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    quota: Arc<Quota>,
    status: Status,
    /// Held by the sample that an account sends: it sends one at a time, since each is held in memory, and a slow one
    /// keeps nobody else waiting.
    senders: KeyedMutex<Account>,
    /// Held by a sample that has arrived.
    arrived: Semaphore,
    /// Held by whoever exchanges a chosen sample.
    exchange: tokio::sync::Mutex<()>,
    /// How many are read of each dataset, whose id stands in for an account.
    downloads: Downloads,
}

/// A sample on its way in: its sender is the dataset's owner, and sends no other.
#[derive(Debug)]
pub struct Receiving {
    samples: Arc<Samples>,
    account: Account,
    dataset: Hash,
    kind: Kind,
    _sender: OwnedMutexGuard<()>,
}

/// A sample on its way out.
#[derive(Debug)]
pub struct Opened {
    /// SHA-256 of the file.
    pub digest: Hash,
    /// Its bytes.
    pub length: u64,
    /// Where they are.
    pub source: Source,
    /// Counts the download.
    pub running: Running,
}

impl Samples {
    /// Over the store and the read model of a service.
    pub fn new(storage: Arc<dyn Storage>, read_model: ReadModel, quota: Arc<Quota>, status: Status) -> Self {
        Self {
            storage,
            read_model,
            quota,
            status,
            senders: KeyedMutex::default(),
            arrived: Semaphore::new(AT_ONCE),
            exchange: tokio::sync::Mutex::default(),
            downloads: Downloads::default(),
        }
    }

    /// Begins to take a sample of a dataset from an account. What can be refused before it is sent is.
    pub async fn receive(
        self: &Arc<Self>,
        account: Account,
        dataset: Hash,
        kind: Kind,
    ) -> Result<Receiving, SampleError> {
        self.owned(account, dataset, kind).await?;
        let sender = tokio::time::timeout(TURN, self.senders.lock(account)).await;
        let sender = sender.map_err(|_| SampleError::Busy)?;
        Ok(Receiving { samples: self.clone(), account, dataset, kind, _sender: sender })
    }

    /// The dataset and its seed, if a sample of that kind is the account's to show.
    async fn owned(
        &self,
        account: Account,
        id: Hash,
        kind: Kind,
    ) -> Result<(Dataset, Option<Hash>), SampleError> {
        match self.facts(id, kind).await? {
            (dataset, _) if dataset.owner != account => Err(SampleError::NotTheOwner),
            (_, None) if kind == Kind::Fair => Err(SampleError::NotDrawn),
            facts => Ok(facts),
        }
    }

    /// The dataset and its seed. A dataset or a draw that was seen elsewhere just now may be in a block on its way.
    async fn facts(&self, id: Hash, kind: Kind) -> Result<(Dataset, Option<Hash>), SampleError> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let read = move |kv: &dyn KvStore| {
                let Some(dataset) = queries::dataset(kv, id)? else { return Ok(None) };
                let seed = queries::seed(kv, dataset.registered_at)?;
                Ok::<_, KvError>(Some((dataset, seed)))
            };
            let found = self.read_model.run(read).await?;
            let complete = matches!(&found, Some((_, seed)) if kind == Kind::Chosen || seed.is_some());
            if complete || tokio::time::Instant::now() >= until {
                return found.ok_or(SampleError::Missing);
            }
            tokio::time::sleep(PATIENCE / 8).await;
        }
    }

    /// The file that shows the blocks which the owner of a dataset chose, if they did.
    async fn chosen(&self, dataset: Hash) -> Result<Option<Hash>, SampleError> {
        let pointer = self.storage.get(Folder::ChosenSamples, dataset).await?;
        Ok(pointer.and_then(|bytes| Some(Hash(bytes.as_ref().try_into().ok()?))))
    }

    /// The file that shows the blocks which the chain drew from a dataset, if it is here.
    async fn fair(&self, id: Hash) -> Result<Option<Note>, SampleError> {
        let read = move |kv: &dyn KvStore| {
            let Some(dataset) = queries::dataset(kv, id)? else { return Ok(None) };
            let seed = queries::seed(kv, dataset.registered_at)?;
            Ok::<_, KvError>(Some((dataset, seed)))
        };
        match self.read_model.run(read).await?.ok_or(SampleError::Missing)? {
            (Dataset { sample: Some(answer), .. }, Some(seed)) => {
                self.answered(id, seed, answer.digest, answer.blocks).await
            }
            _ => Ok(None),
        }
    }

    /// The file that an owner answered for, if it is here and what they say it is: so many blocks of this dataset,
    /// drawn with this seed. The chain believes them; a file with a note was checked.
    pub async fn answered(
        &self,
        dataset: Hash,
        seed: Hash,
        digest: Hash,
        blocks: u32,
    ) -> Result<Option<Note>, SampleError> {
        let note = self.read_note(digest).await?;
        let as_said = |note: &Note| {
            note.dataset == dataset && note.seed == Some(seed) && note.blocks == u64::from(blocks)
        };
        Ok(note.filter(as_said))
    }

    async fn read_note(&self, digest: Hash) -> Result<Option<Note>, SampleError> {
        let bytes = self.storage.get(Folder::SampleNotes, digest).await?;
        Ok(bytes.and_then(|bytes| Note::read(&bytes)))
    }

    /// What is known of the sample that the owner of a dataset chose; `None` if there is none here.
    pub async fn chosen_note(&self, dataset: Hash) -> Result<Option<Note>, SampleError> {
        match self.chosen(dataset).await? {
            Some(digest) => self.read_note(digest).await,
            None => Ok(None),
        }
    }

    /// Opens a sample for reading; `None` if there is none here.
    pub async fn open(&self, dataset: Hash, kind: Kind) -> Result<Option<Opened>, SampleError> {
        for _ in 0..2 {
            let digest = match kind {
                Kind::Chosen => self.chosen(dataset).await?,
                Kind::Fair => self.fair(dataset).await?.map(|note| note.digest),
            };
            let Some(digest) = digest else { return Ok(None) };
            // It may be exchanged for another between two questions.
            let Some(length) = self.storage.length(Folder::Samples, digest).await? else { continue };
            let source = match self.storage.open(Folder::Samples, digest).await {
                Err(StorageError::Missing) => continue,
                source => source?,
            };
            let running = self.downloads.begin(Account(dataset.0)).ok_or(SampleError::Busy)?;
            return Ok(Some(Opened { digest, length, source, running }));
        }
        Ok(None)
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
            let turn = tokio::time::timeout(TURN, self.samples.arrived.acquire()).await;
            let _turn = turn.ok().and_then(Result::ok).ok_or(SampleError::Busy)?;
            self.check_and_show(file, genesis).await
        })
        .await
    }

    async fn check_and_show(&self, file: Bytes, genesis: Hash) -> Result<bool, SampleError> {
        let (account, kind) = (self.account, self.kind);
        // The dataset may have gone to another owner while the file arrived.
        let (dataset, seed) = self.samples.owned(account, self.dataset, kind).await?;
        let checking = file.clone();
        let check = move || check(&checking, &dataset, kind, genesis, seed, account);
        let note = tokio::task::spawn_blocking(check)
            .await
            .map_err(|error| KvError::Engine(error.to_string()))??;
        let Samples { storage, quota, .. } = &*self.samples;
        let known = storage.get(Folder::SampleNotes, note.digest).await?;
        let new = known.is_none();
        if new {
            // The note of a file comes after it, and counts.
            let keep = async {
                storage.put(Folder::Samples, note.digest, file).await?;
                storage.put(Folder::SampleNotes, note.digest, note.encode().into()).await
            };
            quota.keep::<SampleError>(account, note.bytes, keep).await?;
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

/// Reads and checks a file.
fn check(
    file: &[u8],
    dataset: &Dataset,
    kind: Kind,
    genesis: Hash,
    seed: Option<Hash>,
    account: Account,
) -> Result<Note, SampleError> {
    let sample = Sample::from_file(file)?;
    let plain = Commitment { root: dataset.id.0, length: dataset.length };
    match kind {
        Kind::Chosen if sample.kind == FileKind::Chosen => sample.verify(&plain)?,
        Kind::Chosen => return Err(BadSample::OtherKind.into()),
        Kind::Fair => {
            let seed = seed.ok_or(SampleError::NotDrawn)?;
            sample.verify_fair(&plain, &genesis.0, &seed.0)?;
        }
    }
    let note = Note::of(&sample, file.len() as u64, account);
    match (kind, &dataset.sample) {
        (Kind::Fair, Some(answer)) if answer.digest != note.digest => {
            Err(SampleError::AlreadyAnswered { blocks: answer.blocks })
        }
        _ => Ok(note),
    }
}

#[cfg(test)]
mod tests;
