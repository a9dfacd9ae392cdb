//! Every answer of the service about one small market, against what it was when it was written down in
//! `tests/golden`: JSON, files, problems, pages and the OpenAPI document. `wonbon-golden` says how to write them anew.
//!
//! What is no promise is left out: request ids, entity tags, cursors and the machine's own times.

mod contents;
mod market;
mod records;

use axum::{body::Body, http::Request};
use marketplace_api::http;
use serde_json::{json, Map, Value};
use wonbon_golden::Golden;

use crate::common::{Answer, Service};
use market::Market;

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

/// Headers whose values are no promise: only that they are there.
const VOLATILE: [&str; 4] = ["etag", "x-request-id", "date", "last-modified"];
/// Members of objects of which the same holds.
const MACHINE: [&str; 5] = ["next", "first_at_ms", "last_at_ms", "stored_at_ms", "read_model_bytes"];

/// The headers that an answer has beyond those of every answer.
fn headers(answer: &Answer) -> Value {
    let common =
        |name: &str| name.starts_with("x-") || name == "content-security-policy" || name == "referrer-policy";
    let shown = answer.headers.iter().filter(|(name, _)| !common(name.as_str()));
    let pair = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = if VOLATILE.contains(&name.as_str()) { "…" } else { value.to_str().unwrap() };
        (name.to_string(), json!(value))
    };
    Value::Object(shown.map(pair).collect::<Map<_, _>>())
}

/// The value without what differs from run to run.
fn lasting(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let entry = |(key, value): (String, Value)| match (MACHINE.contains(&key.as_str()), &value) {
                (true, Value::String(_) | Value::Number(_)) => (key, json!("…")),
                _ => (key, lasting(value)),
            };
            Value::Object(object.into_iter().map(entry).collect())
        }
        Value::Array(array) => array.into_iter().map(lasting).collect(),
        other => other,
    }
}

fn is_json(answer: &Answer) -> bool {
    answer.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().contains("json"))
}

/// Status, headers and body of an answer; the body as JSON, as text, or as the digest of its bytes.
fn described(path: &str, answer: &Answer) -> Value {
    use sha2::{Digest, Sha256};
    let body = if is_json(answer) {
        lasting(answer.json())
    } else if let Ok(text) = std::str::from_utf8(&answer.body) {
        text.split_inclusive('\n').map(Value::from).collect()
    } else {
        json!({ "length": answer.body.len(), "sha256": hex::encode(Sha256::digest(&answer.body)) })
    };
    json!({ "request": path, "status": answer.status, "headers": headers(answer), "body": body })
}

async fn get(service: &Service, path: &str, token: Option<&str>, accept: Option<&str>) -> Answer {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(accept) = accept {
        request = request.header("accept", accept);
    }
    service.send(request.body(Body::empty()).unwrap()).await
}

/// Asks for each path and compares the answer with the file of the name beside it.
async fn compare(market: &Market, folder: &str, questions: &[(&str, String)]) {
    for (name, path) in questions {
        let answer = get(&market.service, path, None, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        GOLDEN.json(&format!("{folder}/{name}.json"), &described(path, &answer));
    }
}

fn named(names: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    names.to_vec()
}

/// The document without its prose, which may be said better at any time.
fn without_prose(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let is_prose =
                |key: &str, value: &Value| ["description", "summary"].contains(&key) && value.is_string();
            let kept = object.into_iter().filter(|(key, value)| !is_prose(key, value));
            Value::Object(kept.map(|(key, value)| (key, without_prose(value))).collect())
        }
        Value::Array(array) => array.into_iter().map(without_prose).collect(),
        other => other,
    }
}

#[tokio::test]
async fn golden_document() {
    GOLDEN.json("openapi.json", &without_prose(serde_json::to_value(http::openapi()).unwrap()));
}

