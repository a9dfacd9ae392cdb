//! Uploading a package by tus 1.0.0: it goes on where it stopped, also in another process.

use super::{causes, checked, Result, Service, ServiceError, LONGEST_PAUSE, MAX_ATTEMPTS};
use crate::ports::{Outgoing, Progress, StorageError};
use async_trait::async_trait;
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use futures::StreamExt;
use reqwest::{header, Body, Method, Response, StatusCode, Url};
use wonbon_model::Digest;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Commitment;

const TUS_VERSION: (&str, &str) = ("tus-resumable", "1.0.0");
const UPLOAD_OFFSET: &str = "upload-offset";
pub(super) const TUS_MAX_SIZE: &str = "tus-max-size";
/// How often to ask for a package that is all there and not published.
const MAX_PUBLICATION_CHECKS: u32 = 12;

/// What a package is to be, for the service to check when it has all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadRequest {
    /// What the service is to recompute.
    pub sealed: Commitment,
    /// What the leaf list is to fold to.
    pub dataset_root: Digest,
}

impl UploadRequest {
    /// Bytes of the package: payload and leaf list.
    pub fn package_length(&self) -> Option<u64> {
        package_length(self.sealed.length)
    }

    fn metadata(&self) -> String {
        let pair = |name: &str, value: String| format!("{name} {}", STANDARD.encode(value));
        [
            pair("sealed_root", to_hex(&self.sealed.root)),
            pair("dataset_root", to_hex(&self.dataset_root)),
            pair("payload_length", self.sealed.length.to_string()),
        ]
        .join(",")
    }
}

/// Who remembers where an upload stands, so that a later attempt can go on there.
#[async_trait]
pub trait UploadLog: Send {
    /// An upload was begun at this place. If it cannot be remembered nothing is sent.
    async fn begun_at(&mut self, place: &str) -> Result<(), StorageError>;
}

/// Remembers nothing: an upload that is interrupted begins anew.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlogged;

#[async_trait]
impl UploadLog for Unlogged {
    async fn begun_at(&mut self, _: &str) -> Result<(), StorageError> {
        Ok(())
    }
}

