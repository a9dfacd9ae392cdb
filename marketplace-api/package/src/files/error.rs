//! What can go wrong with a file, so that whoever is told knows whose fault it is.

use crate::PackageError;
use std::{
    io,
    path::{Path, PathBuf},
};
use wonbon_primitives::content::BadLength;

/// Why a file was not committed, sealed, opened or found right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file that could not be used.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The output is the input.
    #[error("{} would be overwritten by its own result", .0.display())]
    SameFile(PathBuf),
    /// The input changed while it was read.
    #[error("{} changed while it was read", .0.display())]
    Changed(PathBuf),
    /// The file is not the one that it should be.
    #[error("{} is another file than expected", .0.display())]
    OtherFile(PathBuf),
    /// What the file holds is not what it should be. It is shown in whole; what follows is its own cause.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl FileError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// Whether another download may help.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::Package(cause) if cause.is_corruption())
    }
}

impl From<BadLength> for FileError {
    fn from(cause: BadLength) -> Self {
        Self::Package(cause.into())
    }
}
