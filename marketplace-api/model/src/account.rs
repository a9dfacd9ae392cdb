//! Accounts: 32-byte public keys, written as SS58 addresses.

use crate::ss58::{self, AddressError};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use std::fmt;
use std::str::FromStr;

/// An account, which for an ed25519 account is its public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct AccountId(pub [u8; 32]);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ss58::encode(&self.0))
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({self})")
    }
}

impl FromStr for AccountId {
    type Err = AddressError;

    fn from_str(address: &str) -> Result<Self, AddressError> {
        ss58::decode(address).map(Self)
    }
}

impl From<[u8; 32]> for AccountId {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for AccountId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

read_and_written_as_text!(AccountId);

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for AccountId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("An account as an SS58 address with prefix 42"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for AccountId {
    fn name() -> std::borrow::Cow<'static, str> {
        "Account".into()
    }
}
