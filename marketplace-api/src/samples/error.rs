//! Why a sample was not taken or not given.

use thiserror::Error;
use wonbon_primitives::sample::BadSample;

use crate::storage::StorageError;

/// Why a sample was not taken or not given.
#[derive(Debug, Error)]
pub enum SampleError {
    /// There is no such dataset.
    #[error("no such dataset")]
    Missing,
    /// The dataset is another's.
    #[error("only the owner of a dataset stores samples of it")]
    NotTheOwner,
    /// The chain has not drawn yet.
    #[error("the chain has not drawn the fair sample of this dataset yet")]
    NotDrawn,
    /// The owner answered for another file.
    #[error("the draw was answered on the chain with another sample, of {blocks} blocks")]
    AlreadyAnswered {
        /// How many blocks it shows.
        blocks: u32,
    },
    /// The file is not such a sample.
    #[error("the sample does not verify: {0}")]
    Invalid(#[from] BadSample),
    /// It shows rows where the description of the dataset promised none, or none where it did.
    #[error(
        "the sample {} rows to their ends, and the dataset's description says that its rows are {}lines of text",
        if *shows { "shows" } else { "does not show" }, if *shows { "no " } else { "" }
    )]
    OtherRows {
        /// Whether it shows rows.
        shows: bool,
    },
    /// The chain was not reached yet.
    #[error("the chain was not reached yet")]
    NoChain,
    /// Too many at once.
    #[error("too many samples at once")]
    Busy,
    /// Bytes or rows cannot be read or written, or the quota is used up.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for SampleError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}
