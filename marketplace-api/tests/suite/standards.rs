//! A dataset's record in other forms: every fact of the read model arrives, in the media type that was asked for.

use axum::{body::Body, http::Request};
use marketplace_api::testing::{self, Put as _};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use wonbon_client::chain::LedgerChange;
use wonbon_model::{
    Attestation, AttestationKind, DatasetId, Handover, Hash, Moment, OfferState, Reason, Relation,
    Revocation, Revoker, SampleAnswer, Standing, Version,
};

use crate::common::{Answer, Company, Service, GENESIS};

const ID: DatasetId = DatasetId([0xa1; 32]);
const PARENT: DatasetId = DatasetId([0xb2; 32]);

/// A dataset with every kind of record, and its parent.
async fn market() -> (Service, Company) {
    let service = Service::new().await;
    let (owner, token) = service.signed_in(1).await;
    let inspector = Company::new(2);
    service.register(&inspector, Standing::Verified);
    let document = r#"{"description":"절삭 \"가공\"","keywords":["CNC"],"language":"ko","length":10000,"media_type":"text/csv","profile":{"columns":[{"name":"스핀들","type":"number"}],"format":"csv","rows":3},"schema":"wonbon/metadata/1","title":"밀링 <데이터>"}"#;
    let metadata = Hash(Sha256::digest(document).into());
    let stored = Request::put(format!("/v1/metadata/{metadata}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(document))
        .unwrap();
    assert_eq!(service.send(stored).await.status, 201);

    let mut dataset = testing::dataset(ID, owner.account, 9, metadata);
    let at = |block, time| Moment { block, time };
    dataset.record.sample = Some(SampleAnswer { blocks: 2, digest: [6; 32], at: at(12, 1_000), position: 0 });
    service.apply(vec![
        testing::dataset(PARENT, owner.account, 8, Hash([0; 32])).put(),
        dataset.put(),
        testing::parents(ID, &[(PARENT, Relation::CleanedFrom, 50_000)]),
        LedgerChange::Version {
            dataset: ID,
            index: 0,
            record: Version { dataset: DatasetId([0xc3; 32]), position: 1 },
        },
        LedgerChange::Attestation {
            dataset: ID,
            index: 0,
            record: Attestation {
                version: 1,
                inspector: inspector.account,
                kind: AttestationKind::Quality,
                document: [4; 32],
                at: at(11, 1_763_700_000_000),
                position: 2,
                revoked: Some(Revocation {
                    by: Revoker::Inspector,
                    at: at(13, 1_763_700_002_000),
                    reason: Reason::truncate_from(b"x".to_vec()),
                    position: 3,
                }),
                deposit: 0,
            },
        },
        LedgerChange::Handover {
            dataset: ID,
            index: 0,
            record: Handover {
                version: 1,
                from: inspector.account,
                to: owner.account,
                at: at(14, 1_763_700_004_000),
                position: 4,
            },
        },
        testing::offer(7, ID, owner.account, Hash([9; 32]), 1_500_000).put(),
    ]);
    (service, owner)
}

async fn ask(service: &Service, form: &str, accept: Option<&str>) -> Answer {
    let mut request = Request::get(format!("/v1/datasets/{ID}/{form}"));
    if let Some(accept) = accept {
        request = request.header("accept", accept);
    }
    service.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_record_arrives_in_prov() {
    let (service, owner) = market().await;
    let answer = ask(&service, "prov", None).await;
    assert_eq!((answer.status, answer.header("content-type").as_str()), (200, "application/json"));
    let document = answer.json();
    assert_eq!(document["entity"][format!("dataset:{ID}")]["prov:label"]["$"], "밀링 <데이터>");
    assert!(document["prefix"]["registration"].as_str().unwrap().contains(&GENESIS.to_string()));
    let account = format!("account:{}", hex::encode(owner.account.0));
    assert_eq!(document["agent"][&account]["prov:label"], "한빛정밀 Hanbit");
    let of = |kind: &str| document[kind].as_object().unwrap().values().cloned().collect::<Vec<Value>>();
    let derivations = of("wasDerivedFrom");
    assert_eq!(derivations.len(), 2, "from its parent, and its new version from it");
    assert!(derivations.iter().any(|relation| relation["wonbon:relation"] == "cleaned_from"));
    let attestation = &document["activity"][format!("attestation:{ID}-0")];
    assert_eq!(
        (&attestation["wonbon:about"], &attestation["wonbon:revoked"]),
        (&json!("quality"), &json!(true))
    );
    assert!(document["activity"].get(format!("handover:{ID}-0")).is_some());
}

#[tokio::test]
async fn croissant_has_the_columns_and_the_price() {
    let (service, _) = market().await;
    let answer = ask(&service, "croissant", None).await;
    assert_eq!(answer.header("content-type"), "application/ld+json");
    let document = answer.json();
    assert_eq!(document["recordSet"][0]["field"][0]["source"]["extract"]["column"], "스핀들");
    assert_eq!(document["offers"][0]["price"], "1500000");
    assert_eq!(document["isBasedOn"], json!([format!("urn:wonbon:dataset:{PARENT}")]));
}

#[tokio::test]
async fn offers_that_are_open_are_named_newest_first() {
    let (service, owner) = market().await;
    let offer = |id, price| testing::offer(id, ID, owner.account, Hash([9; 32]), price);
    let mut withdrawn = offer(8, 1);
    withdrawn.record.state = OfferState::Withdrawn;
    service.apply(vec![withdrawn.put(), offer(9, 2_000_000).put()]);
    let document = ask(&service, "croissant", None).await.json();
    let prices: Vec<_> = document["offers"].as_array().unwrap().iter().map(|offer| &offer["price"]).collect();
    assert_eq!(prices, ["2000000", "1500000"]);
}

#[tokio::test]
async fn the_form_is_as_asked() {
    let (service, _) = market().await;
    for (form, accept, media_type, start) in [
        ("dcat", None, "application/ld+json", "{"),
        ("dcat", Some("text/turtle;q=0.9, */*;q=0.1"), "text/turtle", "@prefix"),
        ("dcat", Some("text/turtle;q=0.9, */*"), "application/ld+json", "{"),
        ("dcat?format=turtle", Some("application/ld+json"), "text/turtle", "@prefix"),
        ("dcat?format=jsonld", Some("text/turtle"), "application/ld+json", "{"),
        ("aas", None, "application/json", "{"),
        ("aas?format=aasx", None, "application/asset-administration-shell-package", "PK"),
        (
            "aas",
            Some("application/asset-administration-shell-package"),
            "application/asset-administration-shell-package",
            "PK",
        ),
    ] {
        let answer = ask(&service, form, accept).await;
        assert_eq!(answer.status, 200, "{form}: {}", answer.text());
        assert_eq!(answer.header("content-type"), media_type, "{form} {accept:?}");
        assert!(answer.text().starts_with(start), "{form} {accept:?}");
        assert!(answer.header("content-disposition").contains(&ID.to_string()));
    }
    assert_eq!(ask(&service, "dcat?format=rdfxml", None).await.status, 400);
}

#[tokio::test]
async fn what_is_not_registered_has_no_documents() {
    let service = Service::new().await;
    for form in ["prov", "dcat", "croissant", "aas"] {
        ask(&service, form, None).await.is_problem(404, "not-found");
    }
}
