//! The client against a small service that cuts connections, forgets tokens and lies.

use super::*;
use crate::home::{GrowingFile, WholeFile};
use crate::ports::{no_progress, Progress, StorageError};
use axum::body::{to_bytes, Body, Bytes};
use axum::extract::{Path as UrlPath, Query as UrlQuery, State};
use axum::http::{HeaderMap, HeaderValue, Response as Answer};
use axum::routing::{any, get, head, post, put};
use axum::{Json, Router};
use futures::StreamExt;
use serde_json::{json, Value};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Mutex as StdMutex;
use wonbon_model::AccountId;
use wonbon_primitives::Commitment;

const GENESIS: Digest = [9; 32];
/// A payload of 5000 bytes has two blocks, so 64 bytes of leaf list.
const SEALED: Commitment = Commitment { root: [2; 32], length: 5000 };
const PACKAGE: usize = 5064;
/// What the service has no room for.
const MAX_UPLOAD: u64 = 6000;

#[derive(Default)]
struct Fake {
    upload: StdMutex<Vec<u8>>,
    published: StdMutex<Option<Vec<u8>>>,
    documents: StdMutex<std::collections::HashMap<String, Vec<u8>>>,
    sign_ins: AtomicU32,
    /// The company that is to be signed in for.
    company: StdMutex<Option<AccountId>>,
    /// Requests that are cut in the middle, from the first.
    cuts: AtomicU32,
    /// Requests that are answered with 401, from the first.
    expired: AtomicU32,
    /// Requests that are answered with 403, from the first: the verification has not been seen yet.
    unseen: AtomicU32,
    /// Samples that were sent.
    samples: AtomicU32,
    /// Uploads for which the account has no room, from the first.
    full: AtomicU32,
}

type Shared = State<Arc<Fake>>;

fn package() -> Vec<u8> {
    (0..PACKAGE).map(|at| (at % 253) as u8).collect()
}

fn takes_one(count: &AtomicU32) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

fn answer(status: u16) -> axum::http::response::Builder {
    Answer::builder().status(status)
}

fn problem(status: u16, slug: &str) -> Answer<Body> {
    let body = json!({ "type": format!("urn:wonbon:problem:{slug}"), "title": "No", "status": status,
        "detail": "really", "limit": 7 });
    answer(status)
        .header("content-type", "application/problem+json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn refused(fake: &Fake, headers: &HeaderMap) -> Option<Answer<Body>> {
    let token = headers.get("authorization") == Some(&HeaderValue::from_static("Bearer token"));
    (!token || takes_one(&fake.expired)).then(|| problem(401, "not-signed-in"))
}

async fn sign_in(State(fake): Shared, Json(body): Json<Value>) -> Answer<Body> {
    let account: AccountId = body["account"].as_str().unwrap().parse().unwrap();
    // It signs for the address that it talks to, and says which one.
    let origin = body["origin"].as_str().unwrap();
    assert!(origin.starts_with("http://127.0.0.1:"), "{origin}");
    let company = body["company"].as_str().map(|company| company.parse().unwrap());
    assert_eq!(company, *fake.company.lock().unwrap());
    let message = sign_in_message(&GENESIS, &account, company.as_ref(), &[8; 32], origin);
    let signature = hex::decode(body["signature"].as_str().unwrap()).unwrap().try_into().unwrap();
    assert!(crate::keys::verify(&account, &message, &signature));
    fake.sign_ins.fetch_add(1, Ordering::SeqCst);
    answer(200).body(Body::from(json!({ "token": "token", "expires_at": 0 }).to_string())).unwrap()
}

async fn payload(State(fake): Shared, headers: HeaderMap) -> Answer<Body> {
    if let Some(refused) = refused(&fake, &headers) {
        return refused;
    }
    if takes_one(&fake.unseen) {
        return problem(403, "not-verified");
    }
    let Some(bytes) = fake.published.lock().unwrap().clone() else { return problem(404, "not-found") };
    let from: usize = match headers.get("range") {
        Some(range) => {
            assert_eq!(headers["if-range"], etag_text().as_str());
            range.to_str().unwrap().trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap()
        }
        None => 0,
    };
    let total = bytes.len();
    let builder = match from {
        0 => answer(200),
        from => answer(206).header("content-range", format!("bytes {from}-{}/{total}", total - 1)),
    };
    let rest = Bytes::from(bytes[from..].to_vec());
    let cut = takes_one(&fake.cuts);
    let end = if cut { rest.len() / 2 } else { rest.len() };
    let chunks = [Ok(rest.slice(..end)), Err(std::io::Error::other("cut"))];
    let chunks = futures::stream::iter(chunks.into_iter().take(if cut { 2 } else { 1 }));
    // The first chunk has to leave before the connection is cut.
    let body = Body::from_stream(chunks.then(|chunk| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        chunk
    }));
    builder.body(body).unwrap()
}

