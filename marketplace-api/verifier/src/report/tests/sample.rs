//! A report for the tests: every kind of record, and authors who mean no good.

use crate::{
    claims::{
        Attestation, Block, Chain, Claims, Company, Dataset, Derivation, Format, Handover, Moment, Outcome,
        Parent, Party, Revocation, Royalty, Runtime, SampleAnswer, Trade, Version, Withdrawal,
    },
    finality::{AnchorRole, AnchorUse, Finality},
    value::{Decimal, Hex, Time},
    verify::{Report, Warning},
    AccountId,
};
use wonbon_primitives::{
    company::{Region, Role, SizeClass},
    dataset::{Method, Relation},
    record::{AttestationKind, Revoker, Standing},
};

/// Markup, quotes, colours of a terminal, and a turn to right-to-left.
pub(super) const NASTY: &str = "<script>alert(\"x\")</script>'&\u{1b}[31m\u{202e}\u{0}";

pub(super) fn hex(byte: u8) -> Hex {
    use sha2::Digest as _;
    Hex(sha2::Sha256::digest([byte]).into())
}

/// SHA-256 of the metadata document of a dataset.
pub(super) fn metadata(id: u8) -> Hex {
    use sha2::Digest as _;
    Hex(sha2::Sha256::digest([id, 0]).into())
}

fn account(byte: u8) -> AccountId {
    AccountId(hex(byte).0)
}

fn moment(block: u32) -> Moment {
    Moment { block, time: Time::from_millis(1_763_700_000_000 + 2_000 * u64::from(block)).unwrap() }
}

fn company(name: &str) -> Company {
    Company {
        name: name.into(),
        registration_number: "124-81-00998".into(),
        ksic: "C29223".into(),
        size: SizeClass::Small,
        region: Region::Gyeonggi,
        roles: vec![Role::Provider],
        standing: Standing::Verified,
        accredited: false,
        registered_at: 3,
        changed_at: 5,
        deposit: Decimal(1_000),
        recovered: None,
    }
}

fn dataset(id: u8, method: Method, parents: &[(u8, Relation, u32)]) -> Dataset {
    Dataset {
        id: hex(id),
        length: Decimal(104_857_600 + u128::from(id)),
        metadata: metadata(id),
        method,
        registrant: account(100 + id % 3),
        registered: moment(10 * (200 - u32::from(id))),
        announced: Some(10 * (200 - u32::from(id)) - 4),
        provisional_until: Some(10 * (200 - u32::from(id)) + 150),
        owner: account(100),
        depth: 2,
        parents: parents
            .iter()
            .map(|(parent, relation, royalty)| Parent {
                dataset: hex(*parent),
                relation: *relation,
                royalty_millionths: *royalty,
            })
            .collect(),
        withdrawn: None,
        fair_sample: None,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        records: 0,
        head: hex(201),
        deposit: Decimal(1_000),
    }
}

fn trade(index: u32, outcome: Outcome) -> Trade {
    Trade {
        index,
        order: Decimal(40 + u128::from(index)),
        offer: Decimal(7),
        seller: account(100),
        buyer: account(110 + index as u8 % 3),
        price: Decimal(1_500_000 + u128::from(index)),
        platform_fee: Decimal(30_000),
        royalties: vec![Royalty { dataset: hex(2), account: account(101), amount: Decimal(147_000) }],
        licence: hex(202),
        nda: hex(203),
        derivation: if index.is_multiple_of(2) {
            Derivation::Forbidden
        } else {
            Derivation::Permitted { royalty_millionths: 100_000 }
        },
        terms: hex(204),
        placed_at: 2_000 + index,
        delivered_at: Some(2_010 + index),
        ended: moment(2_020 + index),
        outcome,
        position: index,
    }
}

