//! HTTP: routes, the OpenAPI document and what every request passes through.
//!
//! Handlers are named `<verb>_<resource>`, which is the operation's id in the document as well, and hold no rule:
//! they read the request, ask a domain module and write the answer. Every route is declared through [`routes!`],
//! so that router and document cannot differ. Every error is a [`Problem`].

pub(crate) mod audit;
mod certificates;
mod conditional;
pub mod cursor;
mod dataset_records;
mod documents;
pub mod extract;
pub mod formats;
mod health;
mod layers;
mod lists;
mod payloads;
mod problem;
mod records;
mod refused;
pub(crate) mod samples;
mod sign_in;
mod standards;
mod uploads;
pub mod views;

use std::sync::{Arc, LazyLock};

use axum::{
    http::{header, StatusCode, Uri},
    response::IntoResponse,
    routing::get,
    Router,
};
use bytes::Bytes;
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa::{
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    Modify, OpenApi,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use lists::ListDatasets;
pub use problem::{Problem, MEDIA_TYPE};
use refused::Refusals;

use crate::{
    audit::DownloadLog, certificates::Certificates, documents::Documents, follower::Status,
    payloads::Payloads, read_model::ReadModel, samples::Samples, search::SearchIndex, sign_in::SignIn,
};

/// Everything that handlers use.
#[derive(Debug)]
pub struct App {
    /// What stands on the chain.
    pub read_model: ReadModel,
    /// How the follower stands.
    pub status: Status,
    /// Sealed payloads.
    pub payloads: Arc<Payloads>,
    /// Metadata, licence and agreement texts.
    pub documents: Arc<Documents>,
    /// Who downloaded what.
    pub download_log: DownloadLog,
    /// Blocks that everyone may see.
    pub samples: Arc<Samples>,
    /// Finding by words.
    pub search: Arc<SearchIndex>,
    /// Challenges and tokens.
    pub sign_in: SignIn,
    /// Certificates.
    pub certificates: Certificates,
    /// Where clients reach the service, without a slash at the end.
    pub public_url: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Wonbon marketplace",
        description = "Catalogue and sealed payloads of a marketplace for manufacturing data. The chain decides; \
                       this service shows what stands there and keeps ciphertext: of the data itself it sees \
                       the sample blocks that an owner shows, and nothing else. Amounts are whole \
                       won, heights are block numbers, times are milliseconds since 1970."
    ),
    modifiers(&Security, &Refusals),
    components(schemas(Problem)),
    tags(
        (name = "catalogue", description = "What stands on the chain"),
        (name = "sign-in", description = "Tokens for account keys"),
        (name = "uploads", description = "Resumable uploads, tus 1.0.0. A POST may name another method in `X-HTTP-Method-Override`"),
        (name = "payloads", description = "Sealed payloads"),
        (name = "documents", description = "Metadata and texts by hash"),
        (name = "samples", description = "Blocks that everyone may see, provably part of their dataset"),
        (name = "certificates", description = "Proofs of origin and trade history that need nobody's trust"),
        (name = "standards", description = "A dataset's record in the forms that other tools read"),
        (name = "audit", description = "What an auditor goes through; public facts need no role"),
        (name = "service", description = "How the service is doing"),
    )
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token from POST /v1/sign-in"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::get_health))
        .routes(routes!(get_openapi))
        .routes(routes!(lists::list_participants))
        .routes(routes!(records::get_participant))
        .routes(routes!(lists::list_participant_trades))
        .routes(routes!(lists::list_datasets))
        .routes(routes!(records::get_dataset))
        .routes(routes!(records::get_dataset_lineage))
        .routes(routes!(certificates::get_dataset_certificate))
        .routes(routes!(standards::get_dataset_prov))
        .routes(routes!(standards::get_dataset_dcat))
        .routes(routes!(standards::get_dataset_croissant))
        .routes(routes!(standards::get_dataset_aas))
        .routes(routes!(samples::get_chosen_sample, samples::put_chosen_sample))
        .routes(routes!(samples::get_fair_sample, samples::put_fair_sample))
        .routes(routes!(lists::list_dataset_trades))
        .routes(routes!(lists::list_dataset_attestations))
        .routes(routes!(dataset_records::list_dataset_versions))
        .routes(routes!(dataset_records::list_dataset_handovers))
        .routes(routes!(dataset_records::list_participant_derive_rights))
        .routes(routes!(lists::list_offers))
        .routes(routes!(records::get_offer))
        .routes(routes!(lists::list_orders))
        .routes(routes!(records::get_order))
        .routes(routes!(lists::list_trades))
        .routes(routes!(sign_in::create_challenge))
        .routes(routes!(sign_in::create_token))
        .routes(routes!(uploads::get_upload_options, uploads::create_upload))
        .routes(routes!(uploads::head_upload, uploads::append_upload, uploads::delete_upload))
        .routes(routes!(payloads::get_payload, payloads::head_payload, payloads::delete_payload))
        .routes(routes!(payloads::get_payload_tree))
        .routes(routes!(payloads::list_payload_downloads))
        .routes(routes!(documents::get_metadata, documents::put_metadata))
        .routes(routes!(documents::get_document, documents::put_document))
        .routes(routes!(audit::get_audit_ledger))
        .routes(routes!(audit::get_audit_report))
        .routes(routes!(audit::list_audit_deliveries))
        .routes(routes!(audit::list_audit_downloads))
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

/// The whole service as a router.
pub fn router(app: Arc<App>) -> Router {
    let (api, _) = api().split_for_parts();
    let router = api
        .merge(crate::pages::routes())
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .with_state(app);
    layers::add(router)
}

/// `/metrics`, for an address of its own.
pub fn metrics_router(metrics: PrometheusHandle) -> Router {
    let router = Router::new().route("/metrics", get(health::get_metrics));
    layers::add(router.fallback(no_such_route).with_state(metrics))
}

/// A router whose handlers panic or never end, for tests of the layers.
#[doc(hidden)]
pub fn faulty_router() -> Router {
    async fn panic() -> &'static str {
        panic!("a handler failed")
    }
    async fn hang() -> &'static str {
        std::future::pending().await
    }
    layers::add(Router::new().route("/panic", get(panic)).route("/hang", get(hang)))
}

async fn no_such_route(uri: Uri) -> impl IntoResponse {
    let detail = format!("There is nothing at {}.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "no-such-route", "Not found", detail)
}

async fn no_such_method() -> impl IntoResponse {
    let detail = "The resource does not have this method; the Allow header names those it has.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no-such-method", "Method not allowed", detail)
}
