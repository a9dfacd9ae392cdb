//! Profiles a Parquet file: from the statistics in its footer, and by reading a column where they are absent.
//!
//! Promises: at most one batch of one column is in memory; text values never enter the profile.

use std::fs::File;
use std::path::Path;

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::file::statistics::Statistics;
use ::parquet::schema::types::ColumnDescriptor;

use super::value::{ColumnType, Scalar};
use super::{Column, Format, Profile, Warnings};
use crate::exit::{Code, Failure};

const BATCH: usize = 8192;
const MAX_COLUMNS: usize = 16_384;

/// Why a Parquet file could not be profiled.
#[derive(Debug, thiserror::Error)]
#[error("not a readable Parquet file: {0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(super) fn about(self, path: &Path) -> Failure {
        Failure::new(Code::Refused, format!("{}: {self}", path.display()))
            .advise("make the file again, or publish it without a profile with --format other")
    }
}

impl From<ParquetError> for Unreadable {
    fn from(error: ParquetError) -> Self {
        Unreadable(error.to_string())
    }
}

/// Profiles `file`.
pub fn profile(file: File) -> Result<Profile, Unreadable> {
    let reader = SerializedFileReader::new(file)?;
    let about = reader.metadata();
    let rows = u64::try_from(about.file_metadata().num_rows())
        .map_err(|_| Unreadable("a negative number of rows".into()))?;
    let schema = about.file_metadata().schema_descr_ptr();
    if schema.num_columns() > MAX_COLUMNS {
        return Err(Unreadable(format!("{} columns; at most {MAX_COLUMNS}", schema.num_columns())));
    }
    let mut warnings = Warnings::default();
    let mut columns = Vec::with_capacity(schema.num_columns());
    for index in 0..schema.num_columns() {
        let descriptor = schema.column(index);
        let kind = Kind::of(&descriptor);
        let mut seen = Seen::default();
        let mut unread = None;
        for group in 0..about.num_row_groups() {
            let chunk = about.row_group(group).column(index);
            if !seen.add_statistics(chunk.statistics(), &descriptor, &kind) {
                let rows = reader.get_row_group(group).and_then(|group| group.get_column_reader(index));
                if let Err(error) = rows.and_then(|rows| seen.add_values(rows, &descriptor)) {
                    unread = Some(error.to_string());
                    break;
                }
            }
        }
        let name = super::csv::clean_name(&descriptor.path().parts().join("."));
        if let Some(reason) = unread {
            warnings.push(format!("column \"{name}\" has no statistics and could not be read: {reason}"));
            seen = Seen::default();
        }
        columns.push(kind.finish(name, rows, &seen));
    }
    if rows == 0 {
        warnings.push("the file has no rows".into());
    }
    Ok(Profile {
        format: Format::Parquet,
        encoding: None,
        delimiter: None,
        rows: Some(rows),
        columns,
        warnings: warnings.finish(),
    })
}

/// How stored values are to be understood.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    Whole,
    Unsigned,
    Number,
    Decimal(i32),
    /// Nanoseconds of one tick since 1970.
    Time(i128),
    NoRange,
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    column: ColumnType,
    meaning: Meaning,
}

impl Kind {
    fn of(descriptor: &ColumnDescriptor) -> Kind {
        const DAY: i128 = 86_400_000_000_000;
        let kind = |column, meaning| Kind { column, meaning };
        match descriptor.logical_type_ref() {
            Some(LogicalType::Timestamp(stamp)) => {
                let tick = match stamp.unit {
                    TimeUnit::MILLIS => 1_000_000,
                    TimeUnit::MICROS => 1_000,
                    TimeUnit::NANOS => 1,
                };
                return kind(ColumnType::Timestamp, Meaning::Time(tick));
            }
            Some(LogicalType::Date) => return kind(ColumnType::Timestamp, Meaning::Time(DAY)),
            Some(LogicalType::Decimal(decimal)) => {
                return kind(ColumnType::Number, Meaning::Decimal(decimal.scale))
            }
            Some(LogicalType::Integer(whole)) if !whole.is_signed => {
                return kind(ColumnType::Integer, Meaning::Unsigned)
            }
            Some(LogicalType::Time(_)) => return kind(ColumnType::Text, Meaning::NoRange),
            Some(LogicalType::Float16) => return kind(ColumnType::Number, Meaning::NoRange),
            _ => {}
        }
        match descriptor.converted_type() {
            ConvertedType::TIMESTAMP_MILLIS => return kind(ColumnType::Timestamp, Meaning::Time(1_000_000)),
            ConvertedType::TIMESTAMP_MICROS => return kind(ColumnType::Timestamp, Meaning::Time(1_000)),
            ConvertedType::DATE => return kind(ColumnType::Timestamp, Meaning::Time(DAY)),
            ConvertedType::DECIMAL => {
                return kind(ColumnType::Number, Meaning::Decimal(descriptor.type_scale()))
            }
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => return kind(ColumnType::Integer, Meaning::Unsigned),
            _ => {}
        }
        match descriptor.physical_type() {
            Type::BOOLEAN => kind(ColumnType::Boolean, Meaning::NoRange),
            Type::INT32 | Type::INT64 => kind(ColumnType::Integer, Meaning::Whole),
            Type::INT96 => kind(ColumnType::Timestamp, Meaning::NoRange),
            Type::FLOAT | Type::DOUBLE => kind(ColumnType::Number, Meaning::Number),
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => kind(ColumnType::Text, Meaning::NoRange),
        }
    }

