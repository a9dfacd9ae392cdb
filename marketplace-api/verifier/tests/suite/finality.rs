//! Forged justifications and hand-offs, each refused for its own reason.

use crate::{
    invalid,
    synthetic::{
        digest,
        finality::{block, hand_off, header, Justification, Log, Validators, Vote},
        sample::Sample,
    },
    unreadable,
};
use wonbon_verifier::{
    claims::Block,
    refusal::{BadSet, ForbiddenLog, Part},
    value::Hex,
    Anchors, Certificate, Invalid, Refusal, Report, Unreadable,
};

/// The sample's certificate with another justification.
fn justified(sample: &Sample, forge: impl FnOnce(&mut Justification)) -> Result<Report, Refusal> {
    let mut justification = sample.justification();
    forge(&mut justification);
    sample.verify(&Certificate { justification: justification.encode(), ..sample.certificate() })
}

/// The sample's certificate with other hand-offs.
fn handed(sample: &Sample, forge: impl FnOnce(&mut Certificate)) -> Result<Report, Refusal> {
    let mut certificate = sample.certificate();
    forge(&mut certificate);
    sample.verify(&certificate)
}

#[test]
fn too_few_votes() {
    let reason = invalid(justified(&Sample::small(), |forged| {
        forged.votes.pop();
    }));
    assert_eq!(reason, Invalid::TooFewVotes { part: Part::Header, weight: 2, threshold: 3, total: 4 });
    let reason = invalid(justified(&Sample::small(), |forged| forged.votes.clear()));
    assert_eq!(reason, Invalid::TooFewVotes { part: Part::Header, weight: 0, threshold: 3, total: 4 });
}

#[test]
fn a_voter_counts_once() {
    let sample = Sample::small();
    let voter = Hex(sample.last().0.public()[1]);
    // The same vote again, with a quorum without it and without.
    for votes in [vec![0, 1, 2, 1], vec![0, 1, 1]] {
        let reason = invalid(justified(&sample, |forged| {
            forged.votes = votes.iter().map(|index| forged.votes[*index].clone()).collect();
        }));
        assert_eq!(reason, Invalid::RepeatedVoter { part: Part::Header, voter });
    }
    // An equivocation: two votes for different blocks, both signed.
    let child = header(sample.block().0, sample.number + 1, digest(1), &[]);
    let reason = invalid(justified(&sample, |forged| {
        let key = &sample.last().0 .0[1];
        let target = block(&child, sample.number + 1);
        forged.votes.push(Vote::sign(key, target, forged.round, 0));
        forged.ancestries.push(child);
    }));
    assert_eq!(reason, Invalid::RepeatedVoter { part: Part::Header, voter });
}

#[test]
fn strangers_do_not_vote() {
    let sample = Sample::small();
    let strangers = Validators::new(1, 99);
    let voter = Hex(strangers.public()[0]);
    let reason = invalid(justified(&sample, |forged| {
        forged.votes.push(Vote::sign(&strangers.0[0], sample.block(), forged.round, 0));
    }));
    assert_eq!(reason, Invalid::UnknownVoter { part: Part::Header, set_id: 0, voter });
}

#[test]
fn a_vote_is_for_one_round_of_one_set() {
    let sample = Sample::small();
    let voter = Hex(sample.last().0.public()[0]);
    let bad = |round, set_id| Invalid::BadSignature { part: Part::Header, voter, round, set_id };
    assert_eq!(invalid(justified(&sample, |forged| forged.round += 1)), bad(Justification::ROUND + 1, 0));
    let other_set = Justification::of(sample.last().0, 3, 1, sample.block());
    assert_eq!(invalid(justified(&sample, |forged| *forged = other_set)), bad(Justification::ROUND, 0));
    assert_eq!(
        invalid(justified(&sample, |forged| forged.votes[0].signature[5] ^= 1)),
        bad(Justification::ROUND, 0)
    );
    // The signature of another voter.
    assert_eq!(
        invalid(justified(&sample, |forged| forged.votes[0].signature = forged.votes[1].signature)),
        bad(Justification::ROUND, 0)
    );
}

#[test]
fn a_signature_has_one_form() {
    let sample = Sample::small();
    // S + L is the same scalar, and a lenient check takes it.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let reason = invalid(justified(&sample, |forged| {
        let mut carry = 0;
        for (byte, more) in forged.votes[0].signature[32..].iter_mut().zip(&order) {
            let sum = u16::from(*byte) + u16::from(*more) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
    }));
    assert!(matches!(reason, Invalid::BadSignature { .. }));
}

