//! What is kept beside a dataset's record: draws, versions, handovers, royalties; and what is made of it.

use std::sync::Arc;

use marketplace_api::{
    kv::{KvStore, MemoryStore},
    read_model::{queries, ReadModel},
    testing::{self, fingerprint, Put as _},
};
use wonbon_client::chain::LedgerChange;
use wonbon_model::{
    AccountId, Dataset, DatasetId, DeriveRight, Handover, Hash, Keyed, Moment, Relation, RightSource,
    SampleAnswer, Share, Standing, Version,
};

use crate::common::Service;

const OLD: AccountId = AccountId([1; 32]);
const NEW: AccountId = AccountId([2; 32]);
const FIRST: DatasetId = DatasetId([5; 32]);
const SECOND: DatasetId = DatasetId([6; 32]);

fn dataset(id: DatasetId, owner: AccountId) -> Keyed<DatasetId, Dataset> {
    let mut dataset = testing::dataset(id, owner, 0, Hash([7; 32]));
    dataset.record.registrant = OLD;
    dataset.record.length = 4096 * 1000;
    dataset
}

fn answered(mut dataset: Keyed<DatasetId, Dataset>) -> Keyed<DatasetId, Dataset> {
    let at = Moment { block: 3, time: 0 };
    dataset.record.sample = Some(SampleAnswer { blocks: 307, digest: [8; 32], at, position: 0 });
    dataset
}

/// The blocks of a little history: two datasets, a draw, a handover, an answer.
fn history(kv: &dyn KvStore) {
    testing::apply(kv, vec![dataset(FIRST, OLD).put(), dataset(SECOND, OLD).put()]);
    testing::apply(kv, vec![LedgerChange::Seed { registered_at: 0, seed: [9; 32] }]);
    testing::apply(
        kv,
        vec![
            dataset(FIRST, NEW).put(),
            LedgerChange::PendingHandover { dataset: FIRST, to: None },
            LedgerChange::Handover {
                dataset: FIRST,
                index: 0,
                record: Handover { version: 1, from: OLD, to: NEW, at: testing::moment_of(2), position: 0 },
            },
        ],
    );
    testing::apply(kv, vec![answered(dataset(SECOND, OLD)).put()]);
}

#[test]
fn an_unanswered_draw_goes_with_the_dataset_and_stays_with_its_registrant() {
    let kv = MemoryStore::new();
    let unanswered = |owner| queries::held_unanswered(&kv, owner).unwrap().count;
    let registered = |registrant| queries::registered_unanswered(&kv, registrant).unwrap().count;
    testing::apply(&kv, vec![dataset(FIRST, OLD).put(), dataset(SECOND, OLD).put()]);
    assert_eq!(unanswered(OLD), 0, "nothing is drawn yet");
    testing::apply(&kv, vec![LedgerChange::Seed { registered_at: 0, seed: [9; 32] }]);
    assert_eq!(unanswered(OLD), 2);
    assert_eq!(registered(OLD), 2);
    testing::apply(&kv, vec![dataset(FIRST, NEW).put()]);
    assert_eq!((unanswered(OLD), unanswered(NEW)), (1, 1));
    assert_eq!((registered(OLD), registered(NEW)), (2, 0), "a handover rids nobody of it");
    testing::apply(&kv, vec![answered(dataset(SECOND, OLD)).put()]);
    assert_eq!((unanswered(OLD), unanswered(NEW)), (0, 1));
    assert_eq!((registered(OLD), registered(NEW)), (1, 0));
    testing::apply(&kv, vec![answered(dataset(FIRST, NEW)).put()]);
    assert_eq!((unanswered(NEW), registered(OLD)), (0, 0));
}

#[tokio::test]
async fn what_is_derived_can_be_rebuilt() {
    let kv = Arc::new(MemoryStore::new());
    history(&*kv);
    let before = fingerprint(&*kv).unwrap();
    let read_model = ReadModel::new(kv.clone()).unwrap();
    read_model.reset().await.unwrap();
    assert_ne!(fingerprint(&*kv).unwrap(), before);
    history(&*kv);
    assert_eq!(fingerprint(&*kv).unwrap(), before);
}

