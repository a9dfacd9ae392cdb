//! Genuine and forged certificates: this crate and smoldot must agree about each.

// A test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/suite/synthetic/mod.rs"]
#[allow(dead_code, reason = "support of another crate's tests")]
mod synthetic;

use synthetic::{
    digest,
    finality::{block, hand_off, header, Justification, Log, Validators, Vote},
    sample::Sample,
};
use wonbon_second_opinion::{check, check_finality, expand, read_all};
use wonbon_verifier::{
    claims::{derive, Block, ReadError, Recording, StorageReader},
    finality, keys,
    proof::ProofReader,
    refusal::Part,
    verify, Certificate,
};

/// What the verifier reads under these keys; `None` if it cannot read one of them.
fn we_read(nodes: &[Vec<u8>], root: [u8; 32], keys: &[Vec<u8>]) -> Option<Vec<Option<Vec<u8>>>> {
    let mut reader = ProofReader::from_nodes(nodes.iter().cloned(), root);
    keys.iter().map(|key| reader.read(key).ok()).collect()
}

/// Every key that the sample's certificate reads.
fn keys_of(sample: &Sample) -> Vec<Vec<u8>> {
    struct Whole<'a>(&'a Sample);
    impl StorageReader for Whole<'_> {
        fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
            Ok(self.0.state.0.get(key).cloned())
        }
    }
    let mut recording = Recording::new(Whole(sample));
    derive(&mut recording, &sample.dataset, Block { number: 1, hash: digest(0).into() }).unwrap();
    recording.into_keys()
}

/// Asks both, and wants this answer of both.
#[track_caller]
fn both(sample: &Sample, certificate: &Certificate, expected: bool) {
    let ours = sample.verify(certificate);
    assert_eq!(ours.is_ok(), expected, "ours: {:?}", ours.err());
    let theirs = check(certificate, &sample.anchor(0));
    assert_eq!(theirs.is_ok(), expected, "smoldot's: {:?}", theirs.err());
}

#[test]
fn genuine_certificates() {
    for sample in [Sample::full(), Sample::small()] {
        let certificate = sample.certificate();
        both(&sample, &certificate, true);
        let root = sample.state.trie().0;
        let nodes = expand(&certificate.proof, root).unwrap();
        let keys = keys_of(&sample);
        let expected: Vec<_> = keys.iter().map(|key| sample.state.0.get(key).cloned()).collect();
        assert!(expected.iter().any(Option::is_none) && expected.iter().any(Option::is_some));
        assert_eq!(read_all(&nodes, root, &keys).unwrap(), expected);
        assert_eq!(we_read(&nodes, root, &keys).unwrap(), expected);
    }
}

#[test]
fn headers_are_read_alike() {
    let certificate = Sample::full().certificate();
    for bytes in certificate.hand_offs.iter().map(|hand_off| &hand_off.header).chain([&certificate.header]) {
        let ours = finality::Header::decode(bytes, Part::Header).unwrap();
        let theirs = smoldot::header::decode(bytes, 4).unwrap();
        assert_eq!(ours.hash, smoldot::header::hash_from_scale_encoded_header(bytes));
        assert_eq!(
            (u64::from(ours.number), &ours.parent, &ours.state_root),
            (theirs.number, theirs.parent_hash, theirs.state_root)
        );
    }
}

#[test]
fn forged_votes() {
    let sample = Sample::full();
    let genuine = sample.certificate();
    let (set, set_id) = sample.last();
    let here = sample.block();
    let child = header(here.0, here.1 + 1, digest(1), &[]);
    let stranger = Validators::new(1, 99);
    type Forge<'a> = Box<dyn Fn(&mut Justification) + 'a>;
    let forgeries: Vec<(&str, bool, Forge<'_>)> = vec![
        ("genuine", true, Box::new(|_| {})),
        ("all four", true, Box::new(|forged| *forged = Justification::of(set, 4, set_id, here))),
        ("too few", false, Box::new(|forged| forged.votes.truncate(2))),
        ("a signature", false, Box::new(|forged| forged.votes[2].signature[9] ^= 4)),
        ("the round", false, Box::new(|forged| forged.round -= 1)),
        ("the set before", false, Box::new(|forged| *forged = Justification::of(set, 4, set_id - 1, here))),
        ("the validators before", false, {
            let before = &sample.sets[2];
            Box::new(move |forged| *forged = Justification::of(before, 4, set_id, here))
        }),
        ("a stranger", false, {
            let key = &stranger.0[0];
            Box::new(move |forged| forged.votes.push(Vote::sign(key, here, forged.round, set_id)))
        }),
        ("twice", false, Box::new(|forged| forged.votes.push(forged.votes[0].clone()))),
        ("another block", false, Box::new(|forged| forged.target.0[0] ^= 1)),
        ("another number", false, Box::new(|forged| forged.target.1 += 1)),
        ("a vote for another number", false, {
            Box::new(move |forged| {
                forged.votes[1] = Vote::sign(&set.0[1], (here.0, here.1 + 1), forged.round, set_id);
            })
        }),
        ("a vote for a child", true, {
            let child = child.clone();
            Box::new(move |forged| {
                let target = block(&child, here.1 + 1);
                forged.votes[1] = Vote::sign(&set.0[1], target, forged.round, set_id);
                forged.ancestries.push(child.clone());
            })
        }),
        ("a vote for an unseen child", false, {
            let child = child.clone();
            Box::new(move |forged| {
                let target = block(&child, here.1 + 1);
                forged.votes[1] = Vote::sign(&set.0[1], target, forged.round, set_id);
            })
        }),
        ("a quorum for a child", false, {
            let child = child.clone();
            Box::new(move |forged| {
                let target = block(&child, here.1 + 1);
                forged.votes = Justification::of(set, 3, set_id, target).votes;
                forged.votes.push(Vote::sign(&set.0[3], here, forged.round, set_id));
                forged.ancestries.push(child.clone());
            })
        }),
        ("an unneeded header", false, {
            let child = child.clone();
            Box::new(move |forged| forged.ancestries.push(child.clone()))
        }),
    ];
    for (name, expected, forge) in forgeries {
        let mut forged = sample.justification();
        forge(&mut forged);
        println!("{name}");
        both(&sample, &Certificate { justification: forged.encode(), ..genuine.clone() }, expected);
    }
}

