//! One suite for every storage engine: what the service relies on, checked on sled and on its memory twin alike.

use std::sync::Arc;

use marketplace_api::{
    kv::{
        conformance::{conforms, put},
        Batch, Direction, KvStore, MemoryStore, SledStore,
    },
    read_model::{
        queries::{self, PageRequest},
        ApplyError, ReadModel,
    },
    testing::{self, fingerprint, Put as _},
};
use proptest::prelude::*;
use wonbon_model::{AccountId, DatasetId, Hash, Relation, Standing};

/// Runs a check on every engine, each time on an empty one.
fn on_every_engine(check: impl Fn(Arc<dyn KvStore>)) {
    check(Arc::new(MemoryStore::new()));
    let folder = tempfile::tempdir().unwrap();
    check(Arc::new(SledStore::open(folder.path()).unwrap()));
}

#[test]
fn every_engine_conforms() {
    on_every_engine(|kv| conforms(&*kv));
}

#[test]
fn a_block_is_applied_once_and_in_order() {
    on_every_engine(|kv| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let read_model = ReadModel::new(kv.clone()).unwrap();
            let company = testing::participant(AccountId([1; 32]), "a", Standing::Pending).put();
            let first = testing::next_block(&*kv, vec![company]);
            assert!(read_model.apply_all(vec![first.clone()]).await.unwrap());
            let rows = fingerprint(&*kv).unwrap();
            assert!(!read_model.apply_all(vec![first.clone()]).await.unwrap());
            assert_eq!(fingerprint(&*kv).unwrap(), rows);

            let second = testing::next_block(&*kv, Vec::new());
            let mut other = first.clone();
            other.block.hash = [9; 32];
            assert!(matches!(
                read_model.apply_all(vec![other]).await,
                Err(ApplyError::OtherHistory { number: 0, .. })
            ));
            let mut orphan = second.clone();
            orphan.parent = [9; 32];
            assert!(matches!(
                read_model.apply_all(vec![orphan]).await,
                Err(ApplyError::OtherHistory { number: 0, .. })
            ));
            let mut later = second.clone();
            later.block.height = 2;
            assert!(matches!(
                read_model.apply_all(vec![later]).await,
                Err(ApplyError::Gap { applied: Some(0), found: 2 })
            ));
            assert_eq!(fingerprint(&*kv).unwrap(), rows, "what is refused changes nothing");
            read_model.apply_all(vec![second.clone()]).await.unwrap();
            assert_eq!(read_model.applied().await.unwrap(), Some(second.block));

            read_model.reset().await.unwrap();
            assert_eq!(read_model.applied().await.unwrap(), None);
            let rows = kv.scan(&[], None, Direction::Ascending, 9).unwrap();
            assert!(rows.is_empty());
        });
    });
}

#[test]
fn an_owner_s_list_follows_a_handover() {
    on_every_engine(|kv| {
        let (old, new) = (AccountId([1; 32]), AccountId([2; 32]));
        let mut dataset = testing::dataset(DatasetId([5; 32]), old, 0, Hash([6; 32]));
        testing::apply(&*kv, vec![dataset.clone().put()]);
        dataset.record.owner = new;
        testing::apply(&*kv, vec![dataset.clone().put()]);
        let request = PageRequest { after: None, limit: 10 };
        let owned = |owner| queries::datasets(&*kv, Some(owner), &request, |_, _| Ok(true)).unwrap().items;
        assert_eq!(owned(old), []);
        assert_eq!(owned(new), [dataset]);
    });
}