#[tokio::test]
async fn golden_companies() {
    let market = Market::new().await;
    let (seller, buyer) = (market.seller.account, market.buyer.account);
    let mut questions = named(&[
        ("list", "/v1/participants".into()),
        ("list-first", "/v1/participants?limit=1".into()),
        ("list-of-role", "/v1/participants?role=inspector".into()),
        ("list-of-standing", "/v1/participants?standing=suspended".into()),
        ("list-of-region", "/v1/participants?region=KR-31".into()),
        ("list-by-words", format!("/v1/participants?q={}", "%ED%95%9C%EB%B9%9B")),
        ("trades-of-seller", format!("/v1/participants/{seller}/trades")),
        ("royalties-of-seller", format!("/v1/participants/{seller}/royalties")),
        ("derive-rights-of-buyer", format!("/v1/participants/{buyer}/derive-rights")),
    ]);
    questions.extend(market.companies().map(|(name, company)| (name, format!("/v1/participants/{company}"))));
    compare(&market, "companies", &questions).await;
}

#[tokio::test]
async fn golden_datasets() {
    let market = Market::new().await;
    let (seller, buyer) = (market.seller.account, market.buyer.account);
    let mut questions = named(&[
        ("list", "/v1/datasets".into()),
        ("list-first", "/v1/datasets?limit=1".into()),
        ("list-of-owner", format!("/v1/datasets?owner={buyer}")),
        ("list-of-method", "/v1/datasets?method=cleaned".into()),
        ("list-by-words", format!("/v1/datasets?q=%EC%8A%A4%ED%95%80%EB%93%A4&owner={seller}")),
    ]);
    compare(&market, "datasets", &questions).await;
    for (name, id) in market.datasets() {
        questions = named(&[
            ("record", format!("/v1/datasets/{id}")),
            ("lineage", format!("/v1/datasets/{id}/lineage")),
            ("trades", format!("/v1/datasets/{id}/trades")),
            ("attestations", format!("/v1/datasets/{id}/attestations")),
            ("versions", format!("/v1/datasets/{id}/versions")),
            ("handovers", format!("/v1/datasets/{id}/handovers")),
            ("royalties", format!("/v1/datasets/{id}/royalties")),
        ]);
        compare(&market, &format!("datasets/{name}"), &questions).await;
    }
}

#[tokio::test]
async fn golden_offers_orders_and_trades() {
    let market = Market::new().await;
    let (seller, buyer) = (market.seller.account, market.buyer.account);
    let [(_, raw), ..] = market.datasets();
    let questions = named(&[
        ("offers", "/v1/offers".into()),
        ("offers-first", "/v1/offers?limit=1".into()),
        ("offers-of-dataset", format!("/v1/offers?dataset={raw}")),
        ("offers-of-seller", format!("/v1/offers?seller={seller}&state=withdrawn")),
        ("offers-up-to", "/v1/offers?max_price=1000000".into()),
        ("offers-by-words", "/v1/offers?q=spindle".into()),
        ("offer-1", "/v1/offers/1".into()),
        ("offer-2", "/v1/offers/2".into()),
        ("offer-3", "/v1/offers/3".into()),
        ("offer-4", "/v1/offers/4".into()),
        ("orders", "/v1/orders".into()),
        ("orders-of-offer", "/v1/orders?offer=1".into()),
        ("orders-of-buyer", format!("/v1/orders?buyer={buyer}&state=delivered")),
        ("orders-of-seller", format!("/v1/orders?seller={seller}&state=placed")),
        ("order-placed", "/v1/orders/20".into()),
        ("order-delivered", "/v1/orders/21".into()),
        ("order-accepted", "/v1/orders/10".into()),
        ("order-lapsed", "/v1/orders/11".into()),
        ("order-missed", "/v1/orders/12".into()),
        ("order-wrong-key", "/v1/orders/13".into()),
        ("order-bad-block", "/v1/orders/14".into()),
        ("order-faulted", "/v1/orders/15".into()),
        ("order-with-royalties", "/v1/orders/16".into()),
        ("trades", "/v1/trades".into()),
        ("trades-of-dataset", format!("/v1/trades?dataset={raw}&limit=2")),
        ("trades-of-company", format!("/v1/trades?company={buyer}&limit=2")),
    ]);
    compare(&market, "trade", &questions).await;
}