#[test]
fn votes_of_the_set_before_do_not_count() {
    let sample = Sample::full();
    let reason = invalid(justified(&sample, |forged| {
        *forged = Justification::of(&sample.sets[2], 3, 2, sample.block());
    }));
    assert!(matches!(reason, Invalid::UnknownVoter { part: Part::Header, set_id: 3, .. }));
}

#[test]
fn precommits_for_another_block() {
    let sample = Sample::small();
    let other = block(&header(digest(1), sample.number, digest(2), &[]), sample.number);
    // The votes of another block under this one's name.
    let reason = invalid(justified(&sample, |forged| {
        forged.votes = Justification::of(sample.last().0, 3, 0, other).votes;
    }));
    assert!(matches!(reason, Invalid::UnrelatedVote { part: Part::Header, .. }));
    // A justification that is sound, of another block.
    let reason =
        invalid(justified(&sample, |forged| *forged = Justification::of(sample.last().0, 3, 0, other)));
    let expected = Block { number: sample.number, hash: sample.block().0.into() };
    let found = Block { number: other.1, hash: other.0.into() };
    assert_eq!(reason, Invalid::OtherBlock { part: Part::Header, expected, found });
    // One vote for another block among a quorum of good ones.
    let reason = invalid(justified(&sample, |forged| {
        forged.votes.push(Vote::sign(&sample.last().0 .0[3], other, forged.round, 0));
    }));
    assert!(matches!(reason, Invalid::UnrelatedVote { .. }));
    // The right hash under a wrong number.
    let wrong = (sample.block().0, sample.number + 1);
    let reason = invalid(justified(&sample, |forged| {
        forged.votes[2] = Vote::sign(&sample.last().0 .0[2], wrong, forged.round, 0);
    }));
    assert!(matches!(reason, Invalid::UnrelatedVote { .. }));
}

/// A justification in which two validators vote for the block, one for its child and one for its grandchild.
fn with_descendants(sample: &Sample) -> Justification {
    let mut forged = Justification::of(sample.last().0, 2, 0, sample.block());
    let child = header(sample.block().0, sample.number + 1, digest(1), &[]);
    let grandchild = header(block(&child, 0).0, sample.number + 2, digest(1), &[]);
    for (index, (header, number)) in [(&child, 1), (&grandchild, 2)].into_iter().enumerate() {
        let target = block(header, sample.number + number);
        forged.votes.push(Vote::sign(&sample.last().0 .0[index + 2], target, forged.round, 0));
    }
    forged.ancestries = vec![child, grandchild];
    forged
}

#[test]
fn votes_for_descendants_count() {
    let sample = Sample::small();
    let report = justified(&sample, |forged| *forged = with_descendants(&sample)).unwrap();
    assert_eq!(report.finality.weight, 4);
}

#[test]
fn ancestry_is_shown_and_no_more() {
    let sample = Sample::small();
    let forge = |forge: &dyn Fn(&mut Justification)| {
        invalid(justified(&sample, |forged| {
            *forged = with_descendants(&sample);
            forge(forged);
        }))
    };
    for missing in [0, 1] {
        let reason = forge(&|forged| {
            forged.ancestries.remove(missing);
        });
        assert!(matches!(reason, Invalid::UnrelatedVote { .. }), "{reason}");
    }
    let stray = header(sample.block().0, sample.number + 1, digest(3), &[]);
    let reason = forge(&|forged| forged.ancestries.push(stray.clone()));
    assert_eq!(reason, Invalid::UnneededAncestry { part: Part::Header, hash: block(&stray, 0).0.into() });
    let reason = forge(&|forged| forged.ancestries.push(forged.ancestries[0].clone()));
    assert!(matches!(reason, Invalid::UnneededAncestry { .. }));
    let reason = forge(&|forged| forged.ancestries.push(sample.header()));
    assert_eq!(reason, Invalid::UnneededAncestry { part: Part::Header, hash: sample.block().0.into() });
}

#[test]
fn a_header_in_between_must_have_the_number_of_its_place() {
    let sample = Sample::small();
    let child = header(sample.block().0, sample.number + 7, digest(1), &[]);
    for claimed in [1, 7] {
        let reason = invalid(justified(&sample, |forged| {
            let target = block(&child, sample.number + claimed);
            forged.votes.push(Vote::sign(&sample.last().0 .0[3], target, forged.round, 0));
            forged.ancestries.push(child.clone());
        }));
        assert!(matches!(reason, Invalid::UnrelatedVote { .. }), "{reason}");
    }
}

