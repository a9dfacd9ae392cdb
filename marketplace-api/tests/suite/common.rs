//! A service in the test's own process: a read model that the test fills, a store in a temporary folder, keys for
//! companies, packages to upload, and requests that go through the whole router or through a real socket.
#![allow(dead_code, reason = "every test file uses its own part of this")]

use std::{
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Method, Request},
    response::Response,
    Router,
};
use base64::{engine::general_purpose::STANDARD, Engine};
use ed25519_dalek::{Signer, SigningKey};
use http_body_util::BodyExt;
use marketplace_api::{
    app::App,
    certificates, follower, http,
    kv::KvStore,
    payloads::Limits,
    router,
    service::{assemble, Parts, Rows},
    sign_in,
    storage::{LocalStorage, S3Storage, Storage},
    testing::{self, Put as _},
};
use serde_json::Value;

use crate::schema::Schemas;
use tower::ServiceExt;
use wonbon_client::chain::{ChainEvent, LedgerChange};
use wonbon_model::{AccountId, DatasetId, Hash, Standing};
use wonbon_primitives::content::tree;

/// The genesis hash that the tests use.
pub(crate) const GENESIS: Hash = Hash([7; 32]);

/// Where clients reach the service.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";

/// The seed of the account that the operator names as the registrar's.
pub(crate) const REGISTRAR: u8 = 250;

/// A company with its key.
pub(crate) struct Company {
    pub(crate) key: SigningKey,
    pub(crate) account: AccountId,
}

impl Company {
    pub(crate) fn new(seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        Self { account: AccountId(key.verifying_key().to_bytes()), key }
    }
}

/// A sealed payload with its leaf list, as a client uploads it. The content is no real sealing: the service
/// cannot tell and must not have to.
#[derive(Clone)]
pub(crate) struct Package {
    pub(crate) bytes: Vec<u8>,
    pub(crate) payload_length: usize,
    pub(crate) sealed_root: Hash,
    pub(crate) dataset_root: DatasetId,
}

impl Package {
    pub(crate) fn new(payload_length: usize, seed: u8) -> Self {
        let mut state = u64::from(seed) + 1;
        let mut noise = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        let payload: Vec<u8> = (0..payload_length).map(|_| noise()).collect();
        let plain: Vec<u8> = (0..payload_length).map(|_| noise()).collect();
        let root = |bytes: &[u8]| tree::root_of(bytes.chunks(4096).map(tree::leaf_hash)).unwrap();
        let (sealed_root, dataset_root) = (Hash(root(&payload)), DatasetId(root(&plain)));
        let mut bytes = payload;
        plain.chunks(4096).for_each(|block| bytes.extend(tree::leaf_hash(block)));
        Self { bytes, payload_length, sealed_root, dataset_root }
    }

    pub(crate) fn metadata(&self) -> String {
        let pair = |key: &str, value: String| format!("{key} {}", STANDARD.encode(value));
        [
            pair("sealed_root", self.sealed_root.to_string()),
            pair("dataset_root", self.dataset_root.to_string()),
            pair("payload_length", self.payload_length.to_string()),
        ]
        .join(",")
    }
}

pub(crate) struct Service {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    /// The read model, which tests fill as the follower would.
    pub(crate) kv: Arc<dyn KvStore>,
    pub(crate) state: Arc<dyn KvStore>,
    pub(crate) folder: Arc<tempfile::TempDir>,
}

/// An operation of the OpenAPI document: method, path and what it says of each status.
struct Operation {
    method: String,
    path: String,
    responses: serde_json::Map<String, Value>,
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(http::openapi()).unwrap());

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let mut operations = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap().clone();
            operations.push(Operation { method: method.to_uppercase(), path: path.clone(), responses });
        }
    }
    operations
});

/// What any operation may answer: its method, the address, the headers, a failure.
const ANY: [u16; 5] = [405, 414, 431, 500, 504];

