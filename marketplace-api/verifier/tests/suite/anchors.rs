//! Anchors: of other chains, of other times, several at once, and ones that contradict.

use crate::{
    invalid,
    synthetic::{
        digest,
        finality::{block, hand_off, header, Justification, Log, Validators},
        sample::Sample,
        state::BEGINNING,
    },
    verify,
};
use wonbon_primitives::DatasetId;
use wonbon_verifier::{
    anchor::{Authority, BadAnchor, BadAnchors},
    refusal::Contradiction,
    value::{Hex, Time},
    AnchorRole, Anchors, Certificate, HandOff, Invalid, Refusal, Report, TrustAnchor, Warning,
};

fn check(sample: &Sample, anchors: impl IntoIterator<Item = TrustAnchor>) -> Result<Report, Refusal> {
    verify(&sample.certificate(), &Anchors::new(anchors).unwrap())
}

fn roles(report: &Report) -> Vec<AnchorRole> {
    report.finality.anchors.iter().map(|anchor| anchor.role).collect()
}

#[test]
fn any_anchor_before_the_block_leads_to_it() {
    let sample = Sample::full();
    for set in 0..=3 {
        let report = check(&sample, [sample.anchor(set)]).unwrap();
        assert_eq!((report.finality.hand_offs, report.finality.earlier_hand_offs), (3 - set, set));
        assert_eq!(roles(&report), [AnchorRole::Start]);
    }
    // Between hand-offs, and at the block itself.
    for (number, set) in [(1, 0), (99, 0), (101, 1), (299, 2), (349, 3)] {
        check(&sample, [sample.anchor_at(number, digest(4), set)]).unwrap();
    }
    check(&sample, [sample.anchor_at(350, sample.block().0, 3)]).unwrap();
}

#[test]
fn all_anchors_on_the_way_are_passed() {
    let sample = Sample::full();
    let report = check(&sample, (0..=3).map(|set| sample.anchor(set))).unwrap();
    assert_eq!(
        roles(&report),
        [AnchorRole::Start, AnchorRole::Passed, AnchorRole::Passed, AnchorRole::Passed]
    );
    let later = sample.anchor_at(900, digest(3), 3);
    let report = check(&sample, [sample.anchor(2), later]).unwrap();
    assert_eq!(roles(&report), [AnchorRole::Start, AnchorRole::Later]);
    assert_eq!((report.finality.hand_offs, report.finality.earlier_hand_offs), (1, 2));
}

#[test]
fn an_anchor_after_the_block_leads_nowhere() {
    let sample = Sample::full();
    let reason = invalid(check(&sample, [sample.anchor_at(351, digest(1), 3)]));
    assert_eq!(reason, Invalid::BeforeAnchors { block: 350, anchor: 351 });
}

#[test]
fn an_anchor_of_another_chain() {
    let sample = Sample::full();
    let mut other = sample.anchor_at(10, digest(1), 0);
    other.genesis = digest(123).into();
    let reason = invalid(check(&sample, [other]));
    assert_eq!(reason, Invalid::OtherChain { expected: digest(123).into(), found: sample.genesis.into() });
}

#[test]
fn the_same_keys_on_another_chain() {
    // Another chain with the same validators from the start. Its certificate claims to be of the first chain.
    let mut other = Sample::small();
    let here = other.genesis;
    other.state.put(wonbon_verifier::keys::block_hash(0), digest(123));
    let certificate = other.certificate();
    assert_eq!(certificate.genesis, here);
    let reason = invalid(other.verify(&certificate));
    assert_eq!(reason, Invalid::OtherChain { expected: here.into(), found: digest(123).into() });
}

