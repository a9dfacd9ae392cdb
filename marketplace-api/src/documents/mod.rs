//! Documents by hash: metadata of datasets, licence and agreement texts.
//!
//! A document is stored only under its own SHA-256, so what a hash on the chain names is what a reader gets. The
//! bytes count against the quota of whoever stores them first.

pub mod canonical;
pub mod schema;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

pub use schema::Metadata;

use crate::{
    model::{Account, Hash},
    payloads::{Folder, OverQuota, Quota, Store, StoreError},
    read_model::{
        ledger::{Batch, LedgerError, Table},
        ReadModel,
    },
    search::SearchIndex,
};

/// Most bytes of a document.
pub const MAX_BYTES: usize = wonbon_primitives::bounds::MAX_METADATA as usize;

/// Documents read at once where all are read.
const READ_AT_ONCE: usize = 16;
/// How often the documents of other services are looked for.
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
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Storage.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The documents of this service.
#[derive(Debug)]
pub struct Documents {
    store: Store,
    read_model: ReadModel,
    quota: Arc<Quota>,
    search: Arc<SearchIndex>,
}

impl Documents {
    /// Reads all metadata into the search index.
    pub async fn open(
        store: Store,
        read_model: ReadModel,
        quota: Arc<Quota>,
        search: Arc<SearchIndex>,
    ) -> Result<Self, StoreError> {
        let documents = Self { store, read_model, quota, search };
        documents.read_new().await?;
        Ok(documents)
    }

    /// Reads the metadata that is not in the search index yet.
    pub async fn read_new(&self) -> Result<(), StoreError> {
        let found = self.store.list(Folder::Metadata).await?;
        let new = found.into_iter().filter(|hash| self.search.summary(*hash).is_none());
        let read = new.map(|hash| async move { Ok::<_, StoreError>((hash, self.metadata(hash).await?)) });
        let mut read = futures::stream::iter(read).buffer_unordered(READ_AT_ONCE);
        while let Some((hash, metadata)) = read.try_next().await? {
            if let Some(metadata) = metadata {
                self.search.insert(hash, &metadata);
            }
        }
        Ok(())
    }

    /// Reads, every so often until it is cancelled, what other services put into a store that they share.
    pub async fn maintain(&self, cancel: CancellationToken) {
        if !self.store.is_shared() {
            return cancel.cancelled().await;
        }
        while tokio::time::timeout(REFRESH, cancel.cancelled()).await.is_err() {
            if let Err(error) = self.read_new().await {
                tracing::warn!(%error, "could not read the documents of other services");
            }
        }
    }

    /// Stores a document; `false` if it was there already.
    pub async fn put(
        &self,
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
        if self.store.length(kind.folder(), hash).await?.is_some() {
            if let Some(metadata) = metadata {
                // Another service may have stored it.
                self.search.insert(hash, &metadata);
            }
            return Ok(false);
        }
        let length = bytes.len() as u64;
        let quota = self.quota.clone();
        self.read_model
            .run(move |ledger| Ok::<_, DocumentError>(quota.reserve(ledger, account, length)??))
            .await?;
        let stored = self.store.put(kind.folder(), hash, bytes).await;
        if stored.is_ok() {
            let quota = self.quota.clone();
            let count = move |ledger: &dyn crate::read_model::Ledger| {
                quota.store(ledger, account, length, Batch::new(Table::Service))
            };
            self.read_model.run(count).await?;
        }
        self.quota.release(account, length);
        stored?;
        if let Some(metadata) = metadata {
            self.search.insert(hash, &metadata);
        }
        Ok(true)
    }

    /// A document.
    pub async fn get(&self, kind: Kind, hash: Hash) -> Result<Option<Bytes>, StoreError> {
        self.store.get(kind.folder(), hash).await
    }

    /// A metadata document that was read; `None` if there is none, or none that can be read.
    pub async fn metadata(&self, hash: Hash) -> Result<Option<Metadata>, StoreError> {
        let bytes = self.get(Kind::Metadata, hash).await?;
        Ok(bytes.and_then(|bytes| schema::read(serde_json::from_slice(&bytes).ok()?).ok()))
    }
}
