//! Searching the catalogue over HTTP: what comes first, pages, and questions that are no questions.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use marketplace_api::{
    router,
    testing::{self, Put as _},
};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{json, Value};
use tower::ServiceExt;
use wonbon_model::metadata::Metadata;

use crate::common::{Answer, Company, Service};
use wonbon_model::{Hash, Standing};

fn hash(number: u32) -> Hash {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Hash(bytes)
}

/// Registers a dataset with this title and description, and offers it.
fn publish(service: &Service, owner: &Company, number: u32, title: &str, description: &str) {
    let document = json!({ "schema": "wonbon/metadata/1", "title": title, "description": description,
        "keywords": [], "length": 10_000 });
    service.app.search.insert(hash(number), &Metadata::read(document).unwrap());
    service.apply(vec![
        testing::dataset(hash(number).into(), owner.account, number, hash(number)).put(),
        testing::offer(number.into(), hash(number).into(), owner.account, hash(number), 5).put(),
    ]);
}

fn query(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn titles(service: &Service, list: &str, parameters: &str) -> (Vec<String>, Option<String>) {
    service.app.search.flush().await;
    let answer = service.get(&format!("/v1/{list}?{parameters}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.json();
    let title = |item: &Value| item["title"].as_str().unwrap().to_owned();
    (page["items"].as_array().unwrap().iter().map(title).collect(), page["next"].as_str().map(str::to_owned))
}

async fn catalogue() -> (Service, Company) {
    let service = Service::new().await;
    let company = Company::new(1);
    service.register(&company, Standing::Verified);
    for (number, title, description) in [
        (1, "절삭유 온도", "공작기계 안의 절삭유"),
        (2, "공작 기계 진동", ""),
        (3, "프레스 하중", "공작기계로 만든 금형"),
        (4, "공작기계 전력", ""),
        (5, "사출 압력", ""),
        (6, "공작기계의 소음", ""),
    ] {
        publish(&service, &company, number, title, description);
    }
    (service, company)
}

#[tokio::test]
async fn the_best_matches_come_first_in_datasets_and_offers() {
    let (service, _) = catalogue().await;
    let wanted = ["공작기계 전력", "공작기계의 소음", "공작 기계 진동", "절삭유 온도", "프레스 하중"];
    for list in ["datasets", "offers"] {
        let question = format!("q={}", query("공작기계"));
        let (found, next) = titles(&service, list, &question).await;
        // In a title: the whole word, its beginning, written apart; then in a description.
        assert_eq!((found, next), (wanted.map(str::to_owned).to_vec(), None), "{list}");
        // All words, in the text or in the owner's name.
        let (found, _) = titles(&service, list, &format!("q={}", query("hanbit 진동"))).await;
        assert_eq!(found, ["공작 기계 진동"]);
        let (found, _) = titles(&service, list, &format!("q={}", query("한빛"))).await;
        assert_eq!(found.len(), 6);
        assert_eq!(found[0], "공작기계의 소음", "of equals the newest");
    }
    let state = format!("q={}&state=withdrawn", query("공작기계"));
    assert!(titles(&service, "offers", &state).await.0.is_empty());
}

#[tokio::test]
async fn pages_hold_while_the_catalogue_grows() {
    let (service, company) = catalogue().await;
    let question = format!("q={}", query("공작기계"));
    let (all, _) = titles(&service, "datasets", &question).await;
    let (mut seen, mut cursor) = (Vec::new(), None);
    for number in 100.. {
        let cursor_part = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let (found, next) = titles(&service, "datasets", &format!("{question}&limit=2{cursor_part}")).await;
        seen.extend(found);
        // A newer one that matches as well as any.
        publish(&service, &company, number, "공작기계", "");
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, all);
    // A cursor belongs to its question.
    let (_, next) = titles(&service, "datasets", &format!("{question}&limit=1")).await;
    let other = format!("/v1/datasets?q=a&cursor={}", next.unwrap());
    service.get(&other).await.is_problem(400, "invalid-parameter");
}

#[tokio::test]
async fn odd_questions_are_answered_or_refused() {
    let (service, _) = catalogue().await;
    for odd in ["*", "\"공작", "title:a", "a\0b", "(((((", "\u{202e}", "~", "AND OR NOT"] {
        assert!(titles(&service, "datasets", &format!("q={}", query(odd))).await.0.is_empty(), "{odd:?}");
    }
    // No word at all asks for nothing in particular.
    for empty in ["", " \t\n", "\u{3000}"] {
        assert_eq!(
            titles(&service, "datasets", &format!("q={}", query(empty))).await.0.len(),
            6,
            "{empty:?}"
        );
    }
    let many: BTreeSet<String> = (0..100).map(|number| format!("{number}")).collect();
    let many = many.into_iter().collect::<Vec<_>>().join(" ");
    let refused = service.get(&format!("/v1/datasets?q={}", query(&many))).await;
    refused.is_problem(400, "invalid-parameter");
}

#[tokio::test]
async fn figures_are_served_at_their_own_address_only() {
    let (service, _) = catalogue().await;
    service.get("/metrics").await.is_problem(404, "no-such-route");
    let router = router::metrics_router(PrometheusBuilder::new().build_recorder().handle());
    let get = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
    let figures = Answer::read(get("/metrics").await.unwrap()).await;
    assert_eq!(figures.status, 200);
    assert!(figures.header("content-type").starts_with("text/plain"));
    Answer::read(get("/v1/datasets").await.unwrap()).await.is_problem(404, "no-such-route");
}
