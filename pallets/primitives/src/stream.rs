//! Files: committing, sealing, opening and checking, in constant memory and on every core.
//!
//! **Package**: what is uploaded, stored and downloaded as one file: the sealed payload, as long as the plaintext,
//! then the leaf list, 32 bytes for each block.
//!
//! Each function makes one pass. Segments of 1 MiB (256 blocks, a perfect subtree) go to worker threads that
//! read, hash, seal and write at their own positions; the calling thread folds the subtrees in order. There are
//! more workers than cores, so that one computes while another waits for the disk; together they hold a few MiB
//! whatever the length. Nothing is memory-mapped.
//!
//! An output is written under a temporary name beside its place, synced, and then renamed: it is there in whole
//! and durable, or not there.

mod direct;
mod engine;
mod error;
mod growth;
mod input;
mod open;
mod output;
mod prove;
mod sample;
mod seal;

pub use engine::Watch;
pub use error::StreamError;
pub use growth::{growth_proof, OldLeaves};
pub use open::{check_package, open_file, verify_package, verify_package_keeping_tree};
pub use prove::block_fault;
pub use sample::block_ranges;
pub use seal::{commit_file, seal_file};

use crate::{Commitment, Digest};

/// What a sealing is known by: everything that is offered, and everything that opening is checked against.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct Sealed {
    /// The plaintext: its root is the dataset.
    pub plain: Commitment,
    /// The sealed payload, of the same length.
    pub sealed: Commitment,
    /// Commitment to the content key.
    #[serde(with = "crate::id::hex_digest")]
    pub key_commitment: Digest,
}
