//! Storage proofs of other states, with less and with more than is needed.

use crate::{
    invalid,
    synthetic::{digest, sample::Sample},
};
use wonbon_verifier::{
    claims::{derive, Block, StorageReader},
    keys,
    proof::ProofReader,
    Certificate, Invalid, Refusal,
};

#[test]
fn a_proof_from_another_state() {
    let sample = Sample::full();
    let mut other = sample.clone();
    other.state.put(b"anything".to_vec(), 1u8);
    let forged = Certificate { proof: other.certificate().proof, ..sample.certificate() };
    assert_eq!(invalid(sample.verify(&forged)), Invalid::OtherState { root: sample.state.trie().0.into() });
}

#[test]
fn a_certificate_for_another_dataset() {
    let sample = Sample::full();
    let mut forged = sample.certificate();
    forged.dataset.0[0] ^= 1;
    // The proof says nothing about it, or that it is not there.
    assert!(matches!(
        invalid(sample.verify(&forged)),
        Invalid::NotCovered { .. } | Invalid::NotRegistered { .. }
    ));
}

#[test]
fn every_node_is_needed() {
    let sample = Sample::full();
    let genuine = sample.certificate();
    for index in 0..genuine.proof.len() {
        let mut forged = genuine.clone();
        forged.proof.remove(index);
        assert!(matches!(invalid(sample.verify(&forged)), Invalid::OtherState { .. }), "node {index}");
    }
}

#[test]
fn nothing_is_superfluous() {
    let sample = Sample::full();
    let genuine = sample.certificate();
    // The proof of one more key.
    let mut reader = ProofReader::from_nodes(sample.state.trie().1, sample.state.trie().0);
    let block = Block { number: sample.number, hash: sample.block().0.into() };
    derive(&mut reader, &sample.dataset, block).unwrap();
    reader.read(&[&digest(7)[..], b"elsewhere"].concat()).unwrap().unwrap();
    let proof = reader.into_proof().unwrap();
    assert!(proof.len() > genuine.proof.len());
    let forged = Certificate { proof, ..genuine.clone() };
    assert_eq!(invalid(sample.verify(&forged)), Invalid::NotMinimal);
    // Something after the end.
    for more in [vec![], vec![0], genuine.proof[0].clone()] {
        let mut forged = genuine.clone();
        forged.proof.push(more);
        assert!(matches!(invalid(sample.verify(&forged)), Invalid::OtherState { .. } | Invalid::NotMinimal));
    }
}

#[test]
fn a_missing_node_is_no_absence() {
    let sample = Sample::full();
    let (root, nodes) = sample.state.trie();
    let mut reader = ProofReader::from_nodes(nodes.iter().cloned(), root);
    let participant = keys::participant(&digest(999).into());
    assert_eq!(reader.read(&participant).unwrap(), None);
    let proof = reader.into_proof().unwrap();
    let mut reader = ProofReader::new(&proof, root).unwrap();
    assert_eq!(reader.read(&participant).unwrap(), None, "its absence is proved");
    // Nothing else is: neither what is there nor what is not.
    for key in [keys::now(), keys::dataset(&sample.dataset), keys::participant(&digest(500).into())] {
        assert!(reader.read(&key).is_err());
    }
}

#[test]
fn a_maker_with_too_few_nodes_makes_nothing() {
    let sample = Sample::full();
    let nodes = sample.state.trie().1;
    let made = Certificate::make(
        sample.dataset,
        sample.genesis,
        vec![],
        sample.header(),
        vec![],
        nodes.into_iter().filter(|node| node.len() < 100),
    );
    assert!(matches!(made, Err(Refusal::Invalid(Invalid::NotCovered { .. }))), "{made:?}");
}