#[tokio::test]
async fn golden_audit() {
    let market = Market::new().await;
    let low = "concentration_percent=10&concentration_trades=1&related_transfer=1&member_companies=9\
               &cycle_length=4&outlier_score=1&outlier_trades=3&industry_trades=3&lost_disputes=1";
    let questions = named(&[
        ("ledger", "/v1/audit/ledger".into()),
        ("ledger-csv", "/v1/audit/ledger?format=csv".into()),
        ("ledger-of-period", "/v1/audit/ledger?from=3&to=4".into()),
        ("report", "/v1/audit/report".into()),
        ("report-with-low-thresholds", format!("/v1/audit/report?{low}")),
        ("report-csv", format!("/v1/audit/report?format=csv&{low}")),
        ("deliveries", "/v1/audit/deliveries".into()),
        ("deliveries-of-period", "/v1/audit/deliveries?from=3&to=4&limit=1".into()),
    ]);
    compare(&market, "audit", &questions).await;
    let token = market.service.sign_in(&market.auditor).await;
    let path = "/v1/audit/downloads";
    let answer = get(&market.service, path, Some(&token), None).await;
    GOLDEN.json("audit/downloads.json", &described(path, &answer));
}

#[tokio::test]
async fn golden_files() {
    let market = Market::new().await;
    let [(_, raw), ..] = market.datasets();
    let sealed = market.package.sealed_root;
    let mut answers = Vec::new();
    for path in [
        format!("/v1/metadata/{}", market.metadata),
        format!("/v1/documents/{}", market.licence),
        format!("/v1/datasets/{raw}/samples/chosen"),
        format!("/v1/datasets/{raw}/samples/fair"),
    ] {
        answers.push(described(&path, &get(&market.service, &path, None, None).await));
    }
    let token = market.service.sign_in(&market.seller).await;
    for path in [
        format!("/v1/payloads/{sealed}"),
        format!("/v1/payloads/{sealed}/tree"),
        format!("/v1/payloads/{sealed}/downloads"),
    ] {
        answers.push(described(&path, &get(&market.service, &path, Some(&token), None).await));
    }
    let options = Request::options("/v1/uploads").body(Body::empty()).unwrap();
    answers.push(described("OPTIONS /v1/uploads", &market.service.send(options).await));
    answers.push(described("/health", &market.service.get("/health").await));
    GOLDEN.json("files.json", &answers);
}

