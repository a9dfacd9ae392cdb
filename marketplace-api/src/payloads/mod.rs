//! Sealed payloads: received resumably, checked, published, read.
//!
//! Promises: the offset of an upload is what is on disk for good; a payload is published only after its root was
//! recomputed from the bytes on disk and its leaf list folds to the dataset; what is published never changes; an
//! account keeps no more than its quota, uploads in progress included; an upload that stands still is removed.
//! Uploads in progress stay on the machine that they were begun on; what is published may be in a store that
//! several services share (see [`published`]).

mod check;
mod download;
mod offset;
mod published;
mod quota;
pub mod range;
mod receive;
mod store;
mod upload;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, SystemTime},
};

use codec::{Decode, Encode};
use serde::Serialize;
use thiserror::Error;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use wonbon_primitives::content::leaf_list;

pub use check::{check_package, CheckError, Expected};
pub use download::{Downloads, FileBody, Running};
pub use published::RemoveError;
pub use quota::{OverQuota, Quota};
pub use store::{Bucket, Folder, Source, Store, StoreError};

use crate::{
    model::{Account, Hash},
    read_model::{
        ledger::{Ledger, LedgerError},
        ReadModel,
    },
};
use upload::{Files, Plan, Stage, Upload};

/// Most uploads in progress for one account.
const UPLOADS_PER_ACCOUNT: usize = 32;
/// How long a request waits for the one before it on the same upload to end.
const TURN: Duration = Duration::from_secs(10);
/// How often expired uploads are looked for.
const SWEEP: Duration = Duration::from_secs(60);

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
    pub plan: Plan,
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
    Store(#[from] StoreError),
    /// Storage.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<io::Error> for UploadError {
    fn from(error: io::Error) -> Self {
        Self::Store(StoreError::Failed(error.to_string()))
    }
}

/// The payloads of this service.
#[derive(Debug)]
pub struct Payloads {
    folder: PathBuf,
    store: Store,
    read_model: ReadModel,
    quota: Arc<Quota>,
    limits: Limits,
    uploads: Mutex<HashMap<String, Arc<Upload>>>,
    /// Held by whoever looks whether a payload is stored and then stores it.
    roots: Mutex<HashMap<Hash, Weak<tokio::sync::Mutex<()>>>>,
    /// Cancelled once the service stops: a check does not keep it.
    stopping: CancellationToken,
    downloads: Downloads,
}

