//! The pages: they render, link to each other, escape what others wrote and need no script.

use marketplace_api::testing::{self, Put as _};
use wonbon_client::chain::LedgerChange;
use wonbon_model::metadata::{Metadata, SCHEMA};
use wonbon_model::{
    DatasetId, Derivation, Handover, Hash, Moment, Outcome, Reason, Relation, Royalties, Royalty,
    SampleAnswer, Share, Standing, Upgrade, Version, Withdrawal,
};

use crate::common::{Company, Service};

const HOSTILE: &str = "<script>alert(1)</script>\"'&";

async fn market() -> (Service, DatasetId, DatasetId, Company) {
    let service = Service::new().await;
    let (seller, buyer) = (Company::new(1), Company::new(2));
    let (raw, clean, metadata) = (DatasetId([10; 32]), DatasetId([11; 32]), Hash([12; 32]));
    let document = serde_json::json!({
        "schema": SCHEMA, "title": "절삭 가공 진동", "description": HOSTILE, "keywords": ["CNC", HOSTILE], "length": 1,
        "profile": { "format": "csv", "rows": 12_000, "warnings": [HOSTILE], "columns": [
            { "name": HOSTILE, "type": "number", "missing": 3, "min": -1.5, "max": 7 },
        ] },
    });
    service.app.search.insert(metadata, &Metadata::read(document.clone()).unwrap());
    service.app.search.flush().await;
    service
        .app
        .payloads
        .storage
        .put(marketplace_api::storage::Folder::Metadata, metadata, document.to_string().into())
        .await
        .unwrap();
    let mut withdrawn = testing::dataset(raw, seller.account, 0, Hash([13; 32]));
    let at = |block| Moment { block, time: 0 };
    let reason = Reason::truncate_from(HOSTILE.into());
    withdrawn.record.withdrawn = Some(Withdrawal { at: at(3), reason, position: 0 });
    let mut offer = testing::offer(1, clean, seller.account, Hash([3; 32]), 1_250_000);
    let royalty = Share::from_millionths(50_000).unwrap();
    offer.record.derivation = Derivation::Permitted { royalty };
    let mut answered = testing::dataset(clean, seller.account, 0, metadata);
    answered.record.length = 4096 * 5000;
    answered.record.sample = Some(SampleAnswer { blocks: 307, digest: [15; 32], at: at(0), position: 2 });
    service.apply(vec![
        testing::participant(seller.account, HOSTILE, Standing::Verified).put(),
        testing::participant(buyer.account, "대한공구", Standing::Verified).put(),
        withdrawn.put(),
        answered.put(),
        testing::parents(clean, &[(raw, Relation::CleanedFrom, 50_000)]),
        LedgerChange::Seed { registered_at: 0, seed: [14; 32] },
        LedgerChange::Version { dataset: clean, index: 0, record: Version { dataset: raw, position: 0 } },
        LedgerChange::Handover {
            dataset: clean,
            index: 0,
            record: Handover {
                version: 1,
                from: buyer.account,
                to: seller.account,
                at: testing::moment_of(0),
                position: 1,
            },
        },
        offer.put(),
    ]);
    let trade = |outcome, index| {
        let mut trade = testing::trade(clean, index, seller.account, buyer.account, outcome, 1);
        let royalty = Royalty { dataset: raw, account: seller.account, amount: 61_250 };
        trade.record.royalties = Royalties::truncate_from(vec![royalty]);
        trade.put()
    };
    service.apply(vec![trade(Outcome::Accepted, 0), trade(Outcome::BadBlock(17), 1)]);
    (service, raw, clean, seller)
}

async fn page(service: &Service, path: &str) -> String {
    let answer = service.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("text/html"));
    let text = answer.text();
    assert!(!text.to_lowercase().contains("<script"), "{path}");
    assert!(!text.contains(HOSTILE), "{path}");
    text
}

