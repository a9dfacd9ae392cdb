//! What two nodes agree on, with validators whose keys the tests have.

use super::super::trust::tests::{anchor, header, keys, signed};
use super::*;
use crate::chain::hash_of;
use crate::keys::Keypair;
use wonbon_model::BlockNumber;
use wonbon_verifier::value::{Hex, Time};
use wonbon_verifier::HandOff;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// The time of the old anchor.
const THEN: u64 = 1_700_000_000_000;

/// A block of this time whose state has these validators, and which others signed.
fn shown(
    height: BlockNumber,
    validators: &[Keypair],
    signers: &[Keypair],
    time_ms: u64,
) -> (TrustAnchor, FinalizedState) {
    let candidate = signed(header(height, 1, None), 7, signers);
    let mut its = anchor(height, 7, validators);
    its.block.hash = Hex(hash_of(&candidate.header));
    its.time = Time::from_millis(time_ms);
    let justified = HandOff { header: candidate.header, justification: candidate.justification };
    (its, FinalizedState { justified, proof: vec![] })
}

#[test]
fn it_takes_the_place_of_what_is_too_old_if_its_validators_signed_it() {
    let (first, second) = (keys(&[1, 2, 3, 4]), keys(&[5, 6, 7]));
    let (old, now) = (Trust::begin(anchor(10, 2, &first)).unwrap(), THEN + 40 * DAY);
    assert_eq!(old.check_age(now), Err(Unproved::OldAnchor { time_ms: THEN }));

    let (its, state) = shown(500, &second, &second, now);
    let agreed = taken(&old, its, state, now).unwrap();
    assert_eq!((agreed.height(), agreed.anchor().set_id), (500, 7));
    assert_eq!(agreed.check_age(now), Ok(()));

    let (its, state) = shown(500, &second, &first, now);
    assert!(matches!(taken(&old, its, state, now), Err(Unproved::NotFinal { .. })));
    let (its, state) = shown(500, &second, &second, THEN);
    assert_eq!(taken(&old, its, state, now).unwrap_err(), Unproved::OldAnchor { time_ms: THEN });
    let (its, state) = shown(9, &second, &second, now);
    assert_eq!(taken(&old, its, state, now).unwrap_err(), Unproved::Past { found: 9, highest: 10 });
}
