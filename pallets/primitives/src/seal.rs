//! Sealing: ChaCha20 (RFC 8439) under a key used for one sealing only, block by block.
//!
//! The nonce is zero and the counter of block i starts at 64 · i, so that any block is sealed or opened alone
//! and length is kept. 2^26 blocks use the counter exactly once over. There is no tag: what is sealed is known by
//! its tree. Sealing and opening are the same operation. A second sealing under one key would give away the
//! XOR of both plaintexts: a key is generated here, for one file, and the chain refuses a key commitment that
//! the seller used before.

use crate::{bounds::MAX_BLOCKS, label, Digest};
use chacha20::{
    cipher::{
        generic_array::GenericArray, inout::InOutBuf, KeyIvInit, StreamCipherCore, StreamCipherSeekCore,
    },
    ChaChaCore,
};
use core::fmt;
use rand_core::{CryptoRng, RngCore};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// ChaCha20 blocks in one of ours.
const COUNTERS: u64 = 64;

type Core = ChaChaCore<chacha20::cipher::consts::U10>;

/// The key of one sealing. It is wiped when dropped, compared in constant time and never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ContentKey([u8; 32]);

impl ContentKey {
    /// A fresh key.
    pub fn generate(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// A key that was kept or received.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for whoever has to keep them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// What stands on the chain for the key: it binds the seller to the key and does not reveal it.
    pub fn commitment(&self) -> Digest {
        commitment(&self.0)
    }
}

/// The commitment to a key given as bytes.
pub fn commitment(key: &[u8; 32]) -> Digest {
    label::hash(label::KEY_COMMITMENT, &[key])
}

impl PartialEq for ContentKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for ContentKey {}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(..)")
    }
}

/// The data reach beyond the last block that a file can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the data reach beyond the last block that a file can have")]
pub struct OutOfRange;

/// Seals or opens `data`, which begin at the block `first_block` and may be several blocks long.
pub fn apply(key: &ContentKey, first_block: u64, data: &mut [u8]) -> Result<(), OutOfRange> {
    let end = (data.len() as u64)
        .div_ceil(crate::bounds::BLOCK_SIZE)
        .checked_add(first_block)
        .filter(|end| *end <= MAX_BLOCKS)
        .ok_or(OutOfRange)?;
    if end == first_block {
        return Ok(());
    }
    let counter =
        first_block.checked_mul(COUNTERS).and_then(|first| u32::try_from(first).ok()).ok_or(OutOfRange)?;

    let mut cipher = Core::new(GenericArray::from_slice(&key.0), &GenericArray::default());
    cipher.set_block_pos(counter);
    // The safe wrapper of the cipher refuses the very last counter value, which the last block of the largest
    // file uses; the bounds were checked above, so the core is used directly.
    let (whole, mut rest) = InOutBuf::from(data).into_chunks();
    cipher.apply_keystream_blocks_inout(whole);
    if !rest.is_empty() {
        let mut stream = GenericArray::default();
        cipher.write_keystream_block(&mut stream);
        rest.get_out().iter_mut().zip(&stream).for_each(|(byte, mask)| *byte ^= mask);
        stream.as_mut_slice().zeroize();
    }
    Ok(())
}
