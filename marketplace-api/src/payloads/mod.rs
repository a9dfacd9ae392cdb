//! Sealed payloads: received resumably, checked, published, read.
//!
//! Promises: the offset of an upload is what is on disk for good; a payload is published only after its root was
//! recomputed from the bytes on disk and its leaf list folds to the dataset; what is published never changes; an
//! account keeps no more than its quota, uploads in progress included; an upload that stands still is removed.
//! Uploads in progress stay on the machine that they were begun on; what is published may be in a store that
//! several services share (see [`publication`]).

mod check;
mod offset;
mod publication;
mod publish;
pub mod range;
mod receive;
mod recovery;
mod upload;

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use codec::{Decode, Encode};
use serde::Serialize;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use wonbon_primitives::content::leaf_list;

pub use check::{check_package, CheckError, Expected};
pub use publication::RemoveError;

use crate::{
    kv::{KvError, KvStore},
    locks::{KeyedMutex, PerAccount},
    model::{Account, Hash},
    read_model::ReadModel,
    storage::{Downloads, OverQuota, Quota, Storage, StorageError},
    task::run_to_completion,
};
use upload::{Stage, Upload, UploadManifest};

/// How many uploads in progress each account has.
type Uploads = PerAccount<32>;
/// How long a request waits for the one before it on the same upload to end.
const TURN: Duration = Duration::from_secs(10);

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
    pub uploader: Account,
    /// When, in milliseconds since 1970.
    pub published_at_ms: u64,
}

/// Bounds on what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest upload in bytes.
    pub max_upload: u64,
    /// How long an upload may stand still.
    pub lifetime: Duration,
}

/// What a client wants to upload.
#[derive(Clone, Copy, Debug)]
pub struct NewUpload {
    /// What the package has to be.
    pub expected: Expected,
    /// Bytes that the client says it will send.
    pub upload_length: u64,
}

/// How an upload stands.
#[derive(Clone, Debug)]
pub struct UploadStatus {
    /// What it will be.
    pub plan: UploadManifest,
    /// Bytes on disk for good.
    pub offset: u64,
    /// When it will be removed if nothing more arrives.
    pub expires_at: SystemTime,
    /// Whether it is published.
    pub published: bool,
}

