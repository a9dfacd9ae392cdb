//! Growth proofs over the lengths where blocks and trees begin and end.

use crate::support::{blocks, commit, sample};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_LENGTH},
    content::{
        growth::{prove, verify, BadGrowth, GrowthProof},
        tree::BadProof,
        Commitment,
    },
};

const BLOCK: usize = BLOCK_SIZE as usize;

fn proof(old: &[u8], new: &[u8]) -> GrowthProof {
    prove(old.len() as u64, blocks(old), new.len() as u64, blocks(new)).unwrap()
}

#[test]
fn holds_over_boundary_lengths() {
    let lengths: Vec<usize> = (1..=9)
        .flat_map(|n| [n * BLOCK - 1, n * BLOCK, n * BLOCK + 1])
        .filter(|length| *length >= BLOCK)
        .collect();
    for &old in &lengths {
        for &new in lengths.iter().filter(|new| **new > old) {
            let (old, new) = (sample(old), sample(new));
            let shared = verify(&commit(&old), &commit(&new), &proof(&old, &new)).unwrap();
            assert_eq!(shared as usize, old.len() / BLOCK * BLOCK);
        }
    }
}

#[test]
fn the_short_tail_may_change() {
    let old = sample(2 * BLOCK + 100);
    let mut new = sample(4 * BLOCK);
    new[2 * BLOCK..].fill(9);
    assert_eq!(verify(&commit(&old), &commit(&new), &proof(&old, &new)), Ok(2 * BLOCK as u64));
}

#[test]
fn a_changed_block_is_found() {
    for tail in [0, 1, BLOCK - 1] {
        let old = sample(5 * BLOCK + tail);
        for changed in [0, BLOCK, 4 * BLOCK, 5 * BLOCK - 1] {
            let mut new = sample(9 * BLOCK + 5);
            new[changed] ^= 1;
            // The best that a cheater has: the true old tree and their own new one, or the other way round.
            let honest = proof(&old, &new);
            assert!(matches!(
                verify(&commit(&old), &commit(&new), &honest),
                Err(BadGrowth::NewTree(BadProof::Root))
            ));
            let mut claimed = old.clone();
            claimed[changed] ^= 1;
            let forged = proof(&claimed, &new);
            assert!(verify(&commit(&old), &commit(&new), &forged).is_err());
        }
    }
}

#[test]
fn the_tail_fits_the_length() {
    let (old, new) = (sample(2 * BLOCK + 1), sample(3 * BLOCK));
    let mut without = proof(&old, &new);
    let tail = without.tail.take();
    assert_eq!(verify(&commit(&old), &commit(&new), &without), Err(BadGrowth::Tail));
    let old = sample(2 * BLOCK);
    let with = GrowthProof { tail, ..proof(&old, &new) };
    assert_eq!(verify(&commit(&old), &commit(&new), &with), Err(BadGrowth::Tail));
}

#[test]
fn lengths_that_cannot_grow_are_refused() {
    let any = GrowthProof { tail: None, consistency: Default::default() };
    let of = |length| Commitment { root: [0; 32], length };
    let check = |old, new| verify(&of(old), &of(new), &any);
    assert_eq!(check(BLOCK_SIZE, BLOCK_SIZE), Err(BadGrowth::NotLonger));
    assert_eq!(check(BLOCK_SIZE + 1, BLOCK_SIZE), Err(BadGrowth::NotLonger));
    assert_eq!(check(BLOCK_SIZE - 1, BLOCK_SIZE), Err(BadGrowth::NoWholeBlock));
    assert!(matches!(check(0, BLOCK_SIZE), Err(BadGrowth::Length(_))));
    assert!(matches!(check(BLOCK_SIZE, MAX_LENGTH + 1), Err(BadGrowth::Length(_))));
    assert_eq!(
        prove(BLOCK_SIZE, [], 2 * BLOCK_SIZE, [[0; 32]]).err(),
        Some(BadGrowth::Leaves),
        "one leaf too few"
    );
}