#[test]
fn an_anchor_between_hand_offs_that_contradicts() {
    let sample = Sample::full();
    let contradiction = |anchor: TrustAnchor| match invalid(check(&sample, [sample.anchor(0), anchor])) {
        Invalid::AnchorContradicted { block, what } => (block, what),
        other => panic!("{other}"),
    };
    // Another set than the hand-offs lead to. By its number the certificate would begin after the first anchor.
    assert_eq!(contradiction(sample.anchor_at(150, digest(1), 2)), (150, Contradiction::Authorities));
    let mut early = sample.anchor_at(250, digest(1), 2);
    early.set_id = 1;
    assert_eq!(contradiction(early), (250, Contradiction::SetId { expected: 1, found: 2 }));
    // The right number, of another set.
    let mut others = sample.anchor_at(150, digest(1), 1);
    others.authorities = Validators::new(4, 77).authorities();
    assert_eq!(contradiction(others), (150, Contradiction::Authorities));
    let mut weights = sample.anchor_at(150, digest(1), 1);
    weights.authorities[0].weight = 2;
    assert_eq!(contradiction(weights), (150, Contradiction::Authorities));
    // Another block at the height of a hand-off, and of the header.
    let (found, expected) = (block(&sample.hand_offs[1].header, 200).0.into(), Hex(digest(1)));
    assert_eq!(
        contradiction(sample.anchor_at(200, digest(1), 2)),
        (200, Contradiction::Hash { expected, found })
    );
    let found = sample.block().0.into();
    assert_eq!(
        contradiction(sample.anchor_at(350, digest(1), 3)),
        (350, Contradiction::Hash { expected, found })
    );
}

#[test]
fn an_anchor_before_the_first_hand_off_that_contradicts() {
    let sample = Sample::full();
    // The first anchor has the keys right and the set's number wrong: all numbers after it are wrong too.
    let mut anchor = sample.anchor(0);
    anchor.set_id = 1;
    let reason = invalid(check(&sample, [anchor.clone(), sample.anchor(3)]));
    assert!(matches!(reason, Invalid::AnchorContradicted { block: 0, what: Contradiction::SetId { .. } }));
    let reason = invalid(check(&sample, [anchor]));
    assert!(matches!(reason, Invalid::BadSignature { set_id: 1, .. }));
}

#[test]
fn a_later_anchor_that_contradicts() {
    let sample = Sample::full();
    let reason = invalid(check(&sample, [sample.anchor(0), sample.anchor_at(900, digest(1), 2)]));
    assert_eq!(
        reason,
        Invalid::AnchorContradicted { block: 900, what: Contradiction::SetId { expected: 2, found: 3 } }
    );
    // The same set by its number, with others in it.
    let mut others = sample.anchor_at(900, digest(1), 3);
    others.authorities = Validators::new(4, 77).authorities();
    let reason = invalid(check(&sample, [sample.anchor(0), others]));
    assert_eq!(reason, Invalid::AnchorContradicted { block: 900, what: Contradiction::Authorities });
}

#[test]
fn old_keys_write_another_history_past_no_newer_anchor() {
    // Who holds the keys of set 0 hands over to themselves, and goes on to set 3 alone.
    let honest = Sample::full();
    let mut forged = honest.clone();
    let stolen = honest.sets[0].clone();
    forged.sets =
        vec![stolen.clone(), Validators::new(4, 91), Validators::new(4, 92), Validators::new(4, 93)];
    for index in 0..3 {
        let next = Log::to(&forged.sets[index + 1]);
        forged.hand_offs[index] =
            hand_off(100 * (index as u32 + 1), index as u64, &forged.sets[index], &[next]);
    }
    let certificate = forged.certificate();
    // To a reader with the first anchor alone it looks right.
    verify(&certificate, &honest.anchors()).unwrap();
    for set in 1..=3 {
        let anchors =
            Anchors::new([honest.anchor(0), honest.anchor_at(set as u32 * 100 + 7, digest(1), set)]);
        let reason = invalid(verify(&certificate, &anchors.unwrap()));
        let what = Contradiction::Authorities;
        assert_eq!(reason, Invalid::AnchorContradicted { block: set as u32 * 100 + 7, what });
        let reason = invalid(verify(&certificate, &Anchors::new([honest.anchor(set)]).unwrap()));
        assert!(matches!(reason, Invalid::AnchorContradicted { .. }), "{reason}");
    }
}

