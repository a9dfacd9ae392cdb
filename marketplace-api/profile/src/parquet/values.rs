//! The values of a column as text, row by row: for people who look at a few rows.
//!
//! A value of a repeated column is a list, `[a, b]`; what is missing is nothing. Bytes that are no text are hexadecimal.
//! Text is cut to a bounded length, so that a row costs no more memory than somebody would read.

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::schema::types::ColumnDescriptor;

use super::meaning::Meaning;
use crate::ColumnType;

/// The longest cell, in characters.
const MAX_CELL: usize = 1_000;
/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 1_024;

/// The cells of a column's first rows, at most so many.
pub(super) fn cells(
    descriptor: &ColumnDescriptor,
    reader: ColumnReader,
    most: usize,
) -> Result<Vec<String>, ParquetError> {
    let meaning = Meaning::of(descriptor);
    let number = |value: f64| meaning.ends(None, Some((value, value))).0.map(|scalar| scalar.to_string());
    let whole = |value: i128| {
        let text = meaning.ends(Some((value, value)), None).0.map(|scalar| scalar.to_string());
        text.unwrap_or_else(|| value.to_string())
    };
    let columns = Columns { descriptor, most };
    use ColumnReader::*;
    match reader {
        BoolColumnReader(reader) => columns.read(reader, |value| value.to_string()),
        Int32ColumnReader(reader) => columns.read(reader, |value| whole(meaning.whole32(*value))),
        Int64ColumnReader(reader) => columns.read(reader, |value| whole(meaning.whole64(*value))),
        Int96ColumnReader(reader) => {
            let time = Meaning::Time(1);
            columns.read(reader, |value| {
                let at = i128::from(value.to_nanos());
                time.ends(Some((at, at)), None).0.map_or_else(|| at.to_string(), |text| text.to_string())
            })
        }
        FloatColumnReader(reader) => {
            columns.read(reader, |value| number(f64::from(*value)).unwrap_or_else(|| value.to_string()))
        }
        DoubleColumnReader(reader) => {
            columns.read(reader, |value| number(*value).unwrap_or_else(|| value.to_string()))
        }
        ByteArrayColumnReader(reader) => columns.read(reader, |value| bytes(value, meaning)),
        FixedLenByteArrayColumnReader(reader) => columns.read(reader, |value| bytes(value, meaning)),
    }
}

/// Text, if the column is one; what is no text is hexadecimal.
fn bytes(value: &ByteArray, meaning: Meaning) -> String {
    let most = 4 * MAX_CELL;
    let bytes = value.data();
    let shown = bytes.get(..most).unwrap_or(bytes);
    let text = match std::str::from_utf8(shown) {
        Ok(text) => Some(text),
        // Cut off within a character.
        Err(error) if error.error_len().is_none() && shown.len() < bytes.len() => {
            std::str::from_utf8(shown.get(..error.valid_up_to()).unwrap_or_default()).ok()
        }
        Err(_) => None,
    };
    match text {
        Some(text) if meaning == Meaning::NoRange(ColumnType::Text) => text.to_owned(),
        _ => shown.iter().take(MAX_CELL / 2).map(|byte| format!("{byte:02x}")).collect(),
    }
}

struct Columns<'a> {
    descriptor: &'a ColumnDescriptor,
    most: usize,
}

impl Columns<'_> {
    fn read<T: DataType>(
        &self,
        mut reader: ColumnReaderImpl<T>,
        text: impl Fn(&T::T) -> String,
    ) -> Result<Vec<String>, ParquetError> {
        let deepest = self.descriptor.max_def_level();
        let repeats = self.descriptor.max_rep_level() > 0;
        let mut cells: Vec<String> = Vec::new();
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        while cells.len() < self.most {
            values.clear();
            definitions.clear();
            repetitions.clear();
            let wanted = (self.most - cells.len()).min(ROWS_AT_ONCE);
            let (records, count, levels) = reader.read_records(
                wanted,
                (deepest > 0).then_some(&mut definitions),
                repeats.then_some(&mut repetitions),
                &mut values,
            )?;
            if records == 0 {
                break;
            }
            let entries = if deepest > 0 || repeats { levels } else { count };
            let mut value = values.iter();
            let mut lists: Vec<Vec<String>> = Vec::new();
            for at in 0..entries {
                if !repeats || repetitions.get(at).is_none_or(|level| *level == 0) {
                    lists.push(Vec::new());
                }
                let here = deepest == 0 || definitions.get(at) == Some(&deepest);
                let entry = if here { value.next().map(&text) } else { None };
                if let (Some(list), Some(entry)) = (lists.last_mut(), entry) {
                    list.push(entry);
                }
            }
            let joined = lists.into_iter().map(|list| match repeats {
                true => format!("[{}]", list.join(", ")),
                false => list.concat(),
            });
            cells.extend(joined.map(|cell| cell.chars().take(MAX_CELL).collect::<String>()));
        }
        cells.truncate(self.most);
        Ok(cells)
    }
}
