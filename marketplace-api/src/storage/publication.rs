//! Which payloads are published, and how services that share a storage learn it from each other.
//!
//! Each service has a row for every payload that it knows. Beside the payload the storage has a *note* with the same
//! content, so that another service finds the payload, and so does this one if its rows are lost. A package is
//! fixed by its two roots, and the note is written before it, by one service only: so whoever stores a package under
//! that name stores the same bytes, whichever machine the parts of it come from. **A payload is published once its
//! note and its package are both in the storage.** A note is believed, since only services write there; whoever
//! downloads verifies all the same.
//!
//! The package of a payload that is removed goes first, the note last. A service that still has a row of it finds that
//! out when it is asked for the payload.

use std::sync::Arc;

use codec::{Decode, Encode};
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use utoipa::ToSchema;
use wonbon_model::{AccountId, Hash};
use wonbon_primitives::content::leaf_list;

use super::{Folder, Quota, Source, Storage, StorageError};
use crate::{
    kv::{Batch, KvError, KvStore},
    locks::KeyedMutex,
    state::{
        row::{decode, encode, fetch, Kind},
        State,
    },
};

/// How long a note without a package keeps the place for whoever wrote it.
const RESERVED_MS: u64 = 24 * 60 * 60 * 1000;

/// What is known of a published payload.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Payload {
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Root of the plaintext, to which the leaf list folds.
    pub dataset_root: Hash,
    /// Bytes of the payload.
    pub payload_length: u64,
    /// Bytes of the package: payload and leaf list.
    pub package_length: u64,
    /// Who uploaded it.
    pub uploader: AccountId,
    /// When, in milliseconds since 1970.
    pub published_at_ms: u64,
}

impl Payload {
    /// What this service knows of a published payload.
    pub(crate) fn find(kv: &dyn KvStore, sealed_root: Hash) -> Result<Option<Self>, KvError> {
        fetch(kv, &Kind::Payload.key(&[&sealed_root]))
    }

    /// Reads a note.
    fn read(note: &[u8], sealed_root: Hash) -> Result<Self, StorageError> {
        let payload: Option<Self> = decode(note).ok();
        let fits = |payload: &Self| {
            payload.sealed_root == sealed_root
                && leaf_list::package_length(payload.payload_length) == Some(payload.package_length)
        };
        let unreadable = || StorageError::Failed(format!("the note of payload {sealed_root} cannot be read"));
        payload.filter(fits).ok_or_else(unreadable)
    }
}

type Result<T, E = StorageError> = std::result::Result<T, E>;

/// The published payloads.
#[derive(Debug)]
pub(crate) struct Publications {
    storage: Arc<dyn Storage>,
    state: State,
    quota: Arc<Quota>,
    /// Held by whoever looks whether a payload is stored and then stores or removes it.
    roots: KeyedMutex<Hash>,
}

impl Publications {
    pub(crate) fn new(storage: Arc<dyn Storage>, state: State, quota: Arc<Quota>) -> Self {
        Self { storage, state, quota, roots: KeyedMutex::default() }
    }

    /// Waits until nobody else stores or removes this payload.
    pub(crate) async fn lock(&self, sealed_root: Hash) -> OwnedMutexGuard<()> {
        self.roots.lock(sealed_root).await
    }

    /// A published payload.
    pub(crate) async fn find(&self, sealed_root: Hash) -> Result<Option<Payload>> {
        if let Some(known) = self.known(sealed_root).await? {
            return Ok(Some(known));
        }
        let _root = self.lock(sealed_root).await;
        self.find_locked(sealed_root).await
    }

    async fn known(&self, sealed_root: Hash) -> Result<Option<Payload>, KvError> {
        self.state.run(move |kv| Payload::find(kv, sealed_root)).await
    }