#[test]
fn a_certificate_that_begins_after_an_anchor() {
    let mut sample = Sample::full();
    // It goes back to set 2 only.
    sample.hand_offs.drain(..2);
    let certificate = sample.certificate();
    let later = sample.anchor_at(250, digest(1), 2);
    let report = verify(&certificate, &Anchors::new([later.clone()]).unwrap()).unwrap();
    assert_eq!((report.finality.hand_offs, report.finality.earlier_hand_offs), (1, 0));
    let both = Anchors::new([sample.anchor_at(0, sample.genesis, 0), later]).unwrap();
    let report = verify(&certificate, &both).unwrap();
    assert_eq!(roles(&report), [AnchorRole::TooEarly, AnchorRole::Start]);
    // With the first anchor alone nothing leads to it.
    let first = Anchors::new([sample.anchor_at(0, sample.genesis, 0)]).unwrap();
    invalid(verify(&certificate, &first));
}

#[test]
fn earlier_hand_offs_must_be_in_order_too() {
    let sample = Sample::full();
    let check = |forge: &dyn Fn(&mut Certificate)| {
        let mut certificate = sample.certificate();
        forge(&mut certificate);
        invalid(verify(&certificate, &Anchors::new([sample.anchor(3)]).unwrap()))
    };
    // Leading to others than the anchor's.
    let reason = check(&|forged| {
        forged.hand_offs[2] = hand_off(300, 2, &sample.sets[2], &[Log::to(&sample.sets[0])]);
    });
    assert!(matches!(reason, Invalid::AnchorContradicted { .. }));
    // More of them than there were sets.
    let mut early = sample.anchor(3);
    early.set_id = 2;
    let reason = invalid(verify(&sample.certificate(), &Anchors::new([early]).unwrap()));
    assert_eq!(
        reason,
        Invalid::AnchorContradicted { block: 300, what: Contradiction::SetId { expected: 2, found: 3 } }
    );
}

#[test]
fn nobody_asks_who_signed_earlier_hand_offs() {
    // Nothing rests on them: whoever has no key could make them as long as they like.
    let sample = Sample::full();
    let mut certificate = sample.certificate();
    certificate.hand_offs[0] =
        hand_off(100, 0, &Validators::new(300, 91), &[Log::to(&Validators::new(1, 92))]);
    let HandOff { header, .. } = hand_off(200, 1, &sample.sets[0], &[Log::to(&sample.sets[2])]);
    let nobody = Justification::of(&sample.sets[0], 0, 1, block(&header, 200)).encode();
    certificate.hand_offs[1] = HandOff { header, justification: nobody };
    let report = verify(&certificate, &Anchors::new([sample.anchor(3)]).unwrap()).unwrap();
    assert_eq!((report.finality.hand_offs, report.finality.earlier_hand_offs), (0, 3));
    // From any anchor before, something does.
    for set in 0..=1 {
        invalid(verify(&certificate, &Anchors::new([sample.anchor(set)]).unwrap()));
    }
}

#[test]
fn a_certificate_of_replaced_validators_warns() {
    let sample = Sample::full();
    let warnings = |later: &[(u32, u64)]| {
        let later = later.iter().map(|(number, set_id)| TrustAnchor {
            set_id: *set_id,
            authorities: Validators::new(4, *set_id).authorities(),
            ..sample.anchor_at(*number, digest(1), 3)
        });
        check(&sample, [sample.anchor(0)].into_iter().chain(later)).unwrap().warnings
    };
    assert_eq!(warnings(&[]), []);
    assert_eq!(warnings(&[(800, 3)]), []);
    let replaced = [Warning::ValidatorsReplaced { by_block: 900 }];
    assert_eq!(warnings(&[(800, 3), (900, 4), (999, 7)]), replaced);
    assert_eq!(warnings(&[(900, 9)]), replaced);
}

