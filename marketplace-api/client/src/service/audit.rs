//! What the service shows to auditors only.

use super::{json, Page, Result, Service};
use wonbon_model::json::Download;

impl Service {
    /// A page of all downloads, for accounts with the auditor's role. `query` has the filters; the answer says
    /// with which cursor the next page is asked for.
    pub async fn downloads(&self, query: &[(&str, String)], cursor: Option<&str>) -> Result<Page<Download>> {
        let url = self.at("v1/audit/downloads")?;
        let cursor = cursor.map(|cursor| ("cursor", cursor));
        let request = || self.inner.http.get(url.clone()).query(query).query(&cursor.as_slice());
        json(self.send_signed(request).await?).await
    }
}
