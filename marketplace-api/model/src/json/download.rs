//! Downloads of sealed payloads, which only a service knows of.

use crate::{AccountId, Hash};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The downloads of a payload by an account that began in one hour.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Download {
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// The account that downloaded.
    pub account: AccountId,
    /// How often it asked for bytes.
    pub requests: u64,
    /// Bytes that it asked for, each as often as it did.
    pub bytes: u64,
    /// When it asked first, in milliseconds since 1970.
    pub first_at_ms: u64,
    /// When it asked last, in milliseconds since 1970.
    pub last_at_ms: u64,
}