#[tokio::test]
async fn the_catalogue_leads_to_datasets_and_companies() {
    let (service, raw, clean, seller) = market().await;
    let text = page(&service, "/").await;
    for part in ["절삭 가공 진동", "₩1,250,000", &format!("/datasets/{clean}"), &format!("/datasets/{raw}")]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains(&format!("/companies/{}", seller.account)));
    let found = page(&service, "/?q=%EC%A7%84%EB%8F%99").await;
    assert!(found.contains(&clean.to_string()) && !found.contains(&raw.to_string()));
    let escaped: String = HOSTILE.bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert!(page(&service, &format!("/?q={escaped}")).await.contains("&#60;script&#62;"));
    assert_eq!(service.get("/style.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_dataset_shows_origin_lineage_offers_and_trades() {
    let (service, raw, clean, _) = market().await;
    let text = page(&service, &format!("/datasets/{clean}")).await;
    for part in [
        "원본증명",
        "거래이력",
        "정제 Cleaned from",
        &format!("/datasets/{raw}"),
        "대한공구",
        "인수 Accepted",
        "block 17 was wrong",
        "2027-01-15",
        "12,000",
        "-1.5 – 7",
        "wonbon buy 1",
        "로열티 royalty 5 %",
        "5 % →",
        "₩61,250",
        // Nobody has the file that the owner answered for.
        "The owner says that 307 of the drawn blocks are shown; this service has no such file",
        "가능 Yes, ≥ 5 %",
        "Continued by, version 1",
        "소유권 이전 Handovers",
        "certificate?format=binary",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("samples/fair") && !text.contains("99 %"));
    let text = page(&service, &format!("/datasets/{raw}")).await;
    assert!(text.contains("Made from this") && text.contains("Withdrawn by its owner"));
    assert!(text.contains("the owner has not shown them"));
}

#[tokio::test]
async fn a_company_shows_its_datasets_and_trades() {
    let (service, _, clean, seller) = market().await;
    let text = page(&service, &format!("/companies/{}", seller.account)).await;
    for part in [
        "123-45-67891",
        "인증 Verified",
        "소기업",
        "Registered and never shown",
        "Holds unanswered",
        &format!("/datasets/{clean}"),
        "대한공구",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_audit_page_makes_a_report_when_it_is_asked_for_one() {
    let (service, _, clean, _) = market().await;
    let form = page(&service, "/audit").await;
    assert!(form.contains("name=\"from\"") && !form.contains("거래원장 Ledger"));
    let text = page(&service, "/audit?from=&to=2100-01-01").await;
    for part in [
        "거래원장 Ledger",
        "disputes-lost",
        "this seller lost 1 disputes in 2 trades",
        "block 17 was proved wrong",
        "format=parquet&amp;to=2100-01-01",
        &format!("/datasets/{clean}"),
    ] {
        assert!(text.contains(part), "{part}");
    }
    let wrong = service.get("/audit?from=%3Cscript%3E").await;
    assert_eq!(wrong.status, 400);
    assert!(!wrong.text().contains("<script"));
}

#[tokio::test]
async fn what_is_not_there_is_a_page_too() {
    let (service, ..) = market().await;
    let nobody = Company::new(9).account;
    for (path, status) in [
        (format!("/datasets/{}", Hash([99; 32])), 404),
        ("/datasets/x".into(), 400),
        (format!("/companies/{nobody}"), 404),
        ("/companies/%3Cscript%3E".into(), 400),
        ("/?cursor=x".into(), 400),
        (format!("/?q={}", "a".repeat(201)), 400),
    ] {
        let answer = service.get(&path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(!answer.text().contains("<script"), "{path}");
    }
}

/// Whoever is about to order sees what the council has decided, on pages and in JSON, until it is taken back.
#[tokio::test]
async fn what_the_council_decides_is_shown_to_whoever_would_order() {
    let (service, _, dataset, _) = market().await;
    let (catalogue, page) = ("/".to_owned(), format!("/datasets/{dataset}"));
    let coming = Upgrade { version: 1, code_hash: [7; 32], announced_at: 3, due: 129_603 };
    let shown = |stopped, upgrade| vec![LedgerChange::OrdersStopped(stopped), LedgerChange::Upgrade(upgrade)];
    for (changes, stopped, announced) in
        [(vec![], false, false), (shown(true, Some(coming)), true, true), (shown(false, None), false, false)]
    {
        service.apply(changes);
        for path in [&catalogue, &page] {
            let text = service.get(path).await.text();
            assert_eq!(text.contains("새 주문이 잠시 중단되었습니다"), stopped, "{path}");
            assert_eq!(text.contains("블록 129,603부터"), announced, "{path}");
        }
        let notices = service.get("/v1/notices").await.json();
        assert_eq!(notices["orders_stopped"], stopped);
        let due = if announced { serde_json::json!(129_603) } else { serde_json::Value::Null };
        assert_eq!(notices["upgrade"]["due"], due);
    }
}
