//! Sealed payloads: received resumably, checked, published, read.
//!
//! Promises: the offset of an upload is what is on disk for good; a payload is published only after its root was
//! recomputed from the bytes on disk and its leaf list folds to the dataset; what is published never changes; an
//! account keeps no more than its quota, uploads in progress included; an upload that stands still is removed.
//! Uploads in progress stay on the machine that they were begun on; what is published may be in a storage that
//! several services share (see [`crate::storage::Payload`]).

mod check;
mod error;
mod offset;
mod publish;
mod receive;
mod recovery;
mod removal;
mod upload;
mod uploads;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

pub use check::{check_package, CheckError, Expected};
pub use error::{RemoveError, UploadError};
pub use uploads::{NewUpload, UploadStatus};
use wonbon_model::{AccountId, Hash};

use crate::{
    kv::KvError,
    locks::PerAccount,
    read_model::ReadModel,
    state::State,
    storage::{Downloads, Folder, Payload, Publications, Quota, Source, Storage},
};
use upload::Upload;

/// How many uploads in progress each account has.
type Uploads = PerAccount<32>;
/// How long a request waits for the one before it on the same upload to end.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Bounds on what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest upload in bytes.
    pub max_upload: u64,
    /// How long an upload may stand still.
    pub lifetime: Duration,
}

/// The payloads of this service.
#[derive(Debug)]
pub struct Payloads {
    /// Where the files of uploads in progress are.
    folder: PathBuf,
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    state: State,
    quota: Arc<Quota>,
    publications: Publications,
    limits: Limits,
    uploads: Mutex<HashMap<String, Arc<Upload>>>,
    running: Uploads,
    /// Cancelled once the service stops: a check does not keep it.
    stopping: CancellationToken,
    downloads: Downloads,
}

impl Payloads {
    /// Finds the uploads that were in progress in a folder. What they become goes into the storage.
    pub async fn open(
        folder: PathBuf,
        storage: Arc<dyn Storage>,
        (read_model, state): (ReadModel, State),
        quota: Arc<Quota>,
        limits: Limits,
    ) -> Result<Self, UploadError> {
        let payloads = Self {
            folder,
            publications: Publications::new(storage.clone(), state.clone(), quota.clone()),
            storage,
            read_model,
            state,
            quota,
            limits,
            uploads: Mutex::default(),
            running: Uploads::default(),
            stopping: CancellationToken::new(),
            downloads: Downloads::default(),
        };
        payloads.find_uploads().await?;
        Ok(payloads)
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<String, Arc<Upload>>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bounds.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// How many bytes an account may still bring.
    pub async fn room(&self, account: AccountId) -> Result<u64, KvError> {
        self.quota.room(account).await
    }

    /// Downloads that are running.
    pub fn downloads(&self) -> &Downloads {
        &self.downloads
    }

    /// Where the bytes are.
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    /// A published payload.
    pub async fn find(&self, sealed_root: Hash) -> Result<Option<Payload>, UploadError> {
        Ok(self.publications.find(sealed_root).await?)
    }

    /// Opens what belongs to a payload; `None` if the payload was removed by another service.
    pub async fn source(&self, folder: Folder, payload: &Payload) -> Result<Option<Source>, UploadError> {
        Ok(self.publications.open(folder, payload).await?)
    }

    /// Learns what other services published.
    pub async fn refresh(&self) -> Result<(), UploadError> {
        Ok(self.publications.refresh().await?)
    }
}

#[cfg(test)]
mod tests;
