//! What the service shows to auditors only.

use super::{json, Page, Service, ServiceError};
use serde::{Deserialize, Serialize};
use wonbon_model::{AccountId, Digest};
use wonbon_primitives::id::hex_digest;

/// The downloads of a payload by an account that began in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Root of the sealed payload.
    #[serde(with = "hex_digest")]
    pub sealed_root: Digest,
    /// The account that signed in for it.
    pub account: AccountId,
    /// How often it asked for bytes.
    pub requests: u64,
    /// Bytes that it asked for, each as often as it did.
    pub bytes: u64,
    /// When it asked first, in milliseconds since 1970.
    pub first_at_ms: u64,
    /// When it asked last.
    pub last_at_ms: u64,
}

impl Service {
    /// A page of all downloads, for accounts with the auditor's role. `query` has the filters; the answer says
    /// with which cursor the next page is asked for.
    pub async fn downloads(
        &self,
        query: &[(&str, String)],
        cursor: Option<&str>,
    ) -> Result<Page<Download>, ServiceError> {
        let url = self.at("v1/audit/downloads")?;
        let cursor = cursor.map(|cursor| ("cursor", cursor));
        let request = || self.inner.http.get(url.clone()).query(query).query(&cursor.as_slice());
        json(self.send_signed(request).await?).await
    }
}
