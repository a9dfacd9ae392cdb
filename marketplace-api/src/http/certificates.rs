//! Certificates over HTTP. They are public: what they say stands on the chain, and they need nobody's trust.

use axum::{extract::State, http::HeaderMap};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::Hash;

use super::{attachment, form, refusals, Answer, Service};
use crate::{
    protocol::{
        conditional::{Conditions, Version},
        extract::{Params, PathParam},
        Problem,
    },
    read_model::queries,
};

/// Media type of the compact form.
const BINARY: &str = "application/vnd.wonbon.certificate";
/// Media type of the readable form.
const JSON: &str = "application/json";

wonbon_model::word_enum! {
    /// The forms of a certificate.
    pub(super) enum CertificateFormat {
        /// Compact, for files.
        Binary = "binary",
        /// Readable, with the claims in full.
        Json = "json",
    }
}

/// How a certificate is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CertificateQuery {
    /// Without it the Accept header decides.
    #[param(inline, value_type = Option<CertificateFormat>)]
    format: Option<String>,
}

/// A certificate of origin and trade history
///
/// It proves the dataset's records and every trade of it, as of a finalized block, to anyone who has `wonbon-verify`
/// and a trust anchor: no network, and no trust in this service. The anchor must come from somewhere else.
#[utoipa::path(get, path = "/v1/datasets/{id}/certificate", tag = "certificates",
    params(("id" = Hash, Path, description = "Dataset"), CertificateQuery, Conditions),
    responses(
    (status = 200, description = "The certificate, in its compact form or as JSON with the claims in full",
        content((Vec<u8> = "application/vnd.wonbon.certificate"), (Object = "application/json"))),
    (status = 304, description = "The client has it"),
    (status = 503, description = "The chain is not reached, or too many certificates are being made",
        body = Problem, content_type = "application/problem+json"),
    refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::FaultyNode, refusals::Other))]
pub(super) async fn get_dataset_certificate(
    State(app): Service,
    PathParam(id): PathParam<Hash>,
    Params(query): Params<CertificateQuery>,
    conditions: Conditions,
    headers: HeaderMap,
) -> Answer {
    let forms = [(BINARY, CertificateFormat::Binary), (JSON, CertificateFormat::Json)];
    let format = form(query.format.as_deref(), &headers, forms)?;
    // What the catalogue does not know costs no node anything.
    if app.read(move |catalogue| queries::dataset(catalogue.kv, id.into())).await?.is_none() {
        return Err(Problem::not_found("dataset"));
    }
    let finalized = app.status.progress().finalized.map_or(0, |block| block.height);
    let made = app.certificates.get(id, finalized).await?;
    let (media_type, extension) = match format {
        CertificateFormat::Binary => (BINARY, "wbcert"),
        CertificateFormat::Json => (JSON, "json"),
    };
    // The next one is as of a later block.
    let tag = format!("{}-{extension}", made.report.certificate);
    let version = Version::new(tag, "no-cache").by_accept();
    if let Some(answer) = version.check(&conditions)? {
        return Ok(answer);
    }
    let encode = move || match format {
        CertificateFormat::Binary => made.certificate.encode(),
        CertificateFormat::Json => made.certificate.to_json(&made.report.claims).into_bytes(),
    };
    let bytes = tokio::task::spawn_blocking(encode).await.map_err(Problem::internal)?;
    version.describe(attachment(media_type, &format!("{id}.{extension}"), bytes))
}
