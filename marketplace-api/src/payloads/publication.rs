//! What is published, and how services that share a store learn it from each other.
//!
//! Each service has a row for every payload that it knows. Beside the payload the store has a *note* with the same
//! content, so that another service finds the payload, and so does this one if its rows are lost. A package is
//! fixed by its two roots, and the note is written before it, by one service only: so whoever stores a package under
//! that name stores the same bytes, whichever machine the parts of it come from. **A payload is published once its
//! note and its package are both in the store.** A note is believed, since only services write to the store; whoever
//! downloads verifies all the same.
//!
//! A payload that no open offer and no open order needs can be removed by its uploader. The package goes first, the
//! note last. A service that still has a row of it finds that out when it is asked for the payload.

use std::sync::Arc;

use thiserror::Error;
use wonbon_primitives::content::leaf_list;

use super::{
    upload::{Stage, UploadManifest},
    Payload, Payloads, UploadError,
};
use crate::{
    kv::{Batch, KvError, KvStore, Table},
    model::{Account, Hash, OfferState},
    read_model::{
        queries,
        row::{decode, encode, ServiceKind},
    },
    storage::{Folder, Source, StorageError},
    task::run_to_completion,
};

/// How long a note without a package keeps the place for whoever wrote it.
const CLAIM_MS: u64 = 24 * 60 * 60 * 1000;
/// Most offers of one payload that are looked through. With more of them it is not removed.
const OFFERS: usize = 1000;

