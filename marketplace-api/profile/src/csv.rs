//! Profiles separated text as a stream.
//!
//! Promises: constant memory whatever the file holds (a quote that never closes is refused, not read into
//! memory); rows that do not fit the header are counted and named by line, or refused with `strict`.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::collections::HashSet;
use std::io::{self, Read};
use std::rc::Rc;

use crate::column::{clean_name, parse_number, Summary};
use crate::dialect::{delimiter, DIALECT_BYTES};
use crate::encoding::{Encoding, TextReader};
use crate::error::MAX_COLUMNS;
use crate::progress::InspectReader;
use crate::warnings::Warnings;
use crate::{Format, Profile, ProfileError, Progress};

/// One row may be so long, in bytes: far above any table and far below any memory.
const MAX_ROW_BYTES: u64 = 8 << 20;
/// How many rows that do not fit the header are named by their lines.
const MAX_NAMED_ROWS: usize = 5;

/// Profiles the text that `input` gives; with `strict` a row that does not fit the header is an error.
pub fn profile(
    input: impl Read,
    encoding: Encoding,
    strict: bool,
    progress: &mut Progress<'_>,
) -> Result<Profile, ProfileError> {
    let watched = InspectReader::new(input, |bytes| match progress(bytes.len() as u64).is_break() {
        true => Err(ProfileError::Stopped),
        false => Ok(()),
    });
    let mut text = TextReader::new(watched, encoding);
    let mut head = Vec::with_capacity(DIALECT_BYTES);
    text.by_ref().take(DIALECT_BYTES as u64).read_to_end(&mut head)?;
    let delimiter = delimiter(&head);
    let mut rows = Rows::new(io::Cursor::new(head).chain(text), delimiter);

    let mut warnings = Warnings::default();
    let mut record = ::csv::ByteRecord::new();
    let mut rows_are_lines = true;
    let names = match rows.read(&mut record)? {
        true => {
            rows_are_lines = is_line(&record);
            header(&record, &mut warnings)?
        }
        false => Vec::new(),
    };
    let hasher = RandomState::new();
    let mut columns: Vec<Summary> = names.iter().map(|_| Summary::default()).collect();
    let mut misfits = Misfits::default();
    let mut count = 0;
    while rows.read(&mut record)? {
        count += 1;
        rows_are_lines = rows_are_lines && is_line(&record);
        let found = record.len();
        if found != columns.len() {
            let line = record.position().map_or(0, ::csv::Position::line);
            if strict {
                return Err(ProfileError::Ragged { line, found, expected: columns.len() });
            }
            misfits.add(line, found < columns.len());
            columns.iter_mut().skip(found).for_each(Summary::add_missing);
        }
        for (field, column) in record.iter().zip(&mut columns) {
            column.add(field, &hasher);
        }
    }
    warnings.extend(misfits.sentence());
    if names.is_empty() {
        warnings.push("the file has no header and no rows".into());
    } else if count == 0 {
        warnings.push("the file has a header and no rows".into());
    }
    Ok(Profile {
        format: Format::Csv,
        encoding: (encoding == Encoding::Cp949).then(|| "cp949".to_owned()),
        delimiter: Some(char::from(delimiter)),
        rows_are_lines: Some(rows_are_lines),
        rows: Some(count),
        columns: columns.into_iter().zip(names).map(|(column, name)| column.into_column(name)).collect(),
        warnings: warnings.into_sentences(),
    })
}

/// Whether a row is one line of the file: none of its cells has a line break in it.
fn is_line(record: &::csv::ByteRecord) -> bool {
    !record.as_slice().contains(&b'\n') && !record.as_slice().contains(&b'\r')
}

/// The rows of a text, none of them longer than [`MAX_ROW_BYTES`].
struct Rows<R> {
    reader: ::csv::Reader<R>,
    bound: Rc<Cell<Bound>>,
}

/// How far the text may be read before the row that begins on this line is too long: it moves on with the rows.
#[derive(Clone, Copy)]
struct Bound {
    bytes: u64,
    line: u64,
}

