//! Encodings and hashes that stand on chains and in files, against what they were when they were written down.
//!
//! `tests/golden/record.hex` has every record and `hashes.hex` every hash and file format of this crate; how to
//! write them anew says `wonbon-golden`. The tests of wonbon-model read the same files.

use crate::support::{self, Stuck};
use codec::{Decode, Encode};
use wonbon_golden::Golden;
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    company::{Region, Role, Roles, SizeClass},
    content::{growth, range, tree},
    dataset::{Method, Relation},
    delivery::{self, OrderSecret},
    label, record,
    record::{
        AttestationKind, Derivation, DeriveRight, OrderTerms, Outcome, Parent, ParentList, Profile,
        Revocation, Revoker, RightSource, RoyaltyShare, RoyaltyShares, SampleAnswer, Standing, Version,
        Withdrawal,
    },
    sample::{draw, Kind, Sample},
    seal::{self, ContentKey},
    share::Share,
    DatasetId, Digest,
};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

type Account = [u8; 32];
type Moment = record::Moment<u32>;
type Dataset = record::Dataset<Account, u128, u32>;
type Attestation = record::Attestation<Account, u128, u32>;
type Handover = record::Handover<Account, u32>;
type Royalty = record::Royalty<Account, u128>;
type Trade = record::Trade<Account, u128, u32>;
type Participant = record::Participant<u128, u32>;
type Terms = OrderTerms<Account, u128, u32>;

/// Entries of a file, each with a name.
type Entries = Vec<(String, Vec<u8>)>;

/// One value of each variant, by the variant's name as it is written in JSON.
fn variants<T: Encode + serde::Serialize>(prefix: &str, all: &[T]) -> Entries {
    let entry = |variant: &T| {
        let word = serde_json::to_value(variant).unwrap();
        let word = word.as_str().map_or_else(|| word.to_string(), str::to_owned);
        (format!("{prefix}/{word}"), variant.encode())
    };
    all.iter().map(entry).collect()
}

fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

fn at(block: u32) -> Moment {
    Moment { block, time: 1_700_000_000_000 + u64::from(block) }
}

const METHODS: [Method; 7] = [
    Method::Collected,
    Method::Cleaned,
    Method::Preprocessed,
    Method::Labelled,
    Method::Aggregated,
    Method::Anonymised,
    Method::Synthesised,
];
const RELATIONS: [Relation; 9] = [
    Relation::DerivedFrom,
    Relation::NewVersionOf,
    Relation::CleanedFrom,
    Relation::PreprocessedFrom,
    Relation::LabelledFrom,
    Relation::AggregatedFrom,
    Relation::AnonymisedFrom,
    Relation::SynthesisedFrom,
    Relation::SubsetOf,
];
const KINDS: [AttestationKind; 3] =
    [AttestationKind::Quality, AttestationKind::SmartFactoryLevel, AttestationKind::Processing];
const OUTCOMES: [Outcome; 8] = [
    Outcome::Accepted,
    Outcome::Lapsed,
    Outcome::Missed,
    Outcome::WrongKey,
    Outcome::BadBlock(0x0102_0304_0506),
    Outcome::Faulted,
    Outcome::Refused,
    Outcome::Refunded,
];
const SIZES: [SizeClass; 5] =
    [SizeClass::Small, SizeClass::Medium, SizeClass::MidMarket, SizeClass::Large, SizeClass::Institute];

fn withdrawal() -> Withdrawal<u32> {
    let reason = "잘못된 자료".as_bytes().to_vec().try_into().unwrap();
    Withdrawal { at: at(90), reason, position: 91 }
}

fn sample_answer() -> SampleAnswer<u32> {
    SampleAnswer { blocks: 307, digest: [0x31; 32], at: at(80), position: 81 }
}

fn plain_dataset() -> Dataset {
    Dataset {
        version: record::DATASET_LAYOUT,
        registrant: [0x11; 32],
        owner: [0x12; 32],
        length: 13,
        metadata: [0x14; 32],
        method: Method::Collected,
        registered: at(15),
        announced: 10,
        provisional_until: 165,
        depth: 0,
        parent_count: 0,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        withdrawn: None,
        sample: None,
        records: 0,
        head: [0x16; 32],
        deposit: 17,
    }
}

/// Every field set, numbers in each of the four forms that compact ones have.
fn full_dataset() -> Dataset {
    Dataset {
        length: 1 << 38,
        method: Method::Anonymised,
        depth: 31,
        parent_count: 16,
        attestation_count: 70,
        handover_count: 17_000,
        version_count: 18,
        trade_count: 1_100_000_000,
        withdrawn: Some(withdrawal()),
        sample: Some(sample_answer()),
        records: 70_010,
        deposit: u128::MAX - 1,
        ..plain_dataset()
    }
}