/// Why a payload was not removed.
#[derive(Debug, Error)]
pub enum RemoveError {
    /// There is no such payload.
    #[error("no such payload")]
    Missing,
    /// Another account uploaded it.
    #[error("only the account that uploaded a payload may remove it")]
    NotTheUploader,
    /// Somebody may still buy it, or has ordered it.
    #[error("offer {offer} is open or has orders that are not final")]
    Needed {
        /// An offer that needs it.
        offer: u64,
    },
    /// Storage.
    #[error(transparent)]
    Failed(#[from] UploadError),
}

impl From<StorageError> for RemoveError {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<std::io::Error> for RemoveError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<KvError> for RemoveError {
    fn from(error: KvError) -> Self {
        Self::Failed(error.into())
    }
}

impl Payload {
    /// What this service knows of a published payload.
    pub(crate) fn find(kv: &dyn KvStore, sealed_root: Hash) -> Result<Option<Self>, KvError> {
        let row = kv.get(Table::Service, &ServiceKind::Payload.key(&[&sealed_root]))?;
        row.map(|row| decode(&row)).transpose()
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

impl Payloads {
    /// A published payload.
    pub async fn find(&self, sealed_root: Hash) -> Result<Option<Payload>, UploadError> {
        if let Some(known) = self.known(sealed_root).await? {
            return Ok(Some(known));
        }
        let _root = self.roots.lock(sealed_root).await;
        self.adopt(sealed_root).await
    }

    /// Opens what belongs to a payload; `None` if the payload was removed by another service.
    pub async fn source(&self, folder: Folder, payload: &Payload) -> Result<Option<Source>, UploadError> {
        match self.storage.open(folder, payload.sealed_root).await {
            Ok(source) => Ok(Some(source)),
            Err(StorageError::Missing) => {
                let _root = self.roots.lock(payload.sealed_root).await;
                self.forget(payload).await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the package is still where its row says; the row goes if it is not.
    pub(super) async fn is_there(&self, payload: &Payload) -> Result<bool, UploadError> {
        let _root = self.roots.lock(payload.sealed_root).await;
        let there = self.storage.length(Folder::Payloads, payload.sealed_root).await?.is_some();
        if !there {
            self.forget(payload).await?;
        }
        Ok(there)
    }

    async fn known(&self, sealed_root: Hash) -> Result<Option<Payload>, KvError> {
        self.read_model.run(move |kv| Payload::find(kv, sealed_root)).await
    }

    /// A published payload, learnt from the store if there is no row of it. The caller holds the root.
    pub(super) async fn adopt(&self, sealed_root: Hash) -> Result<Option<Payload>, UploadError> {
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

    /// Writes the note of a payload that is about to be stored, unless another dataset's package has the place.
    pub(super) async fn claim(&self, plan: &UploadManifest) -> Result<Payload, UploadError> {
        let payload = Payload {
            sealed_root: plan.sealed_root,
            dataset_root: plan.dataset_root,
            payload_length: plan.payload_length,
            package_length: plan.package_length,
            uploader: plan.account,
            published_at_ms: crate::clock::now_ms(),
        };
        let (root, note) = (plan.sealed_root, encode(&payload));
        if self.storage.put_if_absent(Folder::Published, root, note.clone().into()).await? {
            return Ok(payload);
        }
        let Some(found) = self.storage.get(Folder::Published, root).await? else {
            // It was removed at this moment.
            self.storage.put_if_absent(Folder::Published, root, note.into()).await?;
            return Ok(payload);
        };
        let found = Payload::read(&found, root)?;
        let stored = self.storage.length(Folder::Payloads, root).await?.is_some();
        let same = found.dataset_root == plan.dataset_root;
        if stored && same {
            return Ok(found);
        }
        let given_up = found.published_at_ms.saturating_add(CLAIM_MS) < payload.published_at_ms;
        if stored || !(same || given_up) {
            return Err(UploadError::Stored);
        }
        self.storage.put(Folder::Published, root, note.into()).await?;
        Ok(payload)
    }

    /// Writes the row of a payload and counts its bytes.
    pub(super) async fn record(&self, payload: Payload) -> Result<(), KvError> {
        let quota = self.quota.clone();
        self.read_model
            .run(move |kv| {
                let mut batch = Batch::new(Table::Service);
                batch.put(ServiceKind::Payload.key(&[&payload.sealed_root]), encode(&payload));
                quota.store(kv, payload.uploader, payload.package_length, batch)
            })
            .await
    }

    /// Removes the row of a payload and gives its bytes back. The caller holds the root.
    async fn forget(&self, payload: &Payload) -> Result<(), KvError> {
        let (quota, payload) = (self.quota.clone(), payload.clone());
        self.read_model
            .run(move |kv| {
                if Payload::find(kv, payload.sealed_root)?.is_none() {
                    return Ok(());
                }
                let mut batch = Batch::new(Table::Service);
                batch.remove(ServiceKind::Payload.key(&[&payload.sealed_root]));
                quota.remove(kv, payload.uploader, payload.package_length, batch)
            })
            .await
    }

    /// Removes a payload that nobody needs, and gives its bytes back to its uploader.
    pub async fn remove(self: &Arc<Self>, account: Account, sealed_root: Hash) -> Result<(), RemoveError> {
        let payloads = self.clone();
        run_to_completion(async move { payloads.take_away(account, sealed_root).await }).await
    }

    async fn take_away(&self, account: Account, sealed_root: Hash) -> Result<(), RemoveError> {
        let _root = self.roots.lock(sealed_root).await;
        let payload = self.adopt(sealed_root).await?.ok_or(RemoveError::Missing)?;
        if payload.uploader != account {
            return Err(RemoveError::NotTheUploader);
        }
        if let Some(offer) = self.read_model.run(move |kv| needed_by(kv, sealed_root)).await? {
            return Err(RemoveError::Needed { offer });
        }
        for folder in [Folder::Payloads, Folder::Trees, Folder::Published] {
            self.storage.delete(folder, sealed_root).await?;
        }
        self.forget(&payload).await?;
        // What says to a client that its upload is done; after a restart it would be taken for one in progress.
        let done = |upload: &&Arc<super::Upload>| {
            upload.plan.sealed_root == sealed_root && upload.stage() == Stage::Published
        };
        let uploads: Vec<_> = self.uploads().values().filter(done).cloned().collect();
        for upload in uploads {
            self.discard(&upload).await?;
        }
        tracing::info!(%sealed_root, %account, "removed a payload");
        Ok(())
    }

    /// Learns what other services published. Lists ask the rows only, so that this is when they see it.
    pub async fn refresh(&self) -> Result<(), UploadError> {
        if !self.storage.is_shared() {
            return Ok(());
        }
        for sealed_root in self.storage.list(Folder::Published).await? {
            self.find(sealed_root).await?;
        }
        Ok(())
    }
}

/// An offer that is open or has orders that are not final.
fn needed_by(kv: &dyn KvStore, sealed_root: Hash) -> Result<Option<u64>, KvError> {
    let offers = queries::offers_of_payload(kv, sealed_root, OFFERS)?;
    let too_many = offers.len() >= OFFERS;
    let needs =
        |offer: &&crate::model::Offer| too_many || offer.state == OfferState::Open || offer.open_orders > 0;
    Ok(offers.iter().find(needs).map(|offer| offer.id))
}
