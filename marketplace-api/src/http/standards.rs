//! A dataset in the forms of other standards. They are public, like the record that they are made from; whoever has
//! to rely on one asks for a certificate.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{header, HeaderMap},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use wonbon_standards::{aas, croissant, dcat, prov, DatasetRecord};

use super::{
    extract::{Named, Params},
    App, Problem,
};
use crate::{
    exports::{gather, GatherError, Sources},
    model::Hash,
};

const JSON: &str = "application/json";
const JSON_LD: &str = "application/ld+json";
const TURTLE: &str = "text/turtle";
/// Registered for AASX by the Industrial Digital Twin Association.
const AASX: &str = "application/asset-administration-shell-package";

/// How a DCAT-AP document is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DcatQuery {
    format: Option<DcatFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DcatFormat {
    Jsonld,
    Turtle,
}

/// How an AAS is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AasQuery {
    format: Option<AasFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AasFormat {
    Json,
    Aasx,
}

/// Where the dataset comes from, as W3C PROV-JSON
#[utoipa::path(get, path = "/v1/datasets/{id}/prov", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "A PROV-JSON document", body = Object),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_dataset_prov(
    State(app): State<Arc<App>>,
    Named(id): Named<Hash>,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON, "prov.json", prov::document(&record).to_string().into_bytes()))
}

/// The dataset in DCAT-AP 3.0.1
#[utoipa::path(get, path = "/v1/datasets/{id}/dcat", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset"),
        ("format" = Option<String>, Query, description = "`jsonld` or `turtle`; without it the Accept header decides")),
    responses(
    (status = 200, description = "A DCAT-AP document",
        content((Object = "application/ld+json"), (String = "text/turtle"))),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_dataset_dcat(
    State(app): State<Arc<App>>,
    Named(id): Named<Hash>,
    Params(query): Params<DcatQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    let turtle = query.format.map_or_else(
        || accepts(&headers, &[JSON_LD, TURTLE]) == Some(TURTLE),
        |format| format == DcatFormat::Turtle,
    );
    Ok(match turtle {
        true => answer(id, TURTLE, "dcat.ttl", dcat::turtle(&record).into_bytes()),
        false => answer(id, JSON_LD, "dcat.jsonld", dcat::json_ld(&record).to_string().into_bytes()),
    })
}

/// The dataset in Croissant 1.0
#[utoipa::path(get, path = "/v1/datasets/{id}/croissant", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "A Croissant document, to lie beside the file that was bought",
        body = Object, content_type = "application/ld+json"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_dataset_croissant(
    State(app): State<Arc<App>>,
    Named(id): Named<Hash>,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON_LD, "croissant.json", croissant::document(&record).to_string().into_bytes()))
}

/// The dataset as an Asset Administration Shell with the submodel AI Dataset (IDTA 02058-1-0-1)
#[utoipa::path(get, path = "/v1/datasets/{id}/aas", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset"),
        ("format" = Option<String>, Query, description = "`json` or `aasx`; without it the Accept header decides")),
    responses(
    (status = 200, description = "An AAS environment, or an AASX package of it",
        content((Object = "application/json"),
            (Vec<u8> = "application/asset-administration-shell-package"))),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_dataset_aas(
    State(app): State<Arc<App>>,
    Named(id): Named<Hash>,
    Params(query): Params<AasQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    let package = query
        .format
        .map_or_else(|| accepts(&headers, &[JSON, AASX]) == Some(AASX), |format| format == AasFormat::Aasx);
    Ok(match package {
        true => answer(id, AASX, "aasx", aas::package(&record).map_err(Problem::internal)?),
        false => answer(id, JSON, "aas.json", aas::environment(&record).to_string().into_bytes()),
    })
}

async fn record(app: &App, id: Hash) -> Result<DatasetRecord, Problem> {
    let sources = Sources {
        read_model: &app.read_model,
        documents: &app.documents,
        samples: &app.samples,
        search: &app.search,
        genesis: app.status.genesis(),
        public_url: app.public_url.as_deref(),
    };
    gather(sources, id).await?.ok_or_else(|| Problem::not_found("dataset"))
}

/// The first of these media types that the client names.
fn accepts<'a>(headers: &HeaderMap, types: &[&'a str]) -> Option<&'a str> {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut names =
        values.flat_map(|list| list.split(',')).map(|item| item.split(';').next().unwrap_or_default());
    names.find_map(|name| types.iter().copied().find(|known| name.trim().eq_ignore_ascii_case(known)))
}

fn answer(id: Hash, media_type: &'static str, extension: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.{extension}\"")),
        (header::VARY, "Accept".to_owned()),
        // The next block may change it.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, bytes).into_response()
}

impl From<GatherError> for Problem {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Ledger(error) => error.into(),
            GatherError::Store(error) => error.into(),
            GatherError::Sample(error) => error.into(),
        }
    }
}