/// Checks that the document names the status of an answer, and that its body is what the document says, if it has the
/// operation.
fn is_documented(method: &Method, path: &str, answer: &Answer) {
    let status = answer.status;
    let is_at = |operation: &&Operation| {
        let (pattern, path) = (operation.path.split('/'), path.split('/'));
        pattern.clone().count() == path.clone().count()
            && pattern.zip(path).all(|(one, other)| one == other || one.starts_with('{'))
    };
    let mut found = OPERATIONS.iter().filter(is_at);
    let found = match found.clone().find(|operation| operation.method == method.as_str()) {
        None if method == Method::HEAD => found.find(|operation| operation.method == "GET"),
        found => found,
    };
    let Some(found) = found else { return };
    let named = ANY.contains(&status) || found.responses.contains_key(&status.to_string());
    assert!(named, "{method} {} answers {status}, which the document does not say", found.path);
    let media_type = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
    let Some(media_type) = media_type.filter(|_| *method != Method::HEAD && !answer.body.is_empty()) else {
        return;
    };
    let schemas = Schemas(&DOCUMENT);
    let said = found.responses.get(&status.to_string()).or(found.responses.get("default"));
    let said = schemas.resolve(said.unwrap_or(&Value::Null));
    let essence = media_type.split(';').next().unwrap_or_default();
    let content = &said["content"][essence];
    assert!(
        content.is_object(),
        "{method} {path} answers {status} as {essence}, which the document does not say"
    );
    if essence.ends_with("json") {
        let errors = schemas.errors(&content["schema"], &answer.json());
        assert!(
            errors.is_empty(),
            "{method} {path} answers {status} otherwise than the document says: {errors:#?}"
        );
    }
}

/// What a test wants to be different.
#[derive(Clone, Copy)]
pub(crate) struct Wishes {
    pub(crate) quota: u64,
    pub(crate) max_upload: u64,
    pub(crate) lifetime: Duration,
    pub(crate) remote_storage: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            quota: 64 << 20,
            max_upload: 32 << 20,
            lifetime: Duration::from_secs(3600),
            remote_storage: false,
        }
    }
}

impl Service {
    pub(crate) async fn new() -> Self {
        Self::with(Wishes::default()).await
    }