fn parents() -> ParentList {
    let numbered = (0u8..).zip(RELATIONS);
    let parent = |(number, relation)| Parent {
        dataset: DatasetId([0x20 + number; 32]),
        relation,
        royalty: share(u32::from(number) * 11_111),
    };
    numbered.map(parent).collect::<Vec<_>>().try_into().unwrap()
}

fn royalty_shares() -> RoyaltyShares {
    let royalty =
        |number: u8| RoyaltyShare { dataset: DatasetId([number; 32]), share: share(u32::from(number)) };
    [0x41, 0x42].map(royalty).to_vec().try_into().unwrap()
}

fn royalties() -> record::Royalties<Account, u128> {
    let royalty =
        |number: u8, amount| Royalty { dataset: DatasetId([number; 32]), account: [number + 8; 32], amount };
    vec![royalty(0x41, 510_000), royalty(0x42, u128::MAX)].try_into().unwrap()
}

fn attestation(kind: AttestationKind, revoked: Option<Revocation<u32>>) -> Attestation {
    Attestation {
        version: record::DATASET_ENTRY_LAYOUT,
        inspector: [0x51; 32],
        kind,
        document: [0x52; 32],
        at: at(53),
        position: 54,
        revoked,
        deposit: 55_000_000,
    }
}

fn revocation(by: Revoker) -> Revocation<u32> {
    Revocation { by, at: at(56), reason: b"wrong plant".to_vec().try_into().unwrap(), position: 57 }
}

fn handover() -> Handover {
    Handover {
        version: record::DATASET_ENTRY_LAYOUT,
        from: [0x61; 32],
        to: [0x62; 32],
        at: at(63),
        position: 64,
    }
}

fn version() -> Version {
    Version { dataset: DatasetId([0x65; 32]), position: 66 }
}

fn trade(outcome: Outcome) -> Trade {
    Trade {
        version: record::TRADE_LAYOUT,
        order: 71,
        offer: 72_000,
        seller: [0x73; 32],
        buyer: [0x74; 32],
        price: 75_000_000,
        platform_fee: 76,
        royalties: royalties(),
        licence: [0x77; 32],
        nda: [0x78; 32],
        derivation: Derivation::Permitted { royalty: share(79_000) },
        terms: [0x7a; 32],
        placed_at: 123,
        delivered_at: Some(124),
        ended: at(125),
        outcome,
        position: 126,
    }
}

fn undelivered_trade() -> Trade {
    Trade {
        royalties: Default::default(),
        derivation: Derivation::Forbidden,
        delivered_at: None,
        ..trade(Outcome::Missed)
    }
}

fn participant(standing: Standing, roles: Roles) -> Participant {
    Participant {
        version: record::PARTICIPANT_LAYOUT,
        profile: Profile {
            name: "한빛정밀 주식회사".as_bytes().to_vec().try_into().unwrap(),
            registration_number: "123-45-67891".parse().unwrap(),
            ksic: "C29223".parse().unwrap(),
            size: SizeClass::MidMarket,
            region: Region::Ulsan,
            roles,
        },
        standing,
        accredited: standing == Standing::Verified,
        registered_at: 0x0102_0304,
        changed_at: 0x0506_0708,
        deposit: 0x090a_0b0c_0d0e_0f10,
    }
}

fn terms(derivation: Derivation) -> Terms {
    Terms {
        genesis: [0x81; 32],
        offer: 0x82,
        dataset: DatasetId([0x83; 32]),
        length: 0x84,
        sealed_root: [0x85; 32],
        key_commitment: [0x86; 32],
        seller: [0x87; 32],
        price: 0x88,
        platform_fee: 0x89,
        dispute_reserve: 0x8a,
        bond: 0x8b,
        missed_delivery_penalty: 0x8c,
        delivery_window: 0x8d,
        dispute_window: 0x8e,
        licence: [0x8f; 32],
        nda: [0x90; 32],
        derivation,
        royalties: royalties(),
    }
}

