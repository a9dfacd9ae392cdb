//! The values that claims, anchors and reports are written with. Each has exactly one text.
//!
//! Integers that may pass 2^53 are decimal strings, because RFC 8785 and JavaScript have no others.

use crate::BlockNumber;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};
use thiserror::Error;
use wonbon_primitives::id::{from_hex, to_hex};

pub use wonbon_model::words::time::Time;

/// 32 bytes, written as 64 lower-case hexadecimal digits: a digest, a hash of the chain, a public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex(pub [u8; 32]);

impl From<[u8; 32]> for Hex {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl FromStr for Hex {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        from_hex(text).map(Self).map_err(|_| BadValue::Hex)
    }
}

/// A number written as a decimal string: an amount in won, an order's or offer's number, a length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub u128);

impl From<u128> for Decimal {
    fn from(number: u128) -> Self {
        Self(number)
    }
}

impl From<Decimal> for u128 {
    fn from(number: Decimal) -> Self {
        number.0
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Decimal {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        // The standard library takes a sign and leading zeros; one number has one text here.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        text.parse().ok().filter(|_| plain).map(Self).ok_or(BadValue::Decimal)
    }
}

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hex,
}

/// Why a text is not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadValue {
    /// Not 64 lower-case hexadecimal digits.
    #[error("expected 64 lower-case hexadecimal digits")]
    Hex,
    /// Not a decimal number.
    #[error("expected a decimal number")]
    Decimal,
}

/// Gives a value `Debug` and serde through its text.
macro_rules! through_text {
    ($($type:ty),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

through_text!(Hex, Decimal);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_value_has_one_text() {
        for text in ["", "+1", "-1", "01", "00", "1 ", "340282366920938463463374607431768211456"] {
            assert_eq!(text.parse::<Decimal>(), Err(BadValue::Decimal), "{text}");
        }
        assert_eq!("0".parse(), Ok(Decimal(0)));
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = (text.parse::<Decimal>(), text.parse::<Hex>());
        }
    }
}
