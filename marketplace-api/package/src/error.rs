//! What can be wrong with a package, so that whoever is told knows whose fault it is.

use std::fmt;
use wonbon_primitives::{
    bounds::MAX_SAMPLE,
    content::{growth::BadGrowth, BadLength},
};

/// Why a file was not sealed or proved from, or a package not opened or found right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PackageError {
    /// The file is empty or too long.
    Length(BadLength),
    /// The package is shorter or longer than its payload implies: an incomplete or corrupted download.
    PackageLength {
        /// Bytes that the package should have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The chunks do not follow one another from the first byte of the file to its last.
    Chunks,
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
    /// The versions are such that growth cannot be proved, or the new one does not begin with the old one.
    Growth(BadGrowth),
}

impl PackageError {
    /// Whether another download may help.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::PackageLength { .. } | Self::Payload | Self::LeafList)
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(cause) => cause.fmt(f),
            Self::PackageLength { expected, found } => {
                write!(f, "the package has {found} bytes and should have {expected}")
            }
            Self::Chunks => f.write_str("the chunks are not those of the file, in order"),
            Self::Payload => f.write_str("the sealed payload does not match its root"),
            Self::LeafList => f.write_str("the leaf list does not fold to the root of the dataset"),
            Self::WrongKey => f.write_str("the key does not match its commitment"),
            Self::BadBlock(index) => write!(f, "block {index} is not the dataset's"),
            Self::NoSuchBlock(index) => write!(f, "there is no block {index}"),
            Self::TooManyBlocks(count) => write!(f, "{count} blocks; a sample has at most {MAX_SAMPLE}"),
            Self::Growth(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for PackageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Length(cause) => Some(cause),
            Self::Growth(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<BadLength> for PackageError {
    fn from(cause: BadLength) -> Self {
        Self::Length(cause)
    }
}

impl From<BadGrowth> for PackageError {
    fn from(cause: BadGrowth) -> Self {
        Self::Growth(cause)
    }
}
