//! A service in memory that notes what it is asked and may have no room.

use super::Log;
use crate::ports::{Incoming, Outgoing, Progress};
use crate::service::{Payloads, Problem, ServiceError, UploadLog, UploadRequest};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::Mutex;
use wonbon_model::{DatasetId, Digest};
use wonbon_primitives::Commitment;

/// A service in memory with one package.
#[derive(Default)]
pub(in crate::exchange) struct FakeService {
    pub(in crate::exchange) package: Vec<u8>,
    pub(in crate::exchange) samples: Mutex<BTreeMap<(DatasetId, String), Vec<u8>>>,
    /// What it was told.
    pub(in crate::exchange) log: Log,
    /// Most bytes of an upload, if it says so.
    pub(in crate::exchange) max_upload: Option<u64>,
    /// The metadata documents that it was given.
    pub(in crate::exchange) metadata: Mutex<Vec<String>>,
    /// The texts that it can give.
    pub(in crate::exchange) documents: Mutex<BTreeMap<Digest, String>>,
    /// Whether the account has no room left.
    pub(in crate::exchange) full: Mutex<bool>,
}

impl FakeService {
    fn record(&self, what: &str) {
        self.log.lock().unwrap().push(what.to_owned());
    }
}

fn problem(status: u16, slug: &str) -> ServiceError {
    let (kind, title, detail) = (format!("urn:wonbon:problem:{slug}"), String::new(), String::new());
    ServiceError::Problem(Problem { kind, title, status, detail, field: None, limit: None })
}

#[async_trait]
impl Payloads for FakeService {
    async fn check_room(&self, length: u64) -> Result<(), ServiceError> {
        match self.max_upload {
            Some(limit) if length > limit => Err(ServiceError::TooLarge { length, limit }),
            _ => Ok(()),
        }
    }

    async fn upload(
        &self,
        _: &dyn Outgoing,
        _: &UploadRequest,
        _: Option<String>,
        log: &mut dyn UploadLog,
        _: Progress,
    ) -> Result<(), ServiceError> {
        self.record("upload");
        log.begun_at("/v1/uploads/1").await?;
        if *self.full.lock().unwrap() {
            return Err(problem(413, "over-quota"));
        }
        Ok(())
    }

    async fn download(
        &self,
        _: &Commitment,
        target: &mut dyn Incoming,
        _: Progress,
    ) -> Result<(), ServiceError> {
        if self.package.is_empty() {
            return Err(problem(404, "not-found"));
        }
        target.truncate(0).await.unwrap();
        target.append(&self.package).await.unwrap();
        target.sync().await.unwrap();
        Ok(())
    }

    async fn put_metadata(&self, document: &[u8]) -> Result<Digest, ServiceError> {
        self.record("metadata");
        self.metadata.lock().unwrap().push(String::from_utf8(document.to_vec()).unwrap());
        Ok([0; 32])
    }

    async fn metadata(&self, hash: &Digest) -> Result<Vec<u8>, ServiceError> {
        self.document(hash).await.map(String::into_bytes)
    }

    async fn document(&self, hash: &Digest) -> Result<String, ServiceError> {
        self.documents.lock().unwrap().get(hash).cloned().ok_or_else(|| problem(404, "not-found"))
    }

    async fn put_document(&self, _: &str) -> Result<Digest, ServiceError> {
        self.record("document");
        Ok([0; 32])
    }

    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<(), ServiceError> {
        self.samples.lock().unwrap().insert((*dataset, kind.to_owned()), file);
        Ok(())
    }

    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        Ok(self.samples.lock().unwrap().get(&(*dataset, kind.to_owned())).cloned())
    }
}
