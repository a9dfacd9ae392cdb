//! Uploads that nobody looks after: those that a crash left behind, found at the start, and those that stand still.

use std::{
    io,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio_util::sync::CancellationToken;

use super::{
    upload::{Files, Stage, UploadManifest},
    Payloads, Upload, UploadError,
};
use crate::{kv::KvStore, storage::Payload};

/// How often expired uploads are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

impl Payloads {
    /// Finds the uploads that were in progress, and counts them for their accounts.
    pub(super) async fn find_uploads(&self) -> Result<(), UploadError> {
        let folder = self.folder.clone();
        for upload in self.state.run(move |kv| find_uploads(kv, &folder)).await? {
            if upload.stage() == Stage::Receiving {
                let UploadManifest { account, package_length, .. } = upload.manifest;
                upload.set_reservation((
                    self.quota.restore(account, package_length),
                    self.running.begin(account),
                ));
            }
            self.uploads.lock().insert(upload.manifest.id.clone(), Arc::new(upload));
        }
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
                tokio::time::sleep(SWEEP_EVERY).await;
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
            upload.stage() == Stage::Receiving && upload.offset() == upload.manifest.package_length
        };
        let found: Vec<_> = self.uploads.lock().values().filter(|upload| complete(upload)).cloned().collect();
        for upload in found {
            let _turn = upload.turn.lock().await;
            if complete(&upload) {
                if let Err(error) = self.publish(&upload).await {
                    tracing::warn!(upload = upload.manifest.id, %error, "a complete upload was not published");
                }
            }
        }
    }

    /// Removes the uploads that stood still for too long.
    pub async fn remove_expired(&self, now: SystemTime) {
        let expired = |upload: &Arc<Upload>| upload.expires_at(self.limits.lifetime) <= now;
        let found: Vec<_> = self.uploads.lock().values().filter(|upload| expired(upload)).cloned().collect();
        for upload in found {
            // One that is being written is not standing still.
            let Ok(_turn) = upload.turn.try_lock() else { continue };
            if !expired(&upload) {
                continue;
            }
            match self.discard(&upload).await {
                Ok(()) => tracing::info!(upload = upload.manifest.id, "removed an expired upload"),
                Err(error) => {
                    tracing::warn!(upload = upload.manifest.id, %error, "could not remove an expired upload")
                }
            }
        }
    }
}

/// Reads the upload folder; what belongs to no upload is removed.
fn find_uploads(kv: &dyn KvStore, folder: &Path) -> Result<Vec<Upload>, UploadError> {
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
        let published = |manifest: &UploadManifest, files: &Files| {
            let stored = Payload::find(kv, manifest.expected.sealed_root);
            matches!(stored, Ok(Some(stored)) if stored.dataset_root == manifest.expected.dataset_root)
                && !files.data.exists()
        };
        match Upload::reopen(folder, &id, published) {
            Ok(upload) => uploads.push(upload),
            Err(error) if is_out_of_files(&error) => return Err(error.into()),
            Err(error) => tracing::warn!(upload = %id, %error, "left an unreadable upload alone"),
        }
    }
    Ok(uploads)
}

/// Whether the process or the system has as many files open as it may: nothing is wrong with the file then.
fn is_out_of_files(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
}
