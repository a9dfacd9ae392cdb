//! The service over HTTP: signing in, uploads and downloads that resume, documents, the catalogue.
//!
//! What it promises:
//!
//! - A lost connection is tried again a few times with growing pauses, for requests that may be repeated; an
//!   upload or a download goes on where it stopped. A body that took too long is not sent again.
//! - Refusals come as [`Problem`] with the service's own type, never as a bare status.
//! - Documents are checked against the hash they were asked by; a payload is checked by its buyer (see
//!   [`crate::exchange`]), because that reads all of it.
//! - The sign-in token goes to the service that gave it and nowhere else, and what is signed for it is of no use
//!   to a service at another address.

mod applications;
mod audit;
mod company;
mod download;
mod error;
mod payloads;
mod sign_in;
#[cfg(test)]
mod tests;
mod time;
mod upload;

pub use applications::{HandedIn, OpenApplication};
pub use company::CompanyStore;
pub use error::{Problem, ServiceError};
pub use payloads::Payloads;
pub use sign_in::{is_loopback, origin, sign_in_message};
pub use upload::{Unlogged, UploadLog, UploadRequest};

use crate::keys::Keypair;
use reqwest::{header, RequestBuilder, Response, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use wonbon_model::Digest;
use wonbon_primitives::id::to_hex;

/// How often a request is tried.
const MAX_ATTEMPTS: u32 = 6;
/// The pause after the first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The pauses double up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long nothing may come before a connection counts as lost.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// How often to wait for a service that may not have followed the chain to here.
const MAX_WAITS_FOR_CHAIN: u32 = 4;
/// The most pages of a list that are asked for.
const MAX_PAGES: usize = 1000;
/// The largest answer in JSON that is taken.
const MAX_JSON_BYTES: u64 = 16 * 1024 * 1024;
/// The largest document that is taken.
const MAX_DOCUMENT_BYTES: u64 = 256 * 1024;

/// A service, for one account or for none. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    genesis: Digest,
    key: Option<Keypair>,
    http: reqwest::Client,
    /// For sending much: it takes as long as it takes, and a package is read once more before the answer.
    patient: reqwest::Client,
    token: Mutex<Option<String>>,
    /// The pause after the first failure; it doubles.
    pause: Duration,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.inner.base)
    }
}

/// What a request comes to.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page<T> {
    /// The entries, in the order of the list.
    pub items: Vec<T>,
    /// What to ask for the next page with, if there is one.
    #[serde(default)]
    pub next: Option<String>,
}

