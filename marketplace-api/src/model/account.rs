//! An account and its text form, SS58 with prefix 42.

use std::{fmt, str::FromStr};

use blake2::{Blake2b512, Digest as _};
use codec::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The generic Substrate prefix.
const PREFIX: u8 = 42;

/// An account of the chain: an ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Account(pub [u8; 32]);

/// The text is not an SS58 address of this chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Not base 58, or not the length of an address.
    #[error("expected an SS58 address of 32 bytes")]
    Malformed,
    /// An address of another network.
    #[error("the address has prefix {0}, expected {PREFIX}")]
    OtherNetwork(u8),
    /// A mistyped address.
    #[error("the address has a wrong checksum")]
    Checksum,
}

fn checksum(payload: &[u8]) -> [u8; 2] {
    let hash = Blake2b512::new().chain_update(b"SS58PRE").chain_update(payload).finalize();
    [hash[0], hash[1]]
}

impl FromStr for Account {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        // Base 58 costs the square of the length, so an overlong text is refused unread.
        if text.len() > 64 {
            return Err(AccountError::Malformed);
        }
        let bytes = bs58::decode(text).into_vec().map_err(|_| AccountError::Malformed)?;
        let (payload, check) = bytes.split_at_checked(33).ok_or(AccountError::Malformed)?;
        if check.len() != 2 {
            return Err(AccountError::Malformed);
        }
        if payload[0] != PREFIX {
            return Err(AccountError::OtherNetwork(payload[0]));
        }
        if checksum(payload) != check {
            return Err(AccountError::Checksum);
        }
        Ok(Self(payload[1..].try_into().expect("33 bytes less the prefix are 32; qed")))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(35);
        bytes.push(PREFIX);
        bytes.extend_from_slice(&self.0);
        let check = checksum(&bytes);
        bytes.extend_from_slice(&check);
        f.write_str(&bs58::encode(bytes).into_string())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<[u8; 32]> for Account {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Account {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("An account as an SS58 address with prefix 42"))
            .into()
    }
}

impl utoipa::ToSchema for Account {}

#[cfg(test)]
mod tests {
    use super::{Account, AccountError};

    /// The ed25519 development account `//Alice`.
    const ALICE: &str = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";

    #[test]
    fn a_known_address_reads_and_prints() {
        let account: Account = ALICE.parse().unwrap();
        assert_eq!(
            hex::encode(account.0),
            "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee"
        );
        assert_eq!(account.to_string(), ALICE);
    }

    #[test]
    fn a_mistyped_address_is_refused() {
        assert_eq!(ALICE.replace("FA9", "FA8").parse::<Account>(), Err(AccountError::Checksum));
        for bad in ["", "0", "5", &ALICE[1..], &"1".repeat(10_000)] {
            assert!(bad.parse::<Account>().is_err());
        }
    }
}
