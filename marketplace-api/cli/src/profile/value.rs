//! Values and their types: what a field of text can be read as, and the running summary of one column.
//!
//! Promises: a column's type is the narrowest that holds every value present; memory for a column is bounded.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash};

use serde::{Deserialize, Serialize};

/// Distinct values are counted up to this number and not beyond.
const MAX_DISTINCT: usize = 1_000;

/// The largest whole number that canonical JSON (an IEEE 754 double) holds exactly.
const MAX_EXACT: i128 = 1 << 53;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Whole numbers.
    Integer,
    /// Numbers with a fraction or an exponent.
    Number,
    /// Anything.
    Text,
    /// true and false.
    Boolean,
    /// Dates, with or without a time of day.
    Timestamp,
    /// No value in any row.
    Empty,
}

impl ColumnType {
    /// The word that the catalogue shows.
    pub fn word(self) -> &'static str {
        match self {
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Text => "text",
            ColumnType::Boolean => "boolean",
            ColumnType::Timestamp => "timestamp",
            ColumnType::Empty => "empty",
        }
    }
}

/// One end of a range. Whole numbers that a double cannot hold are written as text.
///
/// It is read by way of a JSON value: serde's own reading of untagged enums knows no number once some crate of
/// the workspace turns `serde_json/arbitrary_precision` on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "serde_json::Value")]
pub enum Scalar {
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A timestamp, or a number too large for JSON.
    Text(String),
}

impl Scalar {
    /// A whole number in the form that JSON can hold.
    pub fn integer(value: i128) -> Scalar {
        match i64::try_from(value) {
            Ok(small) if (-MAX_EXACT..=MAX_EXACT).contains(&value) => Scalar::Integer(small),
            _ => Scalar::Text(value.to_string()),
        }
    }

    /// A finite number; a whole one is written without a fraction, as canonical JSON does.
    pub fn number(value: f64) -> Scalar {
        if value.fract() == 0.0 && value.abs() <= MAX_EXACT as f64 {
            Scalar::Integer(value as i64)
        } else if value.is_finite() {
            Scalar::Number(value)
        } else {
            Scalar::Text(value.to_string())
        }
    }
}

impl TryFrom<serde_json::Value> for Scalar {
    type Error = &'static str;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        match value {
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Ok(Scalar::Integer(whole)),
                (None, Some(number)) => Ok(Scalar::Number(number)),
                (None, None) => Err("the number is out of range"),
            },
            serde_json::Value::String(text) => Ok(Scalar::Text(text)),
            _ => Err("neither a number nor a text"),
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Integer(value) => value.fmt(formatter),
            Scalar::Number(value) => value.fmt(formatter),
            Scalar::Text(value) => value.fmt(formatter),
        }
    }
}

/// Whether a field stands for "no value".
pub(super) fn is_missing(field: &[u8]) -> bool {
    matches!(field, b"" | b"NA" | b"N/A" | b"n/a" | b"NaN" | b"nan" | b"NAN" | b"null" | b"NULL" | b"None")
}

/// The running summary of one column of text fields.
#[derive(Debug)]
pub(super) struct Summary {
    missing: u64,
    present: u64,
    integer: Option<(i128, i128)>,
    number: Option<(f64, f64)>,
    timestamp: Option<(Moment, Moment)>,
    could_be_integer: bool,
    could_be_number: bool,
    could_be_boolean: bool,
    could_be_timestamp: bool,
    distinct: Option<HashSet<u64>>,
}

impl Default for Summary {
    fn default() -> Self {
        Summary {
            missing: 0,
            present: 0,
            integer: None,
            number: None,
            timestamp: None,
            could_be_integer: true,
            could_be_number: true,
            could_be_boolean: true,
            could_be_timestamp: true,
            distinct: Some(HashSet::new()),
        }
    }
}

impl Summary {
    pub(super) fn miss(&mut self) {
        self.missing += 1;
    }

    pub(super) fn see(&mut self, field: &[u8], hasher: &impl BuildHasher) {
        let field = field.trim_ascii();
        if is_missing(field) {
            self.missing += 1;
            return;
        }
        self.present += 1;
        if let Some(seen) = &mut self.distinct {
            seen.insert(hasher.hash_one(Bytes(field)));
            if seen.len() > MAX_DISTINCT {
                self.distinct = None;
            }
        }
        if self.could_be_number {
            self.see_number(field);
        }
        if self.could_be_boolean {
            self.could_be_boolean =
                field.eq_ignore_ascii_case(b"true") || field.eq_ignore_ascii_case(b"false");
        }
        if self.could_be_timestamp {
            match Moment::parse(field) {
                Some(moment) => match &mut self.timestamp {
                    None => self.timestamp = Some((moment.clone(), moment)),
                    Some((low, _)) if moment.order < low.order => *low = moment,
                    Some((_, high)) if moment.order > high.order => *high = moment,
                    Some(_) => {}
                },
                None => {
                    self.could_be_timestamp = false;
                    self.timestamp = None;
                }
            }
        }
    }