#[test]
fn a_quorum_for_a_later_block_is_that_blocks() {
    let sample = Sample::small();
    let child = header(sample.block().0, sample.number + 1, digest(1), &[]);
    let target = block(&child, sample.number + 1);
    let reason = invalid(justified(&sample, |forged| {
        forged.votes = Justification::of(sample.last().0, 3, 0, target).votes;
        forged.ancestries.push(child);
    }));
    let block = Block { number: target.1, hash: target.0.into() };
    assert_eq!(reason, Invalid::LaterBlock { part: Part::Header, block });
}

#[test]
fn votes_that_fork_are_no_quorum_elsewhere() {
    // Three votes for two children of the block, none for itself: GRANDPA's own check takes the lowest block voted for
    // as the base, and refuses.
    let sample = Sample::small();
    let child = |number| header(sample.block().0, sample.number + 1, digest(number), &[]);
    let (one, other) = (child(1), child(2));
    let keys = &sample.last().0 .0;
    let vote = |key: usize, child: &[u8]| {
        Vote::sign(&keys[key], block(child, sample.number + 1), Justification::ROUND, 0)
    };
    let reason = invalid(justified(&sample, |forged| {
        forged.votes = vec![vote(0, &one), vote(1, &one), vote(2, &other)];
        forged.ancestries = vec![one.clone(), other.clone()];
    }));
    assert_eq!(reason, Invalid::ForkedVotes { part: Part::Header });
    // With a vote for the block itself it is the base.
    justified(&sample, |forged| {
        forged.votes = vec![vote(0, &one), forged.votes[1].clone(), vote(2, &other)];
        forged.ancestries = vec![one, other];
    })
    .unwrap();
}

#[test]
fn weight_counts_and_not_heads() {
    let sample = Sample::small();
    let weighing = |weights: [u64; 4], voters: &[usize]| {
        let mut anchor = sample.anchor(0);
        for (authority, weight) in anchor.authorities.iter_mut().zip(weights) {
            authority.weight = weight;
        }
        let mut justification = sample.justification();
        let votes = Justification::of(sample.last().0, 4, 0, sample.block()).votes;
        justification.votes = voters.iter().map(|voter| votes[*voter].clone()).collect();
        let certificate = Certificate { justification: justification.encode(), ..sample.certificate() };
        // Not smoldot's business: it takes all validators for equal.
        wonbon_verifier::verify(&certificate, &Anchors::new([anchor]).unwrap())
    };
    // 8 in all, of which 6 are wanted.
    let report = weighing([5, 1, 1, 1], &[0, 3]).unwrap();
    assert_eq!((report.finality.weight, report.finality.threshold, report.finality.total_weight), (6, 6, 8));
    let few =
        |weight, threshold, total| Invalid::TooFewVotes { part: Part::Header, weight, threshold, total };
    assert_eq!(invalid(weighing([5, 1, 1, 1], &[1, 2, 3])), few(3, 6, 8));
    assert_eq!(invalid(weighing([5, 1, 1, 1], &[0])), few(5, 6, 8));
    // One who outweighs all others is a quorum.
    weighing([100, 1, 1, 1], &[0]).unwrap();
    let most = u64::MAX - 3;
    let report = weighing([most, 1, 1, 1], &[0]).unwrap();
    assert_eq!(report.finality.total_weight, u64::MAX);
}

#[test]
fn hand_offs_left_out_or_reordered() {
    let sample = Sample::full();
    for left_out in 0..3 {
        let reason = invalid(handed(&sample, |forged| {
            forged.hand_offs.remove(left_out);
        }));
        assert!(matches!(reason, Invalid::UnknownVoter { .. }), "{reason}");
    }
    let reason = invalid(handed(&sample, |forged| forged.hand_offs.swap(0, 1)));
    assert_eq!(reason, Invalid::HandOffOrder { index: 1, previous: 200, number: 100 });
    let reason = invalid(handed(&sample, |forged| {
        let again = forged.hand_offs[1].clone();
        forged.hand_offs.insert(1, again);
    }));
    assert_eq!(reason, Invalid::HandOffOrder { index: 2, previous: 200, number: 200 });
}

#[test]
fn hand_offs_stand_before_the_header() {
    let mut sample = Sample::full();
    sample.number = 300;
    let reason = invalid(sample.verify(&sample.certificate()));
    assert_eq!(reason, Invalid::HandOffAfterHeader { index: 2, number: 300, header: 300 });
}