fn etag_text() -> String {
    format!("\"{}\"", to_hex(&SEALED.root))
}

async fn create(State(fake): Shared, headers: HeaderMap) -> Answer<Body> {
    if let Some(refused) = refused(&fake, &headers) {
        return refused;
    }
    if takes_one(&fake.full) {
        return problem(413, "over-quota");
    }
    assert_eq!(headers["upload-length"], PACKAGE.to_string().as_str());
    assert!(headers["upload-metadata"].to_str().unwrap().starts_with("sealed_root "));
    fake.upload.lock().unwrap().clear();
    answer(201).header("location", "/v1/uploads/1").body(Body::empty()).unwrap()
}

async fn options() -> Answer<Body> {
    answer(204).header("tus-max-size", MAX_UPLOAD).body(Body::empty()).unwrap()
}

async fn upload(State(fake): Shared, request: axum::extract::Request) -> Answer<Body> {
    if let Some(refused) = refused(&fake, request.headers()) {
        return refused;
    }
    let offset = |fake: &Fake| fake.upload.lock().unwrap().len().to_string();
    if request.method() == "HEAD" {
        return answer(200).header("upload-offset", offset(&fake)).body(Body::empty()).unwrap();
    }
    assert_eq!(request.headers()["upload-offset"], offset(&fake).as_str());
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    if takes_one(&fake.cuts) {
        // Half of it is kept, and the answer is that of a service that was killed behind its proxy.
        fake.upload.lock().unwrap().extend_from_slice(&body[..body.len() / 2]);
        return problem(502, "");
    }
    let mut upload = fake.upload.lock().unwrap();
    upload.extend_from_slice(&body);
    if *upload != package() {
        return problem(422, "root-mismatch");
    }
    *fake.published.lock().unwrap() = Some(upload.clone());
    answer(204).header("upload-offset", upload.len()).body(Body::empty()).unwrap()
}

async fn put_document(State(fake): Shared, UrlPath(hash): UrlPath<String>, body: Bytes) -> Answer<Body> {
    fake.documents.lock().unwrap().insert(hash, body.to_vec());
    answer(201).body(Body::empty()).unwrap()
}

async fn get_document(State(fake): Shared, UrlPath(hash): UrlPath<String>) -> Answer<Body> {
    match fake.documents.lock().unwrap().get(&hash) {
        Some(body) => answer(200).body(Body::from(body.clone())).unwrap(),
        None => problem(404, "not-found"),
    }
}

/// Never patient enough for a sample, and busy at first.
async fn put_sample(State(fake): Shared, body: Bytes) -> Answer<Body> {
    assert_eq!(body.len(), 1000);
    match fake.samples.fetch_add(1, Ordering::SeqCst) {
        0 => problem(503, "busy"),
        _ => problem(504, "timeout"),
    }
}

/// Pages 0 to 2 of which the second is empty; from page 7 on it never ends.
async fn page(UrlQuery(query): UrlQuery<std::collections::HashMap<String, String>>) -> Json<Value> {
    let cursor: u32 = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let items = if matches!(cursor, 0 | 2) { vec![cursor] } else { vec![] };
    let next = (cursor != 2).then(|| (cursor + 1).to_string());
    Json(json!({ "items": items, "next": next }))
}

