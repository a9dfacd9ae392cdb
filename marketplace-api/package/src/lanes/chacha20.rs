//! ChaCha20 (RFC 8439) with the vectors of AVX2, on eight blocks of 64 bytes side by side.
//!
//! A vector holds one row of the state, four words, of two blocks. Four such pairs are computed in turns, so that each
//! fills the others' waiting.

#![allow(clippy::needless_range_loop, reason = "one index is for several arrays")]

use std::{
    arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_extract_epi64, _mm256_or_si256, _mm256_permute2x128_si256,
        _mm256_setr_epi32, _mm256_setr_epi8, _mm256_shuffle_epi32, _mm256_shuffle_epi8, _mm256_slli_epi32,
        _mm256_srli_epi32, _mm256_xor_si256,
    },
    hint::black_box,
};
use wonbon_primitives::bounds::{BLOCK_SIZE, MAX_BLOCKS};

/// Blocks of the cipher in a block of a file.
const CIPHER_BLOCKS: u64 = BLOCK_SIZE / 64;

/// Pairs of blocks side by side.
const PAIRS: usize = 4;
/// Bytes of all of them.
const GROUP_BYTES: usize = PAIRS * 128;

/// The first row of the state (RFC 8439, 2.3): "expand 32-byte k".
const CONSTANTS: [i32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Whether the processor has what [`apply`] is compiled for.
pub(super) fn is_available() -> bool {
    std::is_x86_feature_detected!("avx2")
}

/// The counter at which the blocks from `first` up to `end` begin; `None` if a file cannot have them.
pub(super) fn counter(first: u64, end: u64) -> Option<u32> {
    if end > MAX_BLOCKS {
        return None;
    }
    // Behind the last block that a file can have there is no counter, and nothing that needs one.
    Some(u32::try_from(first.saturating_mul(CIPHER_BLOCKS)).unwrap_or_default())
}

/// XORs the keystream under the zero nonce, from the block with this counter on, over groups of eight blocks.
#[target_feature(enable = "avx2")]
pub(super) fn apply(key: &[u8; 32], counter: u32, data: &mut [u8]) {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(key.as_chunks().0) {
        *word = i32::from_le_bytes(*bytes);
    }
    let [a, b, c, d, e, f, g, h] = words;
    let key = [row(CONSTANTS), row([a, b, c, d]), row([e, f, g, h])];
    let counter = counter as i32;
    let mut counters = _mm256_setr_epi32(counter, 0, 0, 0, counter.wrapping_add(1), 0, 0, 0);
    for group in data.as_chunks_mut().0 {
        counters = xor_group(group, key, counters);
    }
}

/// The same row for both blocks of a pair.
#[target_feature(enable = "avx2")]
fn row([a, b, c, d]: [i32; 4]) -> __m256i {
    _mm256_setr_epi32(a, b, c, d, a, b, c, d)
}

/// XORs the keystream over one group; gives the counters of the next.
#[target_feature(enable = "avx2")]
fn xor_group(data: &mut [u8; GROUP_BYTES], key: [__m256i; 3], counters: __m256i) -> __m256i {
    let by_16 = _mm256_setr_epi8(
        2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15,
        12, 13,
    );
    let by_8 = _mm256_setr_epi8(
        3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12,
        13, 14,
    );
    // Known to the compiler, the rotation by 16 would become two instructions.
    let (by_16, by_8) = black_box((by_16, by_8));
    let two = _mm256_setr_epi32(2, 0, 0, 0, 2, 0, 0, 0);
    let mut numbered = [counters; PAIRS];
    for pair in 1..PAIRS {
        numbered[pair] = _mm256_add_epi32(numbered[pair - 1], two);
    }
    let (mut a, mut b, mut c, mut d) = ([key[0]; PAIRS], [key[1]; PAIRS], [key[2]; PAIRS], numbered);
    for _ in 0..10 {
        for columns in [true, false] {
            for pair in 0..PAIRS {
                a[pair] = _mm256_add_epi32(a[pair], b[pair]);
                d[pair] = _mm256_shuffle_epi8(_mm256_xor_si256(d[pair], a[pair]), by_16);
            }
            for pair in 0..PAIRS {
                c[pair] = _mm256_add_epi32(c[pair], d[pair]);
                b[pair] = rotate::<12, 20>(_mm256_xor_si256(b[pair], c[pair]));
            }
            for pair in 0..PAIRS {
                a[pair] = _mm256_add_epi32(a[pair], b[pair]);
                d[pair] = _mm256_shuffle_epi8(_mm256_xor_si256(d[pair], a[pair]), by_8);
            }
            for pair in 0..PAIRS {
                c[pair] = _mm256_add_epi32(c[pair], d[pair]);
                b[pair] = rotate::<7, 25>(_mm256_xor_si256(b[pair], c[pair]));
            }
            // The diagonals become columns, and columns again.
            for pair in 0..PAIRS {
                if columns {
                    a[pair] = _mm256_shuffle_epi32::<0b10_01_00_11>(a[pair]);
                    d[pair] = _mm256_shuffle_epi32::<0b01_00_11_10>(d[pair]);
                    c[pair] = _mm256_shuffle_epi32::<0b00_11_10_01>(c[pair]);
                } else {
                    a[pair] = _mm256_shuffle_epi32::<0b00_11_10_01>(a[pair]);
                    d[pair] = _mm256_shuffle_epi32::<0b01_00_11_10>(d[pair]);
                    c[pair] = _mm256_shuffle_epi32::<0b10_01_00_11>(c[pair]);
                }
            }
        }
    }
    let (blocks, _) = data.as_chunks_mut::<128>();
    for (pair, blocks) in blocks.iter_mut().enumerate() {
        let a = _mm256_add_epi32(a[pair], key[0]);
        let b = _mm256_add_epi32(b[pair], key[1]);
        let c = _mm256_add_epi32(c[pair], key[2]);
        let d = _mm256_add_epi32(d[pair], numbered[pair]);
        // The first block of the pair is in the lower halves, the second in the upper ones.
        let masks = [
            _mm256_permute2x128_si256::<0x20>(a, b),
            _mm256_permute2x128_si256::<0x20>(c, d),
            _mm256_permute2x128_si256::<0x31>(a, b),
            _mm256_permute2x128_si256::<0x31>(c, d),
        ];
        for (bytes, mask) in blocks.as_chunks_mut().0.iter_mut().zip(masks) {
            xor(bytes, mask);
        }
    }
    _mm256_add_epi32(numbered[PAIRS - 1], two)
}

/// Rotates each word to the left by `BY` bits; `REST` are the others of its 32.
#[target_feature(enable = "avx2")]
fn rotate<const BY: i32, const REST: i32>(words: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi32::<BY>(words), _mm256_srli_epi32::<REST>(words))
}

/// The compiler makes three instructions of this.
#[target_feature(enable = "avx2")]
fn xor(bytes: &mut [u8; 32], mask: __m256i) {
    let mask = [
        _mm256_extract_epi64::<0>(mask),
        _mm256_extract_epi64::<1>(mask),
        _mm256_extract_epi64::<2>(mask),
        _mm256_extract_epi64::<3>(mask),
    ];
    for (bytes, mask) in bytes.as_chunks_mut().0.iter_mut().zip(mask) {
        *bytes = (i64::from_le_bytes(*bytes) ^ mask).to_le_bytes();
    }
}
