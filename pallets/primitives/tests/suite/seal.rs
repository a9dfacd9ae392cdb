//! Sealing against the vectors of RFC 8439 and against the cipher as the RFC writes it.

use crate::support::{chacha_block, sample};
use proptest::prelude::*;
use rand_core::OsRng;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_BLOCKS},
    seal::{apply, commitment, ContentKey, OutOfRange},
};

/// RFC 8439 appendix A.1, the vectors with a zero nonce: key, counter, stream.
#[test]
fn rfc_8439_vectors() {
    let mut one = [0; 32];
    one[31] = 1;
    let mut second = [0; 32];
    second[1] = 0xff;
    let cases = [
        (
            [0; 32],
            0,
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
             da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
        ),
        (
            [0; 32],
            1,
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed\
             29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
        ),
        (
            one,
            1,
            "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a\
             8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0",
        ),
        (
            second,
            2,
            "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca\
             13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096",
        ),
    ];
    for (key, counter, stream) in cases {
        let stream = hex::decode(stream).unwrap();
        let mut zeros = vec![0; BLOCK_SIZE as usize];
        apply(&ContentKey::from_bytes(key), 0, &mut zeros).unwrap();
        assert_eq!(zeros[counter * 64..][..64], stream);
        assert_eq!(chacha_block(&key, counter as u32).as_slice(), stream);
    }
}

#[test]
fn the_counter_of_block_i_starts_at_64_i() {
    let key = [9; 32];
    for index in [0, 1, 5, MAX_BLOCKS / 2, MAX_BLOCKS - 1] {
        let mut block = vec![0; BLOCK_SIZE as usize];
        apply(&ContentKey::from_bytes(key), index, &mut block).unwrap();
        for (at, stream) in block.chunks(64).enumerate() {
            // The very last counter value, 2^32 - 1, is among them.
            let counter = u32::try_from(index * 64 + at as u64).unwrap();
            assert_eq!(stream, chacha_block(&key, counter), "{index} {at}");
        }
    }
}

#[test]
fn nothing_beyond_the_last_block() {
    let key = ContentKey::from_bytes([9; 32]);
    assert_eq!(apply(&key, MAX_BLOCKS, &mut [0]), Err(OutOfRange));
    assert_eq!(apply(&key, u64::MAX, &mut [0]), Err(OutOfRange));
    assert_eq!(apply(&key, MAX_BLOCKS - 1, &mut vec![0; BLOCK_SIZE as usize + 1]), Err(OutOfRange));
    assert_eq!(apply(&key, MAX_BLOCKS, &mut []), Ok(()));
}

proptest! {
    #[test]
    fn opening_is_sealing_and_blocks_stand_alone(
        key in any::<[u8; 32]>(), first in 0..MAX_BLOCKS - 8, length in 0usize..20_000,
    ) {
        let key = ContentKey::from_bytes(key);
        let plain = sample(length);
        let mut whole = plain.clone();
        apply(&key, first, &mut whole).unwrap();
        let mut single = plain.clone();
        for (block, index) in single.chunks_mut(BLOCK_SIZE as usize).zip(first..) {
            apply(&key, index, block).unwrap();
        }
        prop_assert_eq!(&whole, &single);
        apply(&key, first, &mut whole).unwrap();
        prop_assert_eq!(whole, plain);
    }
}

#[test]
fn keys_are_fresh_committed_and_unprinted() {
    let (one, other) = (ContentKey::generate(&mut OsRng), ContentKey::generate(&mut OsRng));
    assert_ne!(one, other);
    assert_ne!(one.commitment(), other.commitment());
    assert_eq!(one.commitment(), commitment(one.expose()));
    assert_eq!(format!("{one:?}"), "ContentKey(..)");
    // A fixed value: a change would orphan every sealing that is offered.
    assert_eq!(
        hex::encode(ContentKey::from_bytes([0; 32]).commitment()),
        sha256_of(b"\x17wonbon/key-commitment/1\x20\0\0\0\0\0\0\0", &[0; 32])
    );
}

fn sha256_of(prefix: &[u8], rest: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest([prefix, rest].concat()))
}