impl Payloads {
    /// Opens the store and finds the uploads that were in progress.
    pub async fn open(
        folder: PathBuf,
        store: Store,
        read_model: ReadModel,
        quota: Arc<Quota>,
        limits: Limits,
    ) -> Result<Self, UploadError> {
        let (uploads, roots) = (Mutex::default(), Mutex::default());
        let stopping = CancellationToken::new();
        let payloads = Self {
            folder,
            store,
            read_model,
            quota,
            limits,
            uploads,
            roots,
            stopping,
            downloads: Downloads::default(),
        };
        let folder = payloads.folder.clone();
        let found = payloads.read_model.run(move |ledger| find_uploads(ledger, &folder)).await?;
        for upload in found {
            if upload.stage() == Stage::Receiving {
                payloads.quota.restore(upload.plan.account, upload.plan.package_length);
            }
            payloads.uploads().insert(upload.plan.id.clone(), Arc::new(upload));
        }
        Ok(payloads)
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<String, Arc<Upload>>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else publishes a payload with this root.
    async fn lock_root(&self, sealed_root: Hash) -> OwnedMutexGuard<()> {
        let lock = {
            let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
            roots.retain(|_, lock| lock.strong_count() > 0);
            let found = roots.get(&sealed_root).and_then(Weak::upgrade);
            found.unwrap_or_else(|| {
                let lock = Arc::default();
                roots.insert(sealed_root, Arc::downgrade(&lock));
                lock
            })
        };
        lock.lock_owned().await
    }

    /// The bounds.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Downloads that are running.
    pub fn downloads(&self) -> &Downloads {
        &self.downloads
    }

    /// Where the bytes are.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Begins an upload.
    pub async fn create(&self, account: Account, new: NewUpload) -> Result<UploadStatus, UploadError> {
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
        let running =
            |upload: &&Arc<Upload>| upload.plan.account == account && upload.stage() == Stage::Receiving;
        if self.uploads().values().filter(running).count() >= UPLOADS_PER_ACCOUNT {
            return Err(UploadError::TooMany { limit: UPLOADS_PER_ACCOUNT });
        }
        let plan = Plan {
            version: Plan::VERSION,
            id: hex::encode(crate::random::bytes::<16>()),
            account,
            sealed_root: expected.sealed_root,
            dataset_root: expected.dataset_root,
            payload_length,
            package_length: upload_length,
        };
        let (quota, folder) = (self.quota.clone(), self.folder.clone());
        let upload = self
            .read_model
            .run(move |ledger| -> Result<Upload, UploadError> {
                quota.reserve(ledger, account, upload_length)??;
                Upload::create(&folder, plan).map_err(|error| {
                    quota.release(account, upload_length);
                    error.into()
                })
            })
            .await?;
        let upload = Arc::new(upload);
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
        if upload.stage() == Stage::Receiving {
            self.quota.release(upload.plan.account, upload.plan.package_length);
        }
        upload.set_stage(Stage::Gone);
        self.uploads().remove(&upload.plan.id);
        let files = upload.files.clone();
        tokio::task::spawn_blocking(move || files.remove()).await.map_err(io::Error::other)??;
        Ok(())
    }

    /// Checks a complete upload and publishes it. The caller holds its turn.
    async fn publish(&self, upload: &Arc<Upload>) -> Result<(), UploadError> {
        let plan = upload.plan.clone();
        let (files, expected) = (upload.files.clone(), plan.expected());
        if !files.data.exists() {
            // A crash came between the move to the store and the row. Another upload may have put its package
            // in the same place since, with the leaf list of another dataset: whatever is there is checked.
            self.store.fetch_file(Folder::Payloads, plan.sealed_root, files.data.clone()).await?;
        }
        let (stopping, unwanted) = (self.stopping.clone(), upload.unwanted.clone());
        let check = move || {
            let cancelled = || stopping.is_cancelled() || unwanted.is_cancelled();
            check_package(&files.data, &files.tree, &expected, &cancelled)
        };
        match tokio::task::spawn_blocking(check).await.map_err(io::Error::other)? {
            Ok(()) => {}
            Err(CheckError::Io(error)) => return Err(error.into()),
            // Nothing is known of the bytes: they stay, for the next check or for whoever removes them.
            Err(stopped @ CheckError::Cancelled) => return Err(UploadError::CutOff(stopped.to_string())),
            Err(wrong) => {
                metrics::counter!("wonbon_uploads_refused_total").increment(1);
                tracing::warn!(upload = plan.id, account = %plan.account, reason = %wrong, "refused a payload");
                self.discard(upload).await?;
                return Err(UploadError::Wrong(wrong));
            }
        }
        // The check runs beside others of the same payload; the first that comes here stores it.
        let _root = self.lock_root(plan.sealed_root).await;
        match self.adopt(plan.sealed_root).await? {
            None => {
                let payload = match self.claim(&plan).await {
                    Ok(payload) => payload,
                    Err(error) => {
                        if matches!(error, UploadError::Stored) {
                            self.discard(upload).await?;
                        }
                        return Err(error);
                    }
                };
                self.store.take_file(Folder::Trees, plan.sealed_root, upload.files.tree.clone()).await?;
                self.store.take_file(Folder::Payloads, plan.sealed_root, upload.files.data.clone()).await?;
                self.claim(&plan).await?;
                self.record(payload).await?;
            }
            Some(stored) if stored.dataset_root == plan.dataset_root => {}
            Some(_) => {
                self.discard(upload).await?;
                return Err(UploadError::Stored);
            }
        }
        self.quota.release(plan.account, plan.package_length);
        upload.set_stage(Stage::Published);
        let files = upload.files.clone();
        // A second upload of the same payload leaves its bytes here.
        let leftovers = move || [&files.data, &files.tree].map(std::fs::remove_file);
        let _ = tokio::task::spawn_blocking(leftovers).await;
        metrics::counter!("wonbon_payloads_published_total").increment(1);
        tracing::info!(sealed_root = %plan.sealed_root, bytes = plan.package_length, account = %plan.account, "published a payload");
        Ok(())
    }

    /// Finishes what a crash cut off, then removes expired uploads until it is cancelled.
    pub async fn maintain(self: Arc<Self>, cancel: CancellationToken) {
        let work = async {
            self.finish_complete_uploads().await;
            loop {
                if let Err(error) = self.refresh().await {
                    tracing::warn!(%error, "could not look for payloads of other services");
                }
                tokio::time::sleep(SWEEP).await;
                self.remove_expired(SystemTime::now()).await;
            }
        };
        tokio::select! {
            () = cancel.cancelled() => self.stopping.cancel(),
            () = work => {}
        }
    }

    async fn finish_complete_uploads(&self) {
        let complete = |upload: &Arc<Upload>| {
            upload.stage() == Stage::Receiving && upload.offset() == upload.plan.package_length
        };
        let found: Vec<_> = self.uploads().values().filter(|upload| complete(upload)).cloned().collect();
        for upload in found {
            let _turn = upload.turn.lock().await;
            if complete(&upload) {
                if let Err(error) = self.publish(&upload).await {
                    tracing::warn!(upload = upload.plan.id, %error, "a complete upload was not published");
                }
            }
        }
    }

    /// Removes the uploads that stood still for too long.
    pub async fn remove_expired(&self, now: SystemTime) {
        let expired = |upload: &Arc<Upload>| upload.expires_at(self.limits.lifetime) <= now;
        let found: Vec<_> = self.uploads().values().filter(|upload| expired(upload)).cloned().collect();
        for upload in found {
            // One that is being written is not standing still.
            let Ok(_turn) = upload.turn.try_lock() else { continue };
            if !expired(&upload) {
                continue;
            }
            match self.discard(&upload).await {
                Ok(()) => tracing::info!(upload = upload.plan.id, "removed an expired upload"),
                Err(error) => {
                    tracing::warn!(upload = upload.plan.id, %error, "could not remove an expired upload")
                }
            }
        }
    }
}

/// Reads the upload folder; what belongs to no upload is removed.
fn find_uploads(ledger: &dyn Ledger, folder: &Path) -> Result<Vec<Upload>, UploadError> {
    std::fs::create_dir_all(folder)?;
    let mut uploads = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let (Some(id), Some(extension)) = (path.file_stem(), path.extension()) else { continue };
        let id = id.to_string_lossy();
        if extension != "plan" {
            if !path.with_extension("plan").exists() {
                std::fs::remove_file(&path)?;
            }
            continue;
        }
        // Published, and not merely an upload in progress of what somebody else published: its bytes are gone.
        let published = |plan: &Plan, files: &Files| {
            let stored = Payload::find(ledger, plan.sealed_root);
            matches!(stored, Ok(Some(stored)) if stored.dataset_root == plan.dataset_root)
                && !files.data.exists()
        };
        match Upload::reopen(folder, &id, published) {
            Ok(upload) => uploads.push(upload),
            Err(error) => tracing::warn!(upload = %id, %error, "left an unreadable upload alone"),
        }
    }
    Ok(uploads)
}