#[test]
fn the_certified_block_may_be_a_hand_off_itself() {
    let sample = Sample::full();
    let next = Validators::new(4, 50);
    let header = header(digest(8_000), sample.number, sample.state.trie().0, &[Log::to(&next)]);
    let here = block(&header, sample.number);
    let justification = Justification::of(sample.last().0, 3, 3, here).encode();
    let certificate = Certificate { header, justification, ..sample.certificate() };
    let certificate =
        Certificate { claims_digest: certificate.claims_unverified().unwrap().digest(), ..certificate };
    verify(&certificate, &sample.anchors()).unwrap();

    // An anchor at that block has the new set.
    let mut anchor = sample.anchor_at(sample.number, here.0, 3);
    anchor.set_id = 4;
    anchor.authorities = next.authorities();
    let report = verify(&certificate, &Anchors::new([sample.anchor(0), anchor.clone()]).unwrap()).unwrap();
    assert_eq!(roles(&report), [AnchorRole::Start, AnchorRole::Passed]);
    // Alone it does not lead to the block, which the old set finalized.
    let reason = invalid(verify(&certificate, &Anchors::new([anchor.clone()]).unwrap()));
    assert_eq!(reason, Invalid::BeforeAnchors { block: 350, anchor: 350 });
    anchor.authorities = Validators::new(4, 51).authorities();
    let reason = invalid(verify(&certificate, &Anchors::new([sample.anchor(0), anchor]).unwrap()));
    assert_eq!(reason, Invalid::AnchorContradicted { block: 350, what: Contradiction::Authorities });
}

/// An anchor of this block with this time, in milliseconds after block 0; its set is that of the block.
fn dated(sample: &Sample, number: u32, millis: u64) -> TrustAnchor {
    let anchor = match (number, number / 100) {
        (350, _) => sample.anchor_at(350, sample.block().0, 3),
        (number, set) => sample.anchor_at(number, digest(4), set.min(3) as usize),
    };
    TrustAnchor { time: Time::from_millis(BEGINNING + millis), ..anchor }
}

fn time(millis: u64) -> Time {
    Time::from_millis(BEGINNING + millis).unwrap()
}

#[test]
fn times_lie_on_the_same_side_of_a_dated_anchor_as_blocks() {
    let sample = Sample::full();
    // The block of the claims is 350, at 700 seconds; a block takes 2 seconds.
    let refusal = |number, millis| match check(&sample, [sample.anchor(0), dated(&sample, number, millis)]) {
        Ok(_) => None,
        refused => Some(invalid(refused)),
    };
    let of_claims = |anchor, millis| Invalid::AnchorTime {
        anchor,
        anchor_time: time(millis),
        block: 350,
        time: time(700_000),
    };
    // At the time that the chain had, and at any other between the blocks that the certificate dates.
    for (number, millis) in [(101, 202_000), (340, 680_000), (340, 699_999), (350, 700_000), (999, 1_998_000)]
    {
        assert_eq!(refusal(number, millis), None, "{number}");
    }
    // After the anchor by the block, before it by the time.
    assert_eq!(refusal(340, 700_001), Some(of_claims(340, 700_001)));
    // Before it by the block, after it by the time.
    assert_eq!(refusal(351, 699_999), Some(of_claims(351, 699_999)));
    // One block has one time.
    assert_eq!(refusal(350, 700_001), Some(of_claims(350, 700_001)));
    assert_eq!(refusal(350, 699_999), Some(of_claims(350, 699_999)));
    // What happened before an anchor, or after it, did so by its time too: the withdrawal is of block 90.
    let of_withdrawal = |anchor, millis| Invalid::AnchorTime {
        anchor,
        anchor_time: time(millis),
        block: 90,
        time: time(180_000),
    };
    assert_eq!(refusal(101, 179_999), Some(of_withdrawal(101, 179_999)));
    assert_eq!(refusal(89, 180_001), Some(of_withdrawal(89, 180_001)));
    let message = of_withdrawal(89, 180_001).to_string();
    assert!(message.contains("block 90 at 2026-01-01T00:03:00.000Z"), "{message}");
    assert!(message.contains("block 89 is of 2026-01-01T00:03:00.001Z"), "{message}");
}

#[test]
fn old_keys_date_nothing_back() {
    // Who holds the keys of set 3 gives the block an earlier time.
    let honest = Sample::full();
    let mut forged = honest.clone();
    forged.state.put(wonbon_verifier::keys::now(), BEGINNING + 200_000);
    let certificate = forged.certificate();
    verify(&certificate, &honest.anchors()).unwrap();
    let anchors = Anchors::new([honest.anchor(0), dated(&honest, 340, 680_000)]).unwrap();
    let reason = invalid(verify(&certificate, &anchors));
    assert!(matches!(reason, Invalid::AnchorTime { anchor: 340, block: 350, .. }), "{reason}");
}

