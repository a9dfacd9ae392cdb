//! Why records give no claims.

use crate::refusal::{Invalid, Refusal, Unreadable};
use thiserror::Error;

/// Why there are no claims.
#[derive(Debug, Error)]
pub enum DeriveError {
    /// What was read does not make claims.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The source failed.
    #[error(transparent)]
    Source(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Invalid> for DeriveError {
    fn from(reason: Invalid) -> Self {
        Self::Refused(reason.into())
    }
}

impl From<Unreadable> for DeriveError {
    fn from(reason: Unreadable) -> Self {
        Self::Refused(reason.into())
    }
}