#[tokio::test]
async fn golden_standards() {
    let market = Market::new().await;
    let [(_, raw), ..] = market.datasets();
    for (name, form) in [
        ("prov", "prov"),
        ("dcat", "dcat"),
        ("dcat-turtle", "dcat?format=turtle"),
        ("croissant", "croissant"),
        ("aas", "aas"),
        ("aasx", "aas?format=aasx"),
    ] {
        let path = format!("/v1/datasets/{raw}/{form}");
        let answer = get(&market.service, &path, None, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        GOLDEN.json(&format!("standards/{name}.json"), &described(&path, &answer));
    }
}

#[tokio::test]
async fn golden_pages() {
    let market = Market::new().await;
    let mut pages = vec![
        ("catalogue".to_owned(), "/".to_owned()),
        ("catalogue-first".into(), "/?limit=1".into()),
        ("catalogue-found".into(), "/?q=spindle".into()),
        ("catalogue-nothing-found".into(), "/?q=nonsense".into()),
        ("audit".into(), "/audit".into()),
        ("audit-of-period".into(), "/audit?from=3&to=4".into()),
        ("audit-bad-period".into(), "/audit?from=x".into()),
        ("dataset-unknown".into(), format!("/datasets/{}", "00".repeat(32))),
        ("dataset-bad".into(), "/datasets/x".into()),
    ];
    pages.extend(market.datasets().map(|(name, id)| (format!("dataset-{name}"), format!("/datasets/{id}"))));
    pages
        .extend(market.companies().map(|(name, id)| (format!("company-{name}"), format!("/companies/{id}"))));
    let mut statuses = Map::new();
    for (name, path) in pages {
        let answer = market.service.get(&path).await;
        statuses.insert(path, json!({ "status": answer.status, "headers": headers(&answer) }));
        GOLDEN.text(&format!("pages/{name}.html"), &answer.text());
    }
    GOLDEN.json("pages/statuses.json", &statuses);
}

#[tokio::test]
async fn golden_problems() {
    let market = Market::new().await;
    let missing = "00".repeat(32);
    let mut answers = Vec::new();
    for path in [
        "/nowhere",
        "/v1/datasets/x",
        "/v1/datasets/%ff",
        "/v1/offers/-1",
        "/v1/offers/99",
        "/v1/offers/18446744073709551616",
        "/v1/orders/99",
        "/v1/participants/x",
        "/v1/participants?standing=odd",
        "/v1/participants?role=odd",
        "/v1/participants?region=KR-99",
        "/v1/datasets?method=odd",
        "/v1/datasets?owner=x",
        "/v1/offers?state=ajar",
        "/v1/offers?state=open&state=open",
        "/v1/offers?max_price=x",
        "/v1/offers?limit=201",
        "/v1/offers?limit=0",
        "/v1/offers?cursor=AAAA",
        "/v1/offers?unknown=1",
        "/v1/orders?state=odd",
        "/v1/orders?offer=%2B5",
        "/v1/metadata/x",
        "/v1/audit/ledger?format=xlsx",
        "/v1/audit/ledger?from=yesterday",
        "/v1/audit/ledger?from=9&to=8",
        "/v1/audit/ledger?to=99999999",
        "/v1/audit/report?format=parquet",
        "/v1/audit/report?concentration_percent=101",
        "/v1/audit/report?cycle_length=99",
        "/v1/audit/report?outlier_score=NaN",
        "/v1/audit/report?from=99999999",
        "/v1/audit/deliveries?account=5",
        "/v1/audit/downloads",
        &format!("/v1/datasets/{missing}"),
        &format!("/v1/datasets/{missing}/lineage"),
        &format!("/v1/datasets/{missing}/prov"),
        &format!("/v1/datasets/{missing}/dcat?format=rdfxml"),
        &format!("/v1/datasets/{missing}/certificate"),
        &format!("/v1/datasets/{missing}/samples/fair"),
        &format!("/v1/datasets/{missing}/samples/odd"),
        &format!("/v1/metadata/{missing}"),
        &format!("/v1/documents/{missing}"),
        &format!("/v1/payloads/{missing}"),
        &format!("/v1/datasets?q={}", "a".repeat(201)),
    ] {
        answers.push(described(path, &market.service.get(path).await));
    }
    let token = market.service.sign_in(&market.buyer).await;
    for path in [
        format!("/v1/payloads/{missing}"),
        format!("/v1/payloads/{}/downloads", market.package.sealed_root),
        "/v1/audit/downloads".into(),
    ] {
        answers.push(described(&path, &get(&market.service, &path, Some(&token), None).await));
    }
    for (path, body) in [
        ("/v1/sign-in", json!({})),
        ("/v1/sign-in/challenge", json!({ "account": "x" })),
        ("/v1/sign-in/challenge", json!({ "account": market.buyer.account, "extra": 1 })),
    ] {
        answers.push(described(path, &market.service.post(path, &body).await));
    }
    let patch = Request::patch("/v1/offers").body(Body::empty()).unwrap();
    answers.push(described("PATCH /v1/offers", &market.service.send(patch).await));
    GOLDEN.json("problems.json", &answers);
}
