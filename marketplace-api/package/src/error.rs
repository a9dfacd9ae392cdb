//! What can be wrong with a package, so that whoever is told knows whose fault it is.

use wonbon_primitives::{
    bounds::MAX_SAMPLE,
    content::{growth::BadGrowth, BadLength},
};

/// Why a file was not sealed or proved from, or a package not opened or found right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The file is empty or too long.
    #[error("{0}")]
    Length(#[from] BadLength),
    /// The package is shorter or longer than its payload implies: an incomplete or corrupted download.
    #[error("the package has {found} bytes and should have {expected}")]
    PackageLength {
        /// Bytes that the package should have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The chunks do not follow one another from the first byte of the file to its last.
    #[error("the chunks are not those of the file, in order")]
    Chunks,
    /// The sealed payload is not the one of the sealed root: a corrupted download.
    #[error("the sealed payload does not match its root")]
    Payload,
    /// The leaf list does not fold to the dataset's root: a corrupted download, or a seller who published a false
    /// one. A buyer checks before ordering.
    #[error("the leaf list does not fold to the root of the dataset")]
    LeafList,
    /// The key is not the one of the key commitment.
    #[error("the key does not match its commitment")]
    WrongKey,
    /// This block, the first of perhaps several, opened with the right key, is not the dataset's. Payload and leaf
    /// list are what was offered: it is the seller's fault and can be disputed.
    #[error("block {0} is not the dataset's")]
    BadBlock(u64),
    /// There is no block with this index.
    #[error("there is no block {0}")]
    NoSuchBlock(u64),
    /// More blocks than a sample may have.
    #[error("{0} blocks; a sample has at most {MAX_SAMPLE}")]
    TooManyBlocks(u64),
    /// The versions are such that growth cannot be proved, or the new one does not begin with the old one.
    #[error("{0}")]
    Growth(#[from] BadGrowth),
}

impl PackageError {
    /// Whether another download may help.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::PackageLength { .. } | Self::Payload | Self::LeafList)
    }
}
