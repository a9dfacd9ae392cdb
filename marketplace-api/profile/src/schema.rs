//! The `profile` part of a dataset's metadata document.
//!
//! Promises: what is written is read again as it was; no text value of the data is in it, because the profile is public
//! and the data is not.

use serde::{Deserialize, Serialize};

/// The largest whole number that canonical JSON (an IEEE 754 double) holds exactly.
const MAX_EXACT: i128 = 1 << 53;

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Separated text with a header line.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Not looked into.
    Other,
}

impl Format {
    /// The media type that is announced for such a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::Parquet => "application/vnd.apache.parquet",
            Format::Other => "application/octet-stream",
        }
    }
}

/// The type of a column: the narrowest that holds every value present.
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
    /// The word that the document has for it.
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
    /// A number with a fraction.
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

/// A column, without its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// The narrowest type that holds every value present.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// How many rows have no value here.
    pub missing: u64,
    /// The smallest value, for numbers and timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Scalar>,
    /// The largest value, for numbers and timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Scalar>,
    /// How many different values there are, when there are few.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u64>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// What the file was read as.
    pub format: Format,
    /// The text encoding, when it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The delimiter of separated text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Data rows, the header not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The columns in file order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub columns: Vec<Column>,
    /// What a buyer should know, in sentences.
    pub warnings: Vec<String>,
}

impl Profile {
    /// The profile of a file that is not looked into.
    pub fn unread() -> Profile {
        Profile {
            format: Format::Other,
            encoding: None,
            delimiter: None,
            rows: None,
            columns: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for scalar in [Scalar::Integer(-3), Scalar::Number(66.8), Scalar::Text("9007199254740993".into())] {
            let written = serde_json::to_string(&scalar).unwrap();
            assert_eq!(serde_json::from_str::<Scalar>(&written).unwrap(), scalar, "{written}");
        }
        assert!(serde_json::from_str::<Scalar>("[1]").is_err());
    }
}