impl Service {
    /// A service by its address, for the chain with this genesis. Without a key nothing that needs signing in
    /// works. Nothing is sent yet.
    pub fn new(base: &str, genesis: Digest, key: Option<Keypair>) -> Result<Self> {
        // Fails if there is a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut base = Url::parse(base).map_err(|_| ServiceError::BadAddress(base.to_owned()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(ServiceError::BadAddress(base.to_string()));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let client = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("wonbon/", env!("CARGO_PKG_VERSION")))
        };
        let failed = |error: reqwest::Error| ServiceError::Unexpected(causes(&error));
        let http = client().read_timeout(READ_TIMEOUT).build().map_err(failed)?;
        let patient = client().tcp_keepalive(READ_TIMEOUT).build().map_err(failed)?;
        let pause = FIRST_PAUSE;
        Ok(Self {
            inner: Arc::new(Inner { pause, base, genesis, key, http, patient, token: Mutex::default() }),
        })
    }

    /// The address that it was made with, with a slash at the end.
    pub fn url(&self) -> &str {
        self.inner.base.as_str()
    }

    /// Gets something in JSON from a path such as `v1/offers/7`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T> {
        let url = self.at(path)?;
        let answer = self.send(|| self.inner.http.get(url.clone()).query(query)).await?;
        json(answer).await
    }

    /// Gets all pages of a list, up to a number of entries.
    pub async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        most: usize,
    ) -> Result<Vec<T>> {
        let (mut all, mut cursor) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let mut query = query.to_vec();
            query.extend(cursor.map(|cursor| ("cursor", cursor)));
            // A page may be short, even empty, and still have a next one.
            let page: Page<T> = self.get(path, &query).await?;
            all.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || all.len() >= most {
                all.truncate(most);
                return Ok(all);
            }
        }
        Err(ServiceError::Unexpected(format!("a list of more than {MAX_PAGES} pages")))
    }

    /// A metadata document, checked against its hash.
    pub async fn metadata(&self, hash: &Digest) -> Result<Vec<u8>> {
        self.get_hashed("v1/metadata", hash).await
    }

    async fn put_hashed(&self, path: &str, kind: &str, body: &[u8]) -> Result<Digest> {
        let hash: Digest = Sha256::digest(body).into();
        let url = self.at(&format!("{path}/{}", to_hex(&hash)))?;
        let body = bytes::Bytes::copy_from_slice(body);
        self.send_signed(|| {
            self.inner.http.put(url.clone()).header(header::CONTENT_TYPE, kind).body(body.clone())
        })
        .await?;
        Ok(hash)
    }

    async fn get_hashed(&self, path: &str, hash: &Digest) -> Result<Vec<u8>> {
        let url = self.at(&format!("{path}/{}", to_hex(hash)))?;
        let answer = match self.send(|| self.inner.http.get(url.clone())).await {
            Err(error) if error.status() == Some(401) && self.inner.key.is_some() => {
                self.send_signed(|| self.inner.http.get(url.clone())).await?
            }
            other => other?,
        };
        let body = limited(answer, MAX_DOCUMENT_BYTES).await?;
        let found: Digest = Sha256::digest(&body).into();
        if found != *hash {
            return Err(ServiceError::Corrupt(format!("the hash of {} is another", to_hex(hash))));
        }
        Ok(body)
    }

    fn at(&self, path: &str) -> Result<Url> {
        let path = path.trim_start_matches('/');
        self.inner.base.join(path).map_err(|_| ServiceError::BadAddress(path.to_owned()))
    }

    /// Sends a request that may be repeated, until it is answered or there is no hope.
    async fn send(&self, request: impl Fn() -> RequestBuilder) -> Result<Response> {
        let mut pause = self.inner.pause;
        for attempt in 1.. {
            let (http, request) = request().build_split();
            let request = request.map_err(|error| ServiceError::Unexpected(causes(&error)))?;
            let has_body = request.body().is_some();
            let failure = match http.execute(request).await {
                Ok(answer) if !may_pass(answer.status(), has_body) || attempt >= MAX_ATTEMPTS => {
                    return checked(answer).await
                }
                Ok(answer) => {
                    pause = retry_after(&answer).unwrap_or(pause);
                    answer.status().to_string()
                }
                // Without a connection no body was sent.
                Err(error)
                    if attempt >= MAX_ATTEMPTS || has_body && error.is_timeout() && !error.is_connect() =>
                {
                    return Err(self.unreachable(causes(&error)))
                }
                Err(error) => error.to_string(),
            };
            tracing::debug!(service = %self.inner.base, attempt, failure, "trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Err(ServiceError::Unexpected("no attempt was made".to_owned()))
    }

    /// The same, signed in. A token that is not taken any more is exchanged for a new one. A service that follows
    /// the chain may learn a moment later than we that the account is verified, so that is asked again.
    async fn send_signed(&self, request: impl Fn() -> RequestBuilder) -> Result<Response> {
        let mut renewed = false;
        let mut waits = 0;
        loop {
            let failure = match self.token().await {
                Ok(token) => match self.send(|| request().bearer_auth(&token)).await {
                    Err(error) if !renewed && error.status() == Some(StatusCode::UNAUTHORIZED.as_u16()) => {
                        renewed = true;
                        self.forget_token(&token).await;
                        continue;
                    }
                    Err(error) => error,
                    answer => return answer,
                },
                Err(error) => error,
            };
            // The answer to HEAD has no body that could say which refusal it is.
            let nameless = matches!(&failure, ServiceError::Problem(problem)
                if problem.status == StatusCode::FORBIDDEN.as_u16() && problem.slug().is_empty());
            let unknown = nameless
                || ["not-verified", "not-registered", "not-a-member"]
                    .iter()
                    .any(|slug| failure.is_problem(slug));
            if !unknown || waits >= MAX_WAITS_FOR_CHAIN {
                return Err(failure);
            }
            waits += 1;
            tokio::time::sleep(self.inner.pause * 4).await;
        }
    }

    fn unreachable(&self, reason: String) -> ServiceError {
        ServiceError::Unreachable { url: self.inner.base.to_string(), reason }
    }
}

/// Whether the same request may succeed a little later. A body that took too long would take as long again.
fn may_pass(status: StatusCode, has_body: bool) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => true,
        StatusCode::GATEWAY_TIMEOUT => !has_body,
        _ => false,
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// Turns a refusal into an error.
async fn checked(answer: Response) -> Result<Response> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = limited(answer, MAX_DOCUMENT_BYTES).await.unwrap_or_default();
    let mut problem: Problem = serde_json::from_slice(&body).unwrap_or_else(|_| Problem {
        title: status.canonical_reason().unwrap_or("").to_owned(),
        ..Problem::default()
    });
    problem.status = status.as_u16();
    Err(ServiceError::Problem(problem))
}

async fn json<T: DeserializeOwned>(answer: Response) -> Result<T> {
    let body = limited(answer, MAX_JSON_BYTES).await?;
    serde_json::from_slice(&body).map_err(|error| ServiceError::Unexpected(error.to_string()))
}

/// A body that is no larger than so many bytes.
async fn limited(mut answer: Response, most: u64) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| ServiceError::Unexpected(causes(&error)))? {
        if body.len().saturating_add(chunk.len()) as u64 > most {
            return Err(ServiceError::Unexpected(format!("the answer is larger than {most} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// An error with what caused it: reqwest's own text stops short of the reason.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
