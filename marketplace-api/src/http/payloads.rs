//! Downloads of sealed payloads, their trees, and who downloaded them.

use std::{future::Future, ops::Range, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    Json,
};

use super::{
    cursor::List,
    extract::{Named, Params, SignedIn, Verified},
    lists::PageParams,
    views::PageView,
    App, Problem,
};
use crate::{
    audit::{self, Download},
    model::{Account, Hash},
    payloads::{
        range::{self, Wanted},
        Downloads, FileBody, Folder, Payload,
    },
};

const IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// What a download answers, before any byte is read.
enum Answer {
    NotModified,
    Whole,
    Part(Range<u64>),
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// RFC 9110 sections 13 and 14 for something that never changes and has one strong tag.
fn answer(headers: &HeaderMap, etag: &str, length: u64) -> Result<Answer, Problem> {
    if let Some(tags) = text(headers, &header::IF_NONE_MATCH) {
        let same = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
        if tags.split(',').any(|tag| same(tag.trim())) {
            return Ok(Answer::NotModified);
        }
    }
    let Some(wanted) = text(headers, &header::RANGE) else { return Ok(Answer::Whole) };
    // Only the same strong tag keeps the range; a date never does, since no date is sent.
    if headers.contains_key(header::IF_RANGE) && text(headers, &header::IF_RANGE) != Some(etag) {
        return Ok(Answer::Whole);
    }
    match range::parse(wanted, length) {
        Wanted::Whole => Ok(Answer::Whole),
        Wanted::Part(part) => Ok(Answer::Part(part)),
        Wanted::Unsatisfiable => {
            let detail = format!("There are {length} bytes.");
            let problem =
                Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", "There are no such bytes", detail);
            let content_range =
                HeaderValue::from_str(&format!("bytes */{length}")).map_err(Problem::internal)?;
            Err(problem.field("Range").limit(length).header(header::CONTENT_RANGE, content_range))
        }
    }
}

impl App {
    async fn payload(&self, sealed_root: Hash) -> Result<Payload, Problem> {
        self.payloads.find(sealed_root).await?.ok_or_else(|| Problem::not_found("payload"))
    }

    /// Serves an object of the store, or a part of it. `begun` is called with the bytes that will be sent.
    async fn serve<F: Future<Output = Result<(), Problem>>>(
        &self,
        folder: Folder,
        payload: &Payload,
        account: Account,
        length: u64,
        headers: &HeaderMap,
        begun: impl FnOnce(Range<u64>) -> F,
    ) -> Result<Response, Problem> {
        let etag = format!("\"{}\"", payload.sealed_root);
        let (status, range) = match answer(headers, &etag, length)? {
            Answer::NotModified => {
                let headers = [(header::ETAG, etag), (header::CACHE_CONTROL, IMMUTABLE.to_owned())];
                return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
            }
            Answer::Whole => (StatusCode::OK, 0..length),
            Answer::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        };
        let Some(running) = self.payloads.downloads().begin(account) else {
            let limit = Downloads::LIMIT;
            let detail = format!("At most {limit} downloads at once.");
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Err(Problem::new(status, "too-many-downloads", "Too many downloads", detail)
                .limit(limit as u64)
                .header(header::RETRY_AFTER, HeaderValue::from_static("5")));
        };
        let Some(source) = self.payloads.source(folder, payload).await? else {
            return Err(Problem::not_found("payload"));
        };
        begun(range.clone()).await?;
        let mut response = Response::new(Body::new(FileBody::new(source, range.clone(), running)));
        describe(&mut response, &etag, status, &range, length)?;
        Ok(response)
    }
}

fn describe(
    response: &mut Response,
    etag: &str,
    status: StatusCode,
    range: &Range<u64>,
    length: u64,
) -> Result<(), Problem> {
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    headers.insert(header::ETAG, HeaderValue::from_str(etag).map_err(Problem::internal)?);
    if status == StatusCode::PARTIAL_CONTENT {
        let value = format!("bytes {}-{}/{length}", range.start, range.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&value).map_err(Problem::internal)?);
    }
    Ok(())
}

/// Download a package: the sealed payload and the leaf list behind it
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(
        ("sealed_root" = Hash, Path, description = "Root of the sealed payload"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-Range" = Option<String>, Header, description = "The entity tag that the range belongs to"),
        ("If-None-Match" = Option<String>, Header, description = "Entity tags that the client has"),
    ), responses(
    (status = 200, description = "The package", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "A part of it", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 304, description = "The client has it"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_payload(
    State(app): State<Arc<App>>,
    Named(sealed_root): Named<Hash>,
    Verified(account): Verified,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let payload = app.payload(sealed_root).await?;
    let read_model = &app.read_model;
    let write_down = |range: Range<u64>| {
        let at_ms = crate::clock::now_ms();
        let download = Download { sealed_root, account, first: range.start, last: range.end - 1, at_ms };
        async move { Ok(audit::record(read_model, download).await?) }
    };
    app.serve(Folder::Payloads, &payload, account, payload.package_length, &headers, write_down).await
}

/// Whether a package is stored, and how long it is
#[utoipa::path(head, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload")), responses(
    (status = 200, description = "The headers of a download"),
    (status = "default", description = "A problem")))]
pub(super) async fn head_payload(
    State(app): State<Arc<App>>,
    Named(sealed_root): Named<Hash>,
    _: Verified,
) -> Result<Response, Problem> {
    let payload = app.payload(sealed_root).await?;
    let mut response = Response::new(Body::empty());
    let length = payload.package_length;
    describe(&mut response, &format!("\"{sealed_root}\""), StatusCode::OK, &(0..length), length)?;
    Ok(response)
}

/// Remove a payload that nobody needs; for the account that uploaded it
#[utoipa::path(delete, path = "/v1/payloads/{sealed_root}", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload")), responses(
    (status = 204, description = "Removed; its bytes are no longer counted"),
    (status = 409, description = "An offer is open, or has orders that are not final", body = Problem,
        content_type = "application/problem+json"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn delete_payload(
    State(app): State<Arc<App>>,
    Named(sealed_root): Named<Hash>,
    Verified(account): Verified,
) -> Result<StatusCode, Problem> {
    app.payloads.remove(account, sealed_root).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sealed leaf hashes, 32 bytes a block, to verify a package while it arrives
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}/tree", tag = "payloads", security(("token" = [])),
    params(
        ("sealed_root" = Hash, Path, description = "Root of the sealed payload"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ), responses(
    (status = 200, description = "The hashes", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "Some of them", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 304, description = "The client has them"),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn get_payload_tree(
    State(app): State<Arc<App>>,
    Named(sealed_root): Named<Hash>,
    Verified(account): Verified,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let payload = app.payload(sealed_root).await?;
    let length = payload.package_length - payload.payload_length;
    app.serve(Folder::Trees, &payload, account, length, &headers, |_| async { Ok(()) }).await
}

/// Who downloaded a package; for its seller
#[utoipa::path(get, path = "/v1/payloads/{sealed_root}/downloads", tag = "payloads", security(("token" = [])),
    params(("sealed_root" = Hash, Path, description = "Root of the sealed payload"), PageParams), responses(
    (status = 200, description = "Downloads, newest first", body = PageView<Download>),
    (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn list_payload_downloads(
    State(app): State<Arc<App>>,
    Named(sealed_root): Named<Hash>,
    SignedIn(account): SignedIn,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Download>>, Problem> {
    let payload = app.payload(sealed_root).await?;
    let list = List::new("downloads", &[Some(&sealed_root.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read_model.run(move |ledger| audit::list(ledger, &payload, account, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}
