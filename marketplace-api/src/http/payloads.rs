//! Downloads of sealed payloads, their trees, and who downloaded them.

use std::ops::Range;

use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderValue, StatusCode},
    response::Response,
    Json,
};
use wonbon_model::{json::Download, AccountId, Hash};

use super::{refusals, Answer, Listed, Service};
use crate::{
    app::App,
    clock::now_ms,
    protocol::{
        conditional::{Conditions, RangeRequest, Version, PRIVATE},
        extract::{Params, PathParam, SignedIn, Verified},
        paging::{PageParams, PageView},
        Problem,
    },
    sign_in::rights,
    storage::{object_body, Folder, Payload, MAX_DOWNLOADS},
};

async fn find(app: &App, sealed_root: Hash) -> Result<Payload, Problem> {
    app.payloads.find(sealed_root).await?.ok_or_else(|| Problem::not_found("payload"))
}

/// Serves a package, or the tree that belongs to it, or a part. Who downloads a package is logged before it is sent.
async fn serve(
    app: &App,
    folder: Folder,
    sealed_root: Hash,
    account: AccountId,
    (conditions, range): (Conditions, RangeRequest),
) -> Answer {
    let payload = find(app, sealed_root).await?;
    let length = match folder {
        Folder::Trees => payload.package_length - payload.payload_length,
        _ => payload.package_length,
    };
    let version = Version::new(sealed_root, PRIVATE);
    if let Some(answer) = version.check(&conditions)? {
        return Ok(answer);
    }
    let part = version.part(&range, length)?;
    let Some(download) = app.payloads.downloads.begin(account) else {
        let detail = format!("At most {MAX_DOWNLOADS} downloads at once.");
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Err(Problem::new(status, "too-many-downloads", "Too many downloads", detail)
            .limit(MAX_DOWNLOADS as u64)
            .retry_after(5));
    };
    let Some(source) = app.payloads.publications.open(folder, &payload).await? else {
        return Err(Problem::not_found("payload"));
    };
    let range = part.clone().unwrap_or(0..length);
    if folder == Folder::Payloads {
        app.download_log.record(sealed_root, account, range.end - range.start, now_ms()).await?;
    }
    let body = Body::from_stream(object_body(source, range, download));
    object_response(&version, part, length, body)
}

/// An answer with some bytes of an object, or about it.
fn object_response(version: &Version, part: Option<Range<u64>>, length: u64, body: Body) -> Answer {
    let mut response = version.describe(Response::new(body))?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let sent = part.as_ref().map_or(length, |part| part.end - part.start);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(sent));
    if let Some(part) = part {
        let value = format!("bytes {}-{}/{length}", part.start, part.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&value).map_err(Problem::internal)?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// Download a package: the sealed payload and the leaf list behind it
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload"), Conditions, RangeRequest), responses(
    (status = 200, description = "The package", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "A part of it", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition,
    refusals::NoSuchRange, refusals::TooMany, refusals::Other))]
pub(super) async fn get_payload(
    State(app): Service,
    PathParam(sealed_root): PathParam<Hash>,
    Verified { account, .. }: Verified<rights::Download>,
    conditions: Conditions,
    range: RangeRequest,
) -> Answer {
    serve(&app, Folder::Payloads, sealed_root, account, (conditions, range)).await
}

/// Whether a package is stored, and how long it is
#[utoipa::path(head, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload"), Conditions), responses(
    (status = 200, description = "The headers of a download"),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition, refusals::Other))]
pub(super) async fn head_payload(
    State(app): Service,
    PathParam(sealed_root): PathParam<Hash>,
    _: Verified<rights::Find>,
    conditions: Conditions,
) -> Answer {
    let payload = find(&app, sealed_root).await?;
    let version = Version::new(sealed_root, PRIVATE);
    match version.check(&conditions)? {
        Some(answer) => Ok(answer),
        None => object_response(&version, None, payload.package_length, Body::empty()),
    }
}

/// Remove a payload that nobody needs; for the account that uploaded it
#[utoipa::path(delete, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload")), responses(
    (status = 204, description = "Removed; its bytes are no longer counted"),
    (status = 409, description = "An offer is open, or has orders that are not final", body = Problem,
        content_type = "application/problem+json"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn delete_payload(
    State(app): Service,
    PathParam(sealed_root): PathParam<Hash>,
    Verified { account, .. }: Verified<rights::Store>,
) -> Answer<StatusCode> {
    app.payloads.remove(account, sealed_root).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sealed leaf hashes, 32 bytes a block, to verify a package while it arrives
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}/tree", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload"), Conditions, RangeRequest), responses(
    (status = 200, description = "The hashes", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "Some of them", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 304, description = "The client has them"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition,
    refusals::NoSuchRange, refusals::TooMany, refusals::Other))]
pub(super) async fn get_payload_tree(
    State(app): Service,
    PathParam(sealed_root): PathParam<Hash>,
    Verified { account, .. }: Verified<rights::Download>,
    conditions: Conditions,
    range: RangeRequest,
) -> Answer {
    serve(&app, Folder::Trees, sealed_root, account, (conditions, range)).await
}

/// Who downloaded a package; for its seller
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}/downloads", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload"), PageParams), responses(
    (status = 200, description = "Downloads, one item for each account and hour, newest first", body = PageView<Download>),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn list_payload_downloads(
    State(app): Service,
    PathParam(sealed_root): PathParam<Hash>,
    SignedIn { account, .. }: SignedIn<rights::Look>,
    Params(params): Params<PageParams>,
) -> Listed<Download> {
    let payload = find(&app, sealed_root).await?;
    let (list, request) = params.page_of("downloads", sealed_root)?;
    let page = app.download_log.of_payload(payload, account, request).await?;
    Ok(Json(PageView::new(&list, page)))
}
