//! Documents by hash: metadata of datasets, licence and agreement texts.
//!
//! A document is stored only under its own SHA-256, so what a hash on the chain names is what a reader gets. The
//! bytes count against the quota of whoever stores them first. [`indexing`] tells which of them can be found.

mod indexing;

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use thiserror::Error;

use wonbon_model::{canonical, metadata::Metadata, AccountId, Hash};

use crate::{
    locks::{KeyedMutex, Mutex},
    read_model::ReadModel,
    search::SearchIndex,
    storage::{Folder, Quota, Storage, StorageError},
    task::run_to_completion,
};

/// Most bytes of a document.
pub const MAX_BYTES: usize = wonbon_primitives::bounds::MAX_METADATA as usize;

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
    /// Bytes or rows cannot be read or written, or the quota is used up.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for DocumentError {
    fn from(error: E) -> Self {
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

    /// Stores a document; `false` if it was there already.
    pub async fn put(
        self: &Arc<Self>,
        kind: Kind,
        hash: Hash,
        account: AccountId,
        bytes: Bytes,
    ) -> Result<bool, DocumentError> {
        let found = Hash(Sha256::digest(&bytes).into());
        if found != hash {
            return Err(DocumentError::Hash { found });
        }
        let metadata = match kind {
            Kind::Metadata => {
                let document = canonical::parse(&bytes).map_err(invalid)?;
                Some(Metadata::read(document).map_err(invalid)?)
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
                quota.keep(account, length, put).await?;
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

fn invalid(why: impl ToString) -> DocumentError {
    DocumentError::Invalid(why.to_string())
}

/// Metadata from the bytes of its document.
fn readable(bytes: &[u8]) -> Option<Metadata> {
    Metadata::read(serde_json::from_slice(bytes).ok()?).ok()
}

#[cfg(test)]
mod tests;
