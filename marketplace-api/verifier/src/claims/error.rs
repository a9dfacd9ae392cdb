//! Why records give no claims.

use crate::refusal::Refusal;
use thiserror::Error;

/// Why there are no claims.
#[derive(Debug, Error)]
pub enum DeriveError {
    /// What was read does not make claims.
    #[error(transparent)]
    Refused(Refusal),
    /// What storage is read from failed; nothing is known about the dataset.
    #[error(transparent)]
    Source(Box<dyn std::error::Error + Send + Sync>),
}

impl<R: Into<Refusal>> From<R> for DeriveError {
    fn from(reason: R) -> Self {
        Self::Refused(reason.into())
    }
}
