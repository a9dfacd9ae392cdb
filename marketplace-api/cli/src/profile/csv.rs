//! Profiles separated text as a stream.
//!
//! Promises: constant memory whatever the file holds (a quote that never closes is refused, not read into
//! memory); rows that do not fit the header are counted and named by line, or refused with `strict`.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::collections::HashSet;
use std::io::{self, Read};
use std::rc::Rc;

use super::encoding::{BadText, Encoding, TextReader};
use super::value::{parse_number, Summary};
use super::{Format, Profile, Warnings};
use crate::exit::{Code, Failure};

/// One record may be so long. It is far above any table and far below any memory.
const MAX_RECORD: u64 = 8 << 20;
/// More columns than this is a mistaken delimiter or a transposed table.
const MAX_COLUMNS: usize = 16_384;
/// How much of the file the delimiter is read from.
pub(crate) const SNIFF: usize = 64 * 1024;
/// How many ragged rows are named.
const NAMED_ROWS: usize = 5;

/// Why a file could not be profiled; the caller adds which file.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// Bytes that are not text in the expected encoding.
    #[error("not {encoding} text: byte 0x{byte:02x} at offset {offset} (line {line})")]
    NotText {
        /// The encoding that was expected.
        encoding: &'static str,
        /// Where in the file, from 0.
        offset: u64,
        /// Which line, from 1.
        line: u64,
        /// The byte.
        byte: u8,
        /// The file begins with a UTF-16 byte-order mark.
        utf16: bool,
    },
    /// A record that does not end.
    #[error("the record that begins on line {line} is longer than 8 MiB: a quote there may never be closed")]
    EndlessRecord {
        /// Where it begins.
        line: u64,
    },
    /// Rows that do not fit the header, and `strict`.
    #[error("line {line} has {found} fields where the header has {expected}")]
    Ragged {
        /// The first such line.
        line: u64,
        /// Its fields.
        found: usize,
        /// The header's.
        expected: usize,
    },
    /// Too many columns.
    #[error("the header has {found} columns; at most {MAX_COLUMNS} are described")]
    TooWide {
        /// How many.
        found: usize,
    },
    /// The file could not be read.
    #[error("reading failed: {0}")]
    Read(String),
}

impl CsvError {
    pub(super) fn about(self, path: &std::path::Path) -> Failure {
        let advice = match &self {
            CsvError::NotText { utf16: true, .. } => {
                "the file is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`".to_owned()
            }
            CsvError::NotText { encoding: "UTF-8", .. } => format!(
                "a CSV from Korean Windows or Excel is often CP949 (EUC-KR): say --encoding cp949, or convert it \
                 with `iconv -f CP949 -t UTF-8 {} > utf8.csv`; --format other publishes it without a profile",
                path.display()
            ),
            CsvError::NotText { .. } => "--format other publishes it without a profile".to_owned(),
            CsvError::EndlessRecord { .. } => {
                "close the quote, or publish it without a profile with --format other".to_owned()
            }
            CsvError::Ragged { .. } => "repair the row, or leave --strict out to publish with a warning".to_owned(),
            CsvError::TooWide { .. } => "publish it without a profile with --format other".to_owned(),
            CsvError::Read(_) => "check the disk and the permissions of the file".to_owned(),
        };
        Failure::new(Code::Refused, format!("{}: {self}", path.display())).advise(advice)
    }
}

/// Stops reading when a record grows without end: reads past `allowed` are refused.
struct Guard<R> {
    inner: R,
    passed: u64,
    allowed: Rc<Cell<u64>>,
}

#[derive(Debug, thiserror::Error)]
#[error("record too long")]
struct TooLong;

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.passed > self.allowed.get() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TooLong));
        }
        let count = self.inner.read(out)?;
        self.passed += count as u64;
        Ok(count)
    }
}

/// Tells the caller how far the file was read.
struct Counted<'a, R> {
    inner: R,
    progress: &'a dyn Fn(u64),
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        (self.progress)(count as u64);
        Ok(count)
    }
}

