//! Why an application is not taken or not shown.

use thiserror::Error;
use wonbon_model::{BadApplication, Hash};

use super::{MAX_APPLICATIONS, MAX_PER_HOUR};
use crate::storage::StorageError;

/// Why an application was refused.
#[derive(Debug, Error)]
pub enum ApplicationError {
    /// The chain would not take it.
    #[error(transparent)]
    Invalid(#[from] BadApplication),
    /// The signature is not that of the account over what it applies for on this chain.
    #[error("the signature does not verify for this chain")]
    Signature,
    /// Its last block is past.
    #[error("it was signed for blocks up to {expires}, and the chain is at {height}")]
    Expired {
        /// The last block in which it is taken.
        expires: u32,
        /// The block read last.
        height: u32,
    },
    /// It is signed for longer than the service keeps it.
    #[error(
        "it is signed for blocks up to {expires}; this service takes applications for blocks up to {latest}"
    )]
    TooLong {
        /// The last block in which the chain takes it.
        expires: u32,
        /// The latest such block that the service takes.
        latest: u32,
    },
    /// The account has another one open.
    #[error("another application of the account is open: {0}")]
    Open(Hash),
    /// There are as many as are kept.
    #[error("{MAX_APPLICATIONS} applications are open")]
    Full,
    /// There were too many in this hour.
    #[error("at most {MAX_PER_HOUR} applications are taken in an hour")]
    TooMany,
    /// Whoever asks is nobody of the registrar's.
    #[error("only the registrar's clerks see all applications")]
    NotTheRegistrar,
    /// Nothing was read from the chain yet.
    #[error("the chain has not been reached yet")]
    NoChain,
    /// Objects or rows cannot be read or written.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for ApplicationError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}
