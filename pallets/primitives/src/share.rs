//! A part of a whole, in millionths.

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// A part of a whole, in millionths; never more than the whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Encode, TypeInfo, MaxEncodedLen)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u32", into = "u32")
)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The whole.
    pub const WHOLE: Self = Self(1_000_000);

    /// So many millionths; `None` if that is more than the whole.
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= Self::WHOLE.0 {
            Some(Self(millionths))
        } else {
            None
        }
    }

    /// So many hundredths; the whole if that is more.
    pub const fn from_percent(percent: u32) -> Self {
        match percent {
            0..=99 => Self(percent.saturating_mul(10_000)),
            _ => Self::WHOLE,
        }
    }

    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// The sum; `None` if it is more than the whole.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_millionths)
    }

    /// This share of an amount, rounded down: shares that add up to at most the whole never pay out more than
    /// the amount.
    pub fn of(self, amount: u128) -> u128 {
        // In two parts, because amount × millionths may not fit.
        const WHOLE: u128 = 1_000_000;
        let share = u128::from(self.0);
        let whole = amount.checked_div(WHOLE).unwrap_or(0).saturating_mul(share);
        let rest = amount.checked_rem(WHOLE).unwrap_or(0).saturating_mul(share);
        whole.saturating_add(rest.checked_div(WHOLE).unwrap_or(0))
    }
}

impl fmt::Display for Share {
    /// In per cent, with as many places as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            write!(f, "{whole} %")
        } else {
            let digits = alloc::format!("{rest:04}");
            write!(f, "{whole}.{} %", digits.trim_end_matches('0'))
        }
    }
}

/// The share is more than the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a share is at most 1,000,000 millionths")]
pub struct MoreThanWhole;

impl TryFrom<u32> for Share {
    type Error = MoreThanWhole;

    fn try_from(millionths: u32) -> Result<Self, MoreThanWhole> {
        Self::from_millionths(millionths).ok_or(MoreThanWhole)
    }
}

impl From<Share> for u32 {
    fn from(share: Share) -> Self {
        share.0
    }
}

impl Decode for Share {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let millionths = u32::decode(input)?;
        Self::from_millionths(millionths).ok_or_else(|| "a share is at most 1,000,000 millionths".into())
    }
}

impl DecodeWithMemTracking for Share {}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::Share;
    use codec::{Decode, Encode};
    use proptest::prelude::*;

    #[test]
    fn more_than_the_whole_is_no_share() {
        assert_eq!(Share::from_millionths(1_000_001), None);
        assert!(Share::decode(&mut &1_000_001u32.encode()[..]).is_err());
        assert_eq!(Share::WHOLE.checked_add(Share(1)), None);
    }

    #[test]
    fn hundredths_end_at_the_whole() {
        assert_eq!(Share::from_percent(1), Share(10_000));
        assert_eq!(
            [99, 100, 101, u32::MAX].map(Share::from_percent),
            [Share(990_000), Share::WHOLE, Share::WHOLE, Share::WHOLE]
        );
    }

    #[test]
    fn shares_are_rounded_down_and_do_not_overflow() {
        assert_eq!(Share(1).of(999_999), 0);
        assert_eq!(Share(1).of(1_000_000), 1);
        assert_eq!(Share(333_333).of(10), 3);
        assert_eq!(Share(1_000_000).of(u128::MAX), u128::MAX);
    }

    #[test]
    fn a_share_is_shown_in_per_cent() {
        assert_eq!(Share(100_000).to_string(), "10 %");
        assert_eq!(Share(12_500).to_string(), "1.25 %");
        assert_eq!(Share(1).to_string(), "0.0001 %");
    }

    proptest! {
        #[test]
        fn a_share_is_rounded_down(millionths in 0u32..=1_000_000, amount in 0u128..u128::MAX / 1_000_000) {
            let share = Share::from_millionths(millionths).expect("in range");
            prop_assert_eq!(share.of(amount), amount * u128::from(millionths) / 1_000_000);
        }

        #[test]
        fn no_amount_is_too_large(amount: u128) {
            prop_assert_eq!(Share::WHOLE.of(amount), amount);
        }
    }
}
