//! What can go wrong with a file, so that whoever is told knows whose fault it is.

use crate::content::BadLength;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Why a file was not committed, sealed, opened or found right.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// The operating system refused.
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file is empty or too long.
    Length(BadLength),
    /// The output is the input.
    SameFile(PathBuf),
    /// The input changed while it was read.
    Changed(PathBuf),
    /// The package is shorter or longer than its payload implies: an incomplete or corrupted download.
    PackageLength {
        /// Bytes that the package should have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The sealed payload is not the one of the sealed root: a corrupted download.
    Payload,
    /// The leaf list does not fold to the dataset's root: a corrupted download, or a seller who published a false
    /// one. A buyer checks before ordering.
    LeafList,
    /// The key is not the one of the key commitment.
    WrongKey,
    /// This block, the first of perhaps several, opened with the right key, is not the dataset's. Payload and leaf
    /// list are what was offered: it is the seller's fault and can be disputed.
    BadBlock(u64),
    /// There is no block with this index.
    NoSuchBlock(u64),
    /// More blocks than a sample may have.
    TooManyBlocks(u64),
    /// The file is not the one that it should be.
    OtherFile(PathBuf),
    /// The versions are such that growth cannot be proved, or the new one does not begin with the old one.
    Growth(crate::content::growth::BadGrowth),
    /// The caller asked to stop.
    Cancelled,
}

impl StreamError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// Whether another download may help.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::PackageLength { .. } | Self::Payload | Self::LeafList)
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, path, source } => write!(f, "cannot {doing} {}: {source}", path.display()),
            Self::Length(cause) => cause.fmt(f),
            Self::SameFile(path) => write!(f, "{} would be overwritten by its own result", path.display()),
            Self::Changed(path) => write!(f, "{} changed while it was read", path.display()),
            Self::PackageLength { expected, found } => {
                write!(f, "the package has {found} bytes and should have {expected}")
            }
            Self::Payload => f.write_str("the sealed payload does not match its root"),
            Self::LeafList => f.write_str("the leaf list does not fold to the root of the dataset"),
            Self::WrongKey => f.write_str("the key does not match its commitment"),
            Self::BadBlock(index) => write!(f, "block {index} is not the dataset's"),
            Self::NoSuchBlock(index) => write!(f, "there is no block {index}"),
            Self::TooManyBlocks(count) => {
                write!(f, "{count} blocks; a sample has at most {}", crate::bounds::MAX_SAMPLE)
            }
            Self::OtherFile(path) => write!(f, "{} is another file than expected", path.display()),
            Self::Growth(cause) => cause.fmt(f),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Length(cause) => Some(cause),
            Self::Growth(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<BadLength> for StreamError {
    fn from(cause: BadLength) -> Self {
        Self::Length(cause)
    }
}
