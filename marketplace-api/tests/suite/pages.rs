//! The pages: they render, link to each other, escape what others wrote and need no script.

use marketplace_api::{
    documents::schema,
    model::{Account, Change, Hash, Outcome, Parent, Standing, Trade},
    testing,
};

use crate::common::{Company, Service};

const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn trade(dataset: Hash, index: u32, seller: Account, buyer: Account, outcome: Outcome) -> Trade {
    Trade {
        dataset,
        index,
        order: index.into(),
        offer: 1,
        seller,
        buyer,
        price: 1_250_000,
        platform_fee: 10,
        sealed_root: Hash([3; 32]),
        key_commitment: Hash([4; 32]),
        licence: Hash([1; 32]),
        nda: Hash([2; 32]),
        terms: Hash([5; 32]),
        placed_at: 1,
        delivered_at: Some(2),
        final_at: 2,
        outcome,
        bad_block: (outcome == Outcome::BadBlock).then_some(17),
    }
}

async fn market() -> (Service, Hash, Hash, Company) {
    let service = Service::new().await;
    let (seller, buyer) = (Company::new(1), Company::new(2));
    let (raw, clean, metadata) = (Hash([10; 32]), Hash([11; 32]), Hash([12; 32]));
    let document = serde_json::json!({
        "schema": schema::SCHEMA, "title": "절삭 가공 진동", "description": HOSTILE, "keywords": ["CNC", HOSTILE], "length": 1,
        "profile": { "format": "csv", "rows": 12_000, "warnings": [HOSTILE], "columns": [
            { "name": HOSTILE, "type": "number", "missing": 3, "min": -1.5, "max": 7 },
        ] },
    });
    service.app.search.insert(metadata, &schema::read(document.clone()).unwrap());
    service
        .app
        .payloads
        .store()
        .put(marketplace_api::payloads::Folder::Metadata, metadata, document.to_string().into())
        .await
        .unwrap();
    let mut withdrawn = testing::dataset(raw, seller.account, 0, Hash([13; 32]));
    withdrawn.withdrawn = Some(marketplace_api::model::Withdrawal { at: 3, reason: HOSTILE.into() });
    service.apply(vec![
        Change::Participant(testing::participant(seller.account, HOSTILE, Standing::Verified)),
        Change::Participant(testing::participant(buyer.account, "대한공구", Standing::Verified)),
        Change::Dataset(withdrawn),
        Change::Dataset(testing::dataset(clean, seller.account, 0, metadata)),
        Change::Parent(Parent { child: clean, index: 0, parent: raw, relation: "cleaned_from".into() }),
        Change::Offer(testing::offer(1, clean, seller.account, Hash([3; 32]), 1_250_000)),
    ]);
    service.apply(vec![
        Change::Trade(trade(clean, 0, seller.account, buyer.account, Outcome::Accepted)),
        Change::Trade(trade(clean, 1, seller.account, buyer.account, Outcome::BadBlock)),
    ]);
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
    ] {
        assert!(text.contains(part), "{part}");
    }
    let text = page(&service, &format!("/datasets/{raw}")).await;
    assert!(text.contains("Made from this") && text.contains("Withdrawn by its owner"));
}

#[tokio::test]
async fn a_company_shows_its_datasets_and_trades() {
    let (service, _, clean, seller) = market().await;
    let text = page(&service, &format!("/companies/{}", seller.account)).await;
    for part in ["123-45-67891", "인증 Verified", "소기업", &format!("/datasets/{clean}"), "대한공구"]
    {
        assert!(text.contains(part), "{part}");
    }
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
