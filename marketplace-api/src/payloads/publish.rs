//! Publishing an upload: its bytes are checked as they are on disk, then go into the storage, then get their row.

use std::sync::Arc;

use super::{
    check::{check_package, CheckError},
    upload::{Stage, UploadManifest},
    Expected, Payloads, Upload, UploadError,
};
use crate::{
    storage::{Folder, Payload},
    task::blocking,
};

impl Payloads {
    /// Checks a complete upload and publishes it. The caller holds its turn.
    pub(super) async fn publish(&self, upload: &Arc<Upload>) -> Result<(), UploadError> {
        let manifest = upload.manifest.clone();
        let (files, expected) = (upload.files.clone(), manifest.expected);
        let sealed_root = expected.sealed_root;
        if !files.data.exists() {
            // A crash came between the move to the storage and the row. Another upload may have put its package
            // in the same place since, with the leaf list of another dataset: whatever is there is checked.
            self.storage.get_file(Folder::Payloads, sealed_root, &files.data).await?;
        }
        let (stopping, unwanted) = (self.stopping.clone(), upload.unwanted.clone());
        let check = move || {
            let cancelled = || stopping.is_cancelled() || unwanted.is_cancelled();
            check_package(&files.data, &files.tree, &expected, &cancelled)
        };
        match blocking(check).await {
            Ok(()) => {}
            Err(CheckError::Io(error)) => return Err(error.into()),
            // Nothing is known of the bytes: they stay, for the next check or for whoever removes them.
            Err(stopped @ CheckError::Cancelled) => return Err(UploadError::CutOff(stopped.to_string())),
            Err(wrong) => {
                metrics::counter!("wonbon_uploads_refused_total").increment(1);
                tracing::warn!(upload = manifest.id, account = %manifest.account, reason = %wrong, "refused a payload");
                self.discard(upload).await?;
                return Err(UploadError::Wrong(wrong));
            }
        }
        // The check runs beside others of the same payload; the first that comes here stores it.
        let _root = self.publications.lock(sealed_root).await;
        match self.publications.find_locked(sealed_root).await? {
            None => {
                let Some(payload) = self.publications.reserve(published_by(&manifest)).await? else {
                    self.discard(upload).await?;
                    return Err(UploadError::Stored);
                };
                self.storage.put_file(Folder::Trees, sealed_root, &upload.files.tree).await?;
                self.storage.put_file(Folder::Payloads, sealed_root, &upload.files.data).await?;
                if self.publications.reserve(published_by(&manifest)).await?.is_none() {
                    return Err(UploadError::Stored);
                }
                self.publications.record(payload).await?;
            }
            Some(stored) if stored.dataset_root == expected.dataset_root => {}
            Some(_) => {
                self.discard(upload).await?;
                return Err(UploadError::Stored);
            }
        }
        upload.end_as(Stage::Published);
        let files = upload.files.clone();
        // A second upload of the same payload leaves its bytes here.
        let leftovers = move || [&files.data, &files.tree].map(std::fs::remove_file);
        let _ = tokio::task::spawn_blocking(leftovers).await;
        metrics::counter!("wonbon_payloads_published_total").increment(1);
        tracing::info!(%sealed_root, bytes = manifest.package_length, account = %manifest.account, "published a payload");
        Ok(())
    }
}

/// What is known of a payload that is published now.
fn published_by(manifest: &UploadManifest) -> Payload {
    let Expected { sealed_root, dataset_root, payload_length } = manifest.expected;
    Payload {
        sealed_root,
        dataset_root,
        payload_length,
        package_length: manifest.package_length,
        uploader: manifest.account,
        published_at_ms: crate::clock::now_ms(),
    }
}
