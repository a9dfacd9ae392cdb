//! Disputes: a cheating seller loses, an honest one does not, whatever the buyer tries.

use crate::support::{blocks, sample, Trade, GENESIS, ORDER};
use codec::{Decode, Encode};
use proptest::prelude::*;
use rand_core::OsRng;
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::tree::{inclusion_path, node_hash, BadProof},
    delivery::DeliveryError,
    dispute::{verify, BlockFault, DisputeError, DisputeProof, Fault, Verdict},
    seal::ContentKey,
    BoundedVec, Digest,
};

const BLOCK: usize = BLOCK_SIZE as usize;

fn judge(trade: &Trade, fault: Fault) -> Result<Verdict, DisputeError> {
    verify(&GENESIS, ORDER, &trade.terms, &trade.dispute(fault))
}

fn judge_block(trade: &Trade, fault: BlockFault) -> Result<Verdict, DisputeError> {
    judge(trade, Fault::BadBlock(fault))
}

/// A seller who stores `wrong` in place of the dataset's block at `index`, beside the true leaf list.
fn cheat(length: usize, index: usize) -> Trade {
    let plain = sample(length);
    let mut stored = plain.clone();
    stored[index * BLOCK] ^= 1;
    let key = ContentKey::generate(&mut OsRng);
    Trade::new(&plain, &stored, &key, &key)
}

#[test]
fn a_wrong_block_with_a_true_leaf_list_loses() {
    for length in [1, BLOCK, BLOCK + 1, 5 * BLOCK + 17, 8 * BLOCK] {
        for index in 0..length.div_ceil(BLOCK) {
            let trade = cheat(length, index);
            let verdict = judge_block(&trade, trade.block(index as u64));
            assert_eq!(verdict, Ok(Verdict::BadBlock(index as u64)));
            // The other blocks are right, and say so.
            for other in (0..length.div_ceil(BLOCK)).filter(|other| *other != index) {
                assert_eq!(judge_block(&trade, trade.block(other as u64)), Err(DisputeError::BlockIsRight));
            }
        }
    }
}

#[test]
fn a_wrong_key_loses() {
    let plain = sample(3 * BLOCK);
    let (promised, other) = (ContentKey::generate(&mut OsRng), ContentKey::generate(&mut OsRng));
    let trade = Trade::new(&plain, &plain, &promised, &other);
    assert_eq!(judge(&trade, Fault::WrongKey), Ok(Verdict::WrongKey));
    // With a wrong key every block looks wrong; that must not brand the sealing, which may be right.
    assert_eq!(judge_block(&trade, trade.block(0)), Err(DisputeError::KeyIsWrong));
}

#[test]
fn an_honest_seller_does_not_lose() {
    for length in [1, BLOCK, BLOCK + 1, 5 * BLOCK + 17] {
        let trade = Trade::honest(&sample(length));
        assert_eq!(judge(&trade, Fault::WrongKey), Err(DisputeError::KeyIsRight));
        for index in 0..length.div_ceil(BLOCK) as u64 {
            assert_eq!(judge_block(&trade, trade.block(index)), Err(DisputeError::BlockIsRight));
        }
    }
}

#[test]
fn a_block_is_the_sealed_payloads_own() {
    let trade = Trade::honest(&sample(5 * BLOCK + 17));
    let mut other = trade.block(2);
    other.sealed_block[0] ^= 1;
    assert_eq!(judge_block(&trade, other), Err(DisputeError::SealedPath(BadProof::Root)));
    let mut other = trade.block(2);
    other.sealed_block = trade.block(3).sealed_block;
    assert_eq!(judge_block(&trade, other), Err(DisputeError::SealedPath(BadProof::Root)));
    // A block with its own path under another index: opened with another counter it would be garbage.
    let moved = BlockFault { index: 3, ..trade.block(2) };
    assert_eq!(judge_block(&trade, moved), Err(DisputeError::SealedPath(BadProof::Root)));
}

#[test]
fn a_leaf_is_the_datasets_own() {
    let trade = Trade::honest(&sample(5 * BLOCK + 17));
    let mut other = trade.block(2);
    other.plain_leaf = [9; 32];
    assert_eq!(judge_block(&trade, other), Err(DisputeError::PlainPath(BadProof::Root)));
    let mut other = trade.block(2);
    (other.plain_leaf, other.plain_path) = (trade.block(3).plain_leaf, trade.block(3).plain_path);
    assert_eq!(judge_block(&trade, other), Err(DisputeError::PlainPath(BadProof::Root)));
}

#[test]
fn an_inner_node_is_no_leaf() {
    let trade = Trade::honest(&sample(8 * BLOCK));
    let mut fault = trade.block(0);
    fault.plain_leaf = node_hash(&trade.leaves[0], &trade.leaves[1]);
    fault.plain_path = BoundedVec::truncate_from(fault.plain_path[1..].to_vec());
    assert_eq!(judge_block(&trade, fault), Err(DisputeError::PlainPath(BadProof::PathLength)));
}

