//! The service as a program without the client crate sees it: requests, answers and problem documents.

use base64::{engine::general_purpose::STANDARD, Engine as _};
use reqwest::{header::HeaderMap, Method, RequestBuilder, StatusCode};
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use wonbon_client::Keypair;
use wonbon_model::Digest;
use wonbon_primitives::{
    id::{from_hex, to_hex},
    label,
};

use crate::{listing::Texts, package::Package};

/// A client of the service, signed in or not.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A client for plain HTTP. The library wants to know who does the cryptography of TLS all the same.
pub(crate) fn client() -> reqwest::Client {
    // It fails if that was said before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

impl Http {
    /// A client that is not signed in.
    pub fn new(url: &str) -> Self {
        Self { client: client(), url: url.to_owned(), token: None }
    }

    /// A client that is signed in as the account of `key`.
    ///
    /// # Panics
    /// If the service does not let it.
    pub async fn signed_in(url: &str, genesis: &Digest, key: &Keypair) -> Self {
        let anyone = Self::new(url);
        let account = key.account().to_string();
        let reply = anyone.post("/v1/sign-in/challenge", &json!({ "account": account })).await.ok_json();
        let challenge = reply["challenge"].as_str().expect("a challenge is a text");
        let bytes = from_hex(challenge).expect("a challenge is 32 bytes in hex");
        let message = label::hash(label::SIGN_IN, &[genesis, &key.account().0, &[], &bytes, url.as_bytes()]);
        let signature = hex::encode(key.sign(&message));
        let answer =
            json!({ "account": account, "challenge": challenge, "origin": url, "signature": signature });
        let reply = anyone.post("/v1/sign-in", &answer).await.ok_json();
        Self { token: reply["token"].as_str().map(str::to_owned), ..anyone }
    }

    /// The token, for programs that are not this one.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("asked of a client that is signed in")
    }

    /// A request to a path (or to an address that the service gave).
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let request = self.client.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(body)).await
    }

    /// Creates an upload that is announced as `package` (tus).
    pub async fn create_upload(&self, package: &Package) -> Reply {
        self.create_upload_of(package, package.bytes.len() as u64).await
    }

    /// Creates an upload of `length` bytes that is announced with the roots of `package`.
    pub async fn create_upload_of(&self, package: &Package, length: u64) -> Reply {
        let metadata = [
            ("sealed_root", to_hex(&package.sealing.sealed.root)),
            ("dataset_root", to_hex(&package.sealing.plain.root)),
            ("payload_length", package.sealing.plain.length.to_string()),
        ]
        .map(|(name, value)| format!("{name} {}", STANDARD.encode(value)))
        .join(",");
        let request = self
            .request(Method::POST, "/v1/uploads")
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Length", length)
            .header("Upload-Metadata", metadata);
        Reply::to(request).await
    }

    /// Sends bytes of an upload (tus).
    pub async fn send(&self, upload: &str, offset: u64, bytes: impl Into<reqwest::Body>) -> Reply {
        let request = self
            .request(Method::PATCH, upload)
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", offset)
            .header("Content-Type", "application/offset+octet-stream")
            .body(bytes);
        Reply::to(request).await
    }

    /// Stores a text under its hash, which it returns.
    pub async fn put(&self, path: &str, media_type: &str, text: &str) -> Digest {
        let hash: Digest = Sha256::digest(text).into();
        let path = format!("{path}/{}", to_hex(&hash));
        let request =
            self.request(Method::PUT, &path).header("Content-Type", media_type).body(text.to_owned());
        let reply = Reply::to(request).await;
        assert!(reply.status.is_success(), "{}: {}", reply.status, reply.text());
        hash
    }

    /// Stores what is to be read about a dataset of `length` bytes, as a seller does.
    pub async fn put_texts(&self, title: &str, length: u64) -> Texts {
        let plain = "text/plain; charset=utf-8";
        let licence = self.put("/v1/documents", plain, "A licence for tests.\n").await;
        let nda = self.put("/v1/documents", plain, "A confidentiality agreement for tests.\n").await;
        let text =
            |title: &str, hash: &Digest| format!(r#"{{"sha256":"{}","title":"{title}"}}"#, to_hex(hash));
        // Canonical JSON by hand: names in order, no spaces.
        let canonical = format!(
            r#"{{"description":"","file_name":"data.bin","keywords":[],"language":"en","length":{length},"licence":{},"media_type":"application/octet-stream","nda":{},"profile":{{"format":"other","warnings":[]}},"schema":"wonbon/metadata/1","title":"{title}"}}"#,
            text("A licence for tests.", &licence),
            text("A confidentiality agreement for tests.", &nda),
        );
        let metadata = self.put("/v1/metadata", "application/json", &canonical).await;
        Texts { metadata, licence, nda }
    }

    /// How far an upload is (tus).
    pub async fn upload_state(&self, upload: &str) -> Reply {
        Reply::to(self.request(Method::HEAD, upload).header("Tus-Resumable", "1.0.0")).await
    }

    /// Uploads all of `package`.
    ///
    /// # Panics
    /// If it is not published.
    pub async fn upload(&self, package: &Package) {
        let location = self.create_upload(package).await.location();
        let reply = self.send(&location, 0, package.bytes.clone()).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    }
}

impl Reply {
    /// The answer to a request.
    ///
    /// # Panics
    /// If there is none.
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap_or_else(|error| panic!("no answer: {error:?}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("no whole answer: {error:?}"));
        Self { status, headers, body: body.to_vec() }
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of an answer that is a success, as JSON.
    #[track_caller]
    pub fn ok_json(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header that has to be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("{name} is missing: {:?}", self.headers));
        value.to_str().expect("headers of the service are ASCII")
    }

    /// Where a created upload is.
    #[track_caller]
    pub fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text());
        self.header("location").to_owned()
    }

    /// The problem document of an answer that is a failure of this status and type.
    #[track_caller]
    pub fn problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:wonbon:problem:{slug}"), "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        problem
    }
}
