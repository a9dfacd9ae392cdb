//! Documents by hash: metadata of datasets, licence and agreement texts.
//!
//! A document is stored only under its own SHA-256, so what a hash on the chain names is what a reader gets. The
//! bytes count against the quota of whoever stores them first. Of metadata only what a registered dataset names is
//! put into the search index, which is in memory: whoever fills that has to register for it.

pub mod canonical;
pub mod schema;

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::{future, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use schema::Metadata;

use crate::{
    kv::{KvError, KvStore},
    locks::KeyedMutex,
    model::{Account, Hash},
    read_model::{
        queries::{self, PageRequest},
        ReadModel,
    },
    search::SearchIndex,
    storage::{Folder, OverQuota, Quota, Storage, StorageError},
    task::run_to_completion,
};

/// Most bytes of a document.
pub const MAX_BYTES: usize = wonbon_primitives::bounds::MAX_METADATA as usize;

/// Documents read at once.
const READ_AT_ONCE: usize = 16;
/// Datasets gone through at once.
const DATASETS: usize = 256;
/// Most documents that the store is asked for one by one, before it is asked what it has.
const ASKED: usize = 256;
/// How often documents are looked for that datasets name and that were not there.
const REFRESH: Duration = Duration::from_secs(60);

/// What kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Canonical JSON that describes a dataset.
    Metadata,
    /// A plain text.
    Text,
}

impl Kind {
    fn folder(self) -> Folder {
        match self {
            Self::Metadata => Folder::Metadata,
            Self::Text => Folder::Documents,
        }
    }
}

/// Why a document was refused.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The hash in the address is not that of the bytes.
    #[error("the document has SHA-256 {found}")]
    Hash {
        /// The hash of the bytes.
        found: Hash,
    },
    /// The document is not what it should be.
    #[error("{0}")]
    Invalid(String),
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