#[test]
fn a_hand_off_is_one_change_at_once() {
    let sample = Sample::full();
    let next = Log::to(&sample.sets[1]);
    let keys: Vec<_> = sample.sets[1].public().into_iter().map(|key| (key, 1)).collect();
    let part = Part::HandOff(0);
    let forged = |logs: &[Log]| {
        let logs = logs.to_vec();
        invalid(handed(&sample, |forged| forged.hand_offs[0] = hand_off(100, 0, &sample.sets[0], &logs)))
    };
    let forbidden = |log| Invalid::ForbiddenLog { part, log };
    assert_eq!(forged(&[]), Invalid::ChangeCount { part, found: 0 });
    assert_eq!(forged(&[next.clone(), next.clone()]), Invalid::ChangeCount { part, found: 2 });
    let late = Log::Change { next: keys.clone(), delay: 1 };
    assert_eq!(forged(&[late]), Invalid::ChangeDelay { part, delay: 1 });
    assert_eq!(forged(&[Log::Forced { next: keys.clone() }]), forbidden(ForbiddenLog::ForcedChange));
    assert_eq!(
        forged(&[next.clone(), Log::Forced { next: keys.clone() }]),
        forbidden(ForbiddenLog::ForcedChange)
    );
    assert_eq!(forged(&[next.clone(), Log::OnDisabled]), forbidden(ForbiddenLog::OnDisabled));
    assert_eq!(forged(&[next.clone(), Log::Pause]), forbidden(ForbiddenLog::Pause));
    assert_eq!(forged(&[Log::Resume, next]), forbidden(ForbiddenLog::Resume));

    let bad = |why| Invalid::BadSet { part, why };
    assert_eq!(forged(&[Log::Change { next: vec![], delay: 0 }]), bad(BadSet::Empty));
    let (key, _) = keys[0];
    let twice = Log::Change { next: vec![(key, 1), (key, 1)], delay: 0 };
    assert_eq!(forged(&[twice]), bad(BadSet::Repeated(key.into())));
    let weightless = Log::Change { next: vec![(key, 0)], delay: 0 };
    assert_eq!(forged(&[weightless]), bad(BadSet::Weightless(key.into())));
}

#[test]
fn the_certified_header_says_nothing_forbidden_either() {
    let sample = Sample::small();
    for (log, forbidden) in [(Log::Pause, ForbiddenLog::Pause), (Log::OnDisabled, ForbiddenLog::OnDisabled)] {
        let header = header(digest(8_000), sample.number, sample.state.trie().0, &[log]);
        let justification = Justification::of(sample.last().0, 3, 0, block(&header, sample.number)).encode();
        let reason = invalid(sample.verify(&Certificate { header, justification, ..sample.certificate() }));
        assert_eq!(reason, Invalid::ForbiddenLog { part: Part::Header, log: forbidden });
    }
}

#[test]
fn unknown_logs_cannot_be_read() {
    let sample = Sample::full();
    let reason = unreadable(handed(&sample, |forged| {
        forged.hand_offs[1] = hand_off(200, 1, &sample.sets[1], &[Log::to(&sample.sets[2]), Log::Unknown]);
    }));
    assert!(matches!(reason, Unreadable::Header { part: Part::HandOff(1), .. }), "{reason}");
}

#[test]
fn the_old_set_hands_over_and_nobody_else() {
    let sample = Sample::full();
    // The new set confirms itself.
    let reason = invalid(handed(&sample, |forged| {
        forged.hand_offs[0] = hand_off(100, 0, &sample.sets[1], &[Log::to(&sample.sets[1])]);
    }));
    assert!(matches!(reason, Invalid::UnknownVoter { part: Part::HandOff(0), set_id: 0, .. }));
    // The right set, one set too late.
    let reason = invalid(handed(&sample, |forged| {
        forged.hand_offs[0] = hand_off(100, 1, &sample.sets[0], &[Log::to(&sample.sets[1])]);
    }));
    assert!(matches!(reason, Invalid::BadSignature { part: Part::HandOff(0), set_id: 0, .. }));
    // To others than the chain did.
    let reason = invalid(handed(&sample, |forged| {
        forged.hand_offs[2] = hand_off(300, 2, &sample.sets[2], &[Log::to(&Validators::new(4, 66))]);
    }));
    assert!(matches!(reason, Invalid::UnknownVoter { part: Part::Header, set_id: 3, .. }));
}

#[test]
fn damaged_headers_and_justifications() {
    let sample = Sample::full();
    let reason = unreadable(handed(&sample, |forged| {
        forged.header.pop();
    }));
    assert!(matches!(reason, Unreadable::Header { part: Part::Header, .. }));
    let reason = unreadable(handed(&sample, |forged| forged.justification.push(0)));
    assert!(matches!(reason, Unreadable::Justification { part: Part::Header, .. }));
    let reason = unreadable(handed(&sample, |forged| forged.hand_offs[1].justification.truncate(60)));
    assert!(matches!(reason, Unreadable::Justification { part: Part::HandOff(1), .. }));
}
