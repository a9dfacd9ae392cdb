//! Certificates over HTTP. They are public: what they say stands on the chain, and they need nobody's trust.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{header, HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use wonbon_client::{certificate::CertificateError, chain::ChainError};

use super::{
    extract::{Named, Params},
    App, Problem,
};
use crate::{certificates::IssueError, model::Hash, read_model::queries};

/// Media type of the compact form.
const BINARY: &str = "application/vnd.wonbon.certificate";
/// Media type of the readable form.
const JSON: &str = "application/json";

/// How a certificate is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CertificateQuery {
    /// `binary` or `json`.
    format: Option<Format>,
}

/// The two encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Binary,
    Json,
}

impl Format {
    /// What the query says, or else the `Accept` header; the compact form if neither says anything.
    fn wanted(query: &CertificateQuery, headers: &HeaderMap) -> Self {
        query.format.unwrap_or_else(|| {
            let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
            let types = accepted.flat_map(|list| list.split(',')).map(essence);
            match types.into_iter().find(|name| [BINARY, JSON].contains(name)) {
                Some(JSON) => Self::Json,
                _ => Self::Binary,
            }
        })
    }
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// A certificate of origin and trade history
///
/// It proves the dataset's records and every trade of it, as of a finalized block, to anyone who has `wonbon-verify`
/// and a trust anchor: no network, and no trust in this service. The anchor must come from somewhere else.
#[utoipa::path(get, path = "/v1/datasets/{id}/certificate", tag = "certificates",
    params(("id" = Hash, Path, description = "Dataset"),
        ("format" = Option<String>, Query, description = "`binary` or `json`; without it the Accept header decides")),
    responses(
    (status = 200, description = "The certificate, in its compact form or as JSON with the claims in full",
        content((Vec<u8> = "application/vnd.wonbon.certificate"), (Object = "application/json"))),
    (status = 503, description = "The chain is not reached, or too many certificates are being made",
        body = Problem, content_type = "application/problem+json"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_dataset_certificate(
    State(app): State<Arc<App>>,
    Named(id): Named<Hash>,
    Params(query): Params<CertificateQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // What the catalogue does not know costs no node anything.
    if app.read_model.run(move |ledger| queries::dataset(ledger, id)).await?.is_none() {
        return Err(Problem::not_found("dataset"));
    }
    let finalized = app.status.progress().finalized.map_or(0, |block| block.number);
    let made = app.certificates.get(id, finalized).await?;
    let format = Format::wanted(&query, &headers);
    let digest = made.report.certificate;
    let encode = move || match format {
        Format::Binary => made.certificate.encode(),
        Format::Json => made.certificate.to_json(&made.report.claims).into_bytes(),
    };
    let bytes = tokio::task::spawn_blocking(encode).await.map_err(Problem::internal)?;
    let (media_type, extension) = match format {
        Format::Binary => (BINARY, "wbcert"),
        Format::Json => (JSON, "json"),
    };
    let name = format!("attachment; filename=\"{id}.{extension}\"");
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::ETAG, format!("\"{digest}-{extension}\"")),
        (header::VARY, "Accept".to_owned()),
        // The next one is as of a later block.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        let later = |slug, title, detail: &str| {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, slug, title, detail)
                .header(header::RETRY_AFTER, HeaderValue::from_static("2"))
        };
        let faulty = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "no certificate can be made from this node");
            let detail = "What the chain's node gave does not make a certificate. Its operator knows why.";
            Self::new(StatusCode::BAD_GATEWAY, "faulty-node", "The node is faulty", detail)
        };
        match error {
            IssueError::Busy => later("busy", "Too many requests", "Too many certificates are being made."),
            IssueError::Failed(CertificateError::NotRegistered { .. }) => Self::not_found("dataset"),
            IssueError::Failed(CertificateError::Stopped) => {
                later("stopping", "The service stops", "The service is about to stop.")
            }
            IssueError::Failed(CertificateError::Chain(error)) if error.is_connection() => {
                tracing::warn!(%error, "no certificate, for want of a chain");
                later("no-chain", "The chain is not reached", "The chain's node does not answer.")
            }
            IssueError::Failed(CertificateError::Chain(error @ ChainError::StatePruned(_))) => {
                tracing::error!(%error, "certificates need a node with --state-pruning archive-canonical");
                let detail = "The service's node does not keep the states that a certificate is made from.";
                Self::new(StatusCode::BAD_GATEWAY, "no-archive", "The node is no archive", detail)
            }
            IssueError::Failed(error) => faulty(&error),
        }
    }
}
