//! The service put together from its parts.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{
    documents::Documents,
    follower::Status,
    http::App,
    payloads::{Limits, Payloads, Quota, Store},
    read_model::{Ledger, ReadModel},
    search::SearchIndex,
    sign_in::SignIn,
};

/// How long a token is valid.
const SESSION: Duration = Duration::from_secs(3600);

/// What a service is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Folder for uploads in progress.
    pub uploads: &'a Path,
    /// Where payloads and documents are kept.
    pub store: Store,
    /// Bytes that an account may keep.
    pub quota: u64,
    /// Bounds on uploads.
    pub limits: Limits,
    /// Where clients reach the service.
    pub public_url: Option<String>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

/// Puts a service together over a storage engine.
pub async fn assemble(ledger: Arc<dyn Ledger>, parts: Parts<'_>) -> anyhow::Result<App> {
    let read_model = ReadModel::new(ledger).context("opening the read model")?;
    let quota = Arc::new(Quota::new(parts.quota));
    let search = Arc::new(SearchIndex::new());
    let payloads = Payloads::open(
        parts.uploads.to_owned(),
        parts.store.clone(),
        read_model.clone(),
        quota.clone(),
        parts.limits,
    )
    .await
    .context("opening the payloads")?;
    let documents = Documents::open(parts.store, read_model.clone(), quota, search.clone())
        .await
        .context("opening the documents")?;
    Ok(App {
        sign_in: SignIn::new(read_model.clone(), SESSION),
        read_model,
        status: Status::default(),
        payloads: Arc::new(payloads),
        documents,
        search,
        public_url: parts.public_url,
        metrics: parts.metrics,
    })
}
