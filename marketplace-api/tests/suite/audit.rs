//! The auditor's view: the ledger in every format, the report, and who may see who downloaded what.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use marketplace_api::testing::{self, Put as _};
use wonbon_client::chain::{BalancesEvent, ChainEvent, ParticipantsEvent};
use wonbon_model::{AccountId, DatasetId, Hash, MemberRole, Outcome, Role, Standing};

use crate::common::{Answer, Company, Package, Service};

const DATASET: DatasetId = DatasetId([9; 32]);
const FORMULA: &str = "=1+1";

/// A seller and a buyer, and a block for each of so many trades between them.
async fn market(trades: u32) -> (Service, Company, Company) {
    let service = Service::new().await;
    let (seller, buyer) = (Company::new(1), Company::new(2));
    service.apply(vec![
        testing::participant(seller.account, FORMULA, Standing::Verified).put(),
        testing::participant(buyer.account, "대한공구", Standing::Verified).put(),
        testing::dataset(DATASET, seller.account, 0, Hash([3; 32])).put(),
    ]);
    for index in 0..trades {
        let trade =
            testing::trade(DATASET, index, seller.account, buyer.account, Outcome::Accepted, index + 1);
        service.apply(vec![trade.put()]);
    }
    (service, seller, buyer)
}

fn blocks(csv: &str) -> Vec<u32> {
    assert!(csv.starts_with('\u{feff}'), "for a Korean spreadsheet");
    csv.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect()
}

