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
const BLOCK: usize = 64;

/// The first 32 bits of the fractional parts of the square roots of the first eight primes (FIPS 180-4, 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Those of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
const ROUND: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
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
    while let Some(pieces) = take(&mut rest) {
        digests.extend_from_slice(&hash::<4>(prefix, pieces));
    }
    while let Some(pieces) = take(&mut rest) {
        digests.extend_from_slice(&hash::<2>(prefix, pieces));
    }
    while let Some(pieces) = take(&mut rest) {
        digests.extend_from_slice(&hash::<1>(prefix, pieces));
    }
    digests
}

/// The next pieces, if there are so many.
fn take<'a, const N: usize>(rest: &mut std::slice::ChunksExact<'a, u8>) -> Option<[&'a [u8]; N]> {
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
    let (mut first, mut whole, mut rest) = ([[0; BLOCK]; N], [&[][..]; N], pieces);
    let filled = length >= BLOCK - 1;
    if filled {
        for lane in 0..N {
            let (head, body) = pieces[lane].split_at(BLOCK - 1);
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
    let mut end = [[0; 2 * BLOCK]; N];
    let begun = usize::from(!filled);
    let used = begun + rest[0].len();
    let blocks = (used + 9).div_ceil(BLOCK);
    let bits = (length as u64 + 1) * 8;
    let mut ends = [&[][..]; N];
    for (lane, end) in end.iter_mut().enumerate() {
        end[..begun].fill(prefix);
        end[begun..used].copy_from_slice(rest[lane]);
        end[used] = 0x80;
        end[blocks * BLOCK - 8..blocks * BLOCK].copy_from_slice(&bits.to_be_bytes());
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
        let [a, b, c, d, e, f, g, h] = START.map(|word| word as i32);
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
fn compress<const N: usize>(states: &mut [State; N], blocks: &[&[[u8; BLOCK]]; N]) {
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
                    ROUND[4 * $four + 3] as i32,
                    ROUND[4 * $four + 2] as i32,
                    ROUND[4 * $four + 1] as i32,
                    ROUND[4 * $four] as i32,
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
fn load(block: &[u8; BLOCK]) -> [__m128i; 4] {
    let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let mut words = [_mm_setzero_si128(); 4];
    let (halves, _) = block.as_chunks::<8>();
    for (at, word) in words.iter_mut().enumerate() {
        let (low, high) = (i64::from_le_bytes(halves[2 * at]), i64::from_le_bytes(halves[2 * at + 1]));
        *word = _mm_shuffle_epi8(_mm_set_epi64x(high, low), big_endian);
    }
    words
}
