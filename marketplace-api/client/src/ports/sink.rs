//! Where bought bytes go.

use super::{Blob, Passed, Progress};
use async_trait::async_trait;
use thiserror::Error;
use wonbon_package::Sealed;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// A place for a file: it is there in whole, checked and durable, or not there.
#[async_trait]
pub trait Sink: Send + Sync {
    /// By what [`super::Home::sink`] finds it again, also after a restart; people know it by this too. All names of
    /// one place become the same.
    fn name(&self) -> &str;

    /// Refuses what can be no place for a file, whatever is in it.
    async fn check(&self) -> Result<(), UnusablePlace>;

    /// Bytes of what is there; `None` if nothing is.
    async fn length(&self) -> Option<u64>;

    /// The commitment to what is there.
    async fn commit(&self, progress: Progress) -> Passed<Commitment>;

    /// Opens a package into it and checks all of it against what was offered, in one pass.
    async fn open(&self, package: &Blob, key: &ContentKey, expected: &Sealed, progress: Progress) -> Passed;
}

/// Why a place takes no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnusablePlace {
    /// It is a folder itself.
    #[error("is a folder")]
    Folder,
    /// The folder around it does not exist.
    #[error("is in a folder that does not exist")]
    NoFolder,
}