async fn start(fake: Arc<Fake>) -> Service {
    let challenge = || async { Json(json!({ "challenge": to_hex(&[8; 32]), "expires_at": 0 })) };
    let router = Router::new()
        .route("/v1/sign-in/challenge", post(challenge))
        .route("/v1/sign-in", post(sign_in))
        .route("/v1/payloads/{root}", get(payload).head(payload))
        .route("/v1/uploads", post(create).options(options))
        .route("/v1/uploads/1", any(upload))
        .route("/v1/documents/{hash}", put(put_document).get(get_document))
        .route("/v1/datasets/{id}/samples/{kind}", put(put_sample))
        .route("/v1/list", get(page))
        .route("/v1/large", get(|| async { format!("\"{}\"", "x".repeat(MAX_JSON_BYTES as usize)) }))
        .route("/health", head(|| async {}).get(|| async { Json(json!({ "lag": 0 })) }))
        .with_state(fake);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Service::new(&url, GENESIS, Some(Keypair::from_secret(&[3; 32]))).unwrap()
}

fn request() -> UploadRequest {
    UploadRequest { sealed: SEALED, dataset_root: [1; 32] }
}

/// The places that were logged.
struct Places(Vec<String>);

#[async_trait::async_trait]
impl UploadLog for Places {
    async fn begun_at(&mut self, place: &str) -> Result<(), StorageError> {
        self.0.push(place.to_owned());
        Ok(())
    }
}

async fn upload_of(service: &Service, file: &std::path::Path) -> Result<(), ServiceError> {
    service.upload(&WholeFile::new(file), &request(), None, &mut Unlogged, no_progress()).await
}