    fn finish(self, name: String, rows: u64, seen: &Seen) -> Column {
        let empty = rows > 0 && seen.missing >= rows;
        let whole =
            |low: i128, high: i128, scalar: &dyn Fn(i128) -> Option<Scalar>| (scalar(low), scalar(high));
        let (min, max) = match (self.meaning, seen.whole, seen.number) {
            (Meaning::Whole | Meaning::Unsigned, Some((low, high)), _) => {
                whole(low, high, &|value| Some(Scalar::integer(value)))
            }
            (Meaning::Decimal(scale), Some((low, high)), _) => {
                whole(low, high, &|value| Some(Scalar::number(value as f64 / 10f64.powi(scale))))
            }
            (Meaning::Time(tick), Some((low, high)), _) => {
                whole(low, high, &|value| moment(value.checked_mul(tick)?, tick).map(Scalar::Text))
            }
            (Meaning::Number, _, Some((low, high))) => {
                (Some(Scalar::number(low)), Some(Scalar::number(high)))
            }
            _ => (None, None),
        };
        Column {
            name,
            kind: if empty { ColumnType::Empty } else { self.column },
            missing: seen.missing,
            min,
            max,
            distinct: None,
        }
    }
}

/// What was seen of one column so far.
#[derive(Debug, Default)]
struct Seen {
    missing: u64,
    whole: Option<(i128, i128)>,
    number: Option<(f64, f64)>,
}

impl Seen {
    fn see_whole(&mut self, value: i128) {
        let (low, high) = self.whole.get_or_insert((value, value));
        *low = value.min(*low);
        *high = value.max(*high);
    }

    fn see_number(&mut self, value: f64) {
        if value.is_finite() {
            let (low, high) = self.number.get_or_insert((value, value));
            *low = value.min(*low);
            *high = value.max(*high);
        }
    }

    /// Takes what the footer says about a chunk; false when it does not say enough.
    fn add_statistics(
        &mut self,
        statistics: Option<&Statistics>,
        descriptor: &ColumnDescriptor,
        kind: &Kind,
    ) -> bool {
        let Some(statistics) = statistics else { return false };
        let required = descriptor.max_def_level() == 0;
        let Some(missing) = statistics.null_count_opt().or(required.then_some(0)) else { return false };
        let unsigned = kind.meaning == Meaning::Unsigned;
        match statistics {
            Statistics::Int32(values) => {
                for end in [values.min_opt(), values.max_opt()].into_iter().flatten() {
                    self.see_whole(if unsigned { i128::from(*end as u32) } else { i128::from(*end) });
                }
            }
            Statistics::Int64(values) => {
                for end in [values.min_opt(), values.max_opt()].into_iter().flatten() {
                    self.see_whole(if unsigned { i128::from(*end as u64) } else { i128::from(*end) });
                }
            }
            Statistics::Float(values) => {
                for end in [values.min_opt(), values.max_opt()].into_iter().flatten() {
                    self.see_number(f64::from(*end));
                }
            }
            Statistics::Double(values) => {
                for end in [values.min_opt(), values.max_opt()].into_iter().flatten() {
                    self.see_number(*end);
                }
            }
            _ => {}
        }
        self.missing += missing;
        true
    }

