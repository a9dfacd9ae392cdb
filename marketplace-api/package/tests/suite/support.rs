//! Bytes to try things on, and what the primitives alone make of them.

use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::tree::{leaf_hash, root_of},
    seal::{apply, ContentKey},
    Commitment, Digest,
};

/// Bytes that do not repeat with the block size.
pub(crate) fn sample(length: usize) -> Vec<u8> {
    (0..length as u64).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect()
}

pub(crate) fn blocks(bytes: &[u8]) -> Vec<Digest> {
    bytes.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect()
}

pub(crate) fn commit(bytes: &[u8]) -> Commitment {
    Commitment { root: root_of(blocks(bytes)).unwrap(), length: bytes.len() as u64 }
}

pub(crate) fn seal(bytes: &[u8], key: &ContentKey) -> Vec<u8> {
    let mut sealed = bytes.to_vec();
    apply(key, 0, &mut sealed).unwrap();
    sealed
}