async fn ledger(service: &Service, query: &str) -> Answer {
    let answer = service.get(&format!("/v1/audit/ledger?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

#[tokio::test]
async fn the_ledger_has_every_trade_of_a_period_once_and_in_order() {
    let (service, ..) = market(300).await;
    let all = ledger(&service, "format=csv").await;
    assert!(all.header("content-type").starts_with("text/csv"));
    assert_eq!(all.header("content-disposition"), "attachment; filename=\"wonbon-ledger.csv\"");
    assert_eq!(blocks(&all.text()), (1..=300).collect::<Vec<_>>());
    assert!(all.text().contains(",'=1+1,"), "a name is no formula");
    let part = ledger(&service, "format=csv&from=128&to=257").await;
    assert_eq!(blocks(&part.text()), (128..=257).collect::<Vec<_>>());
    // The blocks of two seconds each, by time.
    let time = |block: u32| {
        let time = wonbon_model::words::time::Time::from_millis(testing::time_of(block)).unwrap();
        time.to_second()
    };
    let query = format!("format=csv&from={}&to={}", time(7), time(9));
    assert_eq!(blocks(&ledger(&service, &query).await.text()), [7, 8, 9]);
    assert_eq!(blocks(&ledger(&service, "format=csv&from=300").await.text()), [300]);
}

#[tokio::test]
async fn the_ledger_comes_in_three_formats() {
    let (service, seller, _) = market(130).await;
    let document = ledger(&service, "").await.json();
    assert_eq!((&document["count"], document["trades"].as_array().unwrap().len()), (&130.into(), 130));
    let row = &document["trades"][129];
    assert_eq!(row["seller"]["account"], seller.account.to_string());
    assert_eq!((&row["block"], &row["price"], &row["paid"]), (&130.into(), &1_250_000.into(), &true.into()));
    assert_eq!(row["block_hash"].as_str().unwrap().len(), 64);
    assert_eq!(document["about"]["as_of"]["block"], 130);
    assert!(document["about"]["as_of"]["time"].as_str().unwrap().ends_with("+09:00"));
    let parquet = ledger(&service, "format=parquet").await;
    assert_eq!(parquet.header("content-type"), "application/vnd.apache.parquet");
    assert!(parquet.body.starts_with(b"PAR1") && parquet.body.ends_with(b"PAR1"));
}

#[tokio::test]
async fn an_empty_ledger_is_a_whole_one_and_none_is_no_ledger() {
    let (service, ..) = market(0).await;
    assert_eq!(ledger(&service, "").await.json()["count"], 0);
    let nothing = Service::new().await;
    nothing.get("/v1/audit/ledger").await.is_problem(503, "no-chain");
    nothing.get("/v1/audit/report").await.is_problem(503, "no-chain");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let (service, ..) = market(1).await;
    for query in [
        "ledger?from=yesterday",
        "ledger?from=9&to=8",
        "ledger?format=xlsx",
        "ledger?page=1",
        "report?to=2026-13-01",
        "report?concentration_percent=101",
        "report?cycle_length=99",
        "report?outlier_score=NaN",
        "report?format=parquet",
        "ledger?from=2",
        "ledger?to=2",
        "ledger?from=2100-01-01",
        "ledger?from=1&to=2000-01-01",
        "ledger?from=2100-01-01&to=1",
        "report?from=99999999",
        "deliveries?from=99999999",
        "deliveries?account=5",
        "deliveries?cursor=x",
    ] {
        service.get(&format!("/v1/audit/{query}")).await.is_problem(400, "invalid-parameter");
    }
}

#[tokio::test]
async fn the_report_names_rules_thresholds_and_trades() {
    let (service, seller, buyer) = market(6).await;
    let report = service.get("/v1/audit/report").await.json();
    assert_eq!((&report["trades"], &report["paid"]), (&6.into(), &7_500_000.into()));
    let rules: Vec<_> = report["rules"].as_array().unwrap().iter().map(|rule| rule["name"].clone()).collect();
    assert_eq!(rules.len(), 6);
    let found = report["findings"].as_array().unwrap();
    assert!(found.iter().all(|finding| finding["rule"] == "concentration"), "{report}");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["trades"].as_array().unwrap().len(), 6);
    assert_eq!(report["companies"].as_array().unwrap().len(), 2);
    let again = service.get("/v1/audit/report").await;
    assert_eq!(again.json(), report);

    let high = service.get("/v1/audit/report?concentration_trades=7").await.json();
    assert_eq!(high["findings"], serde_json::json!([]));
    let csv = service.get("/v1/audit/report?format=csv").await;
    assert_eq!(csv.text().lines().count(), 1 + 12);
    assert!(csv.text().starts_with('\u{feff}'));
    assert!(csv.text().lines().next().unwrap().contains(",trade_count,trades_left_out,"));

    // A transfer between the two relates them; a member who was removed before the period does not.
    let member = AccountId([50; 32]);
    let membership = |company, begins| {
        ChainEvent::Participants(match begins {
            true => {
                let (roles, day_limit, generation) = (MemberRole::Deliver.into(), 0, 0);
                ParticipantsEvent::MemberAdded { company, member, roles, day_limit, generation }
            }
            false => ParticipantsEvent::MemberRemoved { company, member },
        })
    };
    for begins in [true, false] {
        service.apply_events(vec![membership(seller.account, begins), membership(buyer.account, begins)]);
    }
    let related = |report: &serde_json::Value| {
        let found = report["findings"].as_array().unwrap().iter().cloned();
        found.filter(|finding| finding["rule"] == "related-companies").collect::<Vec<_>>()
    };
    let report = service.get("/v1/audit/report").await.json();
    assert_eq!(related(&report)[0]["facts"][0]["name"], "member of both");
    let transfer = |from, to, amount| ChainEvent::Balances(BalancesEvent::Transfer { from, to, amount });
    service.apply_events(vec![transfer(buyer.account, seller.account, 500)]);
    let trade = testing::trade(DATASET, 6, seller.account, buyer.account, Outcome::WrongKey, 10);
    service.apply(vec![trade.put()]);
    let late = service.get("/v1/audit/report?from=9").await.json();
    let facts = related(&late)[0]["facts"].clone();
    assert_eq!(facts.as_array().unwrap().len(), 1, "{facts}");
    assert!(facts[0]["value"].as_str().unwrap().starts_with("500 KRW from"), "{facts}");
    // Nor does it help to send it through an account of no company.
    let through = AccountId([51; 32]);
    for (from, to) in [(buyer.account, through), (through, seller.account)] {
        service.apply_events(vec![transfer(from, to, 700)]);
    }
    let trade = testing::trade(DATASET, 7, seller.account, buyer.account, Outcome::Accepted, 13);
    service.apply(vec![trade.put()]);
    let later = service.get("/v1/audit/report?from=11").await.json();
    let facts = related(&later)[0]["facts"].clone();
    assert_eq!(facts[0]["name"], "transfers with the same account of no company", "{facts}");
    assert_eq!(facts.as_array().unwrap().len(), 1, "{facts}");
    let lost = late["findings"].as_array().unwrap().iter().filter(|found| found["rule"] == "disputes-lost");
    assert_eq!(lost.count(), 1);
}

#[tokio::test]
async fn deliveries_are_listed_by_page() {
    let (service, _, buyer) = market(7).await;
    let mut seen = Vec::new();
    let mut path = "/v1/audit/deliveries?from=2&to=6&limit=2".to_owned();
    loop {
        let page = service.get(&path).await.json();
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["buyer"], buyer.account.to_string());
            seen.push(item["at"].as_u64().unwrap());
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/audit/deliveries?from=2&to=6&limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [2, 3, 4, 5, 6]);
}

async fn with_token(service: &Service, path: &str, token: &str) -> Answer {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    service.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn downloads_are_for_auditors() {
    let service = Service::new().await;
    let (seller, token) = service.signed_in(1).await;
    let package = Package::new(10_000, 4);
    service.upload(&token, &package).await;
    let (buyer, buyer_token) = service.signed_in(2).await;
    assert_eq!(service.download(&buyer_token, &package, &[("range", "bytes=0-9")]).await.status, 206);
    assert_eq!(service.download(&token, &package, &[]).await.status, 200);
    assert_eq!(service.download(&token, &package, &[]).await.status, 200);

    let path = "/v1/audit/downloads";
    service.get(path).await.is_problem(401, "sign-in-required");
    with_token(&service, path, &buyer_token).await.is_problem(403, "not-an-auditor");
    let auditor = Company::new(3);
    let mut record = testing::participant(auditor.account, "감사법인", Standing::Verified);
    record.record.profile.roles = Role::Auditor.into();
    record.record.accredited = true;
    service.apply(vec![record.clone().put()]);
    let auditor_token = service.sign_in(&auditor).await;
    let all = with_token(&service, path, &auditor_token).await.json();
    let accounts: BTreeSet<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["account"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(accounts, BTreeSet::from([buyer.account.to_string(), seller.account.to_string()]));
    let one = format!("{path}?account={}&from=2020-01-01&to=2120-01-01", buyer.account);
    let found = with_token(&service, &one, &auditor_token).await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!((&found["items"][0]["requests"], &found["items"][0]["bytes"]), (&1.into(), &10.into()));
    let past = format!("{path}?to=2020-01-01");
    assert_eq!(with_token(&service, &past, &auditor_token).await.json()["items"], serde_json::json!([]));
    with_token(&service, &format!("{path}?from=5"), &auditor_token)
        .await
        .is_problem(400, "invalid-parameter");
    let of_payload = format!("/v1/payloads/{}/downloads", package.sealed_root);
    assert_eq!(with_token(&service, &of_payload, &auditor_token).await.status, 200);
    with_token(&service, &of_payload, &buyer_token).await.is_problem(403, "not-the-seller");

    // The role alone is not enough: the registrar must have accredited the company, and not suspended it.
    for (standing, accredited) in [(Standing::Verified, false), (Standing::Suspended, true)] {
        let mut refused = record.clone();
        (refused.record.standing, refused.record.accredited) = (standing, accredited);
        service.apply(vec![refused.put()]);
        with_token(&service, path, &auditor_token).await.is_problem(403, "not-an-auditor");
    }
}
