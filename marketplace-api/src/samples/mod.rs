//! Samples: blocks of a dataset that everyone may see, each provably part of it.
//!
//! Promises: what is shown was checked first, against root, length and seed as the chain has them, and against what the
//! dataset's description says of its rows, if that is here; a fair sample gives away at most a tenth, and is shown only if it is the file that the owner answered for on the chain; a file stands under its own SHA-256 and
//! never changes. Only a dataset's owner stores samples of it, and they count against the owner's quota. Whoever reads
//! one checks it again, and needs nothing for that but the chain.
//!
//! An owner may exchange the sample that they chose. In the storage a pointer, with the dataset's name, is written after
//! the file it leads to, and the old file is removed last: so a reader finds a whole sample, or, where it goes away
//! under their eyes, looks once more.

mod error;
mod note;
mod receive;

use std::sync::Arc;

use tokio::sync::Semaphore;
use wonbon_model::{AccountId, Dataset, Hash};

pub use error::SampleError;
pub use note::{Note, MAX_ROWS};
pub use receive::Receiving;

use crate::{
    follower::Status,
    kv::{KvError, KvStore},
    locks::{KeyedMutex, Running},
    read_model::{queries, ReadModel},
    storage::{Downloads, Folder, Quota, Source, Storage, StorageError, MAX_DOWNLOADS},
};

/// Most bytes of a sample file.
pub const MAX_BYTES: u64 = wonbon_primitives::sample::MAX_FILE;

/// Why blocks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The owner chose them.
    Chosen,
    /// The chain drew them.
    Fair,
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
    senders: KeyedMutex<AccountId>,
    /// Held by a sample that has arrived.
    arrived: Semaphore,
    /// Held by whoever exchanges a chosen sample.
    exchange: tokio::sync::Mutex<()>,
    /// How many are read of each dataset, whose id stands in for an account.
    downloads: Downloads,
}

/// A sample on its way out.
#[derive(Debug)]
pub struct Opened {
    /// SHA-256 of the file.
    pub digest: Hash,
    /// How many bytes it has.
    pub length: u64,
    /// Where they are.
    pub source: Source,
    /// Counts the download.
    pub running: Running,
}

impl Samples {
    /// Over the storage and the read model of a service.
    pub fn new(storage: Arc<dyn Storage>, read_model: ReadModel, quota: Arc<Quota>, status: Status) -> Self {
        Self {
            storage,
            read_model,
            quota,
            status,
            senders: KeyedMutex::default(),
            arrived: Semaphore::new(receive::CHECKED_AT_ONCE),
            exchange: tokio::sync::Mutex::default(),
            downloads: Downloads::new(MAX_DOWNLOADS),
        }
    }

    /// The file that shows the blocks which the owner of a dataset chose, if they did.
    async fn chosen(&self, dataset: Hash) -> Result<Option<Hash>, SampleError> {
        let pointer = self.storage.get(Folder::ChosenSamples, dataset).await?;
        Ok(pointer.and_then(|bytes| Some(Hash(bytes.as_ref().try_into().ok()?))))
    }

    /// The file that shows the blocks which the chain drew from a dataset, if it is here.
    async fn fair(&self, id: Hash) -> Result<Option<Note>, SampleError> {
        match self.facts(id).await?.ok_or(SampleError::Missing)? {
            (Dataset { sample: Some(answer), .. }, Some(seed)) => {
                self.answered(id, seed, Hash(answer.digest), answer.blocks).await
            }
            _ => Ok(None),
        }
    }

    /// A dataset and its seed, as far as they are known.
    async fn facts(&self, id: Hash) -> Result<Option<(Dataset, Option<Hash>)>, KvError> {
        let read = move |kv: &dyn KvStore| {
            let Some(dataset) = queries::dataset(kv, id.into())? else { return Ok(None) };
            let seed = queries::seed(kv, dataset.registered.block)?.map(Hash);
            Ok(Some((dataset, seed)))
        };
        self.read_model.run(read).await
    }

    /// The file that an owner answered for, if it is here and what they say it is: so many drawn blocks of this dataset,
    /// drawn with this seed. The chain believes them; a file with a note was checked.
    pub async fn answered(
        &self,
        dataset: Hash,
        seed: Hash,
        digest: Hash,
        blocks: u32,
    ) -> Result<Option<Note>, SampleError> {
        let note = self.read_note(digest).await?;
        let as_said =
            |note: &Note| note.dataset == dataset && note.seed == Some(seed) && note.drawn == blocks;
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
            let running = self.downloads.begin(AccountId(dataset.0)).ok_or(SampleError::Busy)?;
            return Ok(Some(Opened { digest, length, source, running }));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
