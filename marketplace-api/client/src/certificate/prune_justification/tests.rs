//! What nodes keep of dishonest validators, and that certificates are made all the same.

#[path = "../../../../verifier/tests/suite/synthetic/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "support of another crate's tests")]
mod synthetic;

use super::tidy;
use synthetic::{
    digest,
    finality::{block, header, Justification, Log, Validators, Vote},
    sample::Sample,
};
use wonbon_verifier::{value::Hex, verify, Certificate, HandOff, Invalid, Refusal, Report};

/// The sample's certificate with what a node kept, tidied and not.
fn both(sample: &Sample, certificate: &Certificate) -> [Result<Report, Refusal>; 2] {
    let mut tidied = certificate.clone();
    let Certificate { hand_offs, header, justification, .. } = &mut tidied;
    tidy(&sample.anchors(), hand_offs, header, justification).unwrap();
    [sample.verify(&tidied), sample.verify(certificate)]
}

/// A child of the certified block, and its child.
fn descendants(sample: &Sample) -> [Vec<u8>; 2] {
    let child = header(sample.block().0, sample.number + 1, digest(1), &[]);
    let grandchild = header(block(&child, 0).0, sample.number + 2, digest(1), &[]);
    [child, grandchild]
}

#[test]
fn two_votes_of_one_validator() {
    let sample = Sample::full();
    let (set, set_id) = sample.last();
    let [child, grandchild] = descendants(&sample);
    let elsewhere = block(&header(digest(3), sample.number, digest(4), &[]), sample.number);
    for other in [sample.block(), block(&child, sample.number + 1), elsewhere] {
        // The quorum needs them: one of their votes counts, whichever comes first.
        for first in [true, false] {
            let mut kept = sample.justification();
            kept.votes.insert(
                if first { 0 } else { kept.votes.len() },
                Vote::sign(&set.0[2], other, Justification::ROUND, set_id),
            );
            kept.ancestries = vec![child.clone(), grandchild.clone()];
            let certificate = Certificate { justification: kept.encode(), ..sample.certificate() };
            let [tidied, untidied] = both(&sample, &certificate);
            assert_eq!(tidied.unwrap().finality.weight, 3);
            assert!(untidied.is_err(), "as repeated, or as unrelated, whichever comes first");
        }
    }
}

#[test]
fn hand_offs_too() {
    let mut sample = Sample::full();
    let (from, to) = (sample.sets[1].clone(), sample.sets[2].clone());
    let header = header(digest(9), 200, digest(9), &[Log::to(&to)]);
    let mut kept = Justification::of(&from, 3, 1, block(&header, 200));
    kept.votes.push(Vote::sign(&from.0[0], (digest(8), 200), Justification::ROUND, 1));
    sample.hand_offs[1] = HandOff { header, justification: kept.encode() };
    let [tidied, untidied] = both(&sample, &sample.certificate());
    assert_eq!(tidied.unwrap().finality.hand_offs, 3);
    assert!(matches!(untidied, Err(Refusal::Invalid(Invalid::RepeatedVoter { .. }))));
}

#[test]
fn votes_beyond_the_quorum() {
    let sample = Sample::full();
    let (set, set_id) = sample.last();
    let [child, grandchild] = descendants(&sample);
    let mut kept = sample.justification();
    // The farthest is not needed, nor are a stranger's and the headers of both.
    kept.votes[1] = Vote::sign(&set.0[1], block(&grandchild, sample.number + 2), kept.round, set_id);
    kept.votes.push(Vote::sign(&set.0[3], block(&child, sample.number + 1), kept.round, set_id));
    kept.votes.push(Vote::sign(&Validators::new(1, 99).0[0], sample.block(), kept.round, set_id));
    kept.ancestries = vec![child.clone(), grandchild];
    let certificate = Certificate { justification: kept.encode(), ..sample.certificate() };
    let [tidied, untidied] = both(&sample, &certificate);
    let signers = tidied.unwrap().finality.signers;
    let mut expected = [0, 2, 3].map(|index| Hex(set.public()[index]));
    expected.sort_unstable();
    assert_eq!(signers, expected);
    assert!(matches!(untidied, Err(Refusal::Invalid(Invalid::UnknownVoter { .. }))));
}

#[test]
fn what_is_tidy_stays_as_it_is() {
    let sample = Sample::full();
    let genuine = sample.certificate();
    let mut tidied = genuine.clone();
    let Certificate { hand_offs, header, justification, .. } = &mut tidied;
    tidy(&sample.anchors(), hand_offs, header, justification).unwrap();
    assert_eq!(tidied, genuine);
}

#[test]
fn what_cannot_be_mended_is_left_to_the_verifier() {
    let sample = Sample::full();
    let mut kept = sample.justification();
    kept.votes.truncate(2);
    let certificate = Certificate { justification: kept.encode(), ..sample.certificate() };
    let [tidied, untidied] = both(&sample, &certificate);
    assert_eq!(tidied, untidied);
    assert!(tidied.is_err());
}
