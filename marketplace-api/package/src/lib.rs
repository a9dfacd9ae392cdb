//! Sealing, opening and checking datasets.
//!
//! **Package**: what is uploaded, stored and downloaded as one file: the sealed payload, as long as the plaintext,
//! then the leaf list, 32 bytes for each block.
//!
//! A file is worked on in **chunks** of 1 MiB ([`CHUNK_SIZE`]), each of them alone and in any order, and what is found in
//! them is folded in order by a small state that does not grow with the file. So a file of any length passes in
//! constant memory, on as many threads as there are, or on the one of a browser's worker. No chunk is copied.
//!
//! | To | in each chunk | and in order |
//! | --- | --- | --- |
//! | know a file by its root | [`Chunk::commit`] | [`Committing`] |
//! | seal it | [`Chunk::seal`] | [`Sealing`] |
//! | check a package without the key | [`Chunk::check`] | [`Checking`] |
//! | open it, which checks it | [`Chunk::open`] | [`Opening`] |
//! | prove a bad block | [`Chunk::check`] | [`FaultProving`] |
//! | show blocks with their proofs | [`Shown::cut`] | [`Sampling`] |
//! | prove that a version begins with another | | [`GrowthProving`] |
//!
//! The library alone takes bytes and gives bytes: it knows no files, threads or clock. The feature `files` adds
//! [`files`], which does the same with whole files.

mod check;
mod chunk;
mod commit;
mod error;
#[cfg(feature = "files")]
pub mod files;
mod growth;
mod lanes;
mod open;
mod prove;
mod sample;
mod seal;
mod tree;

pub use check::{CheckedChunk, Checking};
pub use chunk::{Chunk, CHUNK_SIZE};
pub use commit::{CommittedChunk, Committing};
pub use error::PackageError;
pub use growth::GrowthProving;
pub use open::{OpenedChunk, Opening};
pub use prove::FaultProving;
pub use sample::{SampledChunk, Sampling, Shown};
pub use seal::{SealedChunk, Sealing};
pub use tree::leaf_hashes;

use wonbon_primitives::{Commitment, Digest};

/// What a sealing is known by: everything that is offered, and everything that opening is checked against.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct Sealed {
    /// The plaintext: its root is the dataset.
    pub plain: Commitment,
    /// The sealed payload, of the same length.
    pub sealed: Commitment,
    /// Commitment to the content key.
    #[serde(with = "wonbon_primitives::id::hex_digest")]
    pub key_commitment: Digest,
}