    fn see_number(&mut self, field: &[u8]) {
        if self.could_be_integer {
            if let Some(value) = parse_integer(field) {
                let (low, high) = self.integer.get_or_insert((value, value));
                *low = value.min(*low);
                *high = value.max(*high);
                return;
            }
            self.could_be_integer = false;
            if let Some((low, high)) = self.integer.take() {
                self.number = Some((low as f64, high as f64));
            }
        }
        match parse_number(field) {
            Some(value) => {
                let (low, high) = self.number.get_or_insert((value, value));
                *low = value.min(*low);
                *high = value.max(*high);
            }
            None => {
                self.could_be_number = false;
                self.number = None;
            }
        }
    }

    pub(super) fn finish(self, name: String) -> super::Column {
        let (kind, min, max) = if self.present == 0 {
            (ColumnType::Empty, None, None)
        } else if let Some((low, high)) = self.integer.filter(|_| self.could_be_integer) {
            (ColumnType::Integer, Some(Scalar::integer(low)), Some(Scalar::integer(high)))
        } else if let Some((low, high)) = self.number.filter(|_| self.could_be_number) {
            (ColumnType::Number, Some(Scalar::number(low)), Some(Scalar::number(high)))
        } else if self.could_be_boolean {
            (ColumnType::Boolean, None, None)
        } else if let Some((low, high)) = self.timestamp.filter(|_| self.could_be_timestamp) {
            (ColumnType::Timestamp, Some(Scalar::Text(low.text)), Some(Scalar::Text(high.text)))
        } else {
            (ColumnType::Text, None, None)
        };
        let distinct = self.distinct.map(|seen| seen.len() as u64).filter(|_| self.present > 0);
        super::Column { name, kind, missing: self.missing, min, max, distinct }
    }
}

struct Bytes<'a>(&'a [u8]);

impl Hash for Bytes<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write(self.0);
    }
}

