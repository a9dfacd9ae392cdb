//! A small S3-like server in memory: as much of the interface as the storage uses, and the mistakes of a
//! network on request. That a request is signed it tells by the presence of a signature for the right key, and by
//! the hash of the body that the signature covers.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        atomic::{AtomicU32, AtomicUsize, Ordering},
        Arc, Mutex, MutexGuard,
    },
};

use axum::{
    body::{to_bytes, Body, Bytes},
    extract::{Query, Request, State},
    http::{HeaderMap, Method, Response, StatusCode},
    Router,
};
use marketplace_api::storage::S3Storage;
use sha2::{Digest, Sha256};

const BUCKET: &str = "/wonbon/";
const KEY: &str = "TESTKEY";

/// Parts by their number.
type Parts = BTreeMap<u32, Bytes>;

/// A bucket in memory behind the calls of S3 that the store makes.
#[derive(Default)]
pub(crate) struct S3 {
    pub(crate) objects: Mutex<BTreeMap<String, Bytes>>,
    pub(crate) uploads: Mutex<BTreeMap<String, Parts>>,
    /// Requests that are answered with 503, from the first.
    pub(crate) hiccups: AtomicU32,
    /// The number of the part that is refused, and every one after it; 0 for none.
    pub(crate) refused_part: AtomicU32,
    /// Requests that were served.
    pub(crate) served: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

impl S3 {
    /// Starts a server on loopback. It ends with the test's runtime.
    pub(crate) async fn start() -> (Arc<Self>, SocketAddr) {
        let server = Arc::new(Self::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, address)
    }

    /// The storage of a service that uses the server.
    pub(crate) async fn storage(address: SocketAddr, bucket: &str) -> Arc<S3Storage> {
        let settings = [
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ALLOW_HTTP", "true".into()),
            ("AWS_ACCESS_KEY_ID", KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_REGION", "ap-northeast-2".into()),
            // Nothing of its business.
            ("AWS_PROFILE", "x".into()),
            ("PATH", "/bin".into()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        Arc::new(S3Storage::open(&bucket.parse().unwrap(), settings).await.unwrap())
    }
}

/// Why a request is not believed.
fn unsigned(headers: &HeaderMap, body: &[u8]) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let credential = format!("AWS4-HMAC-SHA256 Credential={KEY}/");
    let authorization = text("authorization");
    if !authorization.starts_with(&credential) || !authorization.contains("Signature=") {
        return Some("SignatureDoesNotMatch");
    }
    if text("x-amz-date").is_empty() || text("x-amz-content-sha256") != hex::encode(Sha256::digest(body)) {
        return Some("XAmzContentSHA256Mismatch");
    }
    None
}

fn plain(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    let builder = Response::builder().status(status).header("etag", "\"tag\"");
    builder.header("last-modified", "Sat, 21 Nov 2026 00:00:00 GMT").body(body.into()).unwrap()
}

fn error(status: StatusCode, code: &str) -> Response<Body> {
    plain(status, format!("<Error><Code>{code}</Code><Message>no</Message></Error>"))
}

type Params = BTreeMap<String, String>;

async fn answer(
    State(server): State<Arc<S3>>,
    Query(query): Query<Params>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap();
    if let Some(code) = unsigned(&parts.headers, &body) {
        return error(StatusCode::FORBIDDEN, code);
    }
    if server.hiccups.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
        return error(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    }
    server.served.fetch_add(1, Ordering::SeqCst);
    let path = parts.uri.path();
    if query.contains_key("list-type") && path.trim_end_matches('/') == BUCKET.trim_end_matches('/') {
        return list(&server, &query);
    }
    let Some(key) = path.strip_prefix(BUCKET) else { return error(StatusCode::NOT_FOUND, "NoSuchBucket") };
    let upload = query.get("uploadId");
    match (parts.method, upload) {
        (Method::POST, None) if query.contains_key("uploads") => {
            let id = format!("upload-{}", server.served.load(Ordering::SeqCst));
            lock(&server.uploads).insert(id.clone(), Parts::new());
            let body = format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            );
            plain(StatusCode::OK, body)
        }
        (Method::PUT, Some(id)) => put_part(&server, id, &query, body),
        (Method::POST, Some(id)) => {
            let Some(parts) = lock(&server.uploads).remove(id) else {
                return error(StatusCode::NOT_FOUND, "NoSuchUpload");
            };
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            lock(&server.objects).insert(key.to_owned(), whole.into());
            let body = "<CompleteMultipartUploadResult><ETag>tag</ETag></CompleteMultipartUploadResult>";
            plain(StatusCode::OK, body)
        }
        (Method::DELETE, Some(id)) => {
            lock(&server.uploads).remove(id);
            plain(StatusCode::NO_CONTENT, Body::empty())
        }
        (Method::DELETE, None) => {
            lock(&server.objects).remove(key);
            plain(StatusCode::NO_CONTENT, Body::empty())
        }
        (Method::PUT, None) => {
            let mut objects = lock(&server.objects);
            if parts.headers.contains_key("if-none-match") && objects.contains_key(key) {
                return error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
            }
            objects.insert(key.to_owned(), body);
            plain(StatusCode::OK, Body::empty())
        }
        (Method::GET | Method::HEAD, None) => get(&server, key, &parts.headers),
        _ => error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

fn put_part(server: &S3, id: &str, query: &Params, body: Bytes) -> Response<Body> {
    let number: u32 = query["partNumber"].parse().unwrap();
    let refused = server.refused_part.load(Ordering::SeqCst);
    if refused != 0 && number >= refused {
        return error(StatusCode::FORBIDDEN, "QuotaExceeded");
    }
    match lock(&server.uploads).get_mut(id) {
        Some(parts) => {
            parts.insert(number, body);
            plain(StatusCode::OK, Body::empty())
        }
        None => error(StatusCode::NOT_FOUND, "NoSuchUpload"),
    }
}

fn get(server: &S3, key: &str, headers: &HeaderMap) -> Response<Body> {
    let Some(object) = lock(&server.objects).get(key).cloned() else {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let Some(range) = headers.get("range") else { return plain(StatusCode::OK, object) };
    let (first, last) = range.to_str().unwrap().trim_start_matches("bytes=").split_once('-').unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let end = object.len().min(last + 1);
    let content_range = format!("bytes {first}-{}/{}", end - 1, object.len());
    let mut response = plain(StatusCode::PARTIAL_CONTENT, object.slice(first..end));
    response.headers_mut().insert("content-range", content_range.parse().unwrap());
    response
}

fn list(server: &S3, query: &Params) -> Response<Body> {
    let prefix = query.get("prefix").map(String::as_str).unwrap_or_default();
    let objects = lock(&server.objects);
    let entries: String = objects
        .iter()
        .filter(|(key, _)| key.starts_with(prefix))
        .map(|(key, object)| {
            format!(
                "<Contents><Key>{key}</Key><Size>{}</Size><ETag>tag</ETag>\
                 <LastModified>2026-11-21T00:00:00.000Z</LastModified></Contents>",
                object.len()
            )
        })
        .collect();
    plain(
        StatusCode::OK,
        format!("<ListBucketResult>{entries}<IsTruncated>false</IsTruncated></ListBucketResult>"),
    )
}
