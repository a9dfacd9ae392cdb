//! The JSON endpoints and everything around them, through the whole router.

use std::collections::BTreeSet;

use crate::common::{self, Company, Package, Service};
use axum::{
    body::Body,
    http::{Method, Request},
};
use marketplace_api::{
    http,
    testing::{self, Put as _},
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use wonbon_model::{AccountId, DatasetId, Hash, Standing};

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

fn concrete(path: &str) -> String {
    let account = Company::new(1).account.to_string();
    let hash = Hash([5; 32]).to_string();
    path.replace("{account}", &account)
        .replace("/v1/offers/{id}", "/v1/offers/1")
        .replace("/v1/orders/{id}", "/v1/orders/1")
        .replace("/v1/uploads/{id}", "/v1/uploads/0123456789abcdef0123456789abcdef")
        .replace("{id}", &hash)
        .replace("{hash}", &hash)
        .replace("{digest}", &hash)
        .replace("{dataset}", &hash)
        .replace("{epoch}", "1")
        .replace("{member}", &account)
        .replace("{sealed_root}", &hash)
}

#[tokio::test]
async fn the_document_and_the_router_have_the_same_routes() {
    let service = Service::new().await;
    let document = service.get("/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = operations(&document);
    assert!(operations.len() > 40, "{}", operations.len());
    let documented: BTreeSet<_> =
        operations.iter().map(|(method, path, _)| (method.clone(), path.clone())).collect();
    for (method, path, operation) in &operations {
        assert!(!operation["operationId"].as_str().unwrap().is_empty());
        assert!(operation["summary"].is_string() || operation["description"].is_string(), "{path}");
        let responses = operation["responses"].as_object().unwrap();
        let open = format!("{method} {path}") == "GET /openapi.json";
        assert!(open || responses.contains_key("default"), "{method} {path} says nothing of problems");
        // What the document lists, the router knows.
        let request =
            Request::builder().method(method.as_str()).uri(concrete(path)).body(Body::empty()).unwrap();
        let answer = service.send(request).await;
        assert_ne!(answer.status, 405, "{method} {path}");
        if answer.status == 404 && method != "HEAD" {
            answer.is_problem(404, "not-found");
        }
    }
    // Routed means documented: every other method of a documented path is refused, with the right Allow header.
    for path in operations.iter().map(|(_, path, _)| path).collect::<BTreeSet<_>>() {
        for method in [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE, Method::OPTIONS]
        {
            if documented.contains(&(method.to_string(), path.clone())) {
                continue;
            }
            let request = Request::builder().method(&method).uri(concrete(path)).body(Body::empty()).unwrap();
            let answer = service.send(request).await;
            answer.is_problem(405, "no-such-method");
            for allowed in answer.header("allow").split(',').filter(|allowed| *allowed != "HEAD") {
                assert!(documented.contains(&(allowed.to_owned(), path.clone())), "{path} allows {allowed}");
            }
        }
    }
}

/// What the document says of an operation holds together; whether it says all that is answered, every test checks with
/// every request (see `common`).
#[tokio::test]
async fn the_document_says_what_is_asked_and_answered() {
    let document = serde_json::to_value(http::openapi()).unwrap();
    let place = |place: &str| document.pointer(&place[1..]).unwrap_or_else(|| panic!("no {place}")).clone();
    let resolved = |value: &Value| value["$ref"].as_str().map_or_else(|| value.clone(), place);
    let text = document.to_string();
    text.split("\"$ref\":\"").skip(1).for_each(|rest| drop(place(rest.split('"').next().unwrap())));
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            let response = resolved(response);
            assert!(!response["description"].as_str().unwrap().is_empty(), "{name} {status}");
            let refuses = status == "default" || status.as_str() >= "400";
            if refuses && path != "/health" {
                let schema = &response["content"]["application/problem+json"]["schema"];
                assert!(resolved(schema)["properties"]["type"].is_object(), "{name} {status}");
            }
        }
        let none = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&none);
        let has = |place: &str, name: &str| {
            parameters.iter().any(|parameter| parameter["in"] == place && parameter["name"] == name)
        };
        let says = |status: &str| responses.contains_key(status);
        for header in ["If-Match", "If-None-Match"] {
            assert_eq!(has("header", header), says("304"), "{name} {header}");
        }
        assert!(!says("304") || says("412"), "{name}");
        for header in ["Range", "If-Range"] {
            assert_eq!(has("header", header), says("206"), "{name} {header}");
        }
        assert_eq!(says("206"), says("416"), "{name}");
        // Where one of the ways is no way at all, a token may be sent and need not.
        let must_sign_in = operation["security"]
            .as_array()
            .is_some_and(|ways| ways.iter().all(|way| way.as_object().is_some_and(|way| !way.is_empty())));
        assert_eq!(must_sign_in, says("401") && path != "/v1/sign-in", "{name}");
        assert!(operation["requestBody"].is_null() || says("413") && says("415"), "{name}");
        for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            assert!(has("path", part), "{name} {part}");
        }
        for parameter in parameters.iter().filter(|parameter| parameter["name"] == "format") {
            assert!(parameter["schema"].to_string().contains("\"enum\":["), "{name}: {parameter}");
        }
    }
}

