//! The Merkle tree of RFC 9162 section 2.1 with SHA-256: roots, inclusion and consistency.
//!
//! Leaf = SHA-256(0x00 ‖ block), node = SHA-256(0x01 ‖ left ‖ right), split at the largest power of two below
//! the number of leaves. Everything here takes leaf *hashes*. Builders and provers read the leaves once, in
//! order, in O(log n) memory; verifiers want an index below the size and a path of exactly the right length.

mod builder;
mod prove;
mod verify;

pub use builder::{root_of, Builder, Unaligned};
pub use prove::{consistency_path, inclusion_path, NoSuchProof, Prover};
pub(super) use verify::compare;
pub use verify::{verify_consistency, verify_inclusion, BadProof};

use crate::Digest;
use sha2::{Digest as _, Sha256};

/// Hash of a leaf: of a block of a file.
pub fn leaf_hash(block: &[u8]) -> Digest {
    Sha256::new().chain_update([0]).chain_update(block).finalize().into()
}

/// Hash of an inner node.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}
