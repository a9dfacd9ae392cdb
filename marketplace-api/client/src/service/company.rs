//! What a company keeps at the service for its members, as bytes: secrets wrapped for each, content keys sealed under a
//! secret, and content keys entrusted to one member.

use super::{limited, Result, Service, ServiceError};
use async_trait::async_trait;
use reqwest::{header, StatusCode};
use wonbon_model::{AccountId, Digest};
use wonbon_primitives::id::to_hex;

const MEDIA_TYPE: &str = "application/octet-stream";
/// The largest that is taken of them.
const MAX_BYTES: u64 = 4 * 1024;
/// How often to wait for a service that may not know a new member yet.
const MAX_WAITS_FOR_MEMBER: u32 = 8;

/// The service, as [`crate::company`] sees it; tests stand in for it. Whatever is there is never replaced: putting the same
/// again changes nothing, and other bytes are refused as `never-replaced`.
#[async_trait]
pub trait CompanyStore: Send + Sync {
    /// The company's secret of an epoch, wrapped for a member; `None` if there is none.
    async fn wrapped_secret(
        &self,
        company: &AccountId,
        epoch: u32,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>>;
    /// Gives a member the company's secret of an epoch.
    async fn put_wrapped_secret(
        &self,
        company: &AccountId,
        epoch: u32,
        member: &AccountId,
        wrapped: Vec<u8>,
    ) -> Result<()>;
    /// The content key with this commitment, sealed under a secret of the company; `None` if there is none.
    async fn sealed_key(&self, company: &AccountId, commitment: &Digest) -> Result<Option<Vec<u8>>>;
    /// Stores a content key, sealed under a secret of the company.
    async fn put_sealed_key(&self, company: &AccountId, commitment: &Digest, sealed: Vec<u8>) -> Result<()>;
    /// The content key with this commitment, encrypted to one member; `None` if there is none.
    async fn entrusted_key(
        &self,
        company: &AccountId,
        commitment: &Digest,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>>;
    /// Gives one member a content key.
    async fn put_entrusted_key(
        &self,
        company: &AccountId,
        commitment: &Digest,
        member: &AccountId,
        entrusted: Vec<u8>,
    ) -> Result<()>;
}

#[async_trait]
impl CompanyStore for Service {
    async fn wrapped_secret(
        &self,
        company: &AccountId,
        epoch: u32,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>> {
        self.kept(&format!("v1/companies/{company}/secrets/{epoch}/{member}")).await
    }

    async fn put_wrapped_secret(
        &self,
        company: &AccountId,
        epoch: u32,
        member: &AccountId,
        wrapped: Vec<u8>,
    ) -> Result<()> {
        self.keep(&format!("v1/companies/{company}/secrets/{epoch}/{member}"), wrapped).await
    }

    async fn sealed_key(&self, company: &AccountId, commitment: &Digest) -> Result<Option<Vec<u8>>> {
        self.kept(&format!("v1/companies/{company}/keys/{}", to_hex(commitment))).await
    }

    async fn put_sealed_key(&self, company: &AccountId, commitment: &Digest, sealed: Vec<u8>) -> Result<()> {
        self.keep(&format!("v1/companies/{company}/keys/{}", to_hex(commitment)), sealed).await
    }

    async fn entrusted_key(
        &self,
        company: &AccountId,
        commitment: &Digest,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>> {
        self.kept(&format!("v1/companies/{company}/keys/{}/{member}", to_hex(commitment))).await
    }

    async fn put_entrusted_key(
        &self,
        company: &AccountId,
        commitment: &Digest,
        member: &AccountId,
        entrusted: Vec<u8>,
    ) -> Result<()> {
        self.keep(&format!("v1/companies/{company}/keys/{}/{member}", to_hex(commitment)), entrusted).await
    }
}

impl Service {
    async fn kept(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let url = self.at(path)?;
        match self.send_signed(|| self.inner.http.get(url.clone())).await {
            Ok(answer) => limited(answer, MAX_BYTES).await.map(Some),
            Err(error) if is_not_found(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts bytes where none are. For a member who joined a moment ago the service may have no place yet.
    async fn keep(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        let (url, bytes) = (self.at(path)?, bytes::Bytes::from(bytes));
        let mut waits = 0;
        loop {
            let put = || {
                self.inner.http.put(url.clone()).header(header::CONTENT_TYPE, MEDIA_TYPE).body(bytes.clone())
            };
            match self.send_signed(put).await {
                Err(error) if is_not_found(&error) && waits < MAX_WAITS_FOR_MEMBER => {
                    waits += 1;
                    tokio::time::sleep(self.inner.pause * 4).await;
                }
                done => return done.map(drop),
            }
        }
    }
}

fn is_not_found(error: &ServiceError) -> bool {
    error.status() == Some(StatusCode::NOT_FOUND.as_u16())
}
