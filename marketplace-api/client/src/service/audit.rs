//! What the service shows to auditors only.

use super::{json, Page, Service, ServiceError};
use crate::ledger::{AccountId, Digest};
use serde::{Deserialize, Serialize};
use wonbon_primitives::id::hex_digest;

/// A download that somebody began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Root of the sealed payload.
    #[serde(with = "hex_digest")]
    pub sealed_root: Digest,
    /// Who.
    pub account: AccountId,
    /// First byte asked for.
    pub first: u64,
    /// Last byte asked for.
    pub last: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
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
