//! Publishing an upload: its bytes are checked as they are on disk, then go into the store, then get their row.

use std::{io, sync::Arc};

use super::{
    check::{check_package, CheckError},
    upload::Stage,
    Payloads, Upload, UploadError,
};
use crate::storage::Folder;

impl Payloads {
    /// Checks a complete upload and publishes it. The caller holds its turn.
    pub(super) async fn publish(&self, upload: &Arc<Upload>) -> Result<(), UploadError> {
        let plan = upload.plan.clone();
        let (files, expected) = (upload.files.clone(), plan.expected());
        if !files.data.exists() {
            // A crash came between the move to the store and the row. Another upload may have put its package
            // in the same place since, with the leaf list of another dataset: whatever is there is checked.
            self.storage.get_file(Folder::Payloads, plan.sealed_root, &files.data).await?;
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
        let _root = self.roots.lock(plan.sealed_root).await;
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
                self.storage.put_file(Folder::Trees, plan.sealed_root, &upload.files.tree).await?;
                self.storage.put_file(Folder::Payloads, plan.sealed_root, &upload.files.data).await?;
                self.claim(&plan).await?;
                self.record(payload).await?;
            }
            Some(stored) if stored.dataset_root == plan.dataset_root => {}
            Some(_) => {
                self.discard(upload).await?;
                return Err(UploadError::Stored);
            }
        }
        upload.end(Stage::Published);
        let files = upload.files.clone();
        // A second upload of the same payload leaves its bytes here.
        let leftovers = move || [&files.data, &files.tree].map(std::fs::remove_file);
        let _ = tokio::task::spawn_blocking(leftovers).await;
        metrics::counter!("wonbon_payloads_published_total").increment(1);
        tracing::info!(sealed_root = %plan.sealed_root, bytes = plan.package_length, account = %plan.account, "published a payload");
        Ok(())
    }
}