    /// A published payload, learnt from the storage if there is no row of it. The caller holds the root.
    pub(crate) async fn find_locked(&self, sealed_root: Hash) -> Result<Option<Payload>> {
        if let Some(known) = self.known(sealed_root).await? {
            return Ok(Some(known));
        }
        let Some(note) = self.storage.get(Folder::Published, sealed_root).await? else { return Ok(None) };
        let payload = Payload::read(&note, sealed_root)?;
        if self.storage.length(Folder::Payloads, sealed_root).await? != Some(payload.package_length) {
            return Ok(None);
        }
        tracing::info!(%sealed_root, "found a payload that another service published");
        self.record(payload.clone()).await?;
        Ok(Some(payload))
    }

    /// Opens what belongs to a payload; `None` if the payload was removed by another service.
    pub(crate) async fn open(&self, folder: Folder, payload: &Payload) -> Result<Option<Source>> {
        match self.storage.open(folder, payload.sealed_root).await {
            Err(StorageError::Missing) => {
                let _root = self.lock(payload.sealed_root).await;
                self.forget(payload).await?;
                Ok(None)
            }
            source => source.map(Some),
        }
    }

    /// Whether the package is still where its row says; the row goes if it is not.
    pub(crate) async fn is_there(&self, payload: &Payload) -> Result<bool> {
        let _root = self.lock(payload.sealed_root).await;
        let there = self.storage.length(Folder::Payloads, payload.sealed_root).await?.is_some();
        if !there {
            self.forget(payload).await?;
        }
        Ok(there)
    }

    /// Reserves the place of a payload that is about to be stored, by writing its note, and says what is in the note
    /// now; `None` if another dataset's package has the place. The caller holds the root.
    pub(crate) async fn reserve(&self, payload: Payload) -> Result<Option<Payload>> {
        let (root, note) = (payload.sealed_root, encode(&payload));
        if self.storage.put_if_absent(Folder::Published, root, note.clone().into()).await? {
            return Ok(Some(payload));
        }
        let Some(found) = self.storage.get(Folder::Published, root).await? else {
            // It was removed at this moment.
            self.storage.put_if_absent(Folder::Published, root, note.into()).await?;
            return Ok(Some(payload));
        };
        let found = Payload::read(&found, root)?;
        let stored = self.storage.length(Folder::Payloads, root).await?.is_some();
        let same = found.dataset_root == payload.dataset_root;
        if stored && same {
            return Ok(Some(found));
        }
        let given_up = found.published_at_ms.saturating_add(RESERVED_MS) < payload.published_at_ms;
        if stored || !(same || given_up) {
            return Ok(None);
        }
        self.storage.put(Folder::Published, root, note.into()).await?;
        Ok(Some(payload))
    }

    /// Writes the row of a payload and counts its bytes. The caller holds the root.
    pub(crate) async fn record(&self, payload: Payload) -> Result<(), KvError> {
        let mut batch = Batch::new();
        batch.put(Kind::Payload.key(&[&payload.sealed_root]), encode(&payload));
        self.quota.store(payload.uploader, payload.package_length, batch).await
    }

    /// Removes the row of a payload and gives its bytes back. The caller holds the root.
    async fn forget(&self, payload: &Payload) -> Result<(), KvError> {
        if self.known(payload.sealed_root).await?.is_none() {
            return Ok(());
        }
        let mut batch = Batch::new();
        batch.remove(Kind::Payload.key(&[&payload.sealed_root]));
        self.quota.remove(payload.uploader, payload.package_length, batch).await
    }

    /// Removes a payload, and gives its bytes back to its uploader. The caller holds the root.
    pub(crate) async fn remove(&self, payload: &Payload) -> Result<()> {
        for folder in [Folder::Payloads, Folder::Trees, Folder::Published] {
            self.storage.delete(folder, payload.sealed_root).await?;
        }
        Ok(self.forget(payload).await?)
    }

    /// Learns what other services published. Lists ask the rows only, so that this is when they see it.
    pub(crate) async fn refresh(&self) -> Result<()> {
        if !self.storage.is_shared() {
            return Ok(());
        }
        for sealed_root in self.storage.list(Folder::Published).await? {
            self.find(sealed_root).await?;
        }
        Ok(())
    }
}