/// Reads a decimal whole number of up to 30 digits. A leading zero makes it a code (a postcode, a part
/// number) and not a number.
pub(super) fn parse_integer(field: &[u8]) -> Option<i128> {
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 30 || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    let mut value: i128 = 0;
    if digits.len() <= 18 {
        let mut small: i64 = 0;
        for digit in digits {
            small = small * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        value = small.into();
    } else {
        for digit in digits {
            value = value * 10 + i128::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
    }
    Some(if negative { -value } else { value })
}

/// Reads a finite decimal number, with a fraction or an exponent if need be.
pub(super) fn parse_number(field: &[u8]) -> Option<f64> {
    let digits = field.strip_prefix(b"-").or(field.strip_prefix(b"+")).unwrap_or(field);
    match digits {
        // `inf` and `nan` are words here, and 007 is a code.
        [b'0', b'0'..=b'9', ..] => return None,
        [b'0'..=b'9' | b'.', ..] => {}
        _ => return None,
    }
    let value: f64 = std::str::from_utf8(field).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// A date or a date with a time, as it is written, with a key that orders it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    order: i128,
    text: String,
}

impl Moment {
    /// Reads `YYYY-MM-DD`, `YYYY/MM/DD` or `YYYY.MM.DD`, then perhaps `T` or a space and `hh:mm[:ss[.f]]`,
    /// then perhaps `Z` or `±hh[:]mm`. Without a zone the time is taken as it stands.
    pub(super) fn parse(field: &[u8]) -> Option<Moment> {
        if field.len() < 10 || field.len() > 40 {
            return None;
        }
        let year = number(&field[..4])?;
        let separator = field[4];
        let month = number(&field[5..7])?;
        let day = number(&field[8..10])?;
        if !matches!(separator, b'-' | b'/' | b'.') || field[7] != separator {
            return None;
        }
        let date = time::Date::from_calendar_date(
            i32::try_from(year).ok()?,
            time::Month::try_from(u8::try_from(month).ok()?).ok()?,
            u8::try_from(day).ok()?,
        )
        .ok()?;
        let mut nanoseconds = i128::from(date.to_julian_day()) * 86_400_000_000_000;
        let rest = &field[10..];
        if !rest.is_empty() {
            if !matches!(rest[0], b'T' | b't' | b' ') || rest.len() < 6 || rest[3] != b':' {
                return None;
            }
            let (hour, minute) = (number(&rest[1..3])?, number(&rest[4..6])?);
            let mut rest = &rest[6..];
            let mut second = 0;
            let mut fraction = 0i128;
            if let [b':', a, b, tail @ ..] = rest {
                second = number(&[*a, *b])?;
                rest = tail;
                if let [b'.' | b',', tail @ ..] = rest {
                    let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    if digits == 0 || digits > 9 {
                        return None;
                    }
                    fraction = i128::from(number(&tail[..digits])?) * 10i128.pow(9 - digits as u32);
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
        Some(Moment { order: nanoseconds, text: String::from_utf8_lossy(field).into_owned() })
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
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
        [_, _] => (number(rest)?, 0),
        [a, b, c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        [a, b, b':', c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(fields: &[&str]) -> super::super::Column {
        let hasher = std::collections::hash_map::RandomState::new();
        let mut summary = Summary::default();
        for field in fields {
            summary.see(field.as_bytes(), &hasher);
        }
        summary.finish("c".into())
    }

    #[test]
    fn what_is_written_is_read_again() {
        for scalar in [Scalar::Integer(-3), Scalar::Number(66.8), Scalar::Text("9007199254740993".into())] {
            let written = serde_json::to_string(&scalar).unwrap();
            assert_eq!(serde_json::from_str::<Scalar>(&written).unwrap(), scalar, "{written}");
        }
        assert!(serde_json::from_str::<Scalar>("[1]").is_err());
    }

    #[test]
    fn types_are_the_narrowest_that_hold() {
        use ColumnType::*;
        let cases: &[(&[&str], ColumnType)] = &[
            (&[], Empty),
            (&["", "NA", "null"], Empty),
            (&["1", "-2", "+3"], Integer),
            (&["1", "2.5"], Number),
            (&["1", "1e3", ".5", "5."], Number),
            (&["1", "x"], Text),
            (&["007"], Text),
            (&["1,000"], Text),
            (&["inf"], Text),
            (&["true", "FALSE"], Boolean),
            (&["true", "1"], Text),
            (&["2026-11-20", "2026/11/21", "2026.11.22"], Timestamp),
            (&["2026-11-20T01:02:03.5Z", "2026-11-20 01:02", "2026-11-20T01:02:03+09:00"], Timestamp),
            (&["2026-02-30"], Text),
            (&["2026-11-20 25:00"], Text),
            (&["2026-11/20"], Text),
        ];
        for (fields, kind) in cases {
            assert_eq!(column(fields).kind, *kind, "{fields:?}");
        }
    }

    #[test]
    fn ranges_are_of_numbers_and_times_only() {
        let whole = column(&["3", "-7", "12", ""]);
        assert_eq!((whole.min, whole.max), (Some(Scalar::Integer(-7)), Some(Scalar::Integer(12))));
        assert_eq!((whole.missing, whole.distinct), (1, Some(3)));
        let mixed = column(&["3", "-7.25", "12"]);
        assert_eq!((mixed.min, mixed.max), (Some(Scalar::Number(-7.25)), Some(Scalar::Integer(12))));
        let text = column(&["secret", "another"]);
        assert_eq!((text.min, text.max), (None, None));
    }

    #[test]
    fn times_are_ordered_by_instant() {
        let times = column(&["2026-11-20T09:00:00+09:00", "2026-11-19T23:00:00Z", "2026-11-20T00:30:00Z"]);
        assert_eq!(times.min, Some(Scalar::Text("2026-11-19T23:00:00Z".into())));
        assert_eq!(times.max, Some(Scalar::Text("2026-11-20T00:30:00Z".into())));
    }

    #[test]
    fn numbers_that_json_cannot_hold_become_text() {
        let big = column(&["9007199254740993", "1"]);
        assert_eq!(big.max, Some(Scalar::Text("9007199254740993".into())));
        assert_eq!(big.min, Some(Scalar::Integer(1)));
    }

    #[test]
    fn many_distinct_values_are_not_counted() {
        let values: Vec<String> = (0..1500).map(|n| n.to_string()).collect();
        let fields: Vec<&str> = values.iter().map(String::as_str).collect();
        assert_eq!(column(&fields).distinct, None);
    }
}