impl Rows<()> {
    fn new(text: impl Read, delimiter: u8) -> Rows<impl Read> {
        let bound = Rc::new(Cell::new(Bound { bytes: MAX_ROW_BYTES, line: 1 }));
        let (shared, mut passed) = (bound.clone(), 0);
        let bounded = InspectReader::new(text, move |bytes| {
            let Bound { bytes: allowed, line } = shared.get();
            if passed > allowed {
                return Err(ProfileError::EndlessRow { line });
            }
            passed += bytes.len() as u64;
            Ok(())
        });
        let reader = ::csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(256 * 1024)
            .from_reader(bounded);
        Rows { reader, bound }
    }
}

impl<R: Read> Rows<R> {
    /// Reads the next row; false at the end of the text.
    fn read(&mut self, record: &mut ::csv::ByteRecord) -> Result<bool, ProfileError> {
        let more = self.reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            ::csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })?;
        let end = self.reader.position();
        self.bound.set(Bound { bytes: end.byte() + MAX_ROW_BYTES, line: end.line() });
        Ok(more)
    }
}

fn header(record: &::csv::ByteRecord, warnings: &mut Warnings) -> Result<Vec<String>, ProfileError> {
    if record.len() > MAX_COLUMNS {
        return Err(ProfileError::TooWide { found: record.len() });
    }
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(record.len());
    for (index, field) in record.iter().enumerate() {
        let name = clean_name(&String::from_utf8_lossy(field));
        if name.is_empty() {
            warnings.push(format!("column {} has no name", index + 1));
        } else if !seen.insert(name.clone()) {
            warnings.push(format!("the column name \"{name}\" appears more than once"));
        }
        names.push(name);
    }
    if record.iter().all(|field| parse_number(field.trim_ascii()).is_some()) {
        warnings.push("the first row is all numbers: the file may have no header line".into());
    }
    Ok(names)
}

/// The rows that do not fit the header: how many, and the lines of the first.
#[derive(Default)]
struct Misfits {
    short: u64,
    long: u64,
    lines: Vec<u64>,
}

impl Misfits {
    fn add(&mut self, line: u64, short: bool) {
        match short {
            true => self.short += 1,
            false => self.long += 1,
        }
        if self.lines.len() < MAX_NAMED_ROWS {
            self.lines.push(line);
        }
    }

