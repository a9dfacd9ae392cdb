//! What the command prints, against what it printed when `tests/golden` was written: the objects of `--json` and the
//! lines for people of full records, profiles of files, metadata documents, exit codes. `wonbon-golden` says how to
//! write them anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use serde::Serialize;
use serde_json::{json, Value};
use wonbon_cli::{exit, lines};
use wonbon_golden::Golden;
use wonbon_model::metadata::{DescribedFile, Description, TextReference};
use wonbon_model::{
    json, AccountId, Attestation, AttestationKind, Dataset, DatasetId, Derivation, EntryKey, Handover,
    LeavingBond, Method, Moment, Offer, OfferState, Order, OrderState, OrderTerms, Outcome, Parent,
    Participant, Pause, Profile, Region, Relation, Revocation, Revoker, Role, Roles, Royalties, Royalty,
    RoyaltyShare, SampleAnswer, Share, SizeClass, Standing, Trade, Withdrawal,
};
use wonbon_primitives::delivery::{Delivery, OrderKey};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

const DATASET: DatasetId = DatasetId([0xd1; 32]);
const ANCESTOR: DatasetId = DatasetId([0xd2; 32]);
const SELLER: AccountId = AccountId([0xa1; 32]);
const BUYER: AccountId = AccountId([0xa2; 32]);
const INSPECTOR: AccountId = AccountId([0xa3; 32]);

fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

fn at(block: u32) -> Moment {
    Moment { block, time: 1_800_000_000_000 + u64::from(block) * 2000 }
}

fn permitted() -> Derivation {
    Derivation::Permitted { royalty: share(12_500) }
}

fn royalties() -> Royalties {
    let royalty = |number: u8, amount| Royalty {
        dataset: DatasetId([number; 32]),
        account: AccountId([number + 1; 32]),
        amount,
    };
    vec![royalty(0xd2, 61_250), royalty(0xd4, u128::from(u64::MAX) + 1)].try_into().unwrap()
}

fn participant(size: SizeClass, standing: Standing, roles: &[Role]) -> Participant {
    Participant {
        version: 1,
        profile: Profile {
            name: "한빛정밀 주식회사".as_bytes().to_vec().try_into().unwrap(),
            registration_number: "123-45-67891".parse().unwrap(),
            ksic: "C29223".parse().unwrap(),
            size,
            region: Region::Ulsan,
            roles: roles.iter().copied().collect::<Roles>(),
        },
        standing,
        accredited: standing == Standing::Verified,
        registered_at: 11,
        changed_at: 12,
        deposit: 13,
    }
}

fn dataset(withdrawn: bool, sample: bool) -> Dataset {
    Dataset {
        version: 1,
        registrant: BUYER,
        owner: SELLER,
        length: 20_480_001,
        metadata: [0x21; 32],
        method: Method::Anonymised,
        registered: at(22),
        announced: 18,
        provisional_until: 172,
        depth: 23,
        parent_count: 2,
        attestation_count: 25,
        handover_count: 26,
        version_count: 27,
        trade_count: 28,
        withdrawn: withdrawn.then(|| Withdrawal {
            at: at(29),
            reason: "잘못 등록했습니다".as_bytes().to_vec().try_into().unwrap(),
            position: 30,
        }),
        sample: sample.then(|| SampleAnswer { blocks: 307, digest: [0x31; 32], at: at(32), position: 33 }),
        records: 34,
        head: [0x35; 32],
        deposit: 36,
    }
}

fn parents() -> [Parent; 2] {
    [
        Parent { dataset: ANCESTOR, relation: Relation::CleanedFrom, royalty: share(50_000) },
        Parent { dataset: DatasetId([0xd3; 32]), relation: Relation::NewVersionOf, royalty: Share::NONE },
    ]
}

fn attestation(kind: AttestationKind, by: Option<Revoker>) -> Attestation {
    Attestation {
        version: 1,
        inspector: INSPECTOR,
        kind,
        document: [0x41; 32],
        at: at(42),
        position: 43,
        revoked: by.map(|by| Revocation {
            by,
            at: at(44),
            reason: b"wrong plant".to_vec().try_into().unwrap(),
            position: 45,
        }),
        deposit: 46,
    }
}