#[test]
fn records_are_encoded_as_before() {
    let permitted = Derivation::Permitted { royalty: share(79_000) };
    let mut entries: Entries = [
        ("dataset/plain", plain_dataset().encode()),
        ("dataset/full", full_dataset().encode()),
        ("moment", at(1).encode()),
        ("parents", parents().encode()),
        ("royalty_shares", royalty_shares().encode()),
        ("version", version().encode()),
        ("withdrawal", withdrawal().encode()),
        ("sample_answer", sample_answer().encode()),
        ("handover", handover().encode()),
        ("attestation/revoked_by_inspector", {
            attestation(AttestationKind::Quality, Some(revocation(Revoker::Inspector))).encode()
        }),
        ("attestation/revoked_by_authority", {
            attestation(AttestationKind::Processing, Some(revocation(Revoker::Authority))).encode()
        }),
        ("derive_right", {
            let source = RightSource::Trade(44);
            DeriveRight { version: record::DERIVE_RIGHT_LAYOUT, royalty: share(43_000), source }.encode()
        }),
        ("derive_right/kept", {
            let source = RightSource::Handover(45);
            DeriveRight { version: record::DERIVE_RIGHT_LAYOUT, royalty: share(43_000), source }.encode()
        }),
        ("trade/undelivered", undelivered_trade().encode()),
        ("terms/permitted", terms(permitted).encode()),
        ("terms/forbidden", terms(Derivation::Forbidden).encode()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .to_vec();
    entries.extend(KINDS.map(|kind| {
        let word = serde_json::to_value(kind).unwrap();
        (format!("attestation/{}", word.as_str().unwrap()), attestation(kind, None).encode())
    }));
    let named =
        ["accepted", "lapsed", "missed", "wrong_key", "bad_block", "faulted"].into_iter().zip(OUTCOMES);
    entries.extend(named.map(|(name, outcome)| (format!("trade/{name}"), trade(outcome).encode())));
    let standings = [Standing::Pending, Standing::Verified, Standing::Suspended];
    let roles = [Roles::from(Role::Provider), Roles::ALL, Roles::EMPTY];
    let named = ["pending", "verified", "suspended"].into_iter().zip(standings).zip(roles);
    entries.extend(named.map(|((name, standing), roles)| {
        (format!("participant/{name}"), participant(standing, roles).encode())
    }));
    entries.extend(variants("method", &METHODS));
    entries.extend(variants("relation", &RELATIONS));
    entries.extend(variants("size", &SIZES));
    entries.extend(variants("region", &Region::ALL));
    entries.extend(variants("role", &Role::ALL));
    GOLDEN.bytes("record.hex", entries);

    let full = full_dataset().encode();
    assert_eq!(Dataset::decode(&mut &full[..]).unwrap(), full_dataset());
}

/// The file that sealings, samples and growth below are of: two blocks and a short one.
fn file() -> Vec<u8> {
    support::sample(2 * BLOCK_SIZE as usize + 100)
}

fn first_blocks_sample(kind: Kind) -> Sample {
    let file = file();
    let leaves = support::blocks(&file);
    let (root, mut paths) = {
        let mut prover = range::Prover::new(leaves.len() as u64, std::iter::once(2..3).collect()).unwrap();
        leaves.iter().for_each(|leaf| prover.push(*leaf));
        prover.finish().unwrap()
    };
    let blocks = file[2 * BLOCK_SIZE as usize..].to_vec();
    let shown = range::BlockRange { first: 2, blocks, path: paths.remove(0) };
    Sample {
        dataset: DatasetId(root),
        length: file.len() as u64,
        kind,
        ranges: vec![shown].try_into().unwrap(),
    }
}

/// Records of the first layout, as a release that is gone wrote them: they are read, and begin the chain that they began.
/// This file is never written anew.
#[test]
fn frozen_datasets_are_read_as_they_were_written() {
    let text = include_str!("../golden/frozen.hex");
    let lines: std::collections::BTreeMap<_, _> =
        text.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let bytes = |name: &str| -> Vec<u8> {
        let hex = lines[name];
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let decode = |bytes: &[u8]| record::decode_dataset::<[u8; 32], u128, u32>(bytes);
    let id = DatasetId([0xd1; 32]);
    for (name, head, now, parents) in [
        ("dataset/plain", "chain/first_head_without_parents", plain_dataset(), vec![]),
        ("dataset/full", "chain/first_head", full_dataset(), parents().to_vec()),
    ] {
        let bytes_of = bytes(name);
        let read = decode(&bytes_of).unwrap().unwrap();
        let (announced, provisional_until) = (now.registered.block, now.registered.block);
        assert_eq!(read, Dataset { version: 1, announced, provisional_until, ..now });
        assert!(!read.is_provisional_at(read.registered.block));
        assert_eq!(record::first_head(&id, &read, &parents).to_vec(), bytes(head));
        for end in 0..bytes_of.len() {
            assert!(decode(&bytes_of[..end]).unwrap().is_err());
        }
        assert!(decode(&[&bytes_of[..], &[0]].concat()).unwrap().is_err());
    }
    assert!(decode(&[3]).is_none() && decode(&[0]).is_none());
    let newest = full_dataset();
    assert_eq!(decode(&newest.encode()).unwrap().unwrap(), newest);
    assert!(newest.is_provisional_at(newest.provisional_until - 1));
    assert!(!newest.is_provisional_at(newest.provisional_until));
}

#[test]
fn hashes_and_files_are_as_before() {
    let id = DatasetId([0xd1; 32]);
    let genesis: Digest = [0xd2; 32];
    let dataset = full_dataset();
    let head = record::first_head(&id, &dataset, &parents());
    let revoked = attestation(AttestationKind::Processing, Some(revocation(Revoker::Authority)));

    let key = ContentKey::from_bytes([0xd3; 32]);
    let secret = OrderSecret::derive(&[0xd4; 32], &[0xd5; 32]);
    let delivered = delivery::deliver(&genesis, 7, &secret.order_key(), &key, &mut Stuck(1)).unwrap();
    let shown = delivery::prove_shared(&genesis, 7, &secret, &delivered, &mut Stuck(2)).unwrap();

    let file = file();
    let leaves = support::blocks(&file);
    let sealed = support::seal(&file, &key);
    let mut last_block = vec![0; 64];
    seal::apply(&key, 67_108_863, &mut last_block).unwrap();
    let longer = support::sample(4 * BLOCK_SIZE as usize);
    let grown = {
        let (old, new) = (file.len() as u64, longer.len() as u64);
        growth::prove(old, leaves.clone(), new, support::blocks(&longer)).unwrap()
    };
    let drawn = draw(&genesis, &[0xd6; 32], &[0xd7; 32], 1_000_003, 40);

    GOLDEN.bytes(
        "hashes.hex",
        [
            ("chain/first_head", head.to_vec()),
            ("chain/first_head_without_parents", record::first_head(&id, &plain_dataset(), &[]).to_vec()),
            ("chain/next_head", record::next_head(&head, &[0xd8; 32]).to_vec()),
            ("chain/attestation_entry", {
                record::attestation_entry(&id, 3, &attestation(AttestationKind::Quality, None)).to_vec()
            }),
            ("chain/revocation_entry", record::attestation_entry(&id, 3, &revoked).to_vec()),
            ("chain/withdrawal_entry", record::withdrawal_entry(&id, &withdrawal()).to_vec()),
            ("chain/sample_entry", record::sample_entry(&id, &sample_answer()).to_vec()),
            ("chain/handover_entry", record::handover_entry(&id, 4, &handover()).to_vec()),
            ("chain/version_entry", record::version_entry(&id, 5, &version()).to_vec()),
            ("chain/trade_entry", record::trade_entry(&id, 6, &trade(Outcome::Accepted)).to_vec()),
            ("terms/digest", terms(Derivation::Forbidden).digest().to_vec()),
            ("announcement", record::announcement(&[0xd9; 32], &[0xda; 32], 0xdc, &[0xdb; 32]).to_vec()),
            ("label/hash64", label::hash64(label::ORDER_SECRET, &[b"a", b"bc"]).to_vec()),
            ("tree/leaf", tree::leaf_hash(&file[..100]).to_vec()),
            ("tree/root", tree::root_of(leaves.clone()).unwrap().to_vec()),
            ("tree/inclusion", tree::inclusion_path(leaves.into_iter(), 1).unwrap().concat()),
            ("growth/proof", grown.encode()),
            ("seal/commitment", key.commitment().to_vec()),
            ("seal/root", support::commit(&sealed).root.to_vec()),
            ("seal/first_bytes", sealed[..64].to_vec()),
            ("seal/last_block", last_block),
            ("delivery/order_key", secret.order_key().encode()),
            ("delivery/delivery", delivered.encode()),
            ("delivery/proof", shown.encode()),
            ("draw", drawn.iter().flat_map(|index| index.to_le_bytes()).collect()),
            ("sample/chosen", first_blocks_sample(Kind::Chosen).to_file()),
            (
                "sample/fair",
                first_blocks_sample(Kind::Fair { seed: [0xdc; 32], drawn: 1, rows: true }).to_file(),
            ),
            ("sample/rows", first_blocks_sample(Kind::Rows { from: 8_200, to: 8_210 }).to_file()),
            ("sample/digest", first_blocks_sample(Kind::Chosen).digest().to_vec()),
        ],
    );
}