    /// The warning about them, if there are any.
    fn sentence(&self) -> Option<String> {
        let Misfits { short, long, lines } = self;
        let total = short + long;
        let named: Vec<String> = lines.iter().map(u64::to_string).collect();
        (total > 0).then(|| {
            format!(
                "{total} {} not fit the header ({short} too short, {long} too long): {} {}{}",
                if total == 1 { "row does" } else { "rows do" },
                if named.len() == 1 { "line" } else { "lines" },
                named.join(", "),
                if total > named.len() as u64 { " and more" } else { "" },
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::{ColumnType, Scalar};

    fn try_read(bytes: &[u8], encoding: Encoding, strict: bool) -> Result<Profile, ProfileError> {
        profile(bytes, encoding, strict, &mut |_| ControlFlow::Continue(()))
    }

    fn read(text: &str) -> Profile {
        try_read(text.as_bytes(), Encoding::Utf8, false).unwrap()
    }

    #[test]
    fn a_table_with_a_korean_header() {
        let profile = read(
            "\u{feff}시각,설비,온도[°C],불량\n2026-01-01T00:00:00,가공1호,21.5,false\n2026-01-01T00:00:01,가공2호,,true\n",
        );
        let names: Vec<_> =
            profile.columns.iter().map(|c| (c.name.as_str(), c.kind, c.missing.unwrap())).collect();
        assert_eq!(
            names,
            [
                ("시각", ColumnType::Timestamp, 0),
                ("설비", ColumnType::Text, 0),
                ("온도[°C]", ColumnType::Number, 1),
                ("불량", ColumnType::Boolean, 0)
            ]
        );
        assert_eq!((profile.rows, profile.delimiter), (Some(2), Some(',')));
        assert!(profile.warnings.is_empty(), "{:?}", profile.warnings);
    }

    #[test]
    fn a_line_break_in_a_cell_is_noticed() {
        for text in ["", "a", "a,b\n1,2", "a,b\r1,2\r", "a,\"b\"\r\n\r\n\"1,2\",\n", "\u{feff}a\n\"\"\n"] {
            assert_eq!(read(text).rows_are_lines, Some(true), "{text:?}");
        }
        for text in ["\"a\n\"\n1\n", "a\n1\n\"2\r\"\n", "a\n\"never closed\n1\n"] {
            assert_eq!(read(text).rows_are_lines, Some(false), "{text:?}");
        }
    }

    #[test]
    fn delimiters_are_found() {
        assert_eq!(read("a;b\n1,5;2\n3,5;4\n").delimiter, Some(';'));
        assert_eq!(read("a\tb\n1\t2\n").delimiter, Some('\t'));
        assert_eq!(read("a,b\n\"x;y;z\",2\n").delimiter, Some(','));
        assert_eq!(read("one\n1\n2\n").delimiter, Some(','));
    }

    #[test]
    fn ragged_rows_are_counted_and_named() {
        let profile = read("a,b\n1,2\n3\n4,5,6\n7,8\n");
        assert_eq!(profile.warnings, ["2 rows do not fit the header (1 too short, 1 too long): lines 3, 4"]);
        assert_eq!((profile.rows, profile.columns[1].missing), (Some(4), Some(1)));
        let strict = try_read(b"a,b\n1,2\n3\n", Encoding::Utf8, true).unwrap_err();
        assert_eq!(strict.to_string(), "line 3 has 1 fields where the header has 2");
    }

    #[test]
    fn header_only_and_nothing_at_all() {
        assert_eq!(read("a,b\n").warnings, ["the file has a header and no rows"]);
        assert_eq!(read("a,b").columns.len(), 2);
        assert_eq!(read("\n\n").warnings, ["the file has no header and no rows"]);
        assert_eq!(read("a").columns[0].kind, ColumnType::Empty);
    }

    #[test]
    fn not_utf8_names_the_place() {
        let error = try_read(b"a,b\n1,\xb0\xa1\n", Encoding::Utf8, false).unwrap_err();
        assert_eq!(error.to_string(), "not UTF-8 text: byte 0xb0 at offset 6 (line 2)");
        let profile = try_read(b"a,b\n1,\xb0\xa1\n", Encoding::Cp949, false).unwrap();
        assert_eq!(profile.encoding.as_deref(), Some("cp949"));
    }

    #[test]
    fn utf16_is_recognised() {
        let error = try_read(b"\xff\xfea\0,\0", Encoding::Utf8, false).unwrap_err();
        assert!(matches!(error, ProfileError::NotText { utf16: true, .. }), "{error}");
    }

    #[test]
    fn a_quote_that_never_closes_is_refused() {
        let mut text = b"a,b\n1,2\n3,\"never\n".to_vec();
        text.resize(text.len() + 10 * 1024 * 1024, b'x');
        let error = try_read(&text, Encoding::Utf8, false).unwrap_err();
        assert!(matches!(error, ProfileError::EndlessRow { line: 3 }), "{error}");
    }

    #[test]
    fn odd_headers_are_warned_about() {
        assert_eq!(
            read("a,,a\n1,2,3\n").warnings,
            ["column 2 has no name", "the column name \"a\" appears more than once"]
        );
        assert_eq!(
            read("1,2\n3,4\n").warnings,
            ["the first row is all numbers: the file may have no header line"]
        );
    }

    #[test]
    fn ranges_of_a_long_table() {
        let mut text = String::from("n,x\n");
        for n in 0..5000 {
            text.push_str(&format!("{n},{}\n", n as f64 / 8.0));
        }
        let profile = read(&text);
        assert_eq!(profile.rows, Some(5000));
        assert_eq!(profile.columns[0].max, Some(Scalar::Integer(4999)));
        assert_eq!(profile.columns[1].max, Some(Scalar::Number(624.875)));
        assert_eq!(profile.columns[0].distinct, None);
    }
}
