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

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

pub use check::{check_package, CheckError, Expected};
pub use error::{RemoveError, UploadError};
pub use uploads::{NewUpload, UploadStatus};
use wonbon_model::{AccountId, Hash};

use crate::{
    kv::KvError,
    locks::{Counts, Mutex},
    read_model::ReadModel,
    state::State,
    storage::{Downloads, Payload, Publications, Quota, Storage, StorageError, MAX_DOWNLOADS},
};
use upload::Upload;

/// Most uploads in progress of one account.
const MAX_UPLOADS: usize = 32;
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
    /// Where what is published is.
    pub storage: Arc<dyn Storage>,
    read_model: ReadModel,
    state: State,
    quota: Arc<Quota>,
    pub(crate) publications: Publications,
    /// Bounds on what is kept.
    pub limits: Limits,
    uploads: Mutex<HashMap<String, Arc<Upload>>>,
    /// Counts the uploads in progress of each account.
    running: Counts<AccountId>,
    /// Cancelled once the service stops: a check does not keep it.
    stopping: CancellationToken,
    /// Downloads that are running.
    pub downloads: Downloads,
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
            running: Counts::new(MAX_UPLOADS),
            stopping: CancellationToken::new(),
            downloads: Downloads::new(MAX_DOWNLOADS),
        };
        payloads.find_uploads().await?;
        Ok(payloads)
    }

    /// How many bytes an account may still bring.
    pub async fn room(&self, account: AccountId) -> Result<u64, KvError> {
        self.quota.room(account).await
    }

    /// A published payload.
    pub async fn find(&self, sealed_root: Hash) -> Result<Option<Payload>, StorageError> {
        self.publications.find(sealed_root).await
    }

    /// Learns what other services published.
    pub async fn refresh(&self) -> Result<(), StorageError> {
        self.publications.refresh().await
    }
}

#[cfg(test)]
mod tests;