#[test]
fn pages_hold_everything_once_while_new_rows_come() {
    on_every_engine(|kv| {
        let (seller, dataset) = (AccountId([1; 32]), DatasetId([5; 32]));
        let offer = |id: u64| testing::offer(id, dataset, seller, Hash([3; 32]), u128::from(id)).put();
        testing::apply(&*kv, (0..300).map(offer).collect());
        let filter = queries::OfferFilter { max_price: Some(250), ..Default::default() };
        let mut seen = Vec::new();
        let mut after = None;
        let mut next_id = 300;
        loop {
            let request = PageRequest { after, limit: 7 };
            let page = queries::offers(&*kv, &filter, &request, |_, found| Ok(found.key % 3 == 0)).unwrap();
            assert!(page.items.len() <= 7);
            seen.extend(page.items.iter().map(|found| found.key));
            testing::apply(&*kv, vec![offer(next_id)]);
            next_id += 1;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<_> = (0..=250).rev().filter(|id| id % 3 == 0).collect();
        assert_eq!(seen, expected);
    });
}

#[test]
fn lineage_goes_both_ways_and_ends() {
    on_every_engine(|kv| {
        let id = |number: u8| DatasetId([number; 32]);
        let made = |child: u8, parents: &[u8]| {
            let parents: Vec<_> =
                parents.iter().map(|parent| (id(*parent), Relation::CleanedFrom, 0)).collect();
            testing::parents(id(child), &parents)
        };
        // 1 → 2 → 4, 1 → 3 → 4, 4 → 5
        testing::apply(&*kv, vec![made(2, &[1]), made(3, &[1]), made(4, &[2, 3]), made(5, &[4])]);
        let lineage = queries::lineage(&*kv, id(4)).unwrap();
        let steps = |edges: &[queries::LineageStep]| {
            edges.iter().map(|edge| (edge.child.0[0], edge.parent.0[0], edge.depth)).collect::<Vec<_>>()
        };
        assert_eq!(steps(&lineage.ancestors), [(4, 2, 1), (4, 3, 1), (2, 1, 2), (3, 1, 2)]);
        assert_eq!(steps(&lineage.descendants), [(5, 4, 1)]);
        assert!(!lineage.truncated);
        // One parent with more children than are shown.
        let many = (0..300u16).map(|number| {
            let mut child = [0xee; 32];
            child[..2].copy_from_slice(&number.to_be_bytes());
            testing::parents(DatasetId(child), &[(id(5), Relation::DerivedFrom, 0)])
        });
        testing::apply(&*kv, many.collect());
        let lineage = queries::lineage(&*kv, id(5)).unwrap();
        assert_eq!(lineage.descendants.len(), queries::LINEAGE_NODES);
        assert!(lineage.truncated);
    });
}

#[test]
fn sled_keeps_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let kv = SledStore::open(folder.path()).unwrap();
    for number in 0..50u32 {
        put(&kv, &[(b"n", Some(&number.to_be_bytes())), (&number.to_be_bytes(), Some(b"row"))]);
        if number % 10 == 3 {
            // What a killed process leaves behind: the files as they are now, nothing closed.
            let at = copy.path().join(number.to_string());
            std::fs::create_dir(&at).unwrap();
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_file() {
                    std::fs::copy(entry.path(), at.join(entry.file_name())).unwrap();
                }
            }
            let found = SledStore::open(&at).unwrap();
            assert_eq!(found.get(b"n").unwrap().unwrap(), number.to_be_bytes());
            for row in 0..=number {
                assert!(found.get(&row.to_be_bytes()).unwrap().is_some());
            }
        }
    }
    assert!(kv.size_on_disk().unwrap() > 0);
}

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(Vec<u8>, Option<u8>)>),
    Scan { prefix: Vec<u8>, after: Vec<u8>, ascending: bool, limit: usize },
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let key = || proptest::collection::vec(prop_oneof![Just(0u8), Just(1), Just(255)], 0..4);
    prop_oneof![
        4 => proptest::collection::vec((key().prop_map(|mut key| { key.push(7); key }), any::<Option<u8>>()), 0..8)
            .prop_map(Step::Write),
        4 => (key(), key(), any::<bool>(), 0usize..5)
            .prop_map(|(prefix, after, ascending, limit)| Step::Scan { prefix, after, ascending, limit }),
        1 => Just(Step::Clear),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_engines_cannot_be_told_apart(steps in proptest::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let sled = SledStore::open(folder.path()).unwrap();
        let memory = MemoryStore::new();
        for step in steps {
            match step {
                Step::Write(changes) => {
                    for kv in [&sled as &dyn KvStore, &memory] {
                        let mut batch = Batch::new();
                        for (key, value) in &changes {
                            match value {
                                Some(value) => batch.put(key.clone(), vec![*value]),
                                None => batch.remove(key.clone()),
                            }
                        }
                        kv.write(batch).unwrap();
                    }
                }
                Step::Scan { prefix, after, ascending, limit } => {
                    let direction = if ascending { Direction::Ascending } else { Direction::Descending };
                    let after = [prefix.clone(), after].concat();
                    for after in [None, Some(&after[..])] {
                        let found = |kv: &dyn KvStore| kv.scan(&prefix, after, direction, limit).unwrap();
                        prop_assert_eq!(found(&sled), found(&memory));
                    }
                }
                Step::Clear => {
                    sled.clear().unwrap();
                    memory.clear().unwrap();
                }
            }
        }
    }
}
