//! Claims that are not what the records say, and records that do not hang together.

use crate::{
    invalid,
    synthetic::{
        digest,
        sample::Sample,
        state::{Dataset, State, Story, Trade},
    },
    unreadable,
};
use codec::{Compact, Decode, Encode};
use wonbon_primitives::{record::Outcome, DatasetId};
use wonbon_verifier::{
    keys,
    refusal::{BadPosition, RecordName, Refusal},
    value::{Decimal, Hex},
    Certificate, Claims, Invalid, Report, Unreadable,
};

/// Reads the sample's certificate as JSON with other claims, under their own digest and under the true one.
fn claiming(sample: &Sample, forge: impl Fn(&mut Claims)) {
    let (certificate, claims) = sample.make().unwrap();
    let mut forged = claims.clone();
    forge(&mut forged);
    assert_ne!(forged, claims);
    let found = forged.digest();
    let json = certificate.to_json(&forged);
    let refused = Certificate::read(json.as_bytes()).unwrap_err();
    let own = Invalid::ClaimsDigest { stated: claims.digest().into(), found: found.into() };
    assert_eq!(refused, Refusal::Invalid(own));

    let other = Certificate { claims_digest: found, ..certificate };
    let expected = Invalid::OtherClaims { expected: claims.digest().into(), found: found.into() };
    for file in [other.encode(), other.to_json(&forged).into_bytes()] {
        assert_eq!(invalid(sample.verify(&Certificate::read(&file).unwrap())), expected);
    }
}

#[test]
fn nothing_more_nothing_less() {
    let sample = Sample::full();
    claiming(&sample, |claims| drop(claims.trades.pop()));
    claiming(&sample, |claims| {
        let mut more = claims.trades[0].clone();
        more.index = 3;
        claims.trades.push(more);
    });
    claiming(&sample, |claims| claims.trades.swap(0, 1));
    claiming(&sample, |claims| claims.trades[0].price = Decimal(1));
    claiming(&sample, |claims| drop(claims.ancestors.pop()));
    claiming(&sample, |claims| claims.ancestors.swap(0, 1));
    claiming(&sample, |claims| claims.dataset.trade_count += 1);
    claiming(&sample, |claims| claims.dataset.withdrawn = None);
    claiming(&sample, |claims| claims.attestations[0].revoked = None);
    claiming(&sample, |claims| claims.registrant.company = None);
    claiming(&sample, |claims| claims.owner = claims.registrant.clone());
    claiming(&sample, |claims| drop(claims.parties.pop()));
    claiming(&sample, |claims| claims.parties[0].company = claims.registrant.company.clone());
    claiming(&sample, |claims| claims.chain.block.number += 1);
}

#[test]
fn a_mutated_digest() {
    let sample = Sample::small();
    let mut certificate = sample.certificate();
    certificate.claims_digest[31] ^= 1;
    assert!(matches!(invalid(sample.verify(&certificate)), Invalid::OtherClaims { .. }));
}

#[test]
fn members_that_nobody_knows_are_refused() {
    let (certificate, claims) = Sample::full().make().unwrap();
    let json = certificate.to_json(&claims);
    for (from, to) in [
        ("\"dataset\":", "\"remark\": \"genuine\", \"dataset\":"),
        ("\"index\": 0", "\"index\": 0, \"paid\": true"),
        ("\"permitted\": {", "\"permitted\": { \"x\": 1,"),
        ("\"claims\":", "\"proof\": [], \"claims\":"),
        ("wonbon/certificate/1", "wonbon/certificate/2"),
        ("wonbon/claims/1", "wonbon/claims/2"),
        ("\"header\": \"", "\"header\": \"AB"),
        ("\"header\": \"", "\"header\": \"a"),
    ] {
        let other = json.replacen(from, to, 1);
        assert!(other != json, "{from}");
        let refused = Certificate::read(other.as_bytes()).unwrap_err();
        assert!(matches!(refused, Refusal::Unreadable(Unreadable::Json { .. })), "{from}: {refused}");
    }
}

/// A certificate of a chain whose state is not what the pallets would have made, made with the claims of the honest
/// one: nobody makes claims out of such a state.
fn of_state(forge: impl FnOnce(&Sample, &mut State)) -> Result<Report, Refusal> {
    let sample = Sample::full();
    let mut forged = sample.clone();
    forge(&sample, &mut forged.state);
    let (certificate, _) = forged.make()?;
    forged.verify(&certificate)
}

/// The subject's record, changed.
fn edited(edit: impl FnOnce(&mut Dataset)) -> Result<Report, Refusal> {
    of_state(|sample, state| {
        let key = keys::dataset(&sample.dataset);
        let mut record = Dataset::decode(&mut &state.0[&key][..]).unwrap();
        edit(&mut record);
        state.put(key, record);
    })
}

