//! SHA-256 with the instructions that x86 has for it, on one, two or four messages side by side.
//!
//! Within one message these instructions wait for each other: the next two rounds need the last two. The rounds of the
//! other messages fill the waiting.

#![allow(clippy::needless_range_loop, reason = "one index is for several arrays")]

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
    _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi32,
    _mm_shuffle_epi8,
};
use wonbon_primitives::Digest;

/// Bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// The first 32 bits of the fractional parts of the square roots of the first eight primes (FIPS 180-4, 5.3.3).
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Those of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
const ROUND_CONSTANTS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// Whether the processor has what [`hash_pieces`] is compiled for.
pub(super) fn is_available() -> bool {
    std::is_x86_feature_detected!("sha")
        && std::is_x86_feature_detected!("ssse3")
        && std::is_x86_feature_detected!("sse4.1")
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
pub(super) fn hash_pieces(prefix: u8, bytes: &[u8], piece: usize) -> Vec<Digest> {
    let mut digests = Vec::with_capacity(bytes.len() / piece);
    let mut rest = bytes.chunks_exact(piece);
    while let Some(pieces) = next_pieces(&mut rest) {
        digests.extend_from_slice(&hash::<4>(prefix, pieces));
    }
    while let Some(pieces) = next_pieces(&mut rest) {
        digests.extend_from_slice(&hash::<2>(prefix, pieces));
    }
    while let Some(pieces) = next_pieces(&mut rest) {
        digests.extend_from_slice(&hash::<1>(prefix, pieces));
    }
    digests
}

/// The next pieces, if there are so many.
fn next_pieces<'a, const N: usize>(rest: &mut std::slice::ChunksExact<'a, u8>) -> Option<[&'a [u8]; N]> {
    if rest.len() < N {
        return None;
    }
    let mut pieces = [&[][..]; N];
    pieces.iter_mut().zip(rest).for_each(|(place, piece)| *place = piece);
    Some(pieces)
}

/// Hashes pieces of one length behind this prefix.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn hash<const N: usize>(prefix: u8, pieces: [&[u8]; N]) -> [Digest; N] {
    let mut states = [State::start(); N];
    let length = pieces[0].len();
    // The prefix and the beginning of the piece, if they fill a block; then whole blocks of the piece.
    let (mut first, mut whole, mut rest) = ([[0; BLOCK_BYTES]; N], [&[][..]; N], pieces);
    let filled = length >= BLOCK_BYTES - 1;
    if filled {
        for lane in 0..N {
            let (head, body) = pieces[lane].split_at(BLOCK_BYTES - 1);
            first[lane][0] = prefix;
            first[lane][1..].copy_from_slice(head);
            (whole[lane], rest[lane]) = body.as_chunks();
        }
        let mut firsts = [&[][..]; N];
        for lane in 0..N {
            firsts[lane] = std::slice::from_ref(&first[lane]);
        }
        compress(&mut states, &firsts);
        compress(&mut states, &whole);
    }
    // What is left, a one, zeros, and the number of bits.
    let mut end = [[0; 2 * BLOCK_BYTES]; N];
    let begun = usize::from(!filled);
    let used = begun + rest[0].len();
    let blocks = (used + 9).div_ceil(BLOCK_BYTES);
    let bits = (length as u64 + 1) * 8;
    let mut ends = [&[][..]; N];
    for (lane, end) in end.iter_mut().enumerate() {
        end[..begun].fill(prefix);
        end[begun..used].copy_from_slice(rest[lane]);
        end[used] = 0x80;
        end[blocks * BLOCK_BYTES - 8..blocks * BLOCK_BYTES].copy_from_slice(&bits.to_be_bytes());
    }
    for lane in 0..N {
        ends[lane] = &end[lane].as_chunks().0[..blocks];
    }
    compress(&mut states, &ends);
    let mut digests = [[0; 32]; N];
    for lane in 0..N {
        digests[lane] = states[lane].digest();
    }
    digests
}

/// The state of one hash, in the order in which the instructions want it.
#[derive(Clone, Copy)]
struct State {
    abef: __m128i,
    cdgh: __m128i,
}

impl State {
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn start() -> Self {
        let [a, b, c, d, e, f, g, h] = INITIAL_STATE.map(|word| word as i32);
        Self { abef: _mm_set_epi32(a, b, e, f), cdgh: _mm_set_epi32(c, d, g, h) }
    }

    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn digest(&self) -> Digest {
        let (abef, cdgh) = (self.abef, self.cdgh);
        let words = [
            _mm_extract_epi32::<3>(abef),
            _mm_extract_epi32::<2>(abef),
            _mm_extract_epi32::<3>(cdgh),
            _mm_extract_epi32::<2>(cdgh),
            _mm_extract_epi32::<1>(abef),
            _mm_extract_epi32::<0>(abef),
            _mm_extract_epi32::<1>(cdgh),
            _mm_extract_epi32::<0>(cdgh),
        ];
        let mut digest = [0; 32];
        for (place, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *place = word.to_be_bytes();
        }
        digest
    }
}

/// Takes the blocks of each lane into its state; there are equally many.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress<const N: usize>(states: &mut [State; N], blocks: &[&[[u8; BLOCK_BYTES]]; N]) {
    let mut now = *states;
    for at in 0..blocks[0].len() {
        let before = now;
        // The last sixteen words of each lane's schedule, four to a vector.
        let mut words = [[_mm_setzero_si128(); 4]; N];
        for lane in 0..N {
            words[lane] = load(&blocks[lane][at]);
        }
        macro_rules! rounds {
            ($($four:literal)*) => { $(
                let constant = _mm_set_epi32(
                    ROUND_CONSTANTS[4 * $four + 3] as i32,
                    ROUND_CONSTANTS[4 * $four + 2] as i32,
                    ROUND_CONSTANTS[4 * $four + 1] as i32,
                    ROUND_CONSTANTS[4 * $four] as i32,
                );
                for lane in 0..N {
                    if $four >= 4 {
                        let w = words[lane];
                        words[lane][$four % 4] = schedule(
                            w[$four % 4], w[($four + 1) % 4], w[($four + 2) % 4], w[($four + 3) % 4],
                        );
                    }
                    let State { abef, cdgh } = now[lane];
                    let sum = _mm_add_epi32(words[lane][$four % 4], constant);
                    let cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
                    let abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0e>(sum));
                    now[lane] = State { abef, cdgh };
                }
            )* };
        }
        rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        for lane in 0..N {
            now[lane].abef = _mm_add_epi32(now[lane].abef, before[lane].abef);
            now[lane].cdgh = _mm_add_epi32(now[lane].cdgh, before[lane].cdgh);
        }
    }
    *states = now;
}

/// The next four words of the schedule from the last sixteen.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn schedule(a: __m128i, b: __m128i, c: __m128i, d: __m128i) -> __m128i {
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8::<4>(d, c));
    _mm_sha256msg2_epu32(sum, d)
}

/// A block as sixteen big-endian words.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn load(block: &[u8; BLOCK_BYTES]) -> [__m128i; 4] {
    let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let mut words = [_mm_setzero_si128(); 4];
    let (halves, _) = block.as_chunks::<8>();
    for (at, word) in words.iter_mut().enumerate() {
        let (low, high) = (i64::from_le_bytes(halves[2 * at]), i64::from_le_bytes(halves[2 * at + 1]));
        *word = _mm_shuffle_epi8(_mm_set_epi64x(high, low), big_endian);
    }
    words
}
