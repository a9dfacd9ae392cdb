//! Applications for companies, over HTTP.

use axum::{body::Body, http::Method, http::Request};
use ed25519_dalek::Signer;
use serde_json::{json, Value};
use wonbon_client::chain::LedgerChange;
use wonbon_model::{Application, Clerk, Hash, Signature};

use crate::common::{Answer, Company, Service, GENESIS, REGISTRAR};

/// An application that its applicant signed for a chain.
fn signed(applicant: &Company, genesis: Hash, expires: u32) -> Value {
    let unsigned = json!({
        "account": applicant.account,
        "profile": { "name": "한빛정밀", "registration_number": "1234567891", "ksic": "C29", "size": "small",
            "region": "KR-48", "roles": ["provider", "consumer"] },
        "joining": { "roles": ["admin", "sell"], "day_limit": 1_000_000, "key": Hash([2; 32]), "ended": 0,
            "expires": expires },
        "signature": "00".repeat(64),
    });
    sign(applicant, genesis, unsigned)
}

fn sign(applicant: &Company, genesis: Hash, unsigned: Value) -> Value {
    let mut application: Application = serde_json::from_value(unsigned).unwrap();
    let digest = application.digest(&genesis.0).unwrap();
    application.signature = Signature(applicant.key.sign(&digest).to_bytes());
    serde_json::to_value(application).unwrap()
}

async fn hand_in(service: &Service, application: &Value) -> Answer {
    service.post("/v1/applications", application).await
}

#[tokio::test]
async fn an_applicant_hands_in_and_the_registrar_sees_it() {
    let service = Service::new().await;
    let (applicant, other) = (Company::new(1), Company::new(2));
    let application = signed(&applicant, GENESIS, 500);
    hand_in(&service, &application).await.is_problem(503, "no-chain");
    service.apply(Vec::new());
    service.try_sign_in(&applicant, None).await.is_problem(403, "not-registered");
    let taken = hand_in(&service, &application).await;
    assert_eq!(taken.status, 201, "{}", taken.text());
    let taken = taken.json();
    assert_eq!((&taken["application"], &taken["state"]), (&application, &json!("open")));
    // Again: nothing changes.
    let again = hand_in(&service, &application).await;
    assert_eq!((again.status, again.json()), (200, taken.clone()));
    let second = hand_in(&service, &signed(&applicant, GENESIS, 501)).await;
    second.is_problem(409, "application-open");

    let get = |path: String, token: String| {
        let service = &service;
        async move { service.request(Method::GET, &path, &token, vec![]).await }
    };
    let one = format!("/v1/applications/{}", taken["digest"].as_str().unwrap());
    service.get(&one).await.is_problem(401, "sign-in-required");
    service.get("/v1/applications").await.is_problem(401, "sign-in-required");
    // Who applied sees their own, and nobody else's.
    let own = service.sign_in(&applicant).await;
    assert_eq!(get(one.clone(), own.clone()).await.json(), taken);
    get("/v1/applications".into(), own.clone()).await.is_problem(403, "not-the-registrar");
    hand_in(&service, &signed(&other, GENESIS, 500)).await;
    let others = service.sign_in(&other).await;
    get(one.clone(), others.clone()).await.is_problem(404, "not-found");
    let removed = service.request(Method::DELETE, &one, &others, vec![]).await;
    removed.is_problem(404, "not-found");

    // The operator's registrar and the chain's clerks see all.
    let clerk = Company::new(3);
    let record = Some(Clerk { version: 1, daily: 5, day: 0, decided: 0 });
    service.apply(vec![LedgerChange::Clerk { account: clerk.account, record }]);
    for seen_by in [Company::new(REGISTRAR), clerk] {
        let token = service.sign_in(&seen_by).await;
        assert_eq!(get(one.clone(), token.clone()).await.json(), taken);
        let page = get("/v1/applications?limit=1&state=open".into(), token.clone()).await.json();
        let next = page["next"].as_str().unwrap();
        let rest = format!("/v1/applications?limit=1&state=open&cursor={next}");
        let rest = get(rest, token.clone()).await.json();
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        assert_ne!(page["items"][0]["digest"], rest["items"][0]["digest"]);
        let none = get("/v1/applications?state=expired".into(), token.clone()).await.json();
        assert_eq!(none["items"], json!([]));
        get("/v1/applications?state=lost".into(), token.clone()).await.is_problem(400, "invalid-parameter");
    }
    // A clerk is one no more when the chain says so.
    let token = service.sign_in(&Company::new(3)).await;
    service.apply(vec![LedgerChange::Clerk { account: Company::new(3).account, record: None }]);
    get("/v1/applications".into(), token).await.is_problem(403, "not-the-registrar");

    assert_eq!(service.request(Method::DELETE, &one, &own, vec![]).await.status, 204);
    get(one.clone(), own).await.is_problem(404, "not-found");
    get(one, service.sign_in(&Company::new(REGISTRAR)).await).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn what_the_chain_would_refuse_is_refused_here() {
    let service = Service::new().await;
    service.apply(Vec::new());
    let (applicant, other) = (Company::new(1), Company::new(2));
    let good = signed(&applicant, GENESIS, 500);
    let refused = |value: Value| {
        let service = &service;
        async move { hand_in(service, &value).await }
    };
    // Signed for another chain, by another key, or for something else.
    refused(signed(&applicant, Hash([8; 32]), 500)).await.is_problem(422, "invalid-signature");
    refused(sign(&other, GENESIS, good.clone())).await.is_problem(422, "invalid-signature");
    for (place, value) in [
        ("/profile/name", json!("대한공구")),
        ("/profile/registration_number", json!("1048123454")),
        ("/joining/roles", json!(["admin", "money"])),
        ("/joining/day_limit", json!(1_000_001)),
        ("/account", json!(other.account)),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(place).unwrap() = value;
        refused(changed).await.is_problem(422, "invalid-signature");
    }
    for (place, value) in [
        ("/profile/name", json!("")),
        ("/profile/registration_number", json!("1234567890")),
        ("/profile/ksic", json!("?")),
        ("/profile/roles", json!([])),
        ("/joining/roles", json!(["sell"])),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(place).unwrap() = value;
        refused(changed).await.is_problem(422, "invalid-application");
    }
    for (place, value) in [
        ("/signature", json!("00")),
        ("/profile/size", json!("huge")),
        ("/profile/region", json!("Seoul")),
        ("/joining/key", json!("x")),
        ("/joining/more", json!(1)),
    ] {
        let mut changed = good.clone();
        let (above, name) = place.rsplit_once('/').unwrap();
        changed.pointer_mut(above).unwrap()[name] = value;
        refused(changed).await.is_problem(400, "invalid-body");
    }
    refused(signed(&applicant, GENESIS, 0)).await.is_problem(422, "application-expired");
    let problem =
        refused(signed(&applicant, GENESIS, u32::MAX)).await.is_problem(422, "application-too-long");
    assert_eq!(problem["field"], "expires");
    let mut large = good.clone();
    large["profile"]["name"] = json!("a".repeat(20_000));
    refused(large).await.is_problem(413, "body-too-large");
    let request = Request::post("/v1/applications").body(Body::from(good.to_string())).unwrap();
    service.send(request).await.is_problem(415, "content-type");
    // Nothing of that is kept.
    let token = service.sign_in(&Company::new(REGISTRAR)).await;
    let all = service.request(Method::GET, "/v1/applications", &token, vec![]).await.json();
    assert_eq!(all, json!({ "items": [], "next": null }));
    assert_eq!(refused(good).await.status, 201);
}
