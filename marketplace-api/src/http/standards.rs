//! A dataset in the forms of other standards. They are public, like the record that they are made from; whoever has
//! to rely on one asks for a certificate.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{
    extract::State,
    http::{header, HeaderMap},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::Hash;
use wonbon_standards::{aas, croissant, dcat, prov, DatasetRecord};

use super::refusals;
use crate::{
    app::App,
    choice::choices,
    exports::{gather, Sources},
    protocol::{
        accept::accept,
        extract::{optional, Params, PathParam},
        Problem,
    },
};

const JSON: &str = "application/json";
const JSON_LD: &str = "application/ld+json";
const TURTLE: &str = "text/turtle";
/// Registered for AASX by the Industrial Digital Twin Association.
const AASX: &str = "application/asset-administration-shell-package";

choices! {
    /// The forms of a DCAT-AP document.
    pub(super) enum DcatFormat {
        /// As JSON-LD.
        Jsonld = "jsonld",
        /// As Turtle, which is shorter to read.
        Turtle = "turtle",
    }
}

choices! {
    /// The forms of an Asset Administration Shell.
    pub(super) enum AasFormat {
        /// An environment in JSON.
        Json = "json",
        /// An AASX package of that environment.
        Aasx = "aasx",
    }
}

/// How a DCAT-AP document is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DcatQuery {
    /// Without it the Accept header decides.
    #[param(inline, value_type = Option<DcatFormat>)]
    format: Option<String>,
}

/// How an AAS is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AasQuery {
    /// Without it the Accept header decides.
    #[param(inline, value_type = Option<AasFormat>)]
    format: Option<String>,
}

/// Where the dataset comes from, as W3C PROV-JSON
#[utoipa::path(get, path = "/v1/datasets/{id}/prov", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "A PROV-JSON document", body = Object),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_prov(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON, "prov.json", prov::document(&record).to_string().into_bytes()))
}

/// The dataset in DCAT-AP 3.0.1
#[utoipa::path(get, path = "/v1/datasets/{id}/dcat", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset"), DcatQuery),
    responses(
    (status = 200, description = "A DCAT-AP document",
        content((Object = "application/ld+json"), (String = "text/turtle"))),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_dcat(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(query): Params<DcatQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = optional("format", query.format.as_deref())?;
    let format = format.unwrap_or_else(|| match accept(&headers, [JSON_LD, TURTLE]) {
        TURTLE => DcatFormat::Turtle,
        _ => DcatFormat::Jsonld,
    });
    let record = record(&app, id).await?;
    Ok(match format {
        DcatFormat::Turtle => answer(id, TURTLE, "dcat.ttl", dcat::turtle(&record).into_bytes()),
        DcatFormat::Jsonld => {
            answer(id, JSON_LD, "dcat.jsonld", dcat::json_ld(&record).to_string().into_bytes())
        }
    })
}

/// The dataset in Croissant 1.0
#[utoipa::path(get, path = "/v1/datasets/{id}/croissant", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "A Croissant document, to lie beside the file that was bought",
        body = Object, content_type = "application/ld+json"),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_croissant(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
) -> Result<Response, Problem> {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON_LD, "croissant.json", croissant::document(&record).to_string().into_bytes()))
}

/// The dataset as an Asset Administration Shell with the submodel AI Dataset (IDTA 02058-1-0-1)
#[utoipa::path(get, path = "/v1/datasets/{id}/aas", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset"), AasQuery),
    responses(
    (status = 200, description = "An AAS environment, or an AASX package of it",
        content((Object = "application/json"),
            (Vec<u8> = "application/asset-administration-shell-package"))),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_aas(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(query): Params<AasQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = optional("format", query.format.as_deref())?;
    let format = format.unwrap_or_else(|| match accept(&headers, [JSON, AASX]) {
        AASX => AasFormat::Aasx,
        _ => AasFormat::Json,
    });
    let record = record(&app, id).await?;
    Ok(match format {
        AasFormat::Aasx => answer(id, AASX, "aasx", aas::package(&record).map_err(Problem::internal)?),
        AasFormat::Json => answer(id, JSON, "aas.json", aas::environment(&record).to_string().into_bytes()),
    })
}

async fn record(app: &App, id: Hash) -> Result<DatasetRecord, Problem> {
    let sources = Sources {
        read_model: &app.read_model,
        state: &app.state,
        documents: &app.documents,
        samples: &app.samples,
        search: &app.search,
        genesis: app.status.genesis(),
        public_url: app.public_url.as_deref(),
    };
    gather(sources, id).await?.ok_or_else(|| Problem::not_found("dataset"))
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