#[test]
fn anchors_whose_times_contradict_each_other() {
    let sample = Sample::full();
    let bad = |anchors: [TrustAnchor; 3]| match Anchors::new(anchors) {
        Err(BadAnchors::Contradiction(earlier, later)) => (earlier, later),
        other => panic!("{other:?}"),
    };
    let undated = sample.anchor_at(150, digest(4), 1);
    // Whatever stands between them.
    let later = dated(&sample, 160, 100);
    assert_eq!(bad([dated(&sample, 140, 101), undated.clone(), later.clone()]), (140, 160));
    assert_eq!(bad([later, undated.clone(), dated(&sample, 160, 101)]), (160, 160));
    // Of one block, the one with a time says more, in whatever order they are given.
    for anchors in [[undated.clone(), dated(&sample, 150, 300_000)], [dated(&sample, 150, 300_000), undated]]
    {
        let anchors = Anchors::new(anchors).unwrap();
        assert_eq!(anchors.iter().map(|anchor| anchor.time).collect::<Vec<_>>(), [Some(time(300_000))]);
    }
}

#[test]
fn anchors_are_json() {
    let sample = Sample::full();
    let mut anchor = sample.anchor(2);
    anchor.time = Time::from_millis(BEGINNING);
    anchor.note = Some("chain specification of the consortium".into());
    let json = anchor.to_json();
    assert_eq!(TrustAnchor::from_json(json.as_bytes()).unwrap(), anchor);
    assert!(json.contains(r#""format": "wonbon/trust-anchor/1""#), "{json}");
    assert!(json.contains(r#""time": "2026-01-01T00:00:00.000Z""#), "{json}");
    for (from, to) in [
        ("trust-anchor/1", "trust-anchor/2"),
        ("\"set_id\"", "\"setId\""),
        ("\"set_id\": 2", "\"set_id\": -2"),
        ("\"weight\": 1", "\"weight\": 0"),
    ] {
        let other = json.replacen(from, to, 1);
        assert_ne!(other, json);
        TrustAnchor::from_json(other.as_bytes()).unwrap_err();
    }
    let large = vec![b' '; wonbon_verifier::anchor::MAX_SIZE as usize + 1];
    assert!(matches!(TrustAnchor::from_json(&large), Err(BadAnchor::TooLarge)));
}

#[test]
fn anchors_that_do_not_go_together() {
    let sample = Sample::full();
    let bad = |anchors: &[TrustAnchor]| Anchors::new(anchors.iter().cloned()).unwrap_err();
    assert!(matches!(bad(&[]), BadAnchors::None));
    let mut other = sample.anchor_at(5, digest(1), 0);
    other.genesis = digest(9).into();
    assert!(matches!(bad(&[sample.anchor(1), other]), BadAnchors::OtherChain(..)));
    let mut other = sample.anchor(1);
    other.block.hash = digest(9).into();
    assert!(matches!(bad(&[sample.anchor(1), other]), BadAnchors::Contradiction(100, 100)));
    let mut other = sample.anchor(1);
    other.set_id = 0;
    assert!(matches!(bad(&[sample.anchor(0), other]), BadAnchors::Contradiction(0, 100)));
    let mut other = sample.anchor_at(150, digest(1), 1);
    other.authorities.pop();
    assert!(matches!(bad(&[sample.anchor(1), other]), BadAnchors::Contradiction(100, 150)));
    let mut other = sample.anchor(0);
    other.block.hash = digest(9).into();
    assert!(matches!(bad(&[other]), BadAnchors::Bad(BadAnchor::Genesis)));
    let mut other = sample.anchor(0);
    other.authorities = vec![Authority { key: Hex([1; 32]), weight: 1 }; 2];
    assert!(matches!(bad(&[other]), BadAnchors::Bad(BadAnchor::Set(_))));
    // The same one twice is no contradiction.
    Anchors::new([sample.anchor(1), sample.anchor(1)]).unwrap();
}

#[test]
fn the_subject_must_exist() {
    let mut sample = Sample::small();
    sample.dataset = DatasetId(digest(404));
    assert!(matches!(
        sample.make(),
        Err(Refusal::Invalid(Invalid::NotRegistered { dataset, block: 50 })) if dataset == Hex(digest(404))
    ));
}
