//! The running summary of one column of text fields.
//!
//! Promises: a column's type is the narrowest that holds every value present; memory for a column is bounded.

mod number;
pub(crate) mod timestamp;

use std::collections::HashSet;
use std::hash::BuildHasher;

pub(crate) use number::{parse_integer, parse_number};
use timestamp::Timestamp;

use crate::{Column, ColumnType, Scalar};

/// Distinct values are counted up to this number and not beyond.
const MAX_DISTINCT: usize = 1_000;

/// Whether a field stands for "no value".
fn is_missing(field: &[u8]) -> bool {
    matches!(field, b"" | b"NA" | b"N/A" | b"n/a" | b"NaN" | b"nan" | b"NAN" | b"null" | b"NULL" | b"None")
}

/// The running summary of one column of text fields.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    missing: u64,
    present: u64,
    integer: Option<(i128, i128)>,
    number: Option<(f64, f64)>,
    timestamp: Option<(Timestamp, Timestamp)>,
    not_integer: bool,
    not_number: bool,
    not_boolean: bool,
    not_timestamp: bool,
    distinct: HashSet<u64>,
    /// There are more of them than are counted.
    too_distinct: bool,
}

impl Summary {
    pub(crate) fn add_missing(&mut self) {
        self.missing += 1;
    }

    pub(crate) fn add(&mut self, field: &[u8], hasher: &impl BuildHasher) {
        let field = field.trim_ascii();
        if is_missing(field) {
            self.missing += 1;
            return;
        }
        self.present += 1;
        if !self.too_distinct {
            self.distinct.insert(hasher.hash_one(field));
            if self.distinct.len() > MAX_DISTINCT {
                self.too_distinct = true;
                self.distinct = HashSet::new();
            }
        }
        if !self.not_number {
            self.add_number(field);
        }
        self.not_boolean |= !field.eq_ignore_ascii_case(b"true") && !field.eq_ignore_ascii_case(b"false");
        if !self.not_timestamp {
            match Timestamp::parse(field) {
                Some(found) => widen(&mut self.timestamp, found),
                None => {
                    self.not_timestamp = true;
                    self.timestamp = None;
                }
            }
        }
    }

    fn add_number(&mut self, field: &[u8]) {
        if !self.not_integer {
            if let Some(value) = parse_integer(field) {
                return widen(&mut self.integer, value);
            }
            self.not_integer = true;
            if let Some((low, high)) = self.integer.take() {
                self.number = Some((low as f64, high as f64));
            }
        }
        match parse_number(field) {
            Some(value) => widen(&mut self.number, value),
            None => {
                self.not_number = true;
                self.number = None;
            }
        }
    }

    pub(crate) fn into_column(self, name: String) -> Column {
        let (kind, min, max) = if self.present == 0 {
            (ColumnType::Empty, None, None)
        } else if let Some((low, high)) = self.integer.filter(|_| !self.not_integer) {
            (ColumnType::Integer, Some(Scalar::integer(low)), Some(Scalar::integer(high)))
        } else if let Some((low, high)) = self.number.filter(|_| !self.not_number) {
            (ColumnType::Number, Some(Scalar::number(low)), Some(Scalar::number(high)))
        } else if !self.not_boolean {
            (ColumnType::Boolean, None, None)
        } else if let Some((low, high)) = self.timestamp.filter(|_| !self.not_timestamp) {
            (ColumnType::Timestamp, Some(Scalar::Text(low.text)), Some(Scalar::Text(high.text)))
        } else {
            (ColumnType::Text, None, None)
        };
        let countable = self.present > 0 && !self.too_distinct;
        let distinct = countable.then_some(self.distinct.len() as u64);
        Column { name, kind, missing: Some(self.missing), min, max, distinct }
    }
}

/// Takes a value into a range.
pub(crate) fn widen<T: PartialOrd + Clone>(range: &mut Option<(T, T)>, value: T) {
    match range {
        None => *range = Some((value.clone(), value)),
        Some((low, _)) if value < *low => *low = value,
        Some((_, high)) if value > *high => *high = value,
        Some(_) => {}
    }
}

/// A column name without control characters and of bounded length: it goes into a public document.
pub(crate) fn clean_name(name: &str) -> String {
    const MAX_CHARACTERS: usize = 128;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.chars().count() <= MAX_CHARACTERS {
        name
    } else {
        name.chars().take(MAX_CHARACTERS - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(fields: &[&str]) -> Column {
        let hasher = std::collections::hash_map::RandomState::new();
        let mut summary = Summary::default();
        for field in fields {
            summary.add(field.as_bytes(), &hasher);
        }
        summary.into_column("c".into())
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
        assert_eq!((whole.missing, whole.distinct), (Some(1), Some(3)));
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