/// Profiles the text that `input` gives.
pub fn profile(
    input: impl Read,
    encoding: Encoding,
    strict: bool,
    progress: &dyn Fn(u64),
) -> Result<Profile, CsvError> {
    let mut text = TextReader::new(Counted { inner: input, progress }, encoding);
    let mut head = Vec::with_capacity(SNIFF);
    text.by_ref().take(SNIFF as u64).read_to_end(&mut head).map_err(|error| reading(&error, 1))?;
    let delimiter = sniff(&head);
    let allowed = Rc::new(Cell::new(MAX_RECORD));
    let guard = Guard { inner: io::Cursor::new(head).chain(text), passed: 0, allowed: allowed.clone() };
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(256 * 1024)
        .from_reader(guard);

    let mut warnings = Warnings::default();
    let mut record = ::csv::ByteRecord::new();
    let mut next = |record: &mut ::csv::ByteRecord, line: u64| -> Result<Option<u64>, CsvError> {
        let more = reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            ::csv::ErrorKind::Io(error) => reading(&error, line),
            other => CsvError::Read(format!("{other:?}")),
        })?;
        allowed.set(reader.position().byte() + MAX_RECORD);
        Ok(more.then(|| reader.position().line()))
    };

    let Some(mut next_line) = next(&mut record, 1)? else {
        warnings.push("the file has no header and no rows".into());
        return Ok(done(encoding, delimiter, 0, Vec::new(), warnings));
    };
    let names = header(&record, &mut warnings)?;
    let hasher = RandomState::new();
    let mut columns: Vec<Summary> = names.iter().map(|_| Summary::default()).collect();
    let (mut rows, mut short, mut long) = (0u64, 0u64, 0u64);
    let mut named: Vec<u64> = Vec::new();
    loop {
        let before = next_line;
        match next(&mut record, before)? {
            None => break,
            Some(line) => next_line = line,
        }
        rows += 1;
        let found = record.len();
        if found != columns.len() {
            // A record knows the line it begins on only roughly when blank lines come before it.
            let line = record.position().map_or(before, ::csv::Position::line);
            if strict {
                return Err(CsvError::Ragged { line, found, expected: columns.len() });
            }
            if found < columns.len() {
                short += 1;
                columns[found..].iter_mut().for_each(Summary::miss);
            } else {
                long += 1;
            }
            if named.len() < NAMED_ROWS {
                named.push(line);
            }
        }
        for (field, column) in record.iter().zip(&mut columns) {
            column.see(field, &hasher);
        }
    }
    if short + long > 0 {
        warnings.push(ragged(short, long, &named));
    }
    if rows == 0 {
        warnings.push("the file has a header and no rows".into());
    }
    let columns = columns.into_iter().zip(names).map(|(column, name)| column.finish(name)).collect();
    Ok(done(encoding, delimiter, rows, columns, warnings))
}

fn done(
    encoding: Encoding,
    delimiter: u8,
    rows: u64,
    columns: Vec<super::Column>,
    warnings: Warnings,
) -> Profile {
    Profile {
        format: Format::Csv,
        encoding: (encoding == Encoding::Cp949).then(|| "cp949".to_owned()),
        delimiter: Some(char::from(delimiter)),
        rows: Some(rows),
        columns,
        warnings: warnings.finish(),
    }
}

fn reading(error: &io::Error, line: u64) -> CsvError {
    let inner = error.get_ref();
    if let Some(bad) = inner.and_then(|inner| inner.downcast_ref::<BadText>()) {
        return CsvError::NotText {
            encoding: bad.encoding,
            offset: bad.offset,
            line: bad.line,
            byte: bad.byte,
            utf16: bad.utf16,
        };
    }
    if inner.is_some_and(|inner| inner.is::<TooLong>()) {
        return CsvError::EndlessRecord { line };
    }
    CsvError::Read(error.to_string())
}