fn offer(state: OfferState, derivation: Derivation) -> Offer {
    Offer {
        version: 2,
        dataset: DATASET,
        seller: SELLER,
        length: 20_480_001,
        sealed_root: [0x51; 32],
        key_commitment: [0x52; 32],
        price: 1_250_000,
        licence: [0x53; 32],
        nda: [0x54; 32],
        delivery_window: 55,
        dispute_window: 56,
        bond: u128::from(u64::MAX) + 57,
        open_orders: 58,
        exposure: 59,
        state,
        offered_at: 60,
        derivation,
        pause: (state == OfferState::Paused).then_some(Pause { since: 63, penalty: 1_250 }),
        leaving: (state == OfferState::Paused).then_some(LeavingBond { amount: 64_000, stays_until: 65 }),
        longest_dispute_window: 56,
        missed: 1_066,
        refused: 67,
        refunded: 68,
    }
}

fn order(state: OrderState) -> Order {
    let terms = OrderTerms {
        genesis: [0x61; 32],
        offer: 62,
        dataset: DATASET,
        length: 63,
        sealed_root: [0x64; 32],
        key_commitment: [0x65; 32],
        seller: SELLER,
        price: 1_250_000,
        platform_fee: 66,
        dispute_reserve: 67,
        bond: 68,
        missed_delivery_penalty: 69,
        delivery_window: 70,
        dispute_window: 71,
        licence: [0x72; 32],
        nda: [0x73; 32],
        derivation: permitted(),
        royalties: royalties(),
    };
    Order {
        version: 1,
        offer: 62,
        buyer: BUYER,
        terms,
        order_key: OrderKey([0x74; 32]),
        nonce: [0x75; 32],
        placed_at: 76,
        deliver_by: 77,
        refund_proposed: (state != OrderState::Placed).then_some(82),
        state,
        reserve_left: 78,
    }
}

fn trade(outcome: Outcome) -> Trade {
    let missed = outcome == Outcome::Missed;
    Trade {
        version: 1,
        order: 81,
        offer: 82,
        seller: SELLER,
        buyer: BUYER,
        price: 1_250_000,
        platform_fee: 83,
        royalties: if missed { Royalties::default() } else { royalties() },
        licence: [0x84; 32],
        nda: [0x85; 32],
        derivation: if missed { Derivation::Forbidden } else { permitted() },
        terms: [0x86; 32],
        placed_at: 87,
        delivered_at: (!missed).then_some(88),
        ended: at(89),
        outcome,
        position: 90,
    }
}

/// A record's object and its lines for people.
fn shown(record: &impl Serialize, lines: Vec<lines::Line>) -> Value {
    json!({ "json": object_of(record), "text": lines })
}

/// What a program reads of it.
fn object_of(record: &impl Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(record).unwrap()).unwrap()
}

#[test]
fn golden_companies() {
    let all = [
        (SizeClass::Small, Standing::Verified, &[Role::Provider, Role::Consumer][..]),
        (SizeClass::Medium, Standing::Verified, &[Role::Auditor]),
        (SizeClass::MidMarket, Standing::Pending, &[]),
        (SizeClass::Large, Standing::Suspended, &[Role::Provider]),
        (SizeClass::Institute, Standing::Verified, &[Role::Inspector]),
    ];
    let all = all.map(|(size, standing, roles)| {
        let record = participant(size, standing, roles);
        shown(&json::Participant::new(SELLER, &record), lines::participant(&SELLER, &record))
    });
    GOLDEN.json("participants.json", &all);
}

#[test]
fn golden_datasets() {
    let seed = [0x37; 32];
    let all = [(false, false, None), (false, false, Some(&seed)), (true, true, Some(&seed))];
    let all = all.map(|(withdrawn, sample, seed)| {
        let record = dataset(withdrawn, sample);
        json!({
            "dataset": shown(
                &json::Dataset::new(DATASET, &record),
                lines::dataset(&DATASET, &record, &parents()),
            ),
            "draw": object_of(&json::Draw::new(&record, seed.copied())),
            "draw_text": lines::draw(&record, seed),
        })
    });
    GOLDEN.json("datasets.json", &all);

    let handover = Handover { version: 1, from: BUYER, to: SELLER, at: at(47), position: 48 };
    let royalty = RoyaltyShare { dataset: ANCESTOR, share: share(50_000) };
    let attestations = [
        attestation(AttestationKind::Quality, None),
        attestation(AttestationKind::SmartFactoryLevel, Some(Revoker::Inspector)),
        attestation(AttestationKind::Processing, Some(Revoker::Authority)),
    ];
    let key = |index| EntryKey { dataset: DATASET, index };
    let attestations: Vec<_> =
        (0..).zip(&attestations).map(|(index, record)| json::Attestation::new(key(index), record)).collect();
    GOLDEN.json(
        "dataset-facts.json",
        &json!({
            "attestations": attestations,
            "handover": json::Handover::new(key(3), &handover),
            "parents": json::Parent::of(DATASET, &parents()),
            "royalty_share": json::RoyaltyShare::new(&royalty),
        }),
    );
}

