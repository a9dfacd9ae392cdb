//! Names of things: digests, dataset identifiers, offer and order numbers.
//!
//! The text form of a 32-byte value is 64 lower-case hexadecimal digits and nothing else.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// Gives a type that has one text a `Debug` that shows it and, in JSON, that text.
macro_rules! as_text {
    ($type:ident) => {
        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <alloc::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use as_text;

/// A SHA-256 digest.
pub type Digest = [u8; 32];
/// Number of an offer, counted from 0 over the whole chain.
pub type OfferId = u64;
/// Number of an order, counted from 0 over the whole chain.
pub type OrderId = u64;

/// A dataset: the root of the tree over its plaintext.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
pub struct DatasetId(pub [u8; 32]);

impl fmt::Display for DatasetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl FromStr for DatasetId {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        from_hex(text).map(Self)
    }
}

impl From<Digest> for DatasetId {
    fn from(root: Digest) -> Self {
        Self(root)
    }
}

impl AsRef<[u8]> for DatasetId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

as_text!(DatasetId);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected 64 lower-case hexadecimal digits")]
pub struct BadDigest;

/// The text form of a 32-byte value.
pub fn to_hex(value: &Digest) -> String {
    hex::encode(value)
}

/// Reads the text form of a 32-byte value; upper case and `0x` are refused, so that each value has one text.
pub fn from_hex(text: &str) -> Result<Digest, BadDigest> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(BadDigest);
    }
    let mut value = [0; 32];
    hex::decode_to_slice(text, &mut value).map_err(|_| BadDigest)?;
    Ok(value)
}

/// `#[serde(with = "wonbon_primitives::id::hex_digest")]` for a [`Digest`] field.
#[cfg(feature = "serde")]
pub mod hex_digest {
    use super::{from_hex, to_hex, Digest};
    use alloc::string::String;
    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    /// Writes the text form.
    pub fn serialize<S: Serializer>(value: &Digest, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&to_hex(value))
    }

    /// Reads the text form.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Digest, D::Error> {
        from_hex(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