#[test]
fn forged_hand_offs() {
    let sample = Sample::full();
    let genuine = sample.certificate();
    let sets = &sample.sets;
    let with = |index: usize, forged| {
        let mut certificate = genuine.clone();
        certificate.hand_offs[index] = forged;
        certificate
    };
    both(&sample, &with(1, hand_off(200, 1, &sets[1], &[Log::to(&sets[2])])), true);
    both(&sample, &with(1, hand_off(200, 2, &sets[1], &[Log::to(&sets[2])])), false);
    both(&sample, &with(1, hand_off(200, 1, &sets[0], &[Log::to(&sets[2])])), false);
    both(&sample, &with(1, hand_off(200, 1, &sets[1], &[Log::to(&sets[1])])), false);
    both(&sample, &with(1, hand_off(200, 1, &sets[1], &[])), false);
    for left_out in 0..3 {
        let mut certificate = genuine.clone();
        certificate.hand_offs.remove(left_out);
        both(&sample, &certificate, false);
    }
    let mut certificate = genuine.clone();
    certificate.hand_offs.swap(1, 2);
    both(&sample, &certificate, false);
}

/// Bytes of every header and justification: who is right is not asked here, only whether both say the same.
#[test]
fn flipped_bytes_of_votes_and_headers() {
    // All of a certificate without hand-offs, and some of one with three.
    for (sample, parts, step) in [(Sample::small(), 6..8, 1), (Sample::full(), 0..8, 13)] {
        let genuine = sample.certificate();
        let mut refused = 0;
        for part in parts {
            for at in (0..bytes_of(&mut genuine.clone(), part).len()).step_by(step) {
                let mut forged = genuine.clone();
                bytes_of(&mut forged, part)[at] ^= 1 << (at % 8);
                let theirs = check_finality(&forged, &sample.anchor(0)).is_ok();
                let ours = sample.verify(&forged).is_ok();
                assert_eq!(ours, theirs, "part {part}, byte {at}");
                refused += usize::from(!ours);
            }
        }
        assert!(refused > 200, "{refused}");
    }
}

fn bytes_of(certificate: &mut Certificate, part: usize) -> &mut Vec<u8> {
    match part {
        6 => &mut certificate.header,
        7 => &mut certificate.justification,
        0 | 2 | 4 => &mut certificate.hand_offs[part / 2].header,
        _ => &mut certificate.hand_offs[part / 2].justification,
    }
}

#[test]
fn forged_trie_nodes() {
    let sample = Sample::full();
    let root = sample.state.trie().0;
    let genuine = expand(&sample.certificate().proof, root).unwrap();
    let keys = keys_of(&sample);
    let agree = |nodes: &[Vec<u8>], keys: &[Vec<u8>]| {
        let (theirs, ours) = (read_all(nodes, root, keys), we_read(nodes, root, keys));
        assert!(theirs.is_err() && ours.is_none());
    };
    for index in 0..genuine.len() {
        // A node left out.
        let mut forged = genuine.clone();
        forged.remove(index);
        agree(&forged, &keys);
        // One bit of it.
        for at in [0, genuine[index].len() / 2, genuine[index].len() - 1] {
            let mut forged = genuine.clone();
            forged[index][at] ^= 1 << (at % 8);
            agree(&forged, &keys);
        }
    }
    // Another key than the proof covers.
    agree(&genuine, &[[&digest(7)[..], b"elsewhere"].concat()]);
    // What is proved not to be there is neither hidden nor missing.
    let absent = [keys::trade(&sample.dataset, 7)];
    assert_eq!(read_all(&genuine, root, &absent).unwrap(), [None]);
    assert_eq!(we_read(&genuine, root, &absent).unwrap(), [None]);
    // Under another root nobody reads anything.
    assert!(read_all(&genuine, digest(1), &keys).is_err() && we_read(&genuine, digest(1), &keys).is_none());
    // In a compact proof no node can be another one either: it leads to another root.
    let compact = sample.certificate();
    for index in 0..compact.proof.len() {
        let mut forged = compact.clone();
        let at = forged.proof[index].len() / 2;
        forged.proof[index][at] ^= 1;
        assert!(check(&forged, &sample.anchor(0)).is_err());
        assert!(sample.verify(&forged).is_err());
    }
}
