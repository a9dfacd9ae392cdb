//! The values that claims, anchors and reports are written with. Each has exactly one text.
//!
//! Integers that may pass 2^53 are decimal strings, because RFC 8785 and JavaScript have no others.

use crate::AccountId;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use sp_crypto_hashing::blake2_512;
use std::{fmt, str::FromStr};
use thiserror::Error;
use wonbon_primitives::id::{from_hex, to_hex};

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

/// An account, written as its SS58 address with prefix 42.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(pub AccountId);

impl Account {
    const PREFIX: u8 = 42;

    /// The public key of an ed25519 account, as 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        to_hex(&self.0)
    }

    fn checksum(body: &[u8]) -> [u8; 2] {
        let hash = blake2_512(&[b"SS58PRE", body].concat());
        [hash[0], hash[1]]
    }
}

impl From<AccountId> for Account {
    fn from(bytes: AccountId) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![Self::PREFIX];
        bytes.extend_from_slice(&self.0);
        bytes.extend_from_slice(&Self::checksum(&bytes));
        f.write_str(&bs58::encode(bytes).into_string())
    }
}

impl FromStr for Account {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        // Longer ones are none, and base 58 takes quadratic time.
        if text.len() > 64 {
            return Err(BadValue::Account);
        }
        let bytes = bs58::decode(text).into_vec().map_err(|_| BadValue::Account)?;
        let bytes: [u8; 35] = bytes.try_into().map_err(|_| BadValue::Account)?;
        let (body, sum) = bytes.split_at(33);
        if body[0] != Self::PREFIX || sum != Self::checksum(body) {
            return Err(BadValue::Account);
        }
        let mut account = [0; 32];
        account.copy_from_slice(&body[1..]);
        Ok(Self(account))
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

/// A time in milliseconds since 1970 (UTC), written as RFC 3339 with milliseconds: `2026-01-02T03:04:05.678Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// The last millisecond of the year 9999: what RFC 3339 can write.
    const LAST: u64 = 253_402_300_799_999;
    const DAY: u64 = 86_400_000;

    /// The time so many milliseconds after the beginning of 1970; `None` after the year 9999.
    pub fn from_millis(millis: u64) -> Option<Self> {
        (millis <= Self::LAST).then_some(Self(millis))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// Year, month and day, as in Howard Hinnant's `civil_from_days`.
    fn date(self) -> (u64, u64, u64) {
        let days = self.0 / Self::DAY + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + u64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let rest = self.0 % Self::DAY;
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, milli) = (rest / 1_000 % 60, rest % 1_000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

impl FromStr for Time {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let field = |from: usize, to: usize| -> Option<u64> {
            let digits =
                text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse().ok()
        };
        let parse = || {
            let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
            // `days_from_civil`, with the year beginning in March.
            let year = year.checked_sub(u64::from(month <= 2))?;
            let shifted = if month > 2 { month - 3 } else { month.checked_add(9)? };
            let (era, year_of_era) = (year / 400, year % 400);
            let day_of_year = (153 * shifted + 2) / 5 + day.checked_sub(1)?;
            let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
            let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
            let seconds = (field(11, 13)? * 60 + field(14, 16)?) * 60 + field(17, 19)?;
            Self::from_millis(days * Self::DAY + seconds * 1_000 + field(20, 23)?)
        };
        // Every other text (a 13th month, a 61st second, another zone) is not what the time found is written as.
        parse().filter(|time| time.to_string() == text).ok_or(BadValue::Time)
    }
}

/// Why a text is not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadValue {
    /// Not 64 lower-case hexadecimal digits.
    #[error("expected 64 lower-case hexadecimal digits")]
    Hex,
    /// Not an SS58 address with prefix 42.
    #[error("expected an SS58 address with prefix 42")]
    Account,
    /// Not a decimal number.
    #[error("expected a decimal number")]
    Decimal,
    /// Not a time.
    #[error("expected a time such as 2026-01-02T03:04:05.678Z")]
    Time,
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

through_text!(Hex, Account, Decimal, Time);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_000_000_000_000, "2001-09-09T01:46:40.000Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (Time::LAST, "9999-12-31T23:59:59.999Z"),
        ] {
            let time = Time::from_millis(millis).unwrap();
            assert_eq!(time.to_string(), text);
            assert_eq!(text.parse(), Ok(time));
        }
        assert_eq!(Time::from_millis(Time::LAST + 1), None);
    }

    #[test]
    fn one_value_has_one_text() {
        for text in [
            "2026-02-29T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "2026-01-01 00:00:00.000Z",
            "2026-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "2026-00-00T00:00:00.000Z",
            "",
        ] {
            assert_eq!(text.parse::<Time>(), Err(BadValue::Time), "{text}");
        }
        for text in ["", "+1", "-1", "01", "00", "1 ", "340282366920938463463374607431768211456"] {
            assert_eq!(text.parse::<Decimal>(), Err(BadValue::Decimal), "{text}");
        }
        assert_eq!("0".parse(), Ok(Decimal(0)));
    }

    #[test]
    fn accounts_are_written_as_the_sdk_writes_them() {
        // The SDK's ed25519 Alice.
        let alice: Account = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu".parse().unwrap();
        assert_eq!(alice.hex(), "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee");
        assert_eq!(alice.to_string(), "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu");
        assert!("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpv".parse::<Account>().is_err());
        assert!("1".repeat(100_000).parse::<Account>().is_err());
    }

    proptest! {
        #[test]
        fn any_time_reads_back(millis in 0..=Time::LAST) {
            let time = Time::from_millis(millis).expect("in range");
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (text.parse::<Time>(), text.parse::<Account>(), text.parse::<Decimal>(), text.parse::<Hex>());
        }
    }
}