#[tokio::test]
async fn what_the_contract_names_is_there() {
    let routes: BTreeSet<_> = operations(&serde_json::to_value(http::openapi()).unwrap())
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    for route in [
        "GET /health",
        "GET /openapi.json",
        "GET /v1/participants",
        "GET /v1/participants/{account}",
        "GET /v1/participants/{account}/trades",
        "GET /v1/datasets",
        "GET /v1/datasets/{id}",
        "GET /v1/datasets/{id}/lineage",
        "GET /v1/datasets/{id}/trades",
        "GET /v1/datasets/{id}/attestations",
        "GET /v1/datasets/{id}/versions",
        "GET /v1/datasets/{id}/handovers",
        "GET /v1/audit/ledger",
        "GET /v1/audit/report",
        "GET /v1/audit/deliveries",
        "GET /v1/audit/downloads",
        "GET /v1/audit/acts",
        "POST /v1/applications",
        "GET /v1/applications",
        "GET /v1/applications/{digest}",
        "DELETE /v1/applications/{digest}",
        "GET /v1/companies/{account}/secrets",
        "GET /v1/companies/{account}/secrets/{epoch}/{member}",
        "PUT /v1/companies/{account}/secrets/{epoch}/{member}",
        "GET /v1/companies/{account}/keys/{commitment}",
        "GET /v1/companies/{account}/keys/{commitment}/{member}",
        "PUT /v1/companies/{account}/keys/{commitment}",
        "PUT /v1/companies/{account}/keys/{commitment}/{member}",
        "GET /v1/participants/{account}/members",
        "GET /v1/accounts/{account}/companies",
        "GET /v1/offers",
        "GET /v1/offers/{id}",
        "GET /v1/orders",
        "GET /v1/orders/{id}",
        "GET /v1/trades",
        "POST /v1/sign-in/challenge",
        "POST /v1/sign-in",
        "OPTIONS /v1/uploads",
        "POST /v1/uploads",
        "HEAD /v1/uploads/{id}",
        "PATCH /v1/uploads/{id}",
        "DELETE /v1/uploads/{id}",
        "GET /v1/payloads/{sealed_root}",
        "HEAD /v1/payloads/{sealed_root}",
        "GET /v1/payloads/{sealed_root}/tree",
        "GET /v1/payloads/{sealed_root}/downloads",
        "PUT /v1/metadata/{hash}",
        "GET /v1/metadata/{hash}",
        "PUT /v1/documents/{hash}",
        "GET /v1/documents/{hash}",
    ] {
        assert!(routes.contains(route), "{route}");
    }
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let service = Service::new().await;
    let json_post = |path: &str, body: &str| {
        Request::post(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    service.get("/nowhere").await.is_problem(404, "no-such-route");
    service.get("/v1/datasets/..%2f..%2fetc%2fpasswd").await.is_problem(400, "invalid-parameter");
    service.get("/v1/datasets/%ff").await.is_problem(400, "invalid-parameter");
    service.get("/v1/offers/-1").await.is_problem(400, "invalid-parameter");
    service.get("/v1/offers/18446744073709551616").await.is_problem(400, "invalid-parameter");
    // Whoever writes a sign means something else than a number of ours.
    for path in ["offers/+0", "orders/+0", "offers?max_price=%2B5", "orders?offer=%2B5", "offers?limit=%2B5"]
    {
        service.get(&format!("/v1/{path}")).await.is_problem(400, "invalid-parameter");
    }
    // A problem names the parameter that it is about.
    for (path, field) in [
        ("datasets/x", "id"),
        ("datasets/%ff", "id"),
        ("participants/x", "account"),
        ("metadata/x", "hash"),
        ("offers?state=ajar", "state"),
        ("offers?nonsense=1", "nonsense"),
        ("offers?state=open&state=open", "state"),
        ("audit/ledger?format=xlsx", "format"),
        ("audit/ledger?from=5&to=x", "to"),
        ("audit/ledger?from=x&to=5", "from"),
        ("audit/deliveries?account=5", "account"),
    ] {
        let problem = service.get(&format!("/v1/{path}")).await.is_problem(400, "invalid-parameter");
        assert_eq!(problem["field"], field, "{path}");
    }
    service.get("/v1/offers/3").await.is_problem(404, "not-found");
    service.get("/v1/offers?max_price=x").await.is_problem(400, "invalid-parameter");
    service.get("/v1/offers?state=ajar").await.is_problem(400, "invalid-parameter");
    service.get("/v1/offers?unknown=1").await.is_problem(400, "invalid-parameter");
    service.get("/v1/offers?state=open&state=open").await.is_problem(400, "invalid-parameter");
    let problem = service.get("/v1/offers?limit=201").await.is_problem(400, "invalid-parameter");
    assert_eq!((&problem["field"], &problem["limit"]), (&json!("limit"), &json!(200)));
    let problem = service
        .get(&format!("/v1/datasets?q={}", "a".repeat(201)))
        .await
        .is_problem(400, "invalid-parameter");
    assert_eq!((&problem["field"], &problem["limit"]), (&json!("q"), &json!(200)));
    service.get("/v1/offers?cursor=AAAA").await.is_problem(400, "invalid-parameter");
    let other = service.get(&format!("/{}", "a".repeat(5000))).await;
    other.is_problem(414, "address-too-long");
    let request = Request::get("/health").header("x-large", "a".repeat(40_000)).body(Body::empty()).unwrap();
    service.send(request).await.is_problem(431, "headers-too-large");

    service
        .send(Request::post("/v1/sign-in").body(Body::empty()).unwrap())
        .await
        .is_problem(415, "content-type");
    let problem = service.send(json_post("/v1/sign-in", "{")).await.is_problem(400, "invalid-body");
    assert_eq!((&problem["field"], &problem["limit"]), (&json!("body"), &json!(16 * 1024)));
    service.send(json_post("/v1/sign-in", &"[".repeat(9_000))).await.is_problem(400, "invalid-body");
    service.send(json_post("/v1/sign-in", &" ".repeat(20_000))).await.is_problem(413, "body-too-large");
    service
        .send(json_post("/v1/sign-in/challenge", "{\"account\":\"x\"}"))
        .await
        .is_problem(400, "invalid-body");
    let account = Company::new(9).account;
    let extra = format!("{{\"account\":\"{account}\",\"extra\":1}}");
    service.send(json_post("/v1/sign-in/challenge", &extra)).await.is_problem(400, "invalid-body");
    let body = json!({ "account": account, "challenge": Hash([0; 32]), "origin": common::ORIGIN, "signature": "00" });
    service.post("/v1/sign-in", &body).await.is_problem(400, "invalid-parameter");
    let signature = "00".repeat(64);
    let body = json!({ "account": account, "challenge": Hash([0; 32]), "origin": common::ORIGIN, "signature": signature });
    let refused = service.post("/v1/sign-in", &body).await;
    refused.is_problem(401, "invalid-challenge");

    let payload = format!("/v1/payloads/{}", Hash([1; 32]));
    let answer = service.get(&payload).await;
    answer.is_problem(401, "sign-in-required");
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    let request = Request::get(&payload).header("authorization", format!("Bearer {}", "0".repeat(64)));
    service.send(request.body(Body::empty()).unwrap()).await.is_problem(401, "sign-in-required");
}

#[tokio::test]
async fn a_panic_and_a_handler_that_hangs_become_problems() {
    let panicked =
        testing::faulty_router().oneshot(Request::get("/panic").body(Body::empty()).unwrap()).await.unwrap();
    let answer = common::Answer::read(panicked).await;
    let problem = answer.is_problem(500, "internal");
    assert!(!problem.to_string().contains("a handler failed"), "the cause stays inside");
    assert!(!answer.header("x-request-id").is_empty());
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_security_headers() {
    let service = Service::new().await;
    for path in ["/v1/offers", "/nowhere", "/"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("x-request-id").len(), 16);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
}

#[tokio::test]
async fn who_is_not_verified_stores_and_downloads_nothing() {
    let service = Service::new().await;
    let package = Package::new(5000, 1);
    for (seed, standing) in [(1, Standing::Pending), (2, Standing::Suspended)] {
        let company = Company::new(seed);
        service.register(&company, standing);
        let token = service.sign_in(&company).await;
        service.begin(&token, &package).await.is_problem(403, "not-verified");
        service.download(&token, &package, &[]).await.is_problem(403, "not-verified");
        put(&service, &token, "documents", "text/plain", b"text").await.is_problem(403, "not-verified");
    }
    // A token does not outlive the standing that it was given to.
    let (company, token) = service.signed_in(3).await;
    service.register(&company, Standing::Suspended);
    service.begin(&token, &package).await.is_problem(403, "not-verified");
}

async fn put(service: &Service, token: &str, folder: &str, media_type: &str, body: &[u8]) -> common::Answer {
    let hash = Hash(Sha256::digest(body).into());
    put_at(service, token, &format!("/v1/{folder}/{hash}"), media_type, body).await
}

async fn put_at(service: &Service, token: &str, path: &str, media_type: &str, body: &[u8]) -> common::Answer {
    let request = Request::put(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", media_type)
        .body(Body::from(body.to_vec()));
    service.send(request.unwrap()).await
}

fn metadata(title: &str) -> String {
    // Canonical: sorted keys, no spaces.
    format!(
        r#"{{"description":"절삭 가공","keywords":["CNC"],"length":10000,"profile":{{"columns":[{{"name":"스핀들","type":"number"}}],"format":"csv","rows":3}},"schema":"wonbon/metadata/1","title":"{title}"}}"#
    )
}

#[tokio::test]
async fn documents_are_kept_under_their_own_hash() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let document = metadata("밀링 데이터");
    let hash = Hash(Sha256::digest(&document).into());
    assert_eq!(put(&service, &token, "metadata", "application/json", document.as_bytes()).await.status, 201);
    assert_eq!(put(&service, &token, "metadata", "application/json", document.as_bytes()).await.status, 204);
    let found = service.get(&format!("/v1/metadata/{hash}")).await;
    assert_eq!((found.status, found.text()), (200, document.clone()));
    let etag = found.header("etag");
    for method in [Method::GET, Method::HEAD] {
        let with = |name: &str, value: &str| {
            let request = Request::builder().method(&method).uri(format!("/v1/metadata/{hash}"));
            service.send(request.header(name, value).body(Body::empty()).unwrap())
        };
        let known = with("if-none-match", &etag).await;
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, etag.clone()));
        assert_eq!(with("if-none-match", "\"zzz\"").await.status, 200);
        assert_eq!(with("if-match", "\"zzz\"").await.status, 412);
        assert_eq!(with("if-match", &etag).await.status, 200);
    }
    service.get(&format!("/v1/documents/{hash}")).await.is_problem(404, "not-found");

    assert_eq!(
        put(&service, &token, "documents", "text/plain; charset=utf-8", "비밀유지협약".as_bytes())
            .await
            .status,
        201
    );
    put(&service, &token, "documents", "text/plain", &[0xff]).await.is_problem(422, "invalid-document");
    put(&service, &token, "documents", "text/plain", &vec![b'a'; 256 * 1024 + 1])
        .await
        .is_problem(413, "body-too-large");
    put(&service, &token, "documents", "text/html", b"x").await.is_problem(415, "content-type");
    for bad in
        ["{}", " {}", &document.replace(":3", ": 3"), &document.replace("csv", "doc"), "[1]", "nonsense"]
    {
        put(&service, &token, "metadata", "application/json", bad.as_bytes())
            .await
            .is_problem(422, "invalid-document");
    }
    let wrong = format!("/v1/metadata/{}", Hash([1; 32]));
    put_at(&service, &token, &wrong, "application/json", document.as_bytes())
        .await
        .is_problem(422, "hash-mismatch");
}

/// Two companies, 60 datasets, an offer for each.
async fn market() -> (Service, AccountId, AccountId) {
    let service = Service::new().await;
    let (seller, token) = service.signed_in(1).await;
    let other = Company::new(2);
    service.apply(vec![testing::participant(other.account, "Daehan Tools", Standing::Pending).put()]);
    let mut changes = Vec::new();
    for number in 0..60u8 {
        let document = metadata(&format!("Set {number}"));
        put(&service, &token, "metadata", "application/json", document.as_bytes()).await;
        let owner = if number % 2 == 0 { seller.account } else { other.account };
        let id = DatasetId([number + 1; 32]);
        let hash = Hash(Sha256::digest(&document).into());
        changes.push(testing::dataset(id, owner, u32::from(number), hash).put());
        let sealed_root = Hash([number + 100; 32]);
        let price = u128::from(number) * 1000;
        changes.push(testing::offer(u64::from(number), id, owner, sealed_root, price).put());
    }
    service.apply(changes);
    service.app.documents.read_named().await.unwrap();
    (service, seller.account, other.account)
}

async fn ids(service: &Service, path: &str, key: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = service.get(&format!("{path}{separator}limit=7{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 7);
        all.extend(items.iter().map(|item| item[key].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    let (service, seller, other) = market().await;
    let newest_first: Vec<_> = (0..60u64).rev().map(Value::from).collect();
    assert_eq!(ids(&service, "/v1/offers", "id").await, newest_first);
    let even: Vec<_> = (0..60u64).rev().filter(|id| id % 2 == 0).map(Value::from).collect();
    assert_eq!(ids(&service, &format!("/v1/offers?seller={seller}"), "id").await, even);
    assert_eq!(ids(&service, "/v1/offers?max_price=3000", "id").await, [3, 2, 1, 0]);
    assert_eq!(ids(&service, &format!("/v1/offers?dataset={}", Hash([4; 32])), "id").await, [3]);
    assert_eq!(ids(&service, "/v1/offers?state=withdrawn", "id").await, Vec::<Value>::new());
    assert_eq!(ids(&service, "/v1/datasets", "id").await.len(), 60);
    assert_eq!(ids(&service, &format!("/v1/datasets?owner={other}"), "id").await.len(), 30);
    assert_eq!(ids(&service, "/v1/datasets?method=cleaned", "id").await.len(), 0);
    assert_eq!(ids(&service, "/v1/participants", "account").await.len(), 2);
    assert_eq!(ids(&service, "/v1/participants?standing=pending", "account").await, [json!(other)]);
    assert_eq!(ids(&service, "/v1/participants?q=daehan", "account").await, [json!(other)]);
    assert_eq!(ids(&service, "/v1/participants?role=auditor", "account").await.len(), 0);
    assert_eq!(service.get("/v1/offers").await.json()["items"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn words_find_titles_columns_and_owners() {
    let (service, ..) = market().await;
    let find = |words: &str| {
        let encoded: String = words.bytes().map(|byte| format!("%{byte:02x}")).collect();
        format!("/v1/datasets?q={encoded}")
    };
    assert_eq!(ids(&service, &find("set 17"), "title").await, ["Set 17"]);
    assert_eq!(ids(&service, &find("스핀들"), "id").await.len(), 60);
    assert_eq!(ids(&service, &find("한빛 cnc"), "id").await.len(), 30);
    assert_eq!(ids(&service, &find("daehan 절삭"), "owner_name").await.len(), 30);
    assert_eq!(ids(&service, &find("선반"), "id").await.len(), 0);
    assert_eq!(ids(&service, &find("set 17").replace("datasets", "offers"), "id").await, [17]);
}

#[tokio::test]
async fn a_dataset_shows_its_owner_and_its_document() {
    let (service, seller, _) = market().await;
    let id = Hash([1; 32]);
    let found = service.get(&format!("/v1/datasets/{id}")).await.json();
    assert_eq!(found["id"], json!(id));
    assert_eq!(found["owner"], json!(seller));
    assert_eq!(found["owner_name"], "한빛정밀 Hanbit");
    assert_eq!(found["title"], "Set 0");
    assert_eq!(found["method"], "collected");
    assert_eq!(found["document"]["profile"]["columns"][0]["name"], "스핀들");
    let lineage = service.get(&format!("/v1/datasets/{id}/lineage")).await.json();
    assert_eq!(lineage["ancestors"], json!([]));
    let offer = service.get("/v1/offers/0").await.json();
    assert_eq!(
        (&offer["title"], &offer["stored"], &offer["price"]),
        (&json!("Set 0"), &json!(false), &json!(0))
    );
}

#[tokio::test]
async fn health_says_how_far_the_follower_is() {
    let service = Service::new().await;
    let health = service.get("/health").await;
    assert_eq!(health.status, 503);
    assert_eq!(health.json()["status"], "chain-unreachable");
}
