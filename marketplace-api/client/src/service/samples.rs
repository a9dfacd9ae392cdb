//! Samples: blocks that everyone may see. They are checked by whoever reads them, against the chain.

use super::{limited, Service, ServiceError};
use reqwest::header;
use wonbon_model::DatasetId;
use wonbon_primitives::sample::MAX_FILE;

/// The media type of a sample file.
const SAMPLE_MEDIA_TYPE: &str = "application/vnd.wonbon.sample";

impl Service {
    /// Stores a sample of a dataset: `chosen` or `fair`.
    pub async fn put_sample(
        &self,
        dataset: &DatasetId,
        kind: &str,
        file: Vec<u8>,
    ) -> Result<(), ServiceError> {
        let url = self.at(&format!("v1/datasets/{dataset}/samples/{kind}"))?;
        let body = bytes::Bytes::from(file);
        self.send_signed(|| {
            self.inner
                .patient
                .put(url.clone())
                .header(header::CONTENT_TYPE, SAMPLE_MEDIA_TYPE)
                .body(body.clone())
        })
        .await?;
        Ok(())
    }

    /// A sample file, unchecked; `None` if there is none.
    pub async fn sample(&self, dataset: &DatasetId, kind: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        let url = self.at(&format!("v1/datasets/{dataset}/samples/{kind}"))?;
        match self.send(|| self.inner.http.get(url.clone())).await {
            Ok(answer) => limited(answer, MAX_FILE).await.map(Some),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
