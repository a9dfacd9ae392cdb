//! Uploads in progress: begun, looked at, given up.

use std::{sync::Arc, time::SystemTime};

use wonbon_model::AccountId;
use wonbon_primitives::content::leaf_list;

use super::{
    upload::{Stage, Upload, UploadManifest},
    Expected, Payloads, UploadError, LONGEST_WAIT, MAX_UPLOADS,
};
use crate::{
    storage::StorageError,
    task::{blocking, run_to_completion},
};

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
    pub manifest: UploadManifest,
    /// Bytes on disk for good.
    pub offset: u64,
    /// When it will be removed if nothing more arrives.
    pub expires_at: SystemTime,
    /// Whether it is published.
    pub published: bool,
}

impl Payloads {
    /// Begins an upload.
    pub async fn create(
        self: &Arc<Self>,
        account: AccountId,
        new: NewUpload,
    ) -> Result<UploadStatus, UploadError> {
        let payloads = self.clone();
        run_to_completion(async move { payloads.begin(account, new).await }).await
    }

    async fn begin(&self, account: AccountId, new: NewUpload) -> Result<UploadStatus, UploadError> {
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
            if self.publications.is_there(&payload).await? {
                return Err(UploadError::Stored);
            }
        }
        let running = self.running.begin(account).ok_or(UploadError::TooMany { limit: MAX_UPLOADS })?;
        let manifest = UploadManifest {
            version: UploadManifest::VERSION,
            id: hex::encode(crate::random::bytes::<16>()),
            account,
            expected,
            package_length: upload_length,
        };
        let reserved = self.quota.reserve(account, upload_length).await?;
        let folder = self.folder.clone();
        let upload = blocking(move || Upload::create(&folder, &manifest)).await?;
        upload.set_reservation((reserved, Some(running)));
        let upload = Arc::new(upload);
        let status = self.describe(&upload);
        self.uploads.lock().insert(upload.manifest.id.clone(), upload);
        Ok(status)
    }

    /// How an upload stands.
    pub fn status(&self, account: AccountId, id: &str) -> Result<UploadStatus, UploadError> {
        Ok(self.describe(&*self.upload(account, id)?))
    }

    /// Ends an upload and frees what it used.
    pub async fn terminate(&self, account: AccountId, id: &str) -> Result<(), UploadError> {
        let upload = self.upload(account, id)?;
        upload.interrupt();
        upload.unwanted.cancel();
        let _turn =
            tokio::time::timeout(LONGEST_WAIT, upload.turn.lock()).await.map_err(|_| UploadError::Busy)?;
        Ok(self.discard(&upload).await?)
    }

    pub(super) fn describe(&self, upload: &Upload) -> UploadStatus {
        UploadStatus {
            manifest: upload.manifest.clone(),
            offset: upload.offset(),
            expires_at: upload.expires_at(self.limits.lifetime),
            published: upload.stage() == Stage::Published,
        }
    }

    pub(super) fn upload(&self, account: AccountId, id: &str) -> Result<Arc<Upload>, UploadError> {
        let found = self.uploads.lock().get(id).cloned();
        // Another account's upload is not admitted to exist.
        found.filter(|upload| upload.manifest.account == account).ok_or(UploadError::Missing)
    }

    /// Removes an upload. The caller holds its turn.
    pub(super) async fn discard(&self, upload: &Arc<Upload>) -> Result<(), StorageError> {
        upload.end_as(Stage::Gone);
        self.uploads.lock().remove(&upload.manifest.id);
        let files = upload.files.clone();
        Ok(blocking(move || files.remove()).await?)
    }
}
