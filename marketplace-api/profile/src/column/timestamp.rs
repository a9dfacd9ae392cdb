//! Dates and times as tables write them.

use std::cmp::Ordering;

use wonbon_model::words::time::DAY_MS;

pub(crate) const DAY_IN_NANOSECONDS: i128 = DAY_MS as i128 * 1_000_000;

/// A date or a date with a time, as it is written, with a key that orders it.
#[derive(Clone, Debug)]
pub(crate) struct Timestamp {
    /// Nanoseconds on one line of time.
    order: i128,
    pub(crate) text: String,
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.order.partial_cmp(&other.order)
    }
}

impl Timestamp {
    /// Reads `YYYY-MM-DD`, `YYYY/MM/DD` or `YYYY.MM.DD`, then perhaps `T` or a space and `hh:mm[:ss[.f]]`,
    /// then perhaps `Z` or `±hh[:]mm`. Without a zone the time is taken as it stands.
    pub(crate) fn parse(field: &[u8]) -> Option<Timestamp> {
        if field.len() < 10 || field.len() > 40 {
            return None;
        }
        let year = decimal(&field[..4])?;
        let separator = field[4];
        let month = decimal(&field[5..7])?;
        let day = decimal(&field[8..10])?;
        if !matches!(separator, b'-' | b'/' | b'.') || field[7] != separator {
            return None;
        }
        let date = time::Date::from_calendar_date(
            i32::try_from(year).ok()?,
            time::Month::try_from(u8::try_from(month).ok()?).ok()?,
            u8::try_from(day).ok()?,
        )
        .ok()?;
        let mut nanoseconds = i128::from(date.to_julian_day()) * DAY_IN_NANOSECONDS;
        let rest = &field[10..];
        if !rest.is_empty() {
            if !matches!(rest[0], b'T' | b't' | b' ') || rest.len() < 6 || rest[3] != b':' {
                return None;
            }
            let (hour, minute) = (decimal(&rest[1..3])?, decimal(&rest[4..6])?);
            let mut rest = &rest[6..];
            let mut second = 0;
            let mut fraction = 0i128;
            if let [b':', a, b, tail @ ..] = rest {
                second = decimal(&[*a, *b])?;
                rest = tail;
                if let [b'.' | b',', tail @ ..] = rest {
                    let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    if digits == 0 || digits > 9 {
                        return None;
                    }
                    fraction = i128::from(decimal(&tail[..digits])?) * 10i128.pow(9 - digits as u32);
                    rest = &tail[digits..];
                }
            }
            let offset = zone(rest)?;
            if hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            let seconds = i128::from(hour * 3600 + minute * 60 + second) - i128::from(offset);
            nanoseconds += seconds * 1_000_000_000 + fraction;
        }
        Some(Timestamp { order: nanoseconds, text: String::from_utf8_lossy(field).into_owned() })
    }
}

fn decimal(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// Seconds east of UTC.
fn zone(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.trim_ascii_start() {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hour, minute) = match rest {
        [_, _] => (decimal(rest)?, 0),
        [a, b, c, d] => (decimal(&[*a, *b])?, decimal(&[*c, *d])?),
        [a, b, b':', c, d] => (decimal(&[*a, *b])?, decimal(&[*c, *d])?),
        _ => return None,
    };
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}
