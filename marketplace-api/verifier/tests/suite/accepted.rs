//! Genuine certificates, and what is read from them.

use crate::synthetic::{
    digest,
    sample::Sample,
    state::{Story, BEGINNING},
};
use codec::Compact;
use wonbon_primitives::{record::Outcome, DatasetId};
use wonbon_verifier::{
    claims::{self, derive, Block, ReadError, Recording, StorageReader},
    keys,
    value::{Decimal, Hex},
    AccountId, Certificate,
};

#[test]
fn a_genuine_certificate_says_what_the_records_say() {
    let sample = Sample::full();
    let (certificate, made) = sample.make().unwrap();
    let report = sample.verify(&certificate).unwrap();
    let claims = &report.claims;
    assert_eq!(*claims, made);
    assert_eq!(claims.digest(), certificate.claims_digest);
    assert_eq!(report.certificate, Hex(certificate.digest()));

    assert_eq!(claims.chain.genesis, Hex(sample.genesis));
    assert_eq!(claims.chain.block.number, 350);
    assert_eq!(claims.chain.block.hash, Hex(sample.block().0));
    assert_eq!(claims.chain.time.millis(), BEGINNING + 700_000);
    assert_eq!(claims.chain.runtime.name, "wonbon");

    assert_eq!(claims.dataset.id, Hex(sample.dataset.0));
    assert_eq!(claims.dataset.registrant, AccountId(digest(500)));
    assert_eq!(claims.dataset.owner, AccountId(digest(502)));
    assert_eq!(claims.registrant.company.as_ref().unwrap().name, "한빛정밀 주식회사");
    assert_eq!(claims.registrant.company.as_ref().unwrap().registration_number, "124-81-00998");
    assert_eq!(claims.owner.company, None, "the heir is no company");
    assert_eq!(claims.company(&AccountId(digest(501))).unwrap().name, "부산데이터 주식회사", "who bought");
    let mut others: Vec<_> = [77, 501, 503, 504, 505].map(|other| AccountId(digest(other))).into();
    others.sort();
    assert_eq!(claims.parties.iter().map(|party| party.account).collect::<Vec<_>>(), others);
    assert_eq!(claims.dataset.parents.len(), 2);
    assert_eq!(claims.dataset.withdrawn.as_ref().unwrap().reason, "replaced by a longer series");
    assert_eq!(claims.dataset.fair_sample.as_ref().unwrap().blocks, 307);

    assert_eq!(claims.attestations.len(), 2);
    assert_eq!(claims.attestations[0].revoked.as_ref().unwrap().reason, "측정기 교정 만료");
    assert_eq!(claims.attestations[1].revoked, None);
    assert_eq!(claims.handovers.len(), 1);
    assert_eq!(claims.versions[0].dataset, Hex(digest(6)));
    let outcomes: Vec<_> = claims.trades.iter().map(|trade| trade.outcome).collect();
    assert_eq!(
        outcomes,
        [
            claims::Outcome::Accepted,
            claims::Outcome::BadBlock { block: Decimal(12) },
            claims::Outcome::Missed
        ]
    );
    assert_eq!(claims.trades[0].price, Decimal(100_000));
    assert_eq!(claims.trades[0].royalties.len(), 2);

    assert_eq!(report.finality.set_id, 3);
    assert_eq!((report.finality.hand_offs, report.finality.earlier_hand_offs), (3, 0));
    assert_eq!((report.finality.weight, report.finality.threshold, report.finality.total_weight), (3, 3, 4));
    assert_eq!(report.finality.signers.len(), 3);
}

#[test]
fn ancestors_come_once_generation_by_generation() {
    let sample = Sample::full();
    let ancestors = sample.make().unwrap().1.ancestors;
    let ids: Vec<_> = ancestors.iter().map(|ancestor| ancestor.id).collect();
    let mut parents = [Hex(digest(2)), Hex(digest(3))];
    parents.sort();
    assert_eq!(ids, [parents[0], parents[1], Hex(digest(4))]);
}

#[test]
fn both_encodings_are_the_same_certificate() {
    for sample in [Sample::full(), Sample::small()] {
        let (certificate, claims) = sample.make().unwrap();
        let (binary, json) = (certificate.encode(), certificate.to_json(&claims));
        for file in [&binary[..], json.as_bytes()] {
            let read = Certificate::read(file).unwrap();
            assert_eq!(read, certificate);
            assert_eq!(read.encode(), binary);
            assert_eq!(read.to_json(&read.claims_unverified().unwrap()), json);
            assert_eq!(sample.verify(&read).unwrap().claims, claims);
        }
        // White space and the order of members are free.
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(Certificate::read(value.to_string().as_bytes()).unwrap(), certificate);
    }
}

/// JSON with sorted names and no white space.
fn write_sorted(value: &serde_json::Value, out: &mut String) {
    use serde_json::Value;
    let mut list = |open, items: Vec<(Option<&String>, &Value)>, close| {
        out.push(open);
        for (position, (name, item)) in items.into_iter().enumerate() {
            out.push_str(if position > 0 { "," } else { "" });
            if let Some(name) = name {
                out.push_str(&format!("{:?}:", name));
            }
            write_sorted(item, out);
        }
        out.push(close);
    };
    match value {
        Value::Object(members) => {
            let members: std::collections::BTreeMap<_, _> = members.iter().collect();
            list('{', members.into_iter().map(|(name, item)| (Some(name), item)).collect(), '}');
        }
        Value::Array(items) => list('[', items.iter().map(|item| (None, item)).collect(), ']'),
        other => out.push_str(&other.to_string()),
    }
}