/// The delimiter of the first lines: the one that splits the header and the rows alike.
pub(crate) fn sniff(head: &[u8]) -> u8 {
    let mut best = (b',', 0usize);
    for candidate in [b',', b';', b'\t'] {
        let mut counts = Vec::new();
        let (mut quoted, mut count) = (false, 0usize);
        for &byte in head {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == 32 {
                        break;
                    }
                }
                _ if byte == candidate && !quoted => count += 1,
                _ => {}
            }
        }
        if counts.is_empty() {
            counts.push(count);
        }
        let expected = counts[0];
        let agreeing = counts.iter().filter(|count| **count == expected).count();
        // A delimiter that is in the header and splits most rows as it splits the header.
        let score = if expected == 0 { 0 } else { agreeing * 1000 / counts.len() * 1000 + expected.min(999) };
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

fn header(record: &::csv::ByteRecord, warnings: &mut Warnings) -> Result<Vec<String>, CsvError> {
    if record.len() > MAX_COLUMNS {
        return Err(CsvError::TooWide { found: record.len() });
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

/// A column name without control characters and of bounded length: it goes into a public document.
pub(super) fn clean_name(name: &str) -> String {
    const MAX_NAME: usize = 128;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.chars().count() <= MAX_NAME {
        name
    } else {
        name.chars().take(MAX_NAME - 1).chain(['…']).collect()
    }
}

fn ragged(short: u64, long: u64, named: &[u64]) -> String {
    let total = short + long;
    let lines: Vec<String> = named.iter().map(u64::to_string).collect();
    format!(
        "{total} {} not fit the header ({short} too short, {long} too long): {} {}{}",
        if total == 1 { "row does" } else { "rows do" },
        if named.len() == 1 { "line" } else { "lines" },
        lines.join(", "),
        if total > named.len() as u64 { " and more" } else { "" },
    )
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnType, Scalar};
    use super::*;

    fn read(text: &str) -> Profile {
        profile(text.as_bytes(), Encoding::Utf8, false, &|_| {}).unwrap()
    }

    #[test]
    fn a_table_with_a_korean_header() {
        let profile = read("\u{feff}시각,설비,온도[°C],불량\n2026-01-01T00:00:00,가공1호,21.5,false\n2026-01-01T00:00:01,가공2호,,true\n");
        let names: Vec<_> = profile.columns.iter().map(|c| (c.name.as_str(), c.kind, c.missing)).collect();
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
        assert_eq!((profile.rows, profile.columns[1].missing), (Some(4), 1));
        let strict = super::profile("a,b\n1,2\n3\n".as_bytes(), Encoding::Utf8, true, &|_| {}).unwrap_err();
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
        let error = profile(&b"a,b\n1,\xb0\xa1\n"[..], Encoding::Utf8, false, &|_| {}).unwrap_err();
        let failure = error.about(std::path::Path::new("x.csv"));
        assert_eq!(failure.message, "x.csv: not UTF-8 text: byte 0xb0 at offset 6 (line 2)");
        assert!(failure.advice.as_deref().is_some_and(|advice| advice.contains("--encoding cp949")));
        let profile = profile(&b"a,b\n1,\xb0\xa1\n"[..], Encoding::Cp949, false, &|_| {}).unwrap();
        assert_eq!(profile.encoding.as_deref(), Some("cp949"));
    }

    #[test]
    fn utf16_is_recognised() {
        let error = profile(&b"\xff\xfea\0,\0"[..], Encoding::Utf8, false, &|_| {}).unwrap_err();
        assert!(error
            .about(std::path::Path::new("x"))
            .advice
            .is_some_and(|advice| advice.contains("UTF-16")));
    }

    #[test]
    fn a_quote_that_never_closes_is_refused() {
        let mut text = b"a,b\n1,2\n3,\"never\n".to_vec();
        text.resize(text.len() + 10 * 1024 * 1024, b'x');
        let error = profile(&text[..], Encoding::Utf8, false, &|_| {}).unwrap_err();
        assert!(matches!(error, CsvError::EndlessRecord { line: 3 }), "{error}");
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