    pub(crate) async fn with(wishes: Wishes) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::over(folder, testing::rows_in_memory(), wishes).await
    }

    /// A service on disk, to be opened again later.
    pub(crate) async fn on_disk(folder: Arc<tempfile::TempDir>) -> Self {
        let rows = Rows::open(folder.path()).unwrap();
        Self::over(folder, rows, Wishes::default()).await
    }

    /// A service whose certificates come from `issuer`.
    pub(crate) async fn with_issuer(issuer: Arc<dyn certificates::Issuer>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::assembled(folder, testing::rows_in_memory(), Wishes::default(), issuer).await
    }

    pub(crate) async fn over(folder: Arc<tempfile::TempDir>, rows: Rows, wishes: Wishes) -> Self {
        Self::assembled(folder, rows, wishes, Arc::new(testing::Offline)).await
    }

    async fn assembled(
        folder: Arc<tempfile::TempDir>,
        rows: Rows,
        wishes: Wishes,
        issuer: Arc<dyn certificates::Issuer>,
    ) -> Self {
        let storage: Arc<dyn Storage> = match wishes.remote_storage {
            true => Arc::new(S3Storage::in_memory()),
            false => Arc::new(LocalStorage::open(&folder.path().join("store")).unwrap()),
        };
        Self::over_storage(folder, rows, storage, wishes, issuer).await
    }

    /// A service over any storage.
    pub(crate) async fn over_storage(
        folder: Arc<tempfile::TempDir>,
        rows: Rows,
        storage: Arc<dyn Storage>,
        wishes: Wishes,
        issuer: Arc<dyn certificates::Issuer>,
    ) -> Self {
        let parts = Parts {
            uploads: &folder.path().join("uploads"),
            storage,
            quota: wishes.quota,
            limits: Limits { max_upload: wishes.max_upload, lifetime: wishes.lifetime },
            public_url: None,
            registrars: vec![Company::new(REGISTRAR).account],
            origins: sign_in::Origins::new(&[], "127.0.0.1:0".parse().unwrap()),
            status: follower::Status::default(),
            issuer,
        };
        let app = Arc::new(assemble(rows.clone(), parts).await.unwrap());
        testing::set_genesis(&app.status, GENESIS);
        Self { router: router::router(app.clone()), app, kv: rows.read_model, state: rows.state, folder }
    }

    pub(crate) fn uploads_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("uploads")
    }

    pub(crate) fn apply(&self, changes: Vec<LedgerChange>) {
        testing::apply(&*self.kv, changes);
    }

    pub(crate) fn apply_events(&self, events: Vec<ChainEvent>) {
        testing::apply_from_chain(&*self.kv, Vec::new(), &events);
    }

    pub(crate) fn register(&self, company: &Company, standing: Standing) {
        testing::register(&*self.kv, company.account, standing);
    }

    /// A verified company that is signed in.
    pub(crate) async fn signed_in(&self, seed: u8) -> (Company, String) {
        let company = Company::new(seed);
        self.register(&company, Standing::Verified);
        let token = self.sign_in(&company).await;
        (company, token)
    }

    pub(crate) async fn sign_in(&self, company: &Company) -> String {
        self.signed_in_as(company, None).await
    }

    /// Somebody's token, for themselves or for a company that they are a member of.
    pub(crate) async fn signed_in_as(&self, who: &Company, company: Option<AccountId>) -> String {
        let answer = self.try_sign_in(who, company).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn try_sign_in(&self, who: &Company, company: Option<AccountId>) -> Answer {
        let body = serde_json::json!({ "account": who.account });
        let asked = self.post("/v1/sign-in/challenge", &body).await.json();
        let challenge: Hash = asked["challenge"].as_str().unwrap().parse().unwrap();
        let message = sign_in::message(GENESIS, who.account, company, challenge, ORIGIN);
        let mut body = serde_json::json!({
            "account": who.account, "challenge": challenge, "origin": ORIGIN,
            "signature": hex::encode(who.key.sign(&message).to_bytes()),
        });
        if let Some(company) = company {
            body["company"] = serde_json::json!(company);
        }
        self.post("/v1/sign-in", &body).await
    }

    /// Makes somebody a member of a company with these roles, as bits; of no roles removes them.
    pub(crate) fn set_member(&self, company: AccountId, who: &Company, roles: u8) {
        let record = (roles != 0).then(|| testing::member(roles, 0));
        self.apply(vec![LedgerChange::Member { company, member: who.account, record }]);
    }

    /// A verified company that acts through people, and one of them with these roles, as bits, who is signed in for it.
    pub(crate) async fn with_member(&self, company: AccountId, seed: u8, roles: u8) -> (Company, String) {
        let who = Company::new(seed);
        self.apply(vec![
            testing::participant(company, "한빛정밀", Standing::Verified).put(),
            LedgerChange::Company { account: company, record: testing::company(0, 1, &[who.account]) },
        ]);
        self.set_member(company, &who, roles);
        let token = self.signed_in_as(&who, Some(company)).await;
        (who, token)
    }

    /// A request with a token.
    pub(crate) async fn request(&self, method: Method, path: &str, token: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/octet-stream");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a request, and checks that its answer is what the OpenAPI document says.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let answer = Answer::read(self.router.clone().oneshot(request).await.unwrap()).await;
        is_documented(&method, &path, &answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Begins an upload and gives its path.
    pub(crate) async fn begin(&self, token: &str, package: &Package) -> Answer {
        let request = Request::post("/v1/uploads")
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", "1.0.0")
            .header("upload-length", package.bytes.len())
            .header("upload-metadata", package.metadata());
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn patch(&self, token: &str, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let request = Request::patch(path)
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", "1.0.0")
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", offset);
        self.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    pub(crate) async fn upload_head(&self, token: &str, path: &str) -> Answer {
        let request = Request::head(path)
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", "1.0.0");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn upload(&self, token: &str, package: &Package) {
        let begun = self.begin(token, package).await;
        assert_eq!(begun.status, 201, "{}", begun.text());
        let done = self.patch(token, &begun.header("location"), 0, &package.bytes).await;
        assert_eq!(done.status, 204, "{}", done.text());
    }

    pub(crate) async fn download(&self, token: &str, package: &Package, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(format!("/v1/payloads/{}", package.sealed_root))
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// Checks that this is the problem `slug`, in the form that RFC 9457 wants.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:wonbon:problem:{slug}"));
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        problem
    }
}

/// Number of files in a folder.
pub(crate) fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| entries.count())
}
