//! Profiles a Parquet file: from the statistics in its footer, and by reading a column where they are absent.
//!
//! [`groups`] says where row groups stand in the file, [`proved_rows`] reads those whose bytes are proved.
//!
//! Promises: at most one batch of one column is in memory; text values never enter the profile. Columns that zstd
//! compressed are read with the feature `zstd` only; without it the profile says that they were not.

mod groups;
mod meaning;
mod proved;
mod range;
mod source;
mod values;

pub use groups::{groups, Group, Groups};
pub use proved::{proved_rows, ProvedRow, ProvedRows, MAX_PROVED_ROWS};

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::DataType;
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;

use crate::error::MAX_COLUMNS;
use crate::warnings::Warnings;
use crate::{Column, Format, Profile, ProfileError, Progress};
use meaning::Meaning;
use range::Range;
use source::Source;

/// Values of a column that are in memory at once.
const VALUES_AT_ONCE: usize = 8192;

/// Profiles the file that `input` reads.
pub fn profile<R: Read + Seek + Send + 'static>(
    input: R,
    progress: &mut Progress<'_>,
) -> Result<Profile, ProfileError> {
    let reader = SerializedFileReader::new(Source::new(input)?).map_err(broken)?;
    let about = reader.metadata();
    let rows = u64::try_from(about.file_metadata().num_rows())
        .map_err(|_| ProfileError::BrokenParquet("a negative number of rows".into()))?;
    let schema = about.file_metadata().schema_descr_ptr();
    if schema.num_columns() > MAX_COLUMNS {
        return Err(ProfileError::TooWide { found: schema.num_columns() });
    }
    let mut warnings = Warnings::default();
    let mut columns = Vec::with_capacity(schema.num_columns());
    for index in 0..schema.num_columns() {
        let descriptor = schema.column(index);
        let meaning = Meaning::of(&descriptor);
        let mut range = Range::default();
        let mut unread = None;
        for group in 0..about.num_row_groups() {
            let chunk = about.row_group(group).column(index);
            if !range.add_statistics(chunk.statistics(), &descriptor, meaning) {
                let values = reader.get_row_group(group).and_then(|group| group.get_column_reader(index));
                let mut scan =
                    Scan { range: &mut range, descriptor: &descriptor, go_on: &mut || progress(0) };
                match values.and_then(|values| scan.read(values, meaning)) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => return Err(ProfileError::Stopped),
                    Err(error) => {
                        unread = Some(error.to_string());
                        break;
                    }
                }
            }
            if progress(u64::try_from(chunk.compressed_size()).unwrap_or(0)).is_break() {
                return Err(ProfileError::Stopped);
            }
        }
        let name = crate::column::clean_name(&descriptor.path().parts().join("."));
        if let Some(reason) = unread {
            warnings.push(format!("column \"{name}\" has no statistics and could not be read: {reason}"));
            range = Range::default();
        }
        columns.push(column(name, meaning, rows, &range));
    }
    if rows == 0 {
        warnings.push("the file has no rows".into());
    }
    Ok(Profile {
        format: Format::Parquet,
        encoding: None,
        delimiter: None,
        rows_are_lines: None,
        rows: Some(rows),
        columns,
        warnings: warnings.into_sentences(),
    })
}

fn broken(error: ParquetError) -> ProfileError {
    ProfileError::BrokenParquet(error.to_string())
}

/// Runs the reader of the format over what a stranger may have made. It has asserted what such files do not keep.
fn guarded<T>(read: impl FnOnce() -> Result<T, ProfileError>) -> Result<T, ProfileError> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    caught.unwrap_or_else(|_| Err(ProfileError::BrokenParquet("its parts do not fit together".into())))
}

fn column(name: String, meaning: Meaning, rows: u64, range: &Range) -> Column {
    let kind =
        if rows > 0 && range.missing >= rows { crate::ColumnType::Empty } else { meaning.column_type() };
    let (min, max) = meaning.ends(range.whole, range.number);
    Column { name, kind, missing: Some(range.missing), min, max, distinct: None }
}

