//! Why an upload was refused or cut off, and why a payload was not removed.

use thiserror::Error;

use super::CheckError;
use crate::storage::StorageError;

/// Why an upload was refused, or did not go on.
#[derive(Debug, Error)]
pub enum UploadError {
    /// There is no such upload, or it is another account's.
    #[error("no such upload")]
    Missing,
    /// It cannot be this long.
    #[error("an upload of {length} bytes; at most {limit} are accepted")]
    TooLarge {
        /// Bytes asked for.
        length: u64,
        /// Bytes that an upload may have.
        limit: u64,
    },
    /// The length does not go with the payload's.
    #[error("a payload of {payload_length} bytes makes a package of another length than {upload_length}")]
    Length {
        /// Bytes of the payload.
        payload_length: u64,
        /// Bytes of the upload.
        upload_length: u64,
    },
    /// The account has too many uploads in progress.
    #[error("at most {limit} uploads at once")]
    TooMany {
        /// Uploads that an account may have under way.
        limit: usize,
    },
    /// The payload is stored already.
    #[error("the payload is stored already")]
    Stored,
    /// The bytes do not go on where the stored ones end.
    #[error("the upload is at {offset}")]
    Offset {
        /// Where it is.
        offset: u64,
    },
    /// More bytes than the upload's length.
    #[error("more bytes than the {length} of the upload")]
    Overflow {
        /// The upload's length.
        length: u64,
    },
    /// Another request is using it.
    #[error("the upload is in use")]
    Busy,
    /// The connection broke or stood still; what arrived is kept.
    #[error("the upload was cut off: {0}")]
    CutOff(String),
    /// The bytes are not what was announced; the upload is removed.
    #[error(transparent)]
    Wrong(CheckError),
    /// Bytes or rows cannot be read or written, or the quota is used up.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for UploadError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

/// Why a payload was not removed.
#[derive(Debug, Error)]
pub enum RemoveError {
    /// There is no such payload.
    #[error("no such payload")]
    Missing,
    /// Another account uploaded it.
    #[error("only the account that uploaded a payload may remove it")]
    NotTheUploader,
    /// Somebody may still buy it, or has ordered it.
    #[error("offer {offer} is open or has orders that are not final")]
    Needed {
        /// An offer that needs it.
        offer: u64,
    },
    /// Bytes or rows cannot be read or written.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for RemoveError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}