#[test]
fn counts_are_what_is_there() {
    let id = Hex(digest(Sample::SUBJECT));
    // One more than there are.
    let missing = |record| Invalid::Missing { record };
    assert_eq!(invalid(edited(|record| record.trade_count += 1)), missing(RecordName::Trade(id, 3)));
    assert_eq!(invalid(edited(|record| record.parent_count += 1)), missing(RecordName::Parent(id, 2)));
    assert_eq!(
        invalid(edited(|record| record.attestation_count = u32::MAX)),
        missing(RecordName::Attestation(id, 2))
    );
    assert_eq!(invalid(edited(|record| record.handover_count += 1)), missing(RecordName::Handover(id, 1)));
    assert_eq!(invalid(edited(|record| record.version_count += 1)), missing(RecordName::Version(id, 1)));
    // One less: its place in the hash chain stays empty.
    let wrong = |records, position, what| Invalid::Positions { dataset: id, records, position, what };
    let hole = |position| wrong(10, position, BadPosition::Empty);
    assert_eq!(invalid(edited(|record| record.trade_count -= 1)), hole(8));
    assert_eq!(invalid(edited(|record| record.attestation_count -= 1)), hole(2));
    assert_eq!(invalid(edited(|record| record.handover_count -= 1)), hole(6));
    assert_eq!(invalid(edited(|record| record.version_count -= 1)), hole(7));
    assert_eq!(invalid(edited(|record| record.withdrawn = None)), hole(9));
    assert_eq!(invalid(edited(|record| record.sample = None)), hole(5));
    // Another number of entries than there are records.
    assert_eq!(invalid(edited(|record| record.records += 1)), wrong(11, 10, BadPosition::Empty));
    assert_eq!(invalid(edited(|record| record.records -= 1)), wrong(9, 9, BadPosition::Beyond));
    // A parent left out is part of what registration fixed.
    assert!(matches!(invalid(edited(|record| record.parent_count -= 1)), Invalid::HashChain { .. }));
}

#[test]
fn a_rewritten_record_contradicts_the_head() {
    for edit in [
        |record: &mut Dataset| record.registrant = digest(1).into(),
        |record: &mut Dataset| record.registered.time += 1,
        |record: &mut Dataset| record.metadata = digest(1),
        |record: &mut Dataset| record.head = digest(1),
        |record: &mut Dataset| record.withdrawn.as_mut().unwrap().at.block += 1,
        |record: &mut Dataset| record.sample.as_mut().unwrap().blocks += 1,
    ] {
        assert!(matches!(invalid(edited(edit)), Invalid::HashChain { .. }));
    }
    let reason = invalid(of_state(|sample, state| {
        let key = keys::trade(&sample.dataset, 1);
        let mut trade = Trade::decode(&mut &state.0[&key][..]).unwrap();
        trade.price = 1;
        state.put(key, trade);
    }));
    assert!(matches!(reason, Invalid::HashChain { .. }));
    // Two records in one place.
    let reason = invalid(of_state(|sample, state| {
        let key = keys::trade(&sample.dataset, 1);
        let mut trade = Trade::decode(&mut &state.0[&key][..]).unwrap();
        trade.position = 1;
        state.put(key, trade);
    }));
    assert!(matches!(reason, Invalid::Positions { position: 1, what: BadPosition::Taken, .. }));
}

#[test]
fn an_ancestor_must_be_there() {
    let reason = invalid(of_state(|_, state| {
        state.0.remove(&keys::dataset(&DatasetId(digest(4)))).unwrap();
    }));
    assert_eq!(reason, Invalid::Missing { record: RecordName::Dataset(digest(4).into()) });
    // One without further records gives its whole hash chain.
    let reason = invalid(of_state(|_, state| {
        let mut other = Story::begin(DatasetId(digest(4)), digest(1), &[], 0);
        other.record.head = digest(3);
        other.write(state);
    }));
    assert!(matches!(reason, Invalid::HashChain { dataset, .. } if dataset == Hex(digest(4))));
}

#[test]
fn what_every_state_has_must_be_there() {
    for (key, record) in [
        (keys::block_hash(0), RecordName::Genesis),
        (keys::last_runtime_upgrade(), RecordName::Runtime),
        (keys::now(), RecordName::Time),
    ] {
        let reason = invalid(of_state(|_, state| drop(state.0.remove(&key).unwrap())));
        assert_eq!(reason, Invalid::Missing { record });
    }
}