#[tokio::test]
async fn a_dataset_shows_draw_versions_handovers_and_royalties() {
    let service = Service::new().await;
    history(&*service.kv);
    service.apply(vec![
        LedgerChange::Version { dataset: FIRST, index: 0, record: Version { dataset: SECOND, position: 1 } },
        testing::parents(SECOND, &[(FIRST, Relation::NewVersionOf, 20_000)]),
        LedgerChange::DeriveRight {
            company: NEW,
            dataset: SECOND,
            record: DeriveRight {
                version: 2,
                royalty: Share::from_millionths(1).unwrap(),
                source: RightSource::Trade(0),
            },
        },
    ]);
    let first = service.get(&format!("/v1/datasets/{FIRST}")).await.json();
    assert_eq!(first["versions"][0]["version"], SECOND.to_string());
    assert_eq!(first["handovers"][0]["to"], NEW.to_string());
    assert_eq!(first["handovers"][0]["time_ms"], testing::time_of(2));
    assert_eq!(first["registered_time_ms"], testing::time_of(0));
    assert_eq!(first["draw"]["state"], "unanswered");
    assert_eq!(first["draw"]["ruled_out"], serde_json::Value::Null);
    let second = service.get(&format!("/v1/datasets/{SECOND}")).await.json();
    assert_eq!(second["version_of"], FIRST.to_string());
    assert_eq!(second["royalties"][0]["share"], 20_000);
    // Nobody has the file that the owner answered for.
    assert_eq!(second["draw"]["state"], "claimed");
    assert_eq!((&second["draw"]["shown"], &second["draw"]["blocks"]), (&307.into(), &1000.into()));
    assert_eq!(second["draw"]["ruled_out"], serde_json::Value::Null);
    let lists = ["versions", "handovers"];
    for list in lists {
        let found = service.get(&format!("/v1/datasets/{FIRST}/{list}")).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{list}");
    }
    let lineage = service.get(&format!("/v1/datasets/{FIRST}/lineage")).await.json();
    assert_eq!(lineage["descendants"][0]["royalty"], 20_000);
    let all = queries::PageRequest { after: None, limit: 9 };
    let rights = queries::derive_rights(&*service.kv, NEW, &all).unwrap().items;
    let right = rights.iter().find(|right| right.key.1 == SECOND).unwrap();
    assert_eq!(right.record.royalty.millionths(), 1);
    let rights = service.get(&format!("/v1/participants/{NEW}/derive-rights")).await.json();
    assert_eq!(rights["items"][0]["dataset"], SECOND.to_string());
    let owner = service.get(&format!("/v1/participants/{NEW}")).await;
    assert_eq!(owner.status, 404);
    for (account, name) in [(NEW, "새 주인"), (OLD, "등록자")] {
        let company = testing::participant(account, name, Standing::Verified);
        service.apply(vec![company.put()]);
    }
    let owner = service.get(&format!("/v1/participants/{NEW}")).await.json();
    assert_eq!((&owner["unanswered_draws"], &owner["name"]), (&1.into(), &"새 주인".into()));
    assert_eq!(owner["registered_unanswered_draws"], 0);
    let registrant = service.get(&format!("/v1/participants/{OLD}")).await.json();
    assert_eq!(registrant["unanswered_draws"], 0);
    assert_eq!(registrant["registered_unanswered_draws"], 1);
    let owner = service.get(&format!("/companies/{NEW}")).await.text();
    let registrant = service.get(&format!("/companies/{OLD}")).await.text();
    assert!(owner.contains("Holds unanswered") && !owner.contains("Registered and never shown"), "{owner}");
    assert!(!registrant.contains("Holds unanswered") && registrant.contains("Registered and never shown"));
}
