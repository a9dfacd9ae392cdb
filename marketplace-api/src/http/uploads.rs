//! Uploads by tus 1.0.0: core, creation, expiration, termination. A client that can only POST writes the method that
//! it means in `X-HTTP-Method-Override` (see [`crate::router`]).

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{header, request::Parts, HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{engine::general_purpose::STANDARD, Engine};
use wonbon_model::Hash;

use super::{refusals, Answer, Service};
use crate::{
    payloads::{Expected, NewUpload, UploadStatus},
    protocol::{
        extract::{read, require_content_type, PathParam, SignedIn, Verified},
        Problem,
    },
    sign_in::rights,
};

pub(crate) const VERSION: &str = "1.0.0";
/// Where uploads are.
pub(crate) const PATH: &str = "/v1/uploads";
const EXTENSIONS: &str = "creation,expiration,termination";
const OFFSET_TYPE: &str = "application/offset+octet-stream";

pub(crate) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// That the client speaks the version that this service speaks.
pub(super) struct Tus;

impl<S: Send + Sync> FromRequestParts<S> for Tus {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.headers.get(&TUS_RESUMABLE) {
            Some(version) if version == VERSION => Ok(Self),
            _ => {
                let detail = format!("Tus-Resumable has to be {VERSION}.");
                let status = StatusCode::PRECONDITION_FAILED;
                let problem = Problem::new(status, "tus-version", "Wrong version of tus", detail);
                Err(problem.field("Tus-Resumable").header(TUS_VERSION, HeaderValue::from_static(VERSION)))
            }
        }
    }
}

fn number(headers: &HeaderMap, name: &HeaderName, shown: &str) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    let digits = text.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| Problem::invalid(shown, format!("{shown} has to be a number of bytes.")))
}

/// One value of `Upload-Metadata`.
fn metadata<T: std::str::FromStr<Err: std::fmt::Display + 'static>>(
    headers: &HeaderMap,
    key: &str,
) -> Result<T, Problem> {
    let pairs = headers.get(UPLOAD_METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut values =
        pairs.split(',').filter_map(|pair| pair.trim().split_once(' ')).filter(|(name, _)| *name == key);
    let invalid = |why: &str| Problem::invalid(key, format!("Upload-Metadata has to hold {key}: {why}"));
    let (Some((_, encoded)), None) = (values.next(), values.next()) else { return Err(invalid("once")) };
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| invalid("in base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| invalid("as text"))?;
    read(key, &text).map_err(|problem| invalid(problem.detail()))
}

fn answer(status: StatusCode, upload: &UploadStatus) -> Response {
    let expires = httpdate::fmt_http_date(upload.expires_at);
    let headers = [
        (TUS_RESUMABLE, HeaderValue::from_static(VERSION)),
        (UPLOAD_OFFSET, HeaderValue::from(upload.offset)),
        (UPLOAD_EXPIRES, HeaderValue::from_str(&expires).unwrap_or(HeaderValue::from_static(""))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers).into_response()
}

/// What this service can do with uploads
///
/// The largest size is the one for everybody. To an account that is signed in it is what still has room in its quota, if
/// that is less.
#[utoipa::path(options, path = "/v1/uploads", tag = "uploads", security((), ("token" = [])), responses(
    (status = 204, description = "Version, extensions and largest size in the headers", headers(
        ("Tus-Version" = String), ("Tus-Extension" = String), ("Tus-Max-Size" = u64))),
    refusals::Other))]
pub(super) async fn get_upload_options(
    State(app): Service,
    signed_in: Result<SignedIn<rights::Look>, Problem>,
) -> Answer {
    let mut largest = app.payloads.limits.max_upload;
    if let Ok(SignedIn { account, .. }) = signed_in {
        largest = largest.min(app.payloads.room(account).await?);
    }
    let headers = [
        (TUS_RESUMABLE, HeaderValue::from_static(VERSION)),
        (TUS_VERSION, HeaderValue::from_static(VERSION)),
        (TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS)),
        (TUS_MAX_SIZE, HeaderValue::from(largest)),
    ];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Begin an upload
#[utoipa::path(post, path = "/v1/uploads", tag = "uploads", security(("token" = [])),
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes of the package: payload and leaf list"),
        ("Upload-Metadata" = String, Header, description = "`sealed_root`, `dataset_root`, `payload_length`, each in base64"),
    ), responses(
    (status = 201, description = "Begun", headers(("Location" = String), ("Upload-Expires" = String))),
    refusals::Invalid, refusals::NotPermitted, refusals::Conflict, refusals::FailedCondition,
    refusals::TooLarge, refusals::TooMany, refusals::Other))]
