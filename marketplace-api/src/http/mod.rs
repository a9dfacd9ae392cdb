//! The JSON endpoints, filed by noun: a file has its parameters, its views and its handlers.
//!
//! Handlers are named `<verb>_<resource>`, which is the operation's id in the document as well, and hold no rule:
//! they read the request, ask a module below and write the answer. Every route is declared through [`routes!`],
//! so that router and document cannot differ. Every error is a [`Problem`].

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

mod applications;
mod audit;
mod certificates;
mod datasets;
mod documents;
mod health;
mod lists;
mod members;
mod notices;
mod offers;
mod openapi;
mod orders;
mod participants;
mod payloads;
mod refusals;
mod royalties;
mod samples;
mod secrets;
mod sign_in;
mod standards;
mod trades;
pub(crate) mod uploads;

use std::{
    fmt::Display,
    str::FromStr,
    sync::{Arc, LazyLock},
};

use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderMap},
    response::{IntoResponse, Response},
    Json, Router,
};
use bytes::Bytes;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    protocol::{accept::accept, extract::optional, paging::PageView, Problem},
};

/// The service, as a handler takes it.
type Service = State<Arc<App>>;
/// What a handler answers, or why it does not.
type Answer<T = Response> = Result<T, Problem>;
/// Something in JSON.
type Found<T> = Answer<Json<T>>;
/// A page of a list in JSON.
type Listed<T> = Found<PageView<T>>;

/// A file that a browser saves under this name.
fn attachment(media_type: &str, name: &str, body: impl Into<Body>) -> impl IntoResponse {
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body.into())
}

/// The form of an answer that a client names in its query or, if it names none there, likes best.
fn form<F: FromStr<Err: Display + 'static>>(
    query: Option<&str>,
    headers: &HeaderMap,
    forms: [(&str, F); 2],
) -> Answer<F> {
    Ok(optional("format", query)?.unwrap_or_else(|| accept(headers, forms)))
}

fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(openapi::description())
        .routes(routes!(health::get_health))
        .routes(routes!(get_openapi))
        .routes(routes!(participants::list_participants))
        .routes(routes!(participants::get_participant))
        .routes(routes!(members::list_participant_members))
        .routes(routes!(members::list_account_companies))
        .routes(routes!(trades::list_participant_trades))
        .routes(routes!(royalties::list_participant_royalties))
        .routes(routes!(datasets::list_datasets))
        .routes(routes!(datasets::get_dataset))
        .routes(routes!(datasets::get_dataset_lineage))
        .routes(routes!(certificates::get_dataset_certificate))
        .routes(routes!(standards::get_dataset_prov))
        .routes(routes!(standards::get_dataset_dcat))
        .routes(routes!(standards::get_dataset_croissant))
        .routes(routes!(standards::get_dataset_aas))
        .routes(routes!(samples::get_chosen_sample, samples::put_chosen_sample))
        .routes(routes!(samples::get_fair_sample, samples::put_fair_sample))
        .routes(routes!(trades::list_dataset_trades))
        .routes(routes!(royalties::list_dataset_royalties))
        .routes(routes!(datasets::list_dataset_attestations))
        .routes(routes!(datasets::list_dataset_versions))
        .routes(routes!(datasets::list_dataset_handovers))
        .routes(routes!(participants::list_participant_derive_rights))
        .routes(routes!(notices::get_notices))
        .routes(routes!(offers::list_offers))
        .routes(routes!(offers::get_offer))
        .routes(routes!(orders::list_orders))
        .routes(routes!(orders::get_order))
        .routes(routes!(trades::list_trades))
        .routes(routes!(sign_in::create_challenge))
        .routes(routes!(sign_in::create_token))
        .routes(routes!(uploads::get_upload_options, uploads::create_upload))
        .routes(routes!(uploads::head_upload, uploads::append_upload, uploads::delete_upload))
        .routes(routes!(payloads::get_payload, payloads::head_payload, payloads::delete_payload))
        .routes(routes!(payloads::get_payload_tree))
        .routes(routes!(payloads::list_payload_downloads))
        .routes(routes!(documents::get_metadata, documents::put_metadata))
        .routes(routes!(documents::get_document, documents::put_document))
        .routes(routes!(applications::create_application, applications::list_applications))
        .routes(routes!(applications::get_application, applications::delete_application))
        .routes(routes!(secrets::get_secret_epochs))
        .routes(routes!(secrets::get_wrapped_secret, secrets::put_wrapped_secret))
        .routes(routes!(secrets::get_sealed_key, secrets::put_sealed_key))
        .routes(routes!(secrets::get_entrusted_key, secrets::put_entrusted_key))
        .routes(routes!(audit::get_audit_ledger))
        .routes(routes!(audit::get_audit_report))
        .routes(routes!(audit::list_audit_deliveries))
        .routes(routes!(audit::list_audit_downloads))
        .routes(routes!(audit::list_audit_acts))
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// The OpenAPI document of this service
#[utoipa::path(get, path = "/openapi.json", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn get_openapi() -> Result<impl IntoResponse, Problem> {
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| serde_json::to_vec(&openapi()).unwrap_or_default().into());
    if DOCUMENT.is_empty() {
        return Err(Problem::internal("the OpenAPI document cannot be written"));
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone()))
}

/// The endpoints as a router.
pub(crate) fn routes() -> Router<Arc<App>> {
    api().split_for_parts().0
}