#[test]
fn golden_offers_and_orders() {
    let offers = [
        (OfferState::Open, permitted()),
        (OfferState::Withdrawn, Derivation::Forbidden),
        (OfferState::Faulted, permitted()),
        (OfferState::Paused, permitted()),
    ];
    let offers = offers.map(|(state, derivation)| {
        let record = offer(state, derivation);
        shown(&json::Offer::new(62, &record), lines::offer(62, &record))
    });
    GOLDEN.json("offers.json", &offers);

    let delivery = Delivery { ephemeral: [0x79; 32], wrapped: [0x7a; 32] };
    let states = [OrderState::Placed, OrderState::Delivered { delivery, at: 79, dispute_until: 80 }];
    let orders = states.map(|state| {
        let record = order(state);
        shown(&json::Order::new(81, &record), lines::order(81, &record))
    });
    GOLDEN.json("orders.json", &orders);
}

#[test]
fn golden_trades() {
    let outcomes = [
        Outcome::Accepted,
        Outcome::Lapsed,
        Outcome::Missed,
        Outcome::WrongKey,
        Outcome::BadBlock(17),
        Outcome::Faulted,
        Outcome::Refused,
        Outcome::Refunded,
    ];
    let trades = outcomes.map(|outcome| {
        let record = trade(outcome);
        let key = EntryKey { dataset: DATASET, index: 5 };
        shown(&json::Trade::new(key, &record), lines::trade(key, &record))
    });
    GOLDEN.json("trades.json", &trades);
}

fn wonbon(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wonbon"));
    for name in ["KEY", "PASSPHRASE_FILE", "CHAIN", "SERVICE", "GENESIS", "HOME", "COMPANY", "LOG"] {
        command.env_remove(format!("WONBON_{name}"));
    }
    command.current_dir(home).args(arguments).args(["--home", home.to_str().unwrap()]).output().unwrap()
}