pub(super) async fn create_upload(
    State(app): Service,
    _: Tus,
    Verified { account, .. }: Verified<rights::Store>,
    headers: HeaderMap,
) -> Answer {
    let upload_length = number(&headers, &UPLOAD_LENGTH, "Upload-Length")?;
    let expected = Expected {
        sealed_root: metadata::<Hash>(&headers, "sealed_root")?,
        dataset_root: metadata::<Hash>(&headers, "dataset_root")?,
        payload_length: metadata(&headers, "payload_length")?,
    };
    let upload = app.payloads.create(account, NewUpload { expected, upload_length }).await?;
    let base = app.public_url.as_deref().unwrap_or_default();
    let location = format!("{base}/v1/uploads/{}", upload.manifest.id);
    let mut response = answer(StatusCode::CREATED, &upload);
    let location = HeaderValue::from_str(&location).map_err(Problem::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// How far an upload is
#[utoipa::path(head, path = "/v1/uploads/{id}", tag = "uploads", security(("token" = [])),
    params(("id" = String, Path, description = "Upload"), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses(
    (status = 200, description = "Bytes that are on disk for good", headers(
        ("Upload-Offset" = u64), ("Upload-Length" = u64), ("Upload-Metadata" = String), ("Upload-Expires" = String))),
    refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition, refusals::Other))]
pub(super) async fn head_upload(
    State(app): Service,
    _: Tus,
    SignedIn { account, .. }: SignedIn<rights::Store>,
    PathParam(id): PathParam<String>,
) -> Answer {
    let upload = app.payloads.status(account, &id)?;
    let Expected { sealed_root, dataset_root, payload_length } = upload.manifest.expected;
    let pair = |key: &str, value: String| format!("{key} {}", STANDARD.encode(value));
    let metadata = [
        pair("sealed_root", sealed_root.to_string()),
        pair("dataset_root", dataset_root.to_string()),
        pair("payload_length", payload_length.to_string()),
    ];
    let mut response = answer(StatusCode::OK, &upload);
    let headers = response.headers_mut();
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(upload.manifest.package_length));
    headers.insert(UPLOAD_METADATA, HeaderValue::from_str(&metadata.join(",")).map_err(Problem::internal)?);
    Ok(response)
}

/// Send bytes; with the last one the package is checked and published
#[utoipa::path(patch, path = "/v1/uploads/{id}", tag = "uploads", security(("token" = [])),
    params(
        ("id" = String, Path, description = "Upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Where the bytes begin"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"), responses(
    (status = 204, description = "Stored; published if that was the last byte", headers(
        ("Upload-Offset" = u64), ("Upload-Expires" = String))),
    (status = 409, description = "The upload is at another offset", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The bytes are not what was announced; the upload is removed", body = Problem,
        content_type = "application/problem+json"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition,
    refusals::BadBody, refusals::Locked, refusals::Other))]
pub(super) async fn append_upload(
    State(app): Service,
    _: Tus,
    Verified { account, .. }: Verified<rights::Store>,
    PathParam(id): PathParam<String>,
    request: Request,
) -> Answer {
    require_content_type(request.headers(), OFFSET_TYPE)?;
    let offset = number(request.headers(), &UPLOAD_OFFSET, "Upload-Offset")?;
    let announced = match request.headers().contains_key(header::CONTENT_LENGTH) {
        true => Some(number(request.headers(), &header::CONTENT_LENGTH, "Content-Length")?),
        false => None,
    };
    let body = request.into_body().into_data_stream();
    let upload = app.payloads.append(account, &id, offset, announced, body).await?;
    Ok(answer(StatusCode::NO_CONTENT, &upload))
}

/// End an upload and free what it used
#[utoipa::path(delete, path = "/v1/uploads/{id}", tag = "uploads", security(("token" = [])),
    params(("id" = String, Path, description = "Upload"), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses(
    (status = 204, description = "Ended"),
    refusals::NotPermitted, refusals::NotFound, refusals::FailedCondition, refusals::Locked, refusals::Other))]
pub(super) async fn delete_upload(
    State(app): Service,
    _: Tus,
    SignedIn { account, .. }: SignedIn<rights::Store>,
    PathParam(id): PathParam<String>,
) -> Answer {
    app.payloads.terminate(account, &id).await?;
    let headers = [(TUS_RESUMABLE, HeaderValue::from_static(VERSION))];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}
