//! What follows from an anchor, with validators whose keys the tests have.

use super::*;
use codec::{Compact, Encode};
use wonbon_verifier::anchor::{Authority, Format};
use wonbon_verifier::value::{Block, Hex, Time};

const GENESIS: Digest = [9; 32];

pub(in crate::light) fn keys(seeds: &[u8]) -> Vec<Keypair> {
    seeds.iter().map(|seed| Keypair::from_secret(&[*seed; 32])).collect()
}

pub(in crate::light) fn anchor(height: BlockNumber, set_id: u64, validators: &[Keypair]) -> TrustAnchor {
    let authority = |key: &Keypair| Authority { key: Hex(key.account().0), weight: 1 };
    TrustAnchor {
        format: Format::V1,
        genesis: Hex(GENESIS),
        block: Block { number: height, hash: Hex([height as u8; 32]) },
        set_id,
        authorities: validators.iter().map(authority).collect(),
        time: Time::from_millis(1_700_000_000_000),
        note: None,
    }
}

/// A header; `salt` makes another one of the same height, `next` hands over.
pub(in crate::light) fn header(height: BlockNumber, salt: u8, next: Option<&[Keypair]>) -> Vec<u8> {
    let mut logs = Vec::<Vec<u8>>::new();
    if let Some(next) = next {
        let next: Vec<_> = next.iter().map(|key| (key.account().0, 1_u64)).collect();
        let change = (1_u8, next, 0_u32).encode();
        logs.push((4_u8, *b"FRNK", change).encode());
    }
    let mut bytes = ([salt; 32], Compact(height), [salt; 32], [0_u8; 32]).encode();
    Compact(logs.len() as u32).encode_to(&mut bytes);
    bytes.extend(logs.concat());
    bytes
}

/// The header with the votes of these validators.
pub(in crate::light) fn signed(header: Vec<u8>, set_id: u64, validators: &[Keypair]) -> Candidate {
    let (hash, height, round) = (hash_of(&header), stated(&header), 3_u64);
    let message = (1_u8, hash, height, round, set_id).encode();
    let vote = |key: &Keypair| (hash, height, key.sign(&message), key.account().0).encode();
    let mut justification = (round, hash, height).encode();
    Compact(validators.len() as u32).encode_to(&mut justification);
    justification.extend(validators.iter().flat_map(vote));
    Compact(0_u32).encode_to(&mut justification);
    Candidate { header, justification }
}

fn hand_off(candidate: &Candidate) -> HandOff {
    HandOff { header: candidate.header.clone(), justification: candidate.justification.clone() }
}

/// Takes a candidate, as the light client does.
fn advance(trust: &mut Trust, candidate: Candidate, hand_offs: &[HandOff]) -> Result<bool, Unproved> {
    let checked = trust.check(&candidate, hand_offs)?;
    Ok(trust.advance(checked, candidate, 1_700_000_100_000))
}

#[test]
fn what_the_validators_signed_follows_and_nothing_else_does() {
    let (validators, others) = (keys(&[1, 2, 3, 4]), keys(&[5, 6, 7, 8]));
    let mut trust = Trust::begin(anchor(10, 2, &validators)).unwrap();
    assert!(!advance(&mut trust, signed(header(11, 1, None), 2, &validators[..3]), &[]).unwrap());
    assert_eq!(trust.height(), 11);
    for refused in [
        signed(header(12, 1, None), 2, &others),
        signed(header(12, 1, None), 2, &validators[..2]),
        signed(header(12, 1, None), 3, &validators),
        Candidate { justification: vec![], ..signed(header(12, 1, None), 2, &validators) },
        Candidate { header: vec![], ..signed(header(12, 1, None), 2, &validators) },
    ] {
        assert!(matches!(
            advance(&mut trust, refused, &[]),
            Err(Unproved::NotFinal { .. } | Unproved::Past { .. })
        ));
    }
    assert_eq!(trust.height(), 11);
}

#[test]
fn it_moves_with_hand_offs_and_never_back() {
    let (first, second) = (keys(&[1, 2, 3, 4]), keys(&[5, 6, 7]));
    let mut trust = Trust::begin(anchor(10, 2, &first)).unwrap();
    let over = signed(header(20, 1, Some(&second)), 2, &first);
    let later = signed(header(25, 1, None), 3, &second);
    let unknown = trust.check(&later, &[]).unwrap_err();
    assert!(unknown.may_be_other_validators(), "{unknown}");
    // A hand-off by others leads nowhere.
    let forged = signed(header(20, 1, Some(&second)), 2, &second);
    assert!(trust.check(&later, &[hand_off(&forged)]).is_err());

    assert!(advance(&mut trust, later, &[hand_off(&over)]).unwrap());
    assert_eq!((trust.height(), trust.anchor().set_id, trust.anchor().block.number), (25, 3, 20));
    assert_eq!(trust.anchor().time, None, "what was proved is the time of block 25, not of block 20");
    // The validators of before sign no more, whatever they sign.
    assert!(advance(&mut trust, signed(header(26, 2, None), 2, &first), &[]).is_err());
    let past = advance(&mut trust, signed(header(24, 1, None), 3, &second), &[]).unwrap_err();
    assert_eq!(past, Unproved::Past { found: 24, highest: 25 });

    // In another process too.
    let mut again = Trust::from_json(&trust.to_json(), GENESIS).unwrap();
    assert_eq!((again.anchor(), again.height()), (trust.anchor(), 25));
    assert!(advance(&mut again, signed(header(24, 1, None), 3, &second), &[]).is_err());
    assert!(Trust::from_json(&trust.to_json(), [8; 32]).is_err());
}

#[test]
fn two_finalized_blocks_at_one_height_are_noticed() {
    let validators = keys(&[1, 2, 3, 4]);
    let mut trust = Trust::begin(anchor(10, 2, &validators)).unwrap();
    for height in [11, 12] {
        advance(&mut trust, signed(header(height, 1, None), 2, &validators), &[]).unwrap();
    }
    advance(&mut trust, signed(header(12, 1, None), 2, &validators), &[]).unwrap();
    for height in [11, 12] {
        let other = signed(header(height, 2, None), 2, &validators);
        let found = advance(&mut trust, other, &[]).unwrap_err();
        assert!(matches!(found, Unproved::TwoFinalized { height: at, .. } if at == height), "{found}");
    }
    // The last one after a restart too.
    let mut again = Trust::from_json(&trust.to_json(), GENESIS).unwrap();
    let other = signed(header(12, 2, None), 2, &validators);
    assert!(matches!(advance(&mut again, other, &[]), Err(Unproved::TwoFinalized { .. })));
}

#[test]
fn what_everybody_knows_protects_nothing_and_what_is_old_no_more() {
    let known: Vec<_> = ["//Alice", "//Bob"].map(|path| Keypair::dev(path).unwrap()).into();
    let alone = Trust::begin(anchor(10, 0, &known[..1])).unwrap();
    assert!(alone.is_of_known_keys() && alone.is_throwaway());
    let two = Trust::begin(anchor(10, 0, &known)).unwrap();
    assert!(two.is_of_known_keys() && !two.is_throwaway());
    let own = Trust::begin(anchor(10, 0, &keys(&[1]))).unwrap();
    assert!(!own.is_of_known_keys() && !own.is_throwaway());

    let (day, then) = (24 * 60 * 60 * 1000, 1_700_000_000_000);
    assert_eq!(own.check_age(then + 30 * day), Ok(()));
    assert_eq!(own.check_age(then + 31 * day), Err(Unproved::OldAnchor { time_ms: then }));
    assert_eq!(two.check_age(then + 31 * day), Ok(()));
}