/// Why an upload was refused, or did not go on.
#[derive(Debug, Error)]
pub enum UploadError {
    /// There is no such upload, or it is another account's.
    #[error("no such upload")]
    Missing,
    /// It cannot be this long.
    #[error("an upload of {length} bytes; at most {limit} are accepted")]
    TooLarge {
        /// Bytes asked for.
        length: u64,
        /// Most bytes.
        limit: u64,
    },
    /// The length does not go with the payload's.
    #[error("a payload of {payload_length} bytes makes a package of another length than {upload_length}")]
    Length {
        /// Bytes of the payload.
        payload_length: u64,
        /// Bytes of the upload.
        upload_length: u64,
    },
    /// The account's quota.
    #[error(transparent)]
    OverQuota(#[from] OverQuota),
    /// The account has too many uploads in progress.
    #[error("at most {limit} uploads at once")]
    TooMany {
        /// Most uploads.
        limit: usize,
    },
    /// The payload is stored already.
    #[error("the payload is stored already")]
    Stored,
    /// The bytes do not go on where the stored ones end.
    #[error("the upload is at {offset}")]
    Offset {
        /// Where it is.
        offset: u64,
    },
    /// More bytes than the upload's length.
    #[error("more bytes than the {length} of the upload")]
    Overflow {
        /// The upload's length.
        length: u64,
    },
    /// Another request is using it.
    #[error("the upload is in use")]
    Busy,
    /// The connection broke or stood still; what arrived is kept.
    #[error("the upload was cut off: {0}")]
    CutOff(String),
    /// The bytes are not what was announced; the upload is removed.
    #[error(transparent)]
    Wrong(CheckError),
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Storage.
    #[error(transparent)]
    KvStore(#[from] KvError),
}

impl From<io::Error> for UploadError {
    fn from(error: io::Error) -> Self {
        Self::Storage(StorageError::Failed(error.to_string()))
    }
}

/// The payloads of this service.
#[derive(Debug)]
pub struct Payloads {
    folder: PathBuf,
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    quota: Arc<Quota>,
    limits: Limits,
    uploads: Mutex<HashMap<String, Arc<Upload>>>,
    running: Uploads,
    /// Held by whoever looks whether a payload is stored and then stores it.
    roots: KeyedMutex<Hash>,
    /// Cancelled once the service stops: a check does not keep it.
    stopping: CancellationToken,
    downloads: Downloads,
}

impl Payloads {
    /// Opens the store and finds the uploads that were in progress.
    pub async fn open(
        folder: PathBuf,
        storage: Arc<dyn Storage>,
        read_model: ReadModel,
        quota: Arc<Quota>,
        limits: Limits,
    ) -> Result<Self, UploadError> {
        let payloads = Self {
            folder,
            storage,
            read_model,
            quota,
            limits,
            uploads: Mutex::default(),
            running: Uploads::default(),
            roots: KeyedMutex::default(),
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
    pub async fn room(&self, account: Account) -> Result<u64, KvError> {
        let quota = self.quota.clone();
        self.read_model.run(move |kv| quota.room(kv, account)).await
    }

    /// Downloads that are running.
    pub fn downloads(&self) -> &Downloads {
        &self.downloads
    }

    /// Where the bytes are.
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    /// Begins an upload.
    pub async fn create(
        self: &Arc<Self>,
        account: Account,
        new: NewUpload,
    ) -> Result<UploadStatus, UploadError> {
        let payloads = self.clone();
        run_to_completion(async move { payloads.begin(account, new).await }).await
    }

    async fn begin(&self, account: Account, new: NewUpload) -> Result<UploadStatus, UploadError> {
        let NewUpload { expected, upload_length } = new;
        let limit = self.limits.max_upload;
        if upload_length > limit {
            return Err(UploadError::TooLarge { length: upload_length, limit });
        }
        let payload_length = expected.payload_length;
        if leaf_list::package_length(payload_length) != Some(upload_length) {
            return Err(UploadError::Length { payload_length, upload_length });
        }
        if let Some(payload) = self.find(expected.sealed_root).await? {
            if self.is_there(&payload).await? {
                return Err(UploadError::Stored);
            }
        }
        let running = self.running.begin(account).ok_or(UploadError::TooMany { limit: Uploads::LIMIT })?;
        let plan = UploadManifest {
            version: UploadManifest::VERSION,
            id: hex::encode(crate::random::bytes::<16>()),
            account,
            sealed_root: expected.sealed_root,
            dataset_root: expected.dataset_root,
            payload_length,
            package_length: upload_length,
        };
        let (quota, folder) = (self.quota.clone(), self.folder.clone());
        let create = move |kv: &dyn KvStore| -> Result<Upload, UploadError> {
            let reserved = quota.reserve(kv, account, upload_length)??;
            let upload = Upload::create(&folder, plan)?;
            upload.hold((reserved, Some(running)));
            Ok(upload)
        };
        let upload = Arc::new(self.read_model.run(create).await?);
        let status = self.describe(&upload);
        self.uploads().insert(upload.plan.id.clone(), upload);
        Ok(status)
    }

    /// How an upload stands.
    pub fn status(&self, account: Account, id: &str) -> Result<UploadStatus, UploadError> {
        Ok(self.describe(&*self.upload(account, id)?))
    }

    /// Ends an upload and frees what it used.
    pub async fn terminate(&self, account: Account, id: &str) -> Result<(), UploadError> {
        let upload = self.upload(account, id)?;
        upload.interrupt();
        upload.unwanted.cancel();
        let _turn = tokio::time::timeout(TURN, upload.turn.lock()).await.map_err(|_| UploadError::Busy)?;
        self.discard(&upload).await
    }

    fn describe(&self, upload: &Upload) -> UploadStatus {
        UploadStatus {
            plan: upload.plan.clone(),
            offset: upload.offset(),
            expires_at: upload.expires_at(self.limits.lifetime),
            published: upload.stage() == Stage::Published,
        }
    }

    fn upload(&self, account: Account, id: &str) -> Result<Arc<Upload>, UploadError> {
        let found = self.uploads().get(id).cloned();
        // Another account's upload is not admitted to exist.
        found.filter(|upload| upload.plan.account == account).ok_or(UploadError::Missing)
    }

    /// Removes an upload. The caller holds its turn.
    async fn discard(&self, upload: &Arc<Upload>) -> Result<(), UploadError> {
        upload.end(Stage::Gone);
        self.uploads().remove(&upload.plan.id);
        let files = upload.files.clone();
        tokio::task::spawn_blocking(move || files.remove()).await.map_err(io::Error::other)??;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
