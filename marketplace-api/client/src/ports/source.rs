//! Where the bytes that are sold come from.

use super::{Blob, Passed, Progress, StorageError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use wonbon_package::Sealed;
use wonbon_primitives::content::range::BlockRange;
use wonbon_primitives::sample::rows::Selection;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// Bytes of a known length, which can be read as often as need be. Each pass refuses if they change meanwhile, and
/// stops soon after its future is dropped.
#[async_trait]
pub trait Source: Send + Sync {
    /// By what [`super::Home::source`] finds it again, also after a restart; people know it by this too.
    fn name(&self) -> &str;

    /// The last part of its name, which buyers may see as the name of the file.
    fn file_name(&self) -> String;

    /// Its bytes; an error if it is not there.
    async fn length(&self) -> Result<u64, StorageError>;

    /// What tells it from other sources, and from itself before it was changed.
    async fn identity(&self) -> Result<SourceIdentity, StorageError>;

    /// Seals it into a blob, which is there in whole or not at all. The key must be fresh: generated for this sealing
    /// and used for no other.
    async fn seal(&self, package: &Blob, key: &ContentKey, progress: Progress) -> Passed<Sealed>;

    /// The blocks with these indices, each range with its path, and the commitment to the whole.
    async fn block_ranges(
        &self,
        indices: Vec<u64>,
        progress: Progress,
    ) -> Passed<(Commitment, Vec<BlockRange>)>;

    /// The first of these drawn blocks that are shown with at most `most` blocks in all: with those through which their
    /// last rows go on, if rows are lines.
    async fn select_blocks(&self, drawn: Vec<u64>, most: u64, rows_are_lines: bool) -> Passed<Selection>;

    /// The blocks with these indices without their proofs, to look at.
    async fn unproved_ranges(&self, indices: Vec<u64>) -> Passed<Vec<BlockRange>>;
}

/// What tells a source from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity {
    /// One name for all names that lead to the same bytes.
    pub name: String,
    /// When the bytes were last written.
    pub changed: Changed,
}

/// A time, since 1970. Its JSON is part of how interrupted publications are found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Seconds that are over.
    pub secs_since_epoch: u64,
    /// Nanoseconds beyond them.
    pub nanos_since_epoch: u32,
}
