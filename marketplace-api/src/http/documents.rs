//! Metadata documents and texts by hash.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, StatusCode},
};
use wonbon_model::{metadata::Metadata, AccountId, Hash};

use super::{refusals, Answer, Service};
use crate::{
    app::App,
    documents::{Kind, MAX_BYTES},
    protocol::{
        conditional::{Conditions, Version, PUBLIC},
        extract::{require_content_type, whole_body, PathParam, Verified},
        Problem,
    },
    sign_in::rights,
};

const TEXT: &str = "text/plain; charset=utf-8";

async fn put(app: &App, kind: Kind, hash: Hash, account: AccountId, body: Body) -> Answer<StatusCode> {
    let bytes = whole_body(body, MAX_BYTES).await?;
    let new = app.documents.put(kind, hash, account, bytes).await?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::NO_CONTENT })
}

async fn get(app: &App, kind: Kind, hash: Hash, media_type: &'static str, conditions: &Conditions) -> Answer {
    let bytes = app.documents.get(kind, hash).await?.ok_or_else(|| Problem::not_found("document"))?;
    let version = Version::new(hash, PUBLIC);
    match version.check(conditions)? {
        Some(answer) => Ok(answer),
        None => version.describe(([(header::CONTENT_TYPE, media_type)], bytes)),
    }
}

/// A metadata document
#[utoipa::path(get, path = "/v1/metadata/{hash}", tag = "documents",
    params(("hash" = Hash, Path, description = "SHA-256 of the document"), Conditions), responses(
    (status = 200, description = "The document, in canonical form", body = Metadata),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::Other))]
pub(super) async fn get_metadata(
    State(app): Service,
    PathParam(hash): PathParam<Hash>,
    conditions: Conditions,
) -> Answer {
    get(&app, Kind::Metadata, hash, "application/json", &conditions).await
}

/// Store a metadata document
#[utoipa::path(put, path = "/v1/metadata/{hash}", tag = "documents", security(("token" = [])),
    params(("hash" = Hash, Path, description = "SHA-256 of the body")),
    request_body(content = Metadata, description = "Canonical JSON (RFC 8785), at most 256 KiB"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "It was stored before"),
    refusals::Invalid, refusals::NotPermitted, refusals::BadBody, refusals::Unprocessable, refusals::Other))]
pub(super) async fn put_metadata(
    State(app): Service,
    PathParam(hash): PathParam<Hash>,
    Verified { account, .. }: Verified<rights::Store>,
    request: Request,
) -> Answer<StatusCode> {
    require_content_type(request.headers(), "application/json")?;
    put(&app, Kind::Metadata, hash, account, request.into_body()).await
}

/// A licence or agreement text
#[utoipa::path(get, path = "/v1/documents/{hash}", tag = "documents",
    params(("hash" = Hash, Path, description = "SHA-256 of the text"), Conditions), responses(
    (status = 200, description = "The text", body = String, content_type = "text/plain"),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::Other))]
pub(super) async fn get_document(
    State(app): Service,
    PathParam(hash): PathParam<Hash>,
    conditions: Conditions,
) -> Answer {
    get(&app, Kind::Text, hash, TEXT, &conditions).await
}

/// Store a licence or agreement text
#[utoipa::path(put, path = "/v1/documents/{hash}", tag = "documents", security(("token" = [])),
    params(("hash" = Hash, Path, description = "SHA-256 of the body")),
    request_body(content = String, content_type = "text/plain", description = "UTF-8, at most 256 KiB"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "It was stored before"),
    refusals::Invalid, refusals::NotPermitted, refusals::BadBody, refusals::Unprocessable, refusals::Other))]
pub(super) async fn put_document(
    State(app): Service,
    PathParam(hash): PathParam<Hash>,
    Verified { account, .. }: Verified<rights::StoreText>,
    request: Request,
) -> Answer<StatusCode> {
    require_content_type(request.headers(), "text/plain")?;
    put(&app, Kind::Text, hash, account, request.into_body()).await
}