#[test]
fn claims_are_canonical_json() {
    let claims = Sample::full().make().unwrap().1;
    // Claims have neither fractions nor names that sort in another way by UTF-16, so a plain writer gives the same.
    let mut plain = String::new();
    write_sorted(&serde_json::to_value(&claims).unwrap(), &mut plain);
    assert_eq!(claims.canonical(), plain.as_bytes(), "as another program has it");
    let back: claims::Claims = serde_json::from_slice(&claims.canonical()).unwrap();
    assert_eq!(back, claims);
    assert_eq!(back.digest(), claims.digest());
}

#[test]
fn making_and_checking_read_the_same_keys() {
    struct Whole<'a>(&'a Sample);
    impl StorageReader for Whole<'_> {
        fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
            Ok(self.0.state.0.get(key).cloned())
        }
    }
    let sample = Sample::full();
    let (certificate, claims) = sample.make().unwrap();
    let mut recording = Recording::new(Whole(&sample));
    let block = Block { number: sample.number, hash: sample.block().0.into() };
    assert_eq!(derive(&mut recording, &sample.dataset, block).unwrap(), claims);
    let keys = recording.into_keys();
    let mut reader =
        wonbon_verifier::proof::ProofReader::new(&certificate.proof, sample.state.trie().0).unwrap();
    for key in &keys {
        assert_eq!(reader.read(key).unwrap(), sample.state.0.get(key).cloned());
    }
    assert_eq!(reader.into_proof().unwrap(), certificate.proof);
}

#[test]
fn long_lists_are_read_to_the_end() {
    let mut sample = Sample::empty(0);
    let mut story = Story::begin(sample.dataset, digest(500), &[], 0);
    for number in 0..2_500 {
        story.trade(digest(number), Outcome::Lapsed);
    }
    story.write(&mut sample.state);
    let report = sample.verify(&sample.certificate()).unwrap();
    assert_eq!(report.claims.trades.len(), 2_500);
    assert!(report.claims.trades.iter().zip(0..).all(|(trade, index)| trade.index == index));
}

/// Trades of both layouts stand in one history.
#[test]
fn refused_and_refunded_trades_are_shown_beside_those_of_the_first_layout() {
    let mut sample = Sample::empty(0);
    let mut story = Story::begin(sample.dataset, digest(500), &[], 0);
    story.trade_under(1, digest(501), Outcome::Accepted);
    story.trade(digest(501), Outcome::Refused);
    story.trade(digest(501), Outcome::Refunded);
    story.write(&mut sample.state);
    let report = sample.verify(&sample.certificate()).unwrap();
    let outcomes: Vec<_> = report.claims.trades.iter().map(|trade| trade.outcome).collect();
    use claims::Outcome::{Accepted, Refunded, Refused};
    assert_eq!(outcomes, [Accepted, Refused, Refunded]);
    assert!(!Refused.is_paid() && !Refunded.is_paid());
    let json = serde_json::to_value(&report.claims).unwrap();
    assert_eq!(
        (&json["trades"][1]["outcome"], &json["trades"][2]["outcome"]),
        (&"refused".into(), &"refunded".into())
    );
}

/// The first layout had no such outcome: a record that claims one is none.
#[test]
fn a_trade_of_the_first_layout_has_its_outcomes_only() {
    let mut sample = Sample::empty(0);
    let mut story = Story::begin(sample.dataset, digest(500), &[], 0);
    story.trade_under(1, digest(501), Outcome::Refused);
    story.write(&mut sample.state);
    assert!(sample.make().is_err());
}

#[test]
fn a_long_series_of_versions_is_followed() {
    let mut sample = Sample::empty(0);
    let id = |number: u64| DatasetId(digest(Sample::SUBJECT + number));
    for number in 0..200u64 {
        let parents: Vec<_> = (number < 199).then(|| id(number + 1)).into_iter().collect();
        Story::begin(id(number), digest(500), &parents, 0).write(&mut sample.state);
    }
    let report = sample.verify(&sample.certificate()).unwrap();
    assert_eq!(report.claims.ancestors.len(), 199);
    assert_eq!(report.claims.ancestors[198].id, Hex(id(199).0));
}

/// From the second runtime on companies act through people and can be recovered. What was certified before says nothing of
/// that, and has the digest that it had.
#[test]
fn recoveries_are_proved_and_certificates_from_before_still_verify() {
    let mut sample = Sample::full();
    sample.state.people(digest(500), 2);
    sample.state.people(digest(501), 0);
    let (certificate, claims) = sample.make().unwrap();
    assert_eq!(claims.registrant.company.as_ref().unwrap().recovered, None, "the first runtime had none");
    assert!(!String::from_utf8(claims.canonical()).unwrap().contains("recovered"));
    sample.verify(&certificate).unwrap();

    sample.state.put(keys::last_runtime_upgrade(), (Compact(2_u32), "wonbon"));
    let (certificate, claims) = sample.make().unwrap();
    let recovered = |account: u64| claims.company(&AccountId(digest(account))).unwrap().recovered;
    assert_eq!(recovered(500), Some(claims::Recovered { times: 2, last: 77 }));
    assert_eq!(recovered(501), None);
    assert_eq!(sample.verify(&certificate).unwrap().claims, claims);
    let json = serde_json::to_value(&claims).unwrap();
    assert_eq!(serde_json::from_value::<claims::Claims>(json).unwrap(), claims);
}