impl From<io::Error> for DocumentError {
    fn from(error: io::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// The documents of this service.
#[derive(Debug)]
pub struct Documents {
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    quota: Arc<Quota>,
    search: Arc<SearchIndex>,
    /// Metadata that datasets name and that is not in the search index: not read yet, or not stored here.
    wanted: Mutex<HashSet<Hash>>,
    /// Held by whoever looks whether a document is stored and then stores it.
    hashes: KeyedMutex<Hash>,
}

impl Documents {
    /// Over the store and the read model of a service.
    pub fn new(
        storage: Arc<dyn Storage>,
        read_model: ReadModel,
        quota: Arc<Quota>,
        search: Arc<SearchIndex>,
    ) -> Self {
        Self { storage, read_model, quota, search, wanted: Mutex::default(), hashes: KeyedMutex::default() }
    }

    fn wanted(&self) -> MutexGuard<'_, HashSet<Hash>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads into the search index what the datasets of the read model name.
    pub async fn read_named(&self) -> Result<(), KvError> {
        let mut after = None;
        loop {
            let request = PageRequest { after, limit: DATASETS };
            let list = move |kv: &dyn KvStore| queries::datasets(kv, None, &request, |_| Ok(true));
            let page = self.read_model.run(list).await?;
            self.read(page.items.iter().map(|dataset| dataset.metadata)).await;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Reads into the search index what datasets name. What is not stored yet stays wanted.
    async fn read(&self, named: impl IntoIterator<Item = Hash>) {
        let mut new: HashSet<Hash> = named.into_iter().collect();
        new.retain(|hash| self.search.summary(*hash).is_none());
        // Before it is looked for: it may be stored at this moment.
        self.wanted().extend(&new);
        let read = new.into_iter().map(|hash| async move { (hash, self.get(Kind::Metadata, hash).await) });
        let mut read = futures::stream::iter(read).buffer_unordered(READ_AT_ONCE);
        while let Some((hash, bytes)) = read.next().await {
            match bytes.map(|bytes| bytes.map(|bytes| readable(&bytes))) {
                Ok(Some(Some(metadata))) => self.index(hash, &metadata),
                // It is what its hash says: it will not be readable later.
                Ok(Some(None)) => {
                    self.wanted().remove(&hash);
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%hash, %error, "could not read a document"),
            }
        }
        // Not more at a time than the index takes in.
        self.search.flush().await;
    }

    /// Puts a document that is stored into the search index, if a dataset names it.
    fn index(&self, hash: Hash, metadata: &Metadata) {
        if self.wanted().remove(&hash) {
            self.search.insert(hash, metadata);
        }
    }

    /// Looks again for what is wanted: another service may have put it into a store that they share, or the store
    /// did not answer.
    pub async fn read_wanted(&self) -> Result<(), StorageError> {
        let wanted = self.wanted().clone();
        let found = match wanted.len() {
            0 => return Ok(()),
            1..=ASKED => {
                let ask = |hash| async move {
                    let length = self.storage.length(Folder::Metadata, hash).await?;
                    Ok::<_, StorageError>(length.map(|_| hash))
                };
                let asked = futures::stream::iter(wanted.into_iter().map(ask));
                let found = asked.buffer_unordered(READ_AT_ONCE).try_filter_map(future::ok);
                found.try_collect().await?
            }
            _ => {
                let mut found = self.storage.list(Folder::Metadata).await?;
                found.retain(|hash| wanted.contains(hash));
                found
            }
        };
        self.read(found).await;
        Ok(())
    }

    /// Reads what the datasets of the read model name; `false` if that has to be done again.
    async fn read_first(&self) -> bool {
        let read = self.read_named().await;
        match &read {
            Ok(()) => tracing::info!(wanted = self.wanted().len(), "read the documents of the datasets"),
            Err(error) => tracing::error!(%error, "could not read which documents datasets name"),
        }
        read.is_ok()
    }

    /// Keeps the search index up to date until it is cancelled: reads what the datasets of the read model name,
    /// and what `named` tells.
    pub async fn maintain(&self, mut named: mpsc::UnboundedReceiver<Hash>, cancel: CancellationToken) {
        let work = async {
            let mut read_named = false;
            let mut refresh = tokio::time::interval(REFRESH);
            loop {
                let mut hashes = Vec::new();
                tokio::select! {
                    1.. = named.recv_many(&mut hashes, DATASETS) => self.read(hashes).await,
                    _ = refresh.tick() => {
                        if !read_named {
                            read_named = self.read_first().await;
                        } else if let Err(error) = self.read_wanted().await {
                            tracing::warn!(%error, "could not look for documents");
                        }
                    }
                }
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = work => {}
        }
    }

    /// Stores a document; `false` if it was there already.
    pub async fn put(
        self: &Arc<Self>,
        kind: Kind,
        hash: Hash,
        account: Account,
        bytes: Bytes,
    ) -> Result<bool, DocumentError> {
        let found = Hash(Sha256::digest(&bytes).into());
        if found != hash {
            return Err(DocumentError::Hash { found });
        }
        let metadata = match kind {
            Kind::Metadata => {
                let document = canonical::parse(&bytes).map_err(|why| DocumentError::Invalid(why.into()))?;
                Some(schema::read(document).map_err(DocumentError::Invalid)?)
            }
            Kind::Text if std::str::from_utf8(&bytes).is_err() => {
                return Err(DocumentError::Invalid("the text is not UTF-8".into()));
            }
            Kind::Text => None,
        };
        let documents = self.clone();
        run_to_completion(async move {
            let Self { storage, quota, .. } = &*documents;
            let _hash = documents.hashes.lock(hash).await;
            let new = storage.length(kind.folder(), hash).await?.is_none();
            if new {
                let length = bytes.len() as u64;
                let put = storage.put(kind.folder(), hash, bytes);
                quota.keep::<DocumentError>(account, length, put).await?;
            }
            if let Some(metadata) = metadata {
                documents.index(hash, &metadata);
            }
            Ok(new)
        })
        .await
    }

    /// A document.
    pub async fn get(&self, kind: Kind, hash: Hash) -> Result<Option<Bytes>, StorageError> {
        self.storage.get(kind.folder(), hash).await
    }

    /// A metadata document that was read; `None` if there is none, or none that can be read.
    pub async fn metadata(&self, hash: Hash) -> Result<Option<Metadata>, StorageError> {
        let bytes = self.get(Kind::Metadata, hash).await?;
        Ok(bytes.and_then(|bytes| readable(&bytes)))
    }
}

/// Metadata from the bytes of its document.
fn readable(bytes: &[u8]) -> Option<Metadata> {
    schema::read(serde_json::from_slice(bytes).ok()?).ok()
}

#[cfg(test)]
mod tests;
