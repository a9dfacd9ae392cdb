//! What can go wrong with a file, so that whoever is told knows whose fault it is.

use crate::PackageError;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};
use wonbon_primitives::content::BadLength;

/// Why a file was not committed, sealed, opened or found right.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The output is the input.
    SameFile(PathBuf),
    /// The input changed while it was read.
    Changed(PathBuf),
    /// The file is not the one that it should be.
    OtherFile(PathBuf),
    /// What the file holds is not what it should be.
    Package(PackageError),
    /// The caller asked to stop.
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

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, path, source } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::SameFile(path) => write!(f, "{} would be overwritten by its own result", path.display()),
            Self::Changed(path) => write!(f, "{} changed while it was read", path.display()),
            Self::OtherFile(path) => write!(f, "{} is another file than expected", path.display()),
            Self::Package(cause) => cause.fmt(f),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            // It is shown in whole; what follows is its own cause.
            Self::Package(cause) => cause.source(),
            _ => None,
        }
    }
}

impl From<PackageError> for FileError {
    fn from(cause: PackageError) -> Self {
        Self::Package(cause)
    }
}

impl From<BadLength> for FileError {
    fn from(cause: BadLength) -> Self {
        Self::Package(cause.into())
    }
}