    fn add_values(
        &mut self,
        reader: ColumnReader,
        descriptor: &ColumnDescriptor,
    ) -> Result<(), ParquetError> {
        let unsigned = Kind::of(descriptor).meaning == Meaning::Unsigned;
        let missing = match reader {
            ColumnReader::Int32ColumnReader(reader) => scan(reader, descriptor, |value| {
                self.see_whole(if unsigned { i128::from(*value as u32) } else { i128::from(*value) });
            }),
            ColumnReader::Int64ColumnReader(reader) => scan(reader, descriptor, |value| {
                self.see_whole(if unsigned { i128::from(*value as u64) } else { i128::from(*value) });
            }),
            ColumnReader::FloatColumnReader(reader) => {
                scan(reader, descriptor, |value| self.see_number(f64::from(*value)))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                scan(reader, descriptor, |value| self.see_number(*value))
            }
            ColumnReader::BoolColumnReader(reader) => scan(reader, descriptor, |_| {}),
            ColumnReader::Int96ColumnReader(reader) => scan(reader, descriptor, |_| {}),
            ColumnReader::ByteArrayColumnReader(reader) => scan(reader, descriptor, |_| {}),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => scan(reader, descriptor, |_| {}),
        }?;
        self.missing += missing;
        Ok(())
    }
}

/// Reads a column chunk batch by batch; answers how many values are missing.
fn scan<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    descriptor: &ColumnDescriptor,
    mut see: impl FnMut(&T::T),
) -> Result<u64, ParquetError> {
    let deepest = descriptor.max_def_level();
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    let mut missing = 0;
    loop {
        values.clear();
        definitions.clear();
        repetitions.clear();
        let (records, _, _) = reader.read_records(
            BATCH,
            (deepest > 0).then_some(&mut definitions),
            (descriptor.max_rep_level() > 0).then_some(&mut repetitions),
            &mut values,
        )?;
        if records == 0 {
            return Ok(missing);
        }
        missing += definitions.iter().filter(|level| **level < deepest).count() as u64;
        values.iter().for_each(&mut see);
    }
}

/// Nanoseconds since 1970 as text; whole days as a date.
fn moment(nanoseconds: i128, tick: i128) -> Option<String> {
    let instant = time::OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?;
    if tick >= 86_400_000_000_000 {
        return Some(instant.date().to_string());
    }
    instant.format(&time::format_description::well_known::Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;

    use super::*;

    const SCHEMA: &str = "message machine {
        REQUIRED INT64 at (TIMESTAMP(MILLIS,true));
        OPTIONAL DOUBLE torque;
        OPTIONAL INT32 wear (INTEGER(32,false));
        REQUIRED BYTE_ARRAY product (UTF8);
        OPTIONAL INT32 nothing;
    }";

    fn write(statistics: EnabledStatistics) -> File {
        let file = tempfile::tempfile().unwrap();
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_statistics_enabled(statistics).build());
        let mut writer = SerializedFileWriter::new(file.try_clone().unwrap(), schema, properties).unwrap();
        for group in 0..2i64 {
            let mut rows = writer.next_row_group().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            let at = [1_700_000_000_000 + group, 1_700_000_001_500 + group];
            column.typed::<Int64Type>().write_batch(&at, None, None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<DoubleType>().write_batch(&[1.5 - group as f64], Some(&[1, 0]), None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<Int32Type>().write_batch(&[-1, 3], Some(&[1, 1]), None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            let names = [ByteArray::from("M1"), ByteArray::from("비밀")];
            column.typed::<ByteArrayType>().write_batch(&names, None, None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<Int32Type>().write_batch(&[], Some(&[0, 0]), None).unwrap();
            column.close().unwrap();
            rows.close().unwrap();
        }
        writer.close().unwrap();
        file
    }

    #[test]
    fn statistics_and_reading_say_the_same() {
        let from_statistics = profile(write(EnabledStatistics::Chunk)).unwrap();
        let from_reading = profile(write(EnabledStatistics::None)).unwrap();
        assert_eq!(from_statistics, from_reading);
        assert_eq!(from_reading.rows, Some(4));
        let columns: Vec<String> =
            from_reading.columns.iter().map(|column| serde_json::to_string(column).unwrap()).collect();
        assert_eq!(
            columns,
            [
                r#"{"name":"at","type":"timestamp","missing":0,"min":"2023-11-14T22:13:20Z","max":"2023-11-14T22:13:21.501Z"}"#,
                r#"{"name":"torque","type":"number","missing":2,"min":0.5,"max":1.5}"#,
                r#"{"name":"wear","type":"integer","missing":0,"min":3,"max":4294967295}"#,
                r#"{"name":"product","type":"text","missing":0}"#,
                r#"{"name":"nothing","type":"empty","missing":4}"#,
            ]
        );
    }

    #[test]
    fn nonsense_is_refused() {
        use std::io::Write;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"PAR1 nothing of the kind PAR1").unwrap();
        assert!(profile(file).unwrap_err().to_string().starts_with("not a readable Parquet file"));
    }
}
