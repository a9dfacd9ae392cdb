//! The values that claims, anchors and reports are written with. Each has exactly one text.
//!
//! Integers that may pass 2^53 are decimal strings, because RFC 8785 and JavaScript have no others.

use crate::BlockNumber;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use wonbon_primitives::id::{from_hex, to_hex, BadDigest};

pub use wonbon_model::words::time::Time;

/// 32 bytes, written as 64 lower-case hexadecimal digits: a digest, a hash of the chain, a public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex(pub [u8; 32]);

impl From<[u8; 32]> for Hex {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl FromStr for Hex {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        from_hex(text).map(Self)
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

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        // The standard library takes a sign and leading zeros; one number has one text here.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        text.parse().ok().filter(|_| plain).map(Self).ok_or(BadDecimal)
    }
}

/// What names a block of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Height of the block; the first has 0.
    pub number: BlockNumber,
    /// BLAKE2 of its header.
    pub hash: Hex,
}

/// The text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected a decimal number")]
pub struct BadDecimal;

wonbon_model::read_and_written_as_text!(Hex);
wonbon_model::read_and_written_as_text!(Decimal);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_value_has_one_text() {
        for text in ["", "+1", "-1", "01", "00", "1 ", "340282366920938463463374607431768211456"] {
            assert_eq!(text.parse::<Decimal>(), Err(BadDecimal), "{text}");
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
