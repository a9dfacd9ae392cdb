//! Whole files: committing, sealing, opening and checking, in constant memory and on every core.
//!
//! Each function makes one pass. Chunks go to worker threads that read, hash, seal and write at their own
//! positions; the calling thread folds what they find in order. There are more workers than cores, so that one
//! computes while another waits for the disk; together they hold a few MiB whatever the length. Nothing is
//! memory-mapped.
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
mod shown;

pub use engine::Watch;
pub use error::FileError;
pub use growth::{growth_proof, OldLeaves};
pub use open::{check_package, open_file, verify_package, verify_package_keeping_tree};
pub use prove::block_fault;
pub use sample::{block_ranges, select_blocks, unproved_ranges};
pub use seal::{commit_file, seal_file};
pub use shown::shown_leaves;
