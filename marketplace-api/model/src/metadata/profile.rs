//! What a file holds: the `profile` part of a metadata document.
//!
//! No text value of the data is in it, because the document is public and the data is not.

use crate::{json::without_absent, word_enum};
use serde::{de, Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::{fmt, str::FromStr};

/// The largest whole number that canonical JSON (an IEEE 754 double) holds exactly.
const MAX_EXACT: i128 = 1 << 53;

word_enum! {
    /// What a file was read as.
    #[derive(Default)]
    pub enum Format {
        /// Separated text with a header line.
        Csv = "csv",
        /// Apache Parquet.
        Parquet = "parquet",
        /// Not looked into.
        #[default]
        Other = "other",
    }
}

impl Format {
    /// The media type that is announced for such a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Other => "application/octet-stream",
        }
    }
}

word_enum! {
    /// The type of a column: the narrowest that holds every value present.
    pub enum ColumnType {
        /// Whole numbers, with or without a sign.
        Integer = "integer",
        /// Numbers with a fraction or an exponent.
        Number = "number",
        /// What none of the other types holds.
        Text = "text",
        /// true and false.
        Boolean = "boolean",
        /// Dates, with or without a time of day.
        Timestamp = "timestamp",
        /// No value in any row.
        Empty = "empty",
    }
}

/// One end of a range. Whole numbers that a double cannot hold are written as text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
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
    pub fn integer(value: i128) -> Self {
        match i64::try_from(value) {
            Ok(small) if (-MAX_EXACT..=MAX_EXACT).contains(&value) => Self::Integer(small),
            _ => Self::Text(value.to_string()),
        }
    }

    /// A finite number; a whole one is written without a fraction, as canonical JSON does.
    pub fn number(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() <= MAX_EXACT as f64 {
            Self::Integer(value as i64)
        } else if value.is_finite() {
            Self::Number(value)
        } else {
            Self::Text(value.to_string())
        }
    }

    /// The scalar that JSON holds; `None` for what is no scalar. Numbers outside `i64` become floats, true and false
    /// texts.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number
                .as_i64()
                .map(Self::Integer)
                .or_else(|| number.as_f64().filter(|number| number.is_finite()).map(Self::Number)),
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(value) => Some(Self::Text(value.to_string())),
            _ => None,
        }
    }
}

/// Numbers are written as in a document.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => f.write_str(ryu_js::Buffer::new().format(*value)),
            Self::Text(value) => value.fmt(f),
        }
    }
}

/// Reads a word; who reads another one is told for what it was read.
fn word<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    what: &str,
    from: D,
) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(|error| de::Error::custom(format!("{what}: {error}")))
}

fn format<'de, D: Deserializer<'de>>(from: D) -> Result<Format, D::Error> {
    word("`profile.format`", from)
}

fn column_type<'de, D: Deserializer<'de>>(from: D) -> Result<ColumnType, D::Error> {
    word("the type of a column in `profile.columns`", from)
}

/// An end of a range that is no scalar is none. It is read by way of a JSON value: serde's own reading of untagged
/// enums knows no number once some crate turns `serde_json/arbitrary_precision` on.
fn scalar<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Scalar>, D::Error> {
    Ok(Scalar::from_json(&Value::deserialize(from)?))
}

/// A column, without its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// The narrowest type that holds every value present.
    #[serde(rename = "type", deserialize_with = "column_type")]
    pub kind: ColumnType,
    /// How many rows have no value here.
    #[serde(default)]
    pub missing: Option<u64>,
    /// The smallest value, for numbers and timestamps.
    #[serde(default, deserialize_with = "scalar")]
    pub min: Option<Scalar>,
    /// The largest value, for numbers and timestamps.
    #[serde(default, deserialize_with = "scalar")]
    pub max: Option<Scalar>,
    /// How many different values there are, when there are few.
    #[serde(default)]
    pub distinct: Option<u64>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// What the file was read as.
    #[serde(deserialize_with = "format")]
    pub format: Format,
    /// `cp949`, if the text is not UTF-8.
    #[serde(default)]
    pub encoding: Option<String>,
    /// What stands between two fields of separated text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Whether every row is one line of text: no cell has a line break in it. Fixed with the document, before the fair
    /// sample is drawn; of such tables alone does a fair sample show rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_are_lines: Option<bool>,
    /// Rows, the header not counted.
    #[serde(default)]
    pub rows: Option<u64>,
    /// The columns in the order of the file.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What a buyer should know, in sentences.
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl Profile {
    /// The profile as documents have it: what is absent is left out.
    pub fn document(&self) -> Value {
        let mut document = without_absent(self);
        if let Some(profile) = document.as_object_mut().filter(|_| self.columns.is_empty()) {
            profile.remove("columns");
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        for scalar in [Scalar::Integer(-3), Scalar::Number(66.8), Scalar::Text("9007199254740993".into())] {
            let written = serde_json::to_value(&scalar).unwrap();
            assert_eq!(Scalar::from_json(&written), Some(scalar), "{written}");
        }
        assert_eq!(Scalar::from_json(&json!([1])), None);
        assert_eq!(Scalar::from_json(&json!(true)), Some(Scalar::Text("true".into())));
    }

    #[test]
    fn words_are_those_that_are_written() {
        for kind in ColumnType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
            assert_eq!(serde_json::from_value::<ColumnType>(kind.word().into()).unwrap(), *kind);
        }
        assert_eq!(
            "date".parse::<ColumnType>().unwrap_err().to_string(),
            "expected one of integer, number, text, boolean, timestamp, empty"
        );
    }

    #[test]
    fn an_unread_file_has_no_rows() {
        let profile = Profile::default();
        assert_eq!(profile.document().to_string(), r#"{"format":"other","warnings":[]}"#);
        let answer = serde_json::to_value(profile).unwrap();
        assert_eq!((&answer["rows"], &answer["columns"]), (&Value::Null, &json!([])));
    }
}