/// Reads column chunks into the range of their column, batch by batch, for as long as `go_on` says so.
struct Scan<'a> {
    range: &'a mut Range,
    descriptor: &'a ColumnDescriptor,
    go_on: &'a mut dyn FnMut() -> ControlFlow<()>,
}

impl Scan<'_> {
    fn read(&mut self, reader: ColumnReader, meaning: Meaning) -> Result<ControlFlow<()>, ParquetError> {
        use ColumnReader::*;
        match reader {
            Int32ColumnReader(reader) => {
                self.values(reader, |to, value| to.add_whole(meaning.whole32(*value)))
            }
            Int64ColumnReader(reader) => {
                self.values(reader, |to, value| to.add_whole(meaning.whole64(*value)))
            }
            FloatColumnReader(reader) => self.values(reader, |to, value| to.add_number(f64::from(*value))),
            DoubleColumnReader(reader) => self.values(reader, |to, value| to.add_number(*value)),
            BoolColumnReader(reader) => self.values(reader, |_, _| {}),
            Int96ColumnReader(reader) => self.values(reader, |_, _| {}),
            ByteArrayColumnReader(reader) => self.values(reader, |_, _| {}),
            FixedLenByteArrayColumnReader(reader) => self.values(reader, |_, _| {}),
        }
    }

    fn values<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
        add: impl Fn(&mut Range, &T::T),
    ) -> Result<ControlFlow<()>, ParquetError> {
        let deepest = self.descriptor.max_def_level();
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        while (self.go_on)().is_continue() {
            values.clear();
            definitions.clear();
            repetitions.clear();
            let (records, _, _) = reader.read_records(
                VALUES_AT_ONCE,
                (deepest > 0).then_some(&mut definitions),
                (self.descriptor.max_rep_level() > 0).then_some(&mut repetitions),
                &mut values,
            )?;
            if records == 0 {
                return Ok(ControlFlow::Continue(()));
            }
            self.range.missing += definitions.iter().filter(|level| **level < deepest).count() as u64;
            values.iter().for_each(|value| add(self.range, value));
        }
        Ok(ControlFlow::Break(()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
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

    fn write(statistics: EnabledStatistics) -> Vec<u8> {
        let mut file = Vec::new();
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_statistics_enabled(statistics).build());
        let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
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

    fn read(file: Vec<u8>) -> Result<Profile, ProfileError> {
        profile(Cursor::new(file), &mut |_| ControlFlow::Continue(()))
    }

    #[test]
    fn statistics_and_reading_say_the_same() {
        let from_statistics = read(write(EnabledStatistics::Chunk)).unwrap();
        let from_reading = read(write(EnabledStatistics::None)).unwrap();
        assert_eq!(from_statistics, from_reading);
        assert_eq!(from_reading.rows, Some(4));
        let expected: Vec<serde_json::Value> = [
                r#"{"name":"at","type":"timestamp","missing":0,"min":"2023-11-14T22:13:20Z","max":"2023-11-14T22:13:21.501Z"}"#,
                r#"{"name":"torque","type":"number","missing":2,"min":0.5,"max":1.5}"#,
                r#"{"name":"wear","type":"integer","missing":0,"min":3,"max":4294967295}"#,
                r#"{"name":"product","type":"text","missing":0}"#,
                r#"{"name":"nothing","type":"empty","missing":4}"#,
        ]
        .into_iter()
        .map(|column| serde_json::from_str(column).unwrap())
        .collect();
        assert_eq!(from_reading.document()["columns"], serde_json::Value::from(expected));
    }

    #[test]
    fn nonsense_is_refused() {
        let refused = read(b"PAR1 nothing of the kind PAR1".to_vec()).unwrap_err();
        assert!(refused.to_string().starts_with("not a readable Parquet file"));
    }

    #[test]
    fn a_reading_can_be_stopped() {
        for statistics in [EnabledStatistics::Chunk, EnabledStatistics::None] {
            let stopped = profile(Cursor::new(write(statistics)), &mut |_| ControlFlow::Break(()));
            assert!(matches!(stopped, Err(ProfileError::Stopped)));
        }
    }
}
