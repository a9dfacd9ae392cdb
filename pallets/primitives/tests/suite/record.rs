//! Records: what follows from lineage, against its definition over the whole graph; layouts; readable text.

use codec::{Decode, Encode};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use wonbon_primitives::{
    bounds::{MAX_DEPTH, MAX_ROYALTIES, MAX_ROYALTY_TOTAL},
    dataset::{Method, Relation},
    record::{
        is_readable, next_head, sample_entry, version_entry, withdrawal_entry, BadLineage, Dataset, Lineage,
        Moment, Parent, RoyaltyShare, RoyaltyShares, SampleAnswer, Version, Withdrawal, DATASET_LAYOUT,
    },
    share::Share,
    DatasetId,
};

fn id(number: u8) -> DatasetId {
    DatasetId([number; 32])
}

fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

fn parent(number: u8, relation: Relation, royalty: u32) -> Parent {
    Parent { dataset: id(number), relation, royalty: share(royalty) }
}

fn one(parent: Parent, depth: u32, carried: &[RoyaltyShare]) -> Result<(u32, RoyaltyShares), BadLineage> {
    let mut lineage = Lineage::default();
    lineage.add(&parent, depth, carried);
    lineage.finish()
}

#[test]
fn nothing_follows_from_no_parents() {
    assert_eq!(Lineage::default().finish(), Ok((0, RoyaltyShares::default())));
}

#[test]
fn lineage_ends_at_its_bounds() {
    let derived = |royalty| parent(1, Relation::DerivedFrom, royalty);
    assert_eq!(one(derived(0), MAX_DEPTH - 1, &[]).map(|(depth, _)| depth), Ok(MAX_DEPTH));
    assert_eq!(one(derived(0), MAX_DEPTH, &[]), Err(BadLineage::TooDeep));
    assert_eq!(one(derived(0), u32::MAX, &[]), Err(BadLineage::TooDeep));
    let version = parent(1, Relation::NewVersionOf, 0);
    assert_eq!(one(version, MAX_DEPTH, &[]).map(|(depth, _)| depth), Ok(MAX_DEPTH));

    assert!(one(derived(MAX_ROYALTY_TOTAL), 0, &[]).is_ok());
    assert_eq!(one(derived(MAX_ROYALTY_TOTAL + 1), 0, &[]), Err(BadLineage::RoyaltiesTooHigh));
    let whole: Vec<_> = (2..9).map(|n| RoyaltyShare { dataset: id(n), share: Share::WHOLE }).collect();
    assert_eq!(one(derived(1), 0, &whole), Err(BadLineage::RoyaltiesTooHigh));

    let full: Vec<_> =
        (2..2 + MAX_ROYALTIES as u8).map(|n| RoyaltyShare { dataset: id(n), share: share(1) }).collect();
    assert_eq!(one(derived(0), 0, &full).map(|(_, table)| table.into_inner()), Ok(full.clone()));
    assert_eq!(one(derived(1), 0, &full), Err(BadLineage::TooManyRoyalties));
}

/// For each dataset its parents, all of them with lower numbers: no circles.
fn graphs() -> impl Strategy<Value = Vec<Vec<Parent>>> {
    let royalty = prop_oneof![Just(0), 1u32..150_000];
    let relation = prop_oneof![3 => Just(Relation::DerivedFrom), 1 => Just(Relation::NewVersionOf)];
    prop::collection::vec(prop::collection::vec((any::<u8>(), relation, royalty), 0..4), 1..12).prop_map(
        |graph| {
            let parents = |(number, chosen): (usize, Vec<(u8, Relation, u32)>)| {
                let mut seen = BTreeSet::new();
                let chosen = chosen.into_iter().filter(|_| number > 0);
                let chosen =
                    chosen.map(|(at, relation, royalty)| parent(at % number as u8, relation, royalty));
                chosen.filter(|parent| seen.insert(parent.dataset)).collect()
            };
            graph.into_iter().enumerate().map(parents).collect()
        },
    )
}

/// All that stand behind a dataset, and the dataset itself.
fn behind(graph: &[Vec<Parent>], number: u8) -> BTreeSet<u8> {
    let mut all = BTreeSet::from([number]);
    for parent in &graph[usize::from(number)] {
        all.extend(behind(graph, parent.dataset.0[0]));
    }
    all
}

fn longest(graph: &[Vec<Parent>], number: u8) -> u32 {
    let below = |parent: &Parent| {
        longest(graph, parent.dataset.0[0]) + u32::from(parent.relation != Relation::NewVersionOf)
    };
    graph[usize::from(number)].iter().map(below).max().unwrap_or(0)
}