#[test]
fn paths_have_the_right_length() {
    let trade = cheat(5 * BLOCK + 17, 2);
    let good = trade.block(2);
    let short = |path: &BoundedVec<Digest, _>| BoundedVec::truncate_from(path[..path.len() - 1].to_vec());
    let long =
        |path: &BoundedVec<Digest, _>| BoundedVec::truncate_from([path.as_slice(), &[[0; 32]]].concat());
    let sealed = Err(DisputeError::SealedPath(BadProof::PathLength));
    let plain = Err(DisputeError::PlainPath(BadProof::PathLength));
    assert_eq!(
        judge_block(&trade, BlockFault { sealed_path: short(&good.sealed_path), ..good.clone() }),
        sealed
    );
    assert_eq!(
        judge_block(&trade, BlockFault { sealed_path: long(&good.sealed_path), ..good.clone() }),
        sealed
    );
    assert_eq!(
        judge_block(&trade, BlockFault { plain_path: short(&good.plain_path), ..good.clone() }),
        plain
    );
    assert_eq!(judge_block(&trade, BlockFault { plain_path: long(&good.plain_path), ..good.clone() }), plain);
    let empty = BlockFault { sealed_path: Default::default(), ..good };
    assert_eq!(judge_block(&trade, empty), sealed);
}

#[test]
fn there_is_such_a_block_of_such_a_length() {
    let trade = cheat(5 * BLOCK + 17, 5);
    for index in [6, 7, 1 << 26, u64::MAX] {
        let beyond = BlockFault { index, ..trade.block(5) };
        assert_eq!(judge_block(&trade, beyond), Err(DisputeError::BlockLength));
    }
    for length in [0, 16, 18, BLOCK] {
        let mut other = trade.block(5);
        let mut block = other.sealed_block.to_vec();
        block.resize(length, 0);
        other.sealed_block = BoundedVec::truncate_from(block);
        assert_eq!(judge_block(&trade, other), Err(DisputeError::BlockLength));
    }
    let mut short = trade.block(0);
    short.sealed_block.pop();
    assert_eq!(judge_block(&trade, short), Err(DisputeError::BlockLength));
}

#[test]
fn a_dispute_is_for_one_order_on_one_chain() {
    let trade = cheat(2 * BLOCK, 1);
    let proof = trade.dispute(Fault::BadBlock(trade.block(1)));
    let replayed = Err(DisputeError::Shared(DeliveryError::Proof));
    assert_eq!(verify(&GENESIS, ORDER + 1, &trade.terms, &proof), replayed);
    assert_eq!(verify(&[0; 32], ORDER, &trade.terms, &proof), replayed);
    let other = Trade::honest(&sample(2 * BLOCK));
    assert_eq!(verify(&GENESIS, ORDER, &other.terms, &proof), replayed);
}

#[test]
fn lengths_that_differ_or_cannot_be_prove_nothing() {
    let mut trade = cheat(2 * BLOCK, 1);
    let fault = trade.block(1);
    trade.terms.plain.length -= 1;
    assert_eq!(judge_block(&trade, fault.clone()), Err(DisputeError::Terms));
    for length in [0, u64::MAX] {
        (trade.terms.plain.length, trade.terms.sealed.length) = (length, length);
        assert_eq!(judge_block(&trade, fault.clone()), Err(DisputeError::Terms));
    }
}

#[test]
fn a_dispute_over_a_gibibyte_is_small() {
    let trade = cheat(BLOCK, 0);
    let mut fault = trade.block(0);
    let path: Vec<Digest> = inclusion_path(vec![[0; 32]; 1 << 18].into_iter(), 77).unwrap();
    assert_eq!(path.len(), 18);
    fault.sealed_path = BoundedVec::truncate_from(path.clone());
    fault.plain_path = BoundedVec::truncate_from(path);
    let encoded = trade.dispute(Fault::BadBlock(fault)).encode();
    assert!(encoded.len() < 5500, "{}", encoded.len());
}

#[test]
fn encoding_is_bounded() {
    let trade = cheat(BLOCK, 0);
    let proof = trade.dispute(Fault::BadBlock(trade.block(0)));
    assert_eq!(DisputeProof::decode(&mut proof.encode().as_slice()), Ok(proof.clone()));

    // One byte more than a block, one hash more than a path.
    let encode = |block: usize, path: usize| {
        let mut bytes = proof.shared.encode();
        bytes.push(1);
        bytes.extend(
            (0u64, vec![0u8; block], vec![[0u8; 32]; path], [0u8; 32], vec![[0u8; 32]; path]).encode(),
        );
        DisputeProof::decode(&mut bytes.as_slice())
    };
    assert!(encode(BLOCK, 26).is_ok());
    assert!(encode(BLOCK + 1, 26).is_err());
    assert!(encode(BLOCK, 27).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a buyer changes about a true showing, an honest seller does not lose.
    #[test]
    fn no_showing_beats_an_honest_seller(
        index in 0u64..6, shown in 0u64..8, leaf in 0usize..6, flip in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let trade = Trade::honest(&sample(5 * BLOCK + 17));
        let mut fault = trade.block(index);
        fault.index = shown;
        fault.plain_leaf = blocks(&sample(5 * BLOCK + 17))[leaf];
        if let Some(at) = flip {
            let at = at.index(fault.sealed_block.len());
            fault.sealed_block[at] ^= 1;
        }
        prop_assert!(judge_block(&trade, fault).is_err());
    }
}
