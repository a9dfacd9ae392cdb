//! Certificates over HTTP: both encodings, what is kept, how many are made at a time, and every way to fail.

use std::sync::{
    atomic::{AtomicUsize, Ordering},
    Arc, Mutex,
};

use async_trait::async_trait;
use axum::{body::Body, http::Request};
use marketplace_api::{
    certificates::{Issuer, MAX_CONCURRENT, MAX_WAITING},
    testing::{self, Put as _},
};
use tokio::sync::Semaphore;
use wonbon_client::{
    certificate::{CertificateError, VerifiedCertificate},
    chain::ChainError,
};
use wonbon_model::{BlockRef, DatasetId, Hash, Standing};
use wonbon_verifier::{verify, Anchors, Certificate};

use crate::common::{Answer, Company, Service};

#[path = "../../verifier/tests/suite/synthetic/mod.rs"]
#[allow(dead_code, reason = "support of the verifier's own tests")]
mod synthetic;

use synthetic::{digest, sample::Sample};

const BINARY: &str = "application/vnd.wonbon.certificate";

/// Hands out a certificate of a synthetic chain, as often as it is let, and counts.
struct Counting {
    made: VerifiedCertificate,
    fails: Mutex<Option<CertificateError>>,
    /// A permit for each that may come to its end.
    let_through: Semaphore,
    begun: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl std::fmt::Debug for Counting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Counting")
    }
}

#[async_trait]
impl Issuer for Counting {
    async fn issue(&self, _: Hash) -> Result<VerifiedCertificate, CertificateError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        self.let_through.acquire().await.unwrap().forget();
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        match self.fails.lock().unwrap().take() {
            Some(error) => Err(error),
            None => Ok(self.made.clone()),
        }
    }
}

/// A service that knows datasets, with an issuer that lets so many through.
async fn service(let_through: usize) -> (Service, Arc<Counting>, Anchors) {
    let sample = Sample::full();
    let certificate = sample.certificate();
    let report = sample.verify(&certificate).unwrap();
    let issuer = Arc::new(Counting {
        made: VerifiedCertificate { certificate, report },
        fails: Mutex::default(),
        let_through: Semaphore::new(let_through),
        begun: AtomicUsize::new(0),
        at_once: AtomicUsize::new(0),
        most_at_once: AtomicUsize::new(0),
    });
    let service = Service::with_issuer(issuer.clone()).await;
    let owner = Company::new(1);
    service.register(&owner, Standing::Verified);
    let datasets = std::iter::once(sample.dataset.0).chain((900..960).map(digest));
    let datasets = datasets.map(|id| testing::dataset(DatasetId(id), owner.account, 1, Hash([1; 32])).put());
    service.apply(datasets.collect());
    (service, issuer, sample.anchors())
}

fn path(id: [u8; 32]) -> String {
    format!("/v1/datasets/{}/certificate", Hash(id))
}

async fn accepting(service: &Service, path: &str, types: &str) -> Answer {
    service.send(Request::get(path).header("accept", types).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn both_encodings_are_the_certificate() {
    let (service, issuer, anchors) = service(1).await;
    let path = path(digest(Sample::SUBJECT));
    let asked = [
        (service.get(&path).await, BINARY),
        (service.get(&format!("{path}?format=binary")).await, BINARY),
        (service.get(&format!("{path}?format=json")).await, "application/json"),
        (accepting(&service, &path, "*/*").await, BINARY),
        (accepting(&service, &path, "text/html, application/json;q=0.9").await, "application/json"),
        (
            accepting(&service, &path, "application/vnd.wonbon.certificate;q=0.1, */*").await,
            "application/json",
        ),
        (accepting(&service, &path, "application/vnd.wonbon.certificate, application/json").await, BINARY),
    ];
    for (answer, media_type) in asked {
        assert_eq!((answer.status, answer.header("content-type").as_str()), (200, media_type));
        assert_eq!(answer.header("vary"), "Accept");
        let read = Certificate::read(&answer.body).unwrap();
        assert_eq!(read, issuer.made.certificate);
        verify(&read, &anchors).unwrap();
    }
    let request = Request::get(&path).header("if-none-match", service.get(&path).await.header("etag"));
    let known = service.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((known.status, known.body.len(), known.header("vary").as_str()), (304, 0, "Accept"));
    assert_eq!(issuer.begun.load(Ordering::SeqCst), 1, "one was made and handed out again");
}

#[tokio::test]
async fn only_known_datasets_cost_anything() {
    let (service, issuer, _) = service(0).await;
    service.get(&path([9; 32])).await.is_problem(404, "not-found");
    service.get("/v1/datasets/nonsense/certificate").await.is_problem(400, "invalid-parameter");
    let known = path(digest(Sample::SUBJECT));
    for query in ["?format=pdf", "?format=", "?at=3"] {
        service.get(&format!("{known}{query}")).await.is_problem(400, "invalid-parameter");
    }
    assert_eq!(issuer.begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn few_are_made_at_a_time_and_few_wait() {
    let (service, issuer, _) = service(0).await;
    let service = Arc::new(service);
    // Other datasets each time, so that none gets what another had made.
    let all = MAX_CONCURRENT + MAX_WAITING;
    let waiting: Vec<_> = (0..all as u64)
        .map(|index| {
            let service = service.clone();
            tokio::spawn(async move { service.get(&path(digest(900 + index))).await })
        })
        .collect();
    while service.app.certificates.places_left() > 0 {
        tokio::task::yield_now().await;
    }
    let refused = service.get(&path(digest(959))).await;
    refused.is_problem(503, "busy");
    assert!(refused.headers.contains_key("retry-after"));
    issuer.let_through.add_permits(all);
    for answer in waiting {
        assert_eq!(answer.await.unwrap().status, 200);
    }
    assert_eq!(issuer.most_at_once.load(Ordering::SeqCst), MAX_CONCURRENT);
    assert_eq!(service.get(&path(digest(900))).await.status, 200);
    assert_eq!(issuer.begun.load(Ordering::SeqCst), all);
}

#[tokio::test]
async fn failures_say_what_is_wrong() {
    let (service, issuer, _) = service(100).await;
    let path = path(digest(Sample::SUBJECT));
    let block = BlockRef { height: 3, hash: [1; 32] };
    let refused = Certificate::read(b"").unwrap_err();
    let unreachable = ChainError::Unreachable { url: "ws://10.0.0.9:9944".into(), reason: "refused".into() };
    for (error, status, slug) in [
        (CertificateError::NotRegistered { dataset: DatasetId([1; 32]), height: 3 }, 404, "not-found"),
        (unreachable.into(), 503, "no-chain"),
        (ChainError::Node("gone".into()).into(), 503, "no-chain"),
        (ChainError::StatePruned(block).into(), 502, "no-archive"),
        (CertificateError::Refused(refused), 502, "faulty-node"),
        (CertificateError::TooLarge, 502, "faulty-node"),
        (CertificateError::Stopped, 503, "stopping"),
    ] {
        *issuer.fails.lock().unwrap() = Some(error);
        let problem = service.get(&path).await.is_problem(status, slug);
        assert!(
            !problem.to_string().contains("10.0.0.9"),
            "the node's address is nobody's business: {problem}"
        );
    }
    // Nothing of that was kept.
    assert_eq!(service.get(&path).await.status, 200);
}