proptest! {
    /// Step by step, from tables of the parents only, it comes to what the whole graph says: each ancestor gets
    /// the largest share that any dataset on the way to it granted.
    #[test]
    fn tables_say_what_the_whole_graph_says(graph in graphs()) {
        let mut known = BTreeMap::<u8, (u32, RoyaltyShares)>::new();
        for (number, parents) in (0u8..).zip(&graph) {
            if !parents.iter().all(|parent| known.contains_key(&parent.dataset.0[0])) {
                continue;
            }
            let mut owed = BTreeMap::new();
            for other in behind(&graph, number) {
                for edge in graph[usize::from(other)].iter().filter(|edge| edge.royalty > Share::NONE) {
                    let most = owed.entry(edge.dataset).or_insert(edge.royalty);
                    *most = edge.royalty.max(*most);
                }
            }
            let total: u32 = owed.values().map(|share| share.millionths()).sum();
            let mut lineage = Lineage::default();
            for parent in parents {
                let (depth, carried) = &known[&parent.dataset.0[0]];
                lineage.add(parent, *depth, carried);
            }
            match lineage.finish() {
                Err(cause) => {
                    prop_assert_eq!(cause, BadLineage::RoyaltiesTooHigh);
                    prop_assert!(total > MAX_ROYALTY_TOTAL);
                }
                Ok((depth, table)) => {
                    prop_assert!(total <= MAX_ROYALTY_TOTAL);
                    prop_assert_eq!(depth, longest(&graph, number));
                    let expected: Vec<_> =
                        owed.into_iter().map(|(dataset, share)| RoyaltyShare { dataset, share }).collect();
                    prop_assert_eq!(table.as_slice(), expected.as_slice());
                    known.insert(number, (depth, table));
                }
            }
        }
    }
}

fn moment(block: u32) -> Moment<u32> {
    Moment { block, time: 1_700_000_000_000 }
}

/// The layout byte comes first, so that a reader who knows nothing else of a record finds it; and a record has one
/// encoding only.
#[test]
fn a_dataset_is_read_from_what_was_written() {
    let dataset = Dataset::<[u8; 32], u128, u32> {
        version: DATASET_LAYOUT,
        registrant: [1; 32],
        owner: [2; 32],
        length: 1 << 38,
        metadata: [3; 32],
        method: Method::Cleaned,
        registered: moment(9),
        announced: 5,
        provisional_until: 159,
        depth: 4,
        parent_count: 5,
        attestation_count: 6,
        handover_count: 7,
        version_count: 8,
        trade_count: 70_000,
        withdrawn: Some(Withdrawal {
            at: moment(10),
            reason: b"gone".to_vec().try_into().unwrap(),
            position: 2,
        }),
        sample: Some(SampleAnswer { blocks: 307, digest: [4; 32], at: moment(11), position: 1 }),
        records: 70_010,
        head: [5; 32],
        deposit: 5_000,
    };
    let bytes = dataset.encode();
    assert_eq!(bytes[0], DATASET_LAYOUT);
    assert_eq!(Dataset::decode(&mut &bytes[..]).unwrap(), dataset);
    for length in 0..bytes.len() {
        assert!(Dataset::<[u8; 32], u128, u32>::decode(&mut &bytes[..length]).is_err());
    }
}

/// Entries of different kinds never meet, and each depends on its dataset, its number and its place.
#[test]
fn entries_tell_records_apart() {
    let withdrawal = |position| Withdrawal { at: moment(1), reason: Default::default(), position };
    let answer = |position| SampleAnswer { blocks: 1, digest: [0; 32], at: moment(1), position };
    let version = |position| Version { dataset: id(9), position };
    let entries: BTreeSet<_> = [1, 2]
        .into_iter()
        .flat_map(|dataset| [0, 1].map(|position| (id(dataset), position)))
        .flat_map(|(dataset, position)| {
            [
                withdrawal_entry(&dataset, &withdrawal(position)),
                sample_entry(&dataset, &answer(position)),
                version_entry(&dataset, 0, &version(position)),
                version_entry(&dataset, 1, &version(position)),
            ]
        })
        .collect();
    assert_eq!(entries.len(), 16);
    let (a, b) = ([1; 32], [2; 32]);
    assert_ne!(next_head(&a, &b), next_head(&b, &a));
}

#[test]
fn text_is_readable_or_refused() {
    for good in ["한빛정밀 주식회사", "a", "a b", "é"] {
        assert!(is_readable(good.as_bytes()), "{good}");
    }
    for bad in
        [&b""[..], b" ", b" a", b"a ", b"a\n", b"a\tb", b"a\0b", b"\x7f", b"\xc3\x28", "a\u{3000}".as_bytes()]
    {
        assert!(!is_readable(bad), "{bad:?}");
    }
}
