//! Leaf hashes, node hashes and the cipher, on several blocks at once.
//!
//! Neighbouring leaves and neighbouring nodes are independent messages, and the blocks of ChaCha20 are independent
//! too, so a processor with the instructions for it computes several of them in the time of one. Elsewhere `sha2` and
//! `chacha20` do the work; what comes out is the same.
//!
//! This is the one file of the repository with `unsafe` blocks: each calls a function, safe in itself, that is
//! compiled for instructions which the processor was just asked for.

#![allow(unsafe_code, reason = "a function for certain processors is called after asking for them")]

#[cfg(target_arch = "x86_64")]
mod chacha20;
#[cfg(target_arch = "x86_64")]
mod sha256;

use sha2::{Digest as _, Sha256};
use wonbon_primitives::{
    seal::{self, ContentKey, OutOfRange},
    Digest,
};

/// The hash of each piece of so many bytes behind this prefix.
///
/// `bytes` are whole pieces, one after another.
pub(crate) fn hash_pieces(prefix: u8, bytes: &[u8], piece: usize) -> Vec<Digest> {
    debug_assert!(bytes.len().is_multiple_of(piece));
    #[cfg(target_arch = "x86_64")]
    if sha256::is_available() {
        // SAFETY: the processor has every instruction that the function is compiled for.
        return unsafe { sha256::hash_pieces(prefix, bytes, piece) };
    }
    in_turn(prefix, bytes, piece)
}

fn in_turn(prefix: u8, bytes: &[u8], piece: usize) -> Vec<Digest> {
    let hash = |piece: &[u8]| Sha256::new().chain_update([prefix]).chain_update(piece).finalize().into();
    bytes.chunks_exact(piece).map(hash).collect()
}

/// Seals or opens bytes that begin at the block `first_block` and may be several blocks long, as [`seal::apply`] does.
pub(crate) fn apply_cipher(key: &ContentKey, first_block: u64, bytes: &mut [u8]) -> Result<(), OutOfRange> {
    #[cfg(target_arch = "x86_64")]
    if chacha20::is_available() {
        use wonbon_primitives::bounds::BLOCK_SIZE;

        let (whole, short) = bytes.split_at_mut(bytes.len() - bytes.len() % BLOCK_SIZE as usize);
        let end = first_block.saturating_add(whole.len() as u64 / BLOCK_SIZE);
        let counter = chacha20::counter(first_block, end).ok_or(OutOfRange)?;
        // SAFETY: the processor has every instruction that the function is compiled for.
        unsafe { chacha20::apply(key.expose(), counter, whole) };
        return seal::apply(key, end, short);
    }
    seal::apply(key, first_block, bytes)
}

#[cfg(test)]
mod tests {
    use super::{apply_cipher, hash_pieces, in_turn};
    use proptest::prelude::*;
    use wonbon_primitives::{
        bounds::{BLOCK_SIZE, MAX_BLOCKS},
        id::to_hex,
        seal::{self, ContentKey, OutOfRange},
    };

    /// The examples of FIPS 180-4 (CSRC, "SHA-256"), their first byte as prefix.
    #[test]
    fn the_standards_own_vectors() {
        let million = vec![b'a'; 1_000_000];
        let vectors: [(&[u8], &str); 4] = [
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
            ),
            (&million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ];
        for (message, digest) in vectors {
            let (prefix, piece) = message.split_first().unwrap();
            // Four, two and one side by side.
            let found = hash_pieces(*prefix, &piece.repeat(7), piece.len());
            assert_eq!(found.iter().map(to_hex).collect::<Vec<_>>(), [digest; 7]);
            assert_eq!(in_turn(*prefix, piece, piece.len()), found[..1]);
        }
    }

    proptest! {
        /// Every length around the ends of blocks, and every number of pieces.
        #[test]
        fn side_by_side_is_one_after_another(
            (piece, bytes) in (1usize..260, 0usize..12).prop_flat_map(|(piece, count)| {
                (Just(piece), prop::collection::vec(any::<u8>(), piece * count))
            }),
            prefix: u8,
        ) {
            prop_assert_eq!(hash_pieces(prefix, &bytes, piece), in_turn(prefix, &bytes, piece));
        }

        #[test]
        fn leaves_and_nodes_are_those_of_sha2(seed: u64, count in 0usize..10) {
            let byte = |at: u64| (at.wrapping_mul(seed | 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
            let bytes: Vec<u8> = (0..count as u64 * 4096).map(byte).collect();
            prop_assert_eq!(hash_pieces(0, &bytes, 4096), in_turn(0, &bytes, 4096));
            prop_assert_eq!(hash_pieces(1, &bytes, 64), in_turn(1, &bytes, 64));
        }

        /// Several blocks at once are sealed as one after another, wherever they stand in the file.
        #[test]
        fn the_cipher_is_that_of_the_primitives(
            key: [u8; 32],
            bytes in prop::collection::vec(any::<u8>(), 0..5 * BLOCK_SIZE as usize),
            first in prop_oneof![0..100u64, MAX_BLOCKS - 8..MAX_BLOCKS + 2, Just(u64::MAX)],
        ) {
            let key = ContentKey::from_bytes(key);
            let (mut wide, mut narrow) = (bytes.clone(), bytes.clone());
            let expected = seal::apply(&key, first, &mut narrow);
            prop_assert_eq!(apply_cipher(&key, first, &mut wide), expected);
            if expected == Ok(()) {
                prop_assert!(wide == narrow);
            }
        }
    }

    #[test]
    fn the_last_block_of_the_largest_file_is_sealed() {
        let key = ContentKey::from_bytes([7; 32]);
        let (mut wide, mut narrow) = ([0; 4096], [0; 4096]);
        assert_eq!(apply_cipher(&key, MAX_BLOCKS - 1, &mut wide), Ok(()));
        assert_eq!(seal::apply(&key, MAX_BLOCKS - 1, &mut narrow), Ok(()));
        assert_eq!(wide, narrow);
        assert_eq!(apply_cipher(&key, MAX_BLOCKS, &mut wide), Err(OutOfRange));
        assert_eq!(apply_cipher(&key, MAX_BLOCKS, &mut []), Ok(()));
    }
}
