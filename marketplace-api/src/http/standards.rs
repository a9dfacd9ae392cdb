//! A dataset in the forms of other standards. They are public, like the record that they are made from; whoever has
//! to rely on one asks for a certificate.

use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderMap},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::Hash;
use wonbon_standards::{aas, croissant, dcat, iri::Site, prov, DatasetRecord};

use super::{attachment, form, refusals, Answer, Service};
use crate::{
    app::App,
    exports,
    protocol::{
        extract::{Params, PathParam},
        Problem,
    },
};

const JSON: &str = "application/json";
const JSON_LD: &str = "application/ld+json";
const TURTLE: &str = "text/turtle";
/// Registered for AASX by the Industrial Digital Twin Association.
const AASX: &str = "application/asset-administration-shell-package";

wonbon_model::word_enum! {
    /// The forms of a DCAT-AP document.
    pub(super) enum DcatFormat {
        /// As JSON-LD.
        Jsonld = "jsonld",
        /// As Turtle, which is shorter to read.
        Turtle = "turtle",
    }
}

wonbon_model::word_enum! {
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
pub(super) async fn get_dataset_prov(State(app): Service, PathParam(id): PathParam<Hash>) -> Answer {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON, "prov.json", prov::document(&record).to_string()))
}

/// The dataset in DCAT-AP 3.0.1
#[utoipa::path(get, path = "/v1/datasets/{id}/dcat", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset"), DcatQuery),
    responses(
    (status = 200, description = "A DCAT-AP document",
        content((Object = "application/ld+json"), (String = "text/turtle"))),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_dcat(
    State(app): Service,
    PathParam(id): PathParam<Hash>,
    Params(query): Params<DcatQuery>,
    headers: HeaderMap,
) -> Answer {
    let forms = [(JSON_LD, DcatFormat::Jsonld), (TURTLE, DcatFormat::Turtle)];
    let format = form(query.format.as_deref(), &headers, forms)?;
    let record = record(&app, id).await?;
    Ok(match format {
        DcatFormat::Turtle => answer(id, TURTLE, "dcat.ttl", dcat::turtle(&record)),
        DcatFormat::Jsonld => answer(id, JSON_LD, "dcat.jsonld", dcat::json_ld(&record).to_string()),
    })
}

/// The dataset in Croissant 1.0
#[utoipa::path(get, path = "/v1/datasets/{id}/croissant", tag = "standards",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "A Croissant document, to lie beside the file that was bought",
        body = Object, content_type = "application/ld+json"),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_croissant(State(app): Service, PathParam(id): PathParam<Hash>) -> Answer {
    let record = record(&app, id).await?;
    Ok(answer(id, JSON_LD, "croissant.json", croissant::document(&record).to_string()))
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
    State(app): Service,
    PathParam(id): PathParam<Hash>,
    Params(query): Params<AasQuery>,
    headers: HeaderMap,
) -> Answer {
    let forms = [(JSON, AasFormat::Json), (AASX, AasFormat::Aasx)];
    let format = form(query.format.as_deref(), &headers, forms)?;
    let record = record(&app, id).await?;
    Ok(match format {
        AasFormat::Aasx => answer(id, AASX, "aasx", aas::package(&record).map_err(Problem::internal)?),
        AasFormat::Json => answer(id, JSON, "aas.json", aas::environment(&record).to_string()),
    })
}

async fn record(app: &App, id: Hash) -> Result<DatasetRecord, Problem> {
    let found = app.read(move |catalogue| exports::registered(catalogue, id.into())).await?;
    let (mut record, view) = found.ok_or_else(|| Problem::not_found("dataset"))?;
    record.genesis = app.status.genesis().map(|genesis| genesis.0);
    record.site = app.public_url.as_deref().and_then(Site::parse);
    exports::add_stored(&mut record, &view, &app.documents, &app.samples).await?;
    Ok(record)
}

fn answer(id: Hash, media_type: &str, extension: &str, body: impl Into<Body>) -> Response {
    // The next block may change it.
    let headers = [(header::VARY, "Accept"), (header::CACHE_CONTROL, "no-cache")];
    (headers, attachment(media_type, &format!("{id}.{extension}"), body)).into_response()
}