/// Whether a registration was provisional is as of the certificate's block, and nobody can say otherwise: the end of that
/// time is in the hash chain.
#[test]
fn a_provisional_registration_is_said() {
    for (until, provisional) in [(Sample::empty(0).number, false), (Sample::empty(0).number + 1, true)] {
        let mut sample = Sample::empty(0);
        let story = Story::begin(sample.dataset, digest(500), &[], 0).provisional_until(until);
        let (id, mut forged) = (story.id, story.record.clone());
        story.write(&mut sample.state);
        let report = sample.verify(&sample.certificate()).unwrap();
        assert_eq!(report.claims.is_provisional(), provisional);
        assert_eq!(report.claims.dataset.provisional_until, Some(until));
        assert_eq!(report.claims.dataset.announced, Some(15));
        forged.provisional_until = 21;
        sample.state.put(keys::dataset(&id), forged);
        assert!(matches!(sample.make(), Err(Refusal::Invalid(Invalid::HashChain { .. }))));
    }
}

#[test]
fn unknown_layouts_are_unreadable() {
    let subject = DatasetId(digest(Sample::SUBJECT));
    let id = Hex(subject.0);
    for (key, record) in [
        (keys::dataset(&subject), RecordName::Dataset(id)),
        (keys::dataset(&DatasetId(digest(4))), RecordName::Dataset(digest(4).into())),
        (keys::trade(&subject, 0), RecordName::Trade(id, 0)),
        (keys::attestation(&subject, 1), RecordName::Attestation(id, 1)),
        (keys::handover(&subject, 0), RecordName::Handover(id, 0)),
        (keys::participant(&digest(500).into()), RecordName::Participant(digest(500).into())),
    ] {
        let reason = unreadable(of_state(|_, state| state.0.get_mut(&key).unwrap()[0] = 9));
        assert_eq!(reason, Unreadable::Layout { record, layout: 9 });
        // The right layout byte before something else.
        let reason = unreadable(of_state(|_, state| state.0.get_mut(&key).unwrap().push(0)));
        assert!(matches!(reason, Unreadable::Record { record: its, .. } if its == record));
        let reason = unreadable(of_state(|_, state| state.0.get_mut(&key).unwrap().clear()));
        assert!(matches!(reason, Unreadable::Record { record: its, .. } if its == record));
    }
}

#[test]
fn unknown_runtimes_are_unreadable() {
    for (version, name) in [(u32::MAX, "wonbon"), (0, "wonbon"), (1, "wonbon2")] {
        let reason = unreadable(of_state(|_, state| {
            state.put(keys::last_runtime_upgrade(), (Compact(version), name));
        }));
        assert_eq!(reason, Unreadable::Runtime { name: name.into(), version });
    }
}

#[test]
fn values_that_cannot_be_are_unreadable() {
    let subject = RecordName::Dataset(digest(Sample::SUBJECT).into());
    for edit in [
        |record: &mut Dataset| record.length = 0,
        |record: &mut Dataset| record.length = u64::MAX,
        |record: &mut Dataset| record.registered.time = u64::MAX,
        |record: &mut Dataset| {
            record.withdrawn.as_mut().unwrap().reason = vec![0xff].try_into().unwrap();
        },
    ] {
        let reason = unreadable(edited(edit));
        assert!(matches!(reason, Unreadable::Record { record, .. } if record == subject), "{reason}");
    }
}

#[test]
fn this_release_reads_the_runtime_of_this_release() {
    // What a chain of this release runs, as its source says.
    let source = include_str!("../../../../runtime/src/lib.rs");
    let version = source.split("spec_version:").nth(1).unwrap().split(',').next().unwrap().trim();
    let mut sample = Sample::small();
    sample
        .state
        .0
        .insert(keys::last_runtime_upgrade(), (Compact(version.parse::<u32>().unwrap()), "wonbon").encode());
    sample.verify(&sample.certificate()).expect("derive::RUNTIME_VERSIONS has the runtime's spec_version");
}

#[test]
fn a_trade_says_all_that_its_record_says() {
    // Every field of the records is in the claims: two records that differ give claims that differ.
    let mut sample = Sample::empty(0);
    let mut story = Story::begin(sample.dataset, digest(500), &[], 0);
    story.trade(digest(501), Outcome::Lapsed);
    story.write(&mut sample.state);
    let (_, claims) = sample.make().unwrap();
    let key = keys::trade(&sample.dataset, 0);
    let trade = Trade::decode(&mut &sample.state.0[&key][..]).unwrap();
    let said = &claims.trades[0];
    assert_eq!(
        (said.order.0, said.offer.0, said.seller.0, said.buyer.0, said.price.0, said.platform_fee.0),
        (
            trade.order.into(),
            trade.offer.into(),
            trade.seller.0,
            trade.buyer.0,
            trade.price,
            trade.platform_fee
        )
    );
    assert_eq!(
        (said.licence.0, said.nda.0, said.terms.0, said.placed_at, said.delivered_at, said.position),
        (trade.licence, trade.nda, trade.terms, trade.placed_at, trade.delivered_at, trade.position)
    );
    assert_eq!((said.ended.block, said.ended.time.millis()), (trade.ended.block, trade.ended.time));
}
