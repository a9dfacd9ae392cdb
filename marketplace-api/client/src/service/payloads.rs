//! What the procedures of a trade ask of the service. Samples are checked by whoever reads them, against the chain.

use super::upload::{number, TUS_MAX_SIZE};
use super::{limited, Result, Service, ServiceError, UploadLog, UploadRequest};
use crate::ports::{Incoming, Outgoing, Progress};
use async_trait::async_trait;
use reqwest::{header, Method};
use wonbon_model::{DatasetId, Digest};
use wonbon_primitives::sample::MAX_FILE;
use wonbon_primitives::Commitment;

/// The media type of a sample file.
const SAMPLE_MEDIA_TYPE: &str = "application/vnd.wonbon.sample";

/// The service, as [`crate::exchange`] sees it; tests stand in for it.
#[async_trait]
pub trait Payloads: Send + Sync {
    /// Refuses a package of this length if the service would, for its length or for what the account keeps there already.
    async fn check_room(&self, length: u64) -> Result<()>;
    /// Uploads a package, going on where an earlier attempt stopped.
    async fn upload(
        &self,
        package: &dyn Outgoing,
        what: &UploadRequest,
        resume: Option<String>,
        log: &mut dyn UploadLog,
        progress: Progress,
    ) -> Result<()>;
    /// Downloads a package, going on where an earlier attempt stopped.
    async fn download(&self, sealed: &Commitment, into: &mut dyn Incoming, progress: Progress) -> Result<()>;
    /// Stores a metadata document, which must be canonical JSON, and answers its hash.
    async fn put_metadata(&self, canonical: &[u8]) -> Result<Digest>;
    /// A metadata document, checked against its hash.
    async fn metadata(&self, hash: &Digest) -> Result<Vec<u8>>;
    /// Stores a licence or non-disclosure text and answers its hash.
    async fn put_document(&self, text: &str) -> Result<Digest>;
    /// A licence or non-disclosure text, checked against its hash.
    async fn document(&self, hash: &Digest) -> Result<String>;
    /// Stores a sample: `chosen` or `fair`.
    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<()>;
    /// A sample file, unchecked; `None` if there is none.
    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>>;
}

#[async_trait]
impl Payloads for Service {
    async fn check_room(&self, length: u64) -> Result<()> {
        let url = self.at("v1/uploads")?;
        let answer = self.send_signed(|| self.inner.http.request(Method::OPTIONS, url.clone())).await?;
        match number(&answer, TUS_MAX_SIZE) {
            Some(limit) if length > limit => Err(ServiceError::TooLarge { length, limit }),
            _ => Ok(()),
        }
    }

    async fn upload(
        &self,
        package: &dyn Outgoing,
        what: &UploadRequest,
        resume: Option<String>,
        log: &mut dyn UploadLog,
        progress: Progress,
    ) -> Result<()> {
        Service::upload(self, package, what, resume, log, progress).await
    }

    async fn download(&self, sealed: &Commitment, into: &mut dyn Incoming, progress: Progress) -> Result<()> {
        Service::download(self, sealed, into, progress).await
    }

    async fn put_metadata(&self, canonical: &[u8]) -> Result<Digest> {
        self.put_hashed("v1/metadata", "application/json", canonical).await
    }

    async fn metadata(&self, hash: &Digest) -> Result<Vec<u8>> {
        Service::metadata(self, hash).await
    }

    async fn put_document(&self, text: &str) -> Result<Digest> {
        self.put_hashed("v1/documents", "text/plain; charset=utf-8", text.as_bytes()).await
    }

    async fn document(&self, hash: &Digest) -> Result<String> {
        let bytes = self.get_hashed("v1/documents", hash).await?;
        String::from_utf8(bytes).map_err(|_| ServiceError::Corrupt("the document is not UTF-8".to_owned()))
    }

    async fn put_sample(&self, dataset: &DatasetId, kind: &str, file: Vec<u8>) -> Result<()> {
        let url = self.at(&format!("v1/datasets/{dataset}/samples/{kind}"))?;
        let (http, body) = (&self.inner.patient, bytes::Bytes::from(file));
        let put = || http.put(url.clone()).header(header::CONTENT_TYPE, SAMPLE_MEDIA_TYPE).body(body.clone());
        self.send_signed(put).await.map(drop)
    }

    async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>> {
        let url = self.at(&format!("v1/datasets/{dataset}/samples/{kind}"))?;
        match self.send(|| self.inner.http.get(url.clone())).await {
            Ok(answer) => limited(answer, MAX_FILE).await.map(Some),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