impl Service {
    /// Whether the service has a payload, published and whole.
    pub async fn has_payload(&self, sealed_root: &Digest) -> Result<bool> {
        let url = self.payload_url(sealed_root)?;
        match self.send_signed(|| self.inner.http.head(url.clone())).await {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(404) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Uploads a package and answers when the service has checked and published it.
    ///
    /// `resume` is where an earlier attempt put its bytes; `log` learns the place of this one as soon as it is known.
    /// What the service has already is not sent.
    pub async fn upload(
        &self,
        package: &dyn Outgoing,
        what: &UploadRequest,
        resume: Option<String>,
        log: &mut dyn UploadLog,
        progress: Progress,
    ) -> Result<()> {
        if self.has_payload(&what.sealed.root).await? {
            return Ok(());
        }
        let length = package.length().await.map_err(StorageError::at(package.place()))?;
        if Some(length) != what.package_length() {
            return Err(ServiceError::Corrupt(format!("{} has the wrong length", package.place())));
        }
        let mut place = resume.map(|place| self.same_origin(&place)).transpose()?;
        let mut pause = self.inner.pause;
        let mut failures = 0;
        let mut checks = 0;
        loop {
            let (url, offset) = match self.find_upload(place.take(), length).await? {
                Some(found) => found,
                None => {
                    // It may have been published just before the connection was lost.
                    if self.has_payload(&what.sealed.root).await? {
                        return Ok(());
                    }
                    let url = match self.create_upload(what, length).await {
                        // Another upload of the same bytes was faster.
                        Err(error) if error.is_problem("payload-exists") => return Ok(()),
                        other => other?,
                    };
                    log.begun_at(url.as_str()).await?;
                    (url, 0)
                }
            };
            progress(offset);
            // With nothing left to send this is what makes a service check that was killed before it could.
            match self.send_rest(package, &url, offset, length, progress.clone()).await {
                Ok(reached) if reached == length => {
                    if self.has_payload(&what.sealed.root).await? {
                        return Ok(());
                    }
                    checks += 1;
                    if checks >= MAX_PUBLICATION_CHECKS {
                        let reason = "all bytes are there and nothing was published";
                        return Err(ServiceError::Unexpected(reason.to_owned()));
                    }
                    tokio::time::sleep(LONGEST_PAUSE).await;
                }
                // The service took a part and closed: go on.
                Ok(reached) if reached > offset => failures = 0,
                Ok(_) => failures += 1,
                Err(error) if !repeatable(&error) || failures >= MAX_ATTEMPTS => return Err(error),
                Err(_) => failures += 1,
            }
            place = Some(url);
            if failures > 0 {
                if failures > MAX_ATTEMPTS {
                    return Err(ServiceError::Unexpected("the service takes no bytes".to_owned()));
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            } else {
                pause = self.inner.pause;
            }
        }
    }

    async fn create_upload(&self, what: &UploadRequest, length: u64) -> Result<Url> {
        let url = self.at("v1/uploads")?;
        let answer = self
            .send_signed(|| {
                self.inner
                    .http
                    .post(url.clone())
                    .header(TUS_VERSION.0, TUS_VERSION.1)
                    .header("upload-length", length)
                    .header("upload-metadata", what.metadata())
                    .header(header::CONTENT_LENGTH, 0)
            })
            .await
            .map_err(|error| of_length(error, length))?;
        let place = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
        let place = place.ok_or_else(|| ServiceError::Unexpected("an upload without a place".to_owned()))?;
        self.same_origin(place)
    }

    /// Where an upload stands, and how many bytes of it are there; `None` if nothing of it can be gone on with.
    async fn find_upload(&self, place: Option<Url>, length: u64) -> Result<Option<(Url, u64)>> {
        let Some(url) = place else { return Ok(None) };
        let asked =
            self.send_signed(|| self.inner.http.head(url.clone()).header(TUS_VERSION.0, TUS_VERSION.1)).await;
        match asked {
            Ok(answer) => offset_of(&answer).map(|offset| (offset <= length).then_some((url, offset))),
            Err(error) if matches!(error.status(), Some(403 | 404 | 410)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends everything from an offset on, once, and answers how far the service got.
    async fn send_rest(
        &self,
        package: &dyn Outgoing,
        url: &Url,
        offset: u64,
        length: u64,
        progress: Progress,
    ) -> Result<u64> {
        let rest = package.read_from(offset).await.map_err(StorageError::at(package.place()))?;
        let mut done = offset;
        let body = rest.inspect(move |read| {
            if let Ok(bytes) = read {
                done = done.saturating_add(bytes.len() as u64);
                progress(done);
            }
        });
        let token = self.token().await?;
        let sent = self
            .inner
            .patient
            .request(Method::PATCH, url.clone())
            .bearer_auth(&token)
            .header(TUS_VERSION.0, TUS_VERSION.1)
            .header(UPLOAD_OFFSET, offset)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
            .header(header::CONTENT_LENGTH, length.saturating_sub(offset))
            .body(Body::wrap_stream(body))
            .send()
            .await;
        let answer = sent.map_err(|error| self.unreachable(causes(&error)))?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            self.forget_token(&token).await;
            return Ok(offset);
        }
        offset_of(&checked(answer).await?)
    }

    pub(super) fn payload_url(&self, sealed_root: &Digest) -> Result<Url> {
        self.at(&format!("v1/payloads/{}", to_hex(sealed_root)))
    }

    /// The address of an upload, which must be at this service: the token goes there.
    fn same_origin(&self, place: &str) -> Result<Url> {
        let url = self.inner.base.join(place).map_err(|error| ServiceError::Unexpected(causes(&error)))?;
        if url.origin() == self.inner.base.origin() {
            return Ok(url);
        }
        // A service behind a proxy may know itself by another name: keep its path, at the address we know.
        let mut here = self.inner.base.clone();
        here.set_path(url.path());
        here.set_query(url.query());
        Ok(here)
    }
}

fn offset_of(answer: &Response) -> Result<u64> {
    let offset = number(answer, UPLOAD_OFFSET);
    offset.ok_or_else(|| ServiceError::Unexpected("an upload without an offset".to_owned()))
}

pub(super) fn number(answer: &Response, header: &str) -> Option<u64> {
    answer.headers().get(header)?.to_str().ok()?.parse().ok()
}

/// A refusal for want of room, with how much was asked for: the service says what is used, and the limit.
fn of_length(mut error: ServiceError, length: u64) -> ServiceError {
    if let ServiceError::Problem(problem) = &mut error {
        if problem.slug() == "over-quota" {
            problem.detail =
                format!("{length} bytes were asked for. {}", problem.detail).trim_end().to_owned();
        }
    }
    error
}

/// Whether asking where the upload stands and going on may help.
fn repeatable(error: &ServiceError) -> bool {
    match error {
        ServiceError::Unreachable { .. } => true,
        // Cut off, another offset than the service's, another upload in progress, or too busy.
        ServiceError::Problem(problem) => matches!(problem.status, 408 | 409 | 423 | 429 | 500..=599),
        _ => false,
    }
}