/// A report of a dataset with a history.
pub(super) fn full() -> Report {
    use Relation::*;
    let mut subject = dataset(1, Method::Labelled, &[(2, LabelledFrom, 100_000), (3, DerivedFrom, 0)]);
    subject.fair_sample =
        Some(SampleAnswer { blocks: 631, digest: hex(205), at: moment(1_000), position: 0, seed: None });
    let outcomes = [
        Outcome::Accepted,
        Outcome::Lapsed,
        Outcome::BadBlock { block: Decimal(12) },
        Outcome::Missed,
        Outcome::Accepted,
    ];
    let mut claims = Claims {
        format: Format::V1,
        chain: Chain {
            genesis: hex(210),
            block: Block { number: 4_321, hash: hex(211) },
            time: moment(4_321).time,
            runtime: Runtime { name: "wonbon".into(), version: 2 },
        },
        registrant: Party { account: account(101), company: Some(company("한빛정밀 주식회사")) },
        owner: Party { account: account(100), company: Some(company("대성데이터(주)")) },
        attestations: vec![
            Attestation {
                index: 0,
                inspector: account(120),
                kind: AttestationKind::Quality,
                document: hex(206),
                at: moment(1_100),
                position: 1,
                revoked: None,
                deposit: Decimal(500),
            },
            Attestation {
                index: 1,
                inspector: account(120),
                kind: AttestationKind::SmartFactoryLevel,
                document: hex(207),
                at: moment(1_110),
                position: 2,
                revoked: Some(Revocation {
                    by: Revoker::Authority,
                    at: moment(1_200),
                    reason: "현장 심사 결과와 다름".into(),
                    position: 3,
                }),
                deposit: Decimal(500),
            },
        ],
        handovers: vec![Handover {
            index: 0,
            from: account(101),
            to: account(100),
            at: moment(1_300),
            position: 4,
        }],
        versions: vec![Version { index: 0, dataset: hex(9), position: 5 }],
        trades: (0u32..).zip(outcomes).map(|(index, outcome)| trade(index, outcome)).collect(),
        ancestors: vec![
            dataset(2, Method::Cleaned, &[(4, CleanedFrom, 50_000), (5, AggregatedFrom, 0)]),
            dataset(3, Method::Preprocessed, &[(5, PreprocessedFrom, 0)]),
            dataset(4, Method::Collected, &[]),
            dataset(5, Method::Collected, &[(6, NewVersionOf, 0)]),
            dataset(6, Method::Collected, &[]),
        ],
        dataset: subject,
        parties: Vec::new(),
    };
    claims.ancestors[1].owner = account(105);
    claims.ancestors[3].withdrawn =
        Some(Withdrawal { at: moment(1_500), reason: "센서 오류가 있는 원천".into(), position: 0 });
    claims.parties = parties(&claims);
    report(claims)
}

/// The other accounts, each with a company but the first.
fn parties(claims: &Claims) -> Vec<Party> {
    let known = [claims.registrant.account, claims.owner.account];
    let others = claims.accounts().into_iter().filter(|account| !known.contains(account));
    let company = |number| (number > 0).then(|| company(&format!("제{number}정밀(주)")));
    others.zip(0..).map(|(account, number)| Party { account, company: company(number) }).collect()
}

fn report(claims: Claims) -> Report {
    Report {
        certificate: hex(220),
        claims_digest: Hex(claims.digest()),
        warnings: vec![Warning::ValidatorsReplaced { by_block: 9_000 }],
        finality: Finality {
            set_id: 3,
            round: 812,
            validators: 4,
            signers: vec![hex(230), hex(231), hex(232)],
            weight: 3,
            threshold: 3,
            total_weight: 4,
            hand_offs: 2,
            earlier_hand_offs: 0,
            anchors: vec![
                AnchorUse {
                    block: Block { number: 0, hash: hex(210) },
                    time: None,
                    set_id: 0,
                    role: AnchorRole::Start,
                },
                AnchorUse {
                    block: Block { number: 2_500, hash: hex(212) },
                    time: Some(moment(2_500).time),
                    set_id: 2,
                    role: AnchorRole::Passed,
                },
            ],
        },
        claims,
    }
}

/// A report of a dataset about which there is nothing to tell.
pub(super) fn bare() -> Report {
    let mut claims = full().claims;
    claims.dataset.parents.clear();
    claims.dataset.fair_sample = None;
    claims.registrant = Party { account: account(100), company: None };
    claims.owner = claims.registrant.clone();
    claims.attestations.clear();
    claims.handovers.clear();
    claims.versions.clear();
    claims.trades.clear();
    claims.ancestors.clear();
    claims.parties.clear();
    report(claims)
}

/// Every text that someone may choose, chosen badly.
pub(super) fn hostile() -> Report {
    let mut claims = full().claims;
    claims.dataset.withdrawn = Some(Withdrawal { at: moment(3_000), reason: NASTY.into(), position: 9 });
    let parties = [&mut claims.registrant, &mut claims.owner].into_iter().chain(&mut claims.parties);
    for company in parties.filter_map(|party| party.company.as_mut()) {
        company.name = NASTY.into();
        company.ksic = NASTY.into();
        company.registration_number = NASTY.into();
    }
    claims.ancestors[3].withdrawn.as_mut().unwrap().reason = NASTY.into();
    claims.attestations[1].revoked.as_mut().unwrap().reason = NASTY.into();
    claims.chain.runtime.name = NASTY.into();
    report(claims)
}

/// A long and wide history: a hundred versions, each with its own source.
pub(super) fn long() -> Report {
    let mut claims = full().claims;
    claims.dataset.parents =
        vec![Parent { dataset: hex(2), relation: Relation::NewVersionOf, royalty_millionths: 0 }];
    claims.ancestors = (2..102)
        .map(|id| {
            let parents: &[_] = match id {
                101 => &[],
                _ => &[(id + 1, Relation::NewVersionOf, 0)],
            };
            dataset(id, Method::Collected, parents)
        })
        .collect();
    report(claims)
}
