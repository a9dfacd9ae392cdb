//! Metadata documents and texts by hash.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    extract::{want_type, whole_body, Named, Verified},
    App, Problem,
};
use crate::{
    documents::{Kind, Metadata, MAX_BYTES},
    model::{Account, Hash},
};

const TEXT: &str = "text/plain; charset=utf-8";

async fn put(app: &App, kind: Kind, hash: Hash, account: Account, body: Body) -> Result<StatusCode, Problem> {
    let bytes = whole_body(body, MAX_BYTES).await?;
    let new = app.documents.put(kind, hash, account, bytes).await?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::NO_CONTENT })
}

async fn get(app: &App, kind: Kind, hash: Hash, media_type: &'static str) -> Result<Response, Problem> {
    let bytes = app.documents.get(kind, hash).await?.ok_or_else(|| Problem::not_found("document"))?;
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::ETAG, format!("\"{hash}\"")),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// A metadata document
#[utoipa::path(get, path = "/v1/metadata/{hash}", tag = "documents",
    params(("hash" = Hash, Path, description = "SHA-256 of the document")), responses(
    (status = 200, description = "The document, in canonical form", body = Metadata),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_metadata(
    State(app): State<Arc<App>>,
    Named(hash): Named<Hash>,
) -> Result<Response, Problem> {
    get(&app, Kind::Metadata, hash, "application/json").await
}

/// Store a metadata document
#[utoipa::path(put, path = "/v1/metadata/{hash}", tag = "documents", security(("token" = [])),
    params(("hash" = Hash, Path, description = "SHA-256 of the body")),
    request_body(content = Metadata, description = "Canonical JSON (RFC 8785), at most 256 KiB"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "It was stored before"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn put_metadata(
    State(app): State<Arc<App>>,
    Named(hash): Named<Hash>,
    Verified(account): Verified,
    request: Request,
) -> Result<StatusCode, Problem> {
    want_type(request.headers(), "application/json")?;
    put(&app, Kind::Metadata, hash, account, request.into_body()).await
}

/// A licence or agreement text
#[utoipa::path(get, path = "/v1/documents/{hash}", tag = "documents",
    params(("hash" = Hash, Path, description = "SHA-256 of the text")), responses(
    (status = 200, description = "The text", body = String, content_type = "text/plain"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_document(
    State(app): State<Arc<App>>,
    Named(hash): Named<Hash>,
) -> Result<Response, Problem> {
    get(&app, Kind::Text, hash, TEXT).await
}

/// Store a licence or agreement text
#[utoipa::path(put, path = "/v1/documents/{hash}", tag = "documents", security(("token" = [])),
    params(("hash" = Hash, Path, description = "SHA-256 of the body")),
    request_body(content = String, content_type = "text/plain", description = "UTF-8, at most 256 KiB"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "It was stored before"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn put_document(
    State(app): State<Arc<App>>,
    Named(hash): Named<Hash>,
    Verified(account): Verified,
    request: Request,
) -> Result<StatusCode, Problem> {
    want_type(request.headers(), "text/plain")?;
    put(&app, Kind::Text, hash, account, request.into_body()).await
}