#[tokio::test]
async fn a_member_signs_in_for_their_company() {
    let company = AccountId([5; 32]);
    let fake = Arc::new(Fake { company: StdMutex::new(Some(company)), ..Fake::default() });
    let service = start(fake.clone()).await;
    let membership = crate::keys::Membership { company, generation: 4 };
    let key = Keypair::from_secret(&[3; 32]).acting_by(membership);
    Service::new(service.url(), GENESIS, Some(key)).unwrap().sign_in().await.unwrap();
    assert_eq!(fake.sign_ins.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_upload_that_is_cut_off_goes_on_where_it_stopped() {
    let fake = Arc::new(Fake { cuts: 2.into(), ..Fake::default() });
    let service = start(fake.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("package");
    std::fs::write(&file, package()).unwrap();
    let mut places = Places(Vec::new());
    let sent = WholeFile::new(&file);
    service.upload(&sent, &request(), None, &mut places, no_progress()).await.unwrap();
    assert_eq!(fake.published.lock().unwrap().as_deref(), Some(&package()[..]));
    assert_eq!(places.0.len(), 1, "one upload, resumed");
    assert_eq!(fake.sign_ins.load(Ordering::SeqCst), 1);

    // A second time nothing is sent.
    std::fs::remove_file(&file).unwrap();
    service.upload(&sent, &request(), None, &mut places, no_progress()).await.unwrap();
}

#[tokio::test]
async fn a_tampered_upload_is_refused_with_its_problem() {
    let service = start(Arc::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("package");
    let mut bytes = package();
    bytes[17] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let refused = upload_of(&service, &file).await.unwrap_err();
    assert!(refused.is_problem("root-mismatch"));
    assert_eq!(refused.to_string(), "the service refuses (422): No: really (limit 7)");
}

#[tokio::test]
async fn want_of_room_is_said_with_what_was_asked_for() {
    let service = start(Arc::new(Fake { full: 1.into(), ..Fake::default() })).await;
    service.check_room(MAX_UPLOAD).await.unwrap();
    let large = service.check_room(MAX_UPLOAD + 1).await.unwrap_err();
    assert_eq!(
        large.to_string(),
        "the service takes at most 6000 bytes from this account now, and the package has 6001"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("package");
    std::fs::write(&file, package()).unwrap();
    let refused = upload_of(&service, &file).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the service refuses (413): No: 5064 bytes were asked for. really (limit 7)"
    );
}

#[tokio::test]
async fn a_download_that_is_cut_off_goes_on_where_it_stopped() {
    let fake = Arc::new(Fake { cuts: 3.into(), ..Fake::default() });
    *fake.published.lock().unwrap() = Some(package());
    let service = start(fake.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("package");
    let seen = Arc::new(StdMutex::new(Vec::new()));
    let progress: Progress = {
        let seen = seen.clone();
        Arc::new(move |done| seen.lock().unwrap().push(done))
    };
    let mut growing = GrowingFile::open(&target).await.unwrap();
    service.download(&SEALED, &mut growing, progress).await.unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), package());
    assert!(seen.lock().unwrap().is_sorted(), "nothing was received twice");
    // What is whole is not asked for again.
    *fake.published.lock().unwrap() = None;
    let mut growing = GrowingFile::open(&target).await.unwrap();
    service.download(&SEALED, &mut growing, no_progress()).await.unwrap();
}

#[tokio::test]
async fn a_token_that_is_not_taken_any_more_is_renewed_once() {
    let fake = Arc::new(Fake { expired: 1.into(), ..Fake::default() });
    *fake.published.lock().unwrap() = Some(package());
    let service = start(fake.clone()).await;
    assert!(service.has_payload(&SEALED.root).await.unwrap());
    assert_eq!(fake.sign_ins.load(Ordering::SeqCst), 2);
    fake.expired.store(2, Ordering::SeqCst);
    assert_eq!(service.has_payload(&SEALED.root).await.unwrap_err().status(), Some(401));
}

#[tokio::test]
async fn a_document_is_checked_against_its_hash() {
    let fake = Arc::new(Fake::default());
    let service = start(fake.clone()).await;
    let hash = service.put_document("이용 허락").await.unwrap();
    assert_eq!(service.document(&hash).await.unwrap(), "이용 허락");
    fake.documents.lock().unwrap().insert(to_hex(&hash), b"other".to_vec());
    assert!(matches!(service.document(&hash).await, Err(ServiceError::Corrupt(_))));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut service = Service::new(&url, GENESIS, None).unwrap();
    Arc::get_mut(&mut service.inner).unwrap().pause = Duration::from_millis(1);
    assert!(service.get::<Value>("health", &[]).await.unwrap_err().is_connection());
    assert!(matches!(service.has_payload(&[0; 32]).await, Err(ServiceError::NoKey)));
    assert!(matches!(Service::new("ftp://x", GENESIS, None), Err(ServiceError::BadAddress(_))));
}

#[tokio::test]
async fn a_service_that_has_not_seen_the_verification_is_asked_again() {
    let fake = Arc::new(Fake { unseen: 2.into(), ..Fake::default() });
    *fake.published.lock().unwrap() = Some(package());
    let mut service = start(fake).await;
    Arc::get_mut(&mut service.inner).unwrap().pause = Duration::from_millis(1);
    assert!(service.has_payload(&SEALED.root).await.unwrap());
}

#[tokio::test]
async fn a_list_goes_on_behind_an_empty_page_and_not_for_ever() {
    let service = start(Arc::default()).await;
    assert_eq!(service.list::<u32>("v1/list", &[], 10).await.unwrap(), [0, 2]);
    assert_eq!(service.list::<u32>("v1/list", &[], 1).await.unwrap(), [0]);
    let endless = service.list::<u32>("v1/list", &[("cursor", "7".to_owned())], 10).await;
    assert!(matches!(endless, Err(ServiceError::Unexpected(_))));
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_taken() {
    let service = start(Arc::default()).await;
    assert!(matches!(service.get::<String>("v1/large", &[]).await, Err(ServiceError::Unexpected(_))));
}

#[tokio::test]
async fn a_body_that_took_too_long_is_not_sent_again() {
    let fake = Arc::new(Fake::default());
    let service = start(fake.clone()).await;
    let id = wonbon_model::DatasetId([1; 32]);
    let refused = service.put_sample(&id, "chosen", vec![0; 1000]).await.unwrap_err();
    assert!(refused.is_problem("timeout"));
    assert_eq!(fake.samples.load(Ordering::SeqCst), 2, "again when it was busy, and not then");
}