/// The object that a command prints, without what differs from run to run.
fn object(home: &Path, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let output = wonbon(home, &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    if let Some(seconds) = value.get_mut("seconds") {
        *seconds = json!("…");
    }
    json!({ "code": output.status.code(), "object": value })
}

/// What a command prints for a person.
fn text(home: &Path, arguments: &[&str]) -> String {
    let output = wonbon(home, &[arguments, &["--quiet"]].concat());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn golden_exit_codes() {
    let home = tempfile::tempdir().unwrap();
    GOLDEN.text("exit-codes.txt", &text(home.path(), &["help", "exit-codes"]));
    GOLDEN.json("exit-codes.json", &exit::json());
    GOLDEN.json("exit-codes-command.json", &object(home.path(), &["help", "exit-codes"]));
    let failures = [
        &["fly"][..],
        &["buy", "x", "-o", "y"],
        &["profile", "nowhere.csv"],
        &["hash", "nowhere.csv"],
        &["key", "show", "nobody"],
        &["balance", "--key", "nobody"],
        &["show", "7", "--chain", "ws://127.0.0.1:9"],
        &["check-rows", "nowhere.proof"],
    ];
    let failures: Vec<_> = failures
        .iter()
        .map(|arguments| {
            let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
            let output = wonbon(home.path(), &arguments);
            // Messages may be said better; the code and its kind may not change.
            let error = serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default()["error"].clone();
            json!({ "arguments": arguments, "exit": output.status.code(), "code": error["code"], "kind": error["kind"] })
        })
        .collect();
    GOLDEN.json("failures.json", &failures);
}

/// Files to profile; the folder has the bytes of each as they are given to the command.
const FILES: [(&str, &[u8], &[&str]); 8] = [
    (
        "utf8.csv",
        "\u{feff}시각,축,온도,정상,메모\r\n2026-01-02 03:04:05,1,21.5,true,\"첫, 줄\"\r\n2026-01-02 03:04:06,2,-3,false,\r\n2026-01-03 00:00:00,3,NaN,true,\"둘\n줄\"\r\n".as_bytes(),
        &[],
    ),
    ("semicolon.csv", b"a;b;c\n1;2,5;x\n2;;y\n3;4,5;\n", &[]),
    ("tab.csv", b"id\tvalue\n1\t0.1\n2\t1e21\n9007199254740993\t-0.0\n", &[]),
    // 온도,값 / 가,나
    ("cp949.csv", b"\xbf\xc2\xb5\xb5,\xb0\xaa\n\xb0\xa1,1\n\xb3\xaa,2\n", &["--encoding", "cp949"]),
    ("ragged.csv", b"a,b\n1,2\n3\n4,5,6\n", &[]),
    ("ragged-strict.csv", b"a,b\n1,2\n3\n", &["--strict"]),
    ("not-utf8.csv", b"a,b\n1,\xb0\xa1\n", &[]),
    ("other.bin", b"\x00\x01\x02\xff", &[]),
];

/// Two row groups with a column of each kind and an empty one.
const PARQUET: &[u8] = include_bytes!("golden/profiles/machine.parquet");

#[test]
fn golden_profiles() {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes, options) in FILES {
        std::fs::write(home.path().join(name), bytes).unwrap();
        let arguments = [&["profile", name], options].concat();
        GOLDEN.json(&format!("profiles/{name}.json"), &object(home.path(), &arguments));
        GOLDEN.text(&format!("profiles/{name}.txt"), &text(home.path(), &arguments));
    }
    std::fs::write(home.path().join("machine.parquet"), PARQUET).unwrap();
    GOLDEN.json("profiles/machine.parquet.json", &object(home.path(), &["profile", "machine.parquet"]));
    GOLDEN.text("profiles/machine.parquet.txt", &text(home.path(), &["profile", "machine.parquet"]));
}

/// The canonical bytes of a document whose profile is that of `name`, and what they hash to.
fn document(home: &Path, name: &str, description: &Description, sha256: Option<[u8; 32]>) -> String {
    let mut profile = object(home, &["profile", name])["object"].clone();
    let length = profile["length"].as_u64().unwrap();
    profile.as_object_mut().unwrap().remove("length");
    let profile = serde_json::from_value(profile).unwrap();
    let licence = TextReference::of("# Licence of the test\nuse it\n");
    let nda = TextReference::of("비밀유지협약서\n");
    let file = DescribedFile { name, length, sha256, profile };
    let canonical = description.of_file(file, licence, nda).unwrap().canonical().unwrap();
    format!("{}\n{}\n", String::from_utf8(canonical.bytes).unwrap(), hex::encode(canonical.digest))
}

#[test]
fn golden_metadata() {
    let home = tempfile::tempdir().unwrap();
    let full = Description {
        title: "스핀들 \"진동\" vibration".into(),
        description: "First line.\n\tSecond line: €, 한글, \u{1F600}, \u{7f}.".into(),
        keywords: vec!["CNC".into(), "진동".into(), "CNC".into()],
        language: Some("ko-KR".into()),
    };
    let least = Description { title: "least".into(), ..Description::default() };
    for (name, bytes, _) in
        FILES.into_iter().filter(|(name, ..)| ["utf8.csv", "tab.csv", "other.bin"].contains(name))
    {
        std::fs::write(home.path().join(name), bytes).unwrap();
        GOLDEN.text(&format!("metadata/{name}.txt"), &document(home.path(), name, &full, None));
    }
    std::fs::write(home.path().join("machine.parquet"), PARQUET).unwrap();
    GOLDEN.text("metadata/machine.parquet.txt", &document(home.path(), "machine.parquet", &least, None));
    let named = document(home.path(), "utf8.csv", &least, Some([0x5a; 32]));
    GOLDEN.text("metadata/utf8.csv-with-digest.txt", &named);
}

#[test]
fn golden_files() {
    let home = tempfile::tempdir().unwrap();
    let mut rows = "번호,값\n".to_owned();
    (1..=2000).for_each(|row| rows.push_str(&format!("{row},{}\n", "x".repeat(44))));
    std::fs::write(home.path().join("rows.csv"), rows).unwrap();
    let answers = [
        &["hash", "rows.csv"][..],
        &["prove", "rows.csv", "--rows", "100-102", "-o", "rows.proof", "--yes"],
        &["check-rows", "rows.proof"],
        &["synthesise", "--bytes", "10K", "--seed", "5", "-o", "synthetic.csv"],
        &["hash", "synthetic.csv"],
    ]
    .map(|arguments| json!({ "arguments": arguments, "answer": object(home.path(), arguments) }));
    GOLDEN.json("files.json", &answers);
}
