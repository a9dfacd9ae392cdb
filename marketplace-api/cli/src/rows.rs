//! Where the rows of a separated-text file stand, in bytes, and which blocks hold them.
//!
//! Promises: rows are counted as the profile counts them (the header is row 0, blank lines are none, a line break in
//! quotes ends no row); one pass that stops behind the rows asked for, in constant memory.
//!
//! To prove that a row begins where it does takes the byte before it, and that it ends takes its line feed: so both
//! are among the bytes whose blocks are shown.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::ops::{ControlFlow, Range, RangeInclusive};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use wonbon_primitives::bounds::BLOCK_SIZE;

use crate::exit::{Code, Failure};
use crate::profile::csv::{sniff, SNIFF};

const BUFFER: usize = 256 * 1024;

/// Rows, and what is shown with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Their bytes, from the first of the first row to the line feed of the last.
    pub span: Range<u64>,
    /// The blocks that show them.
    pub blocks: Range<u64>,
    /// The rows of which these blocks hold any byte.
    pub visible: RangeInclusive<u64>,
}

/// Reads `A-B` or `A`.
pub fn parse(text: &str) -> Result<RangeInclusive<u64>, String> {
    let wrong =
        || format!("\"{text}\" is no range of rows; write for example 100-120, or 7 (row 0 is the header)");
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().replace([',', '_'], "").parse::<u64>().map_err(|_| wrong());
    let (first, last) = (number(first)?, number(last)?);
    if first > last {
        return Err(wrong());
    }
    Ok(first..=last)
}

/// Finds rows in the file at `path`.
pub fn find(
    path: &Path,
    wanted: &RangeInclusive<u64>,
    stop: &AtomicBool,
    progress: &dyn Fn(u64),
) -> Result<Rows, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Code::Refused, format!("cannot read {}: {error}", path.display()))
    };
    let mut file = File::open(path).map_err(failed)?;
    let mut finder = Finder::new(wanted.clone());
    let mut buffer = vec![0; BUFFER];
    let mut scanner: Option<Scanner> = None;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::new(Code::Interrupted, "stopped; nothing was written"));
        }
        let count = read_full(&mut file, &mut buffer).map_err(failed)?;
        let piece = &buffer[..count];
        if scanner.is_none() {
            check_head(path, piece)?;
        }
        let scanner = scanner.get_or_insert_with(|| Scanner::at_the_start_of(piece));
        let go_on = if count == 0 {
            scanner.finish(&mut |row| finder.row(row))
        } else {
            progress(count as u64);
            scanner.take(piece, &mut |row| finder.row(row))
        };
        if go_on.is_break() || count == 0 {
            break;
        }
    }
    finder.finish(path)
}

/// Refuses bytes in which rows cannot be told by a byte each of delimiter, quote and line feed.
fn check_head(path: &Path, head: &[u8]) -> Result<(), Failure> {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if utf16 || head.iter().take(SNIFF).any(|byte| *byte == 0) {
        let what = if utf16 { "is UTF-16" } else { "has NUL bytes: it is UTF-16 or no text" };
        return Err(Failure::new(Code::Refused, format!("{} {what}", path.display())).advise(
            "rows are found in UTF-8 and CP949 text; a file converted with `iconv -f UTF-16 -t UTF-8` is another \
             dataset, so convert it before it is published",
        ));
    }
    Ok(())
}

/// Where the rows in these bytes stand, if the first of them begins where the bytes do.
pub fn split(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut each = |row: Range<u64>| {
        rows.push(row.start as usize..row.end as usize);
        ControlFlow::Continue(())
    };
    let mut scanner = Scanner::at_the_start_of(bytes);
    if scanner.take(bytes, &mut each).is_continue() {
        let _ = scanner.finish(&mut each);
    }
    rows
}

fn read_full(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Keeps what is needed of the rows that go by.
struct Finder {
    wanted: RangeInclusive<u64>,
    next: u64,
    /// The rows of the last two blocks before the wanted ones, with their numbers.
    before: VecDeque<(u64, Range<u64>)>,
    first_visible: Option<u64>,
    span: Option<Range<u64>>,
    last: u64,
}

impl Finder {
    fn new(wanted: RangeInclusive<u64>) -> Finder {
        Finder { wanted, next: 0, before: VecDeque::new(), first_visible: None, span: None, last: 0 }
    }

    fn row(&mut self, row: Range<u64>) -> ControlFlow<()> {
        let number = self.next;
        self.next += 1;
        if number < *self.wanted.start() {
            let edge = (row.start / BLOCK_SIZE).saturating_sub(1) * BLOCK_SIZE;
            while self.before.front().is_some_and(|(_, old)| old.end <= edge) {
                self.before.pop_front();
            }
            self.before.push_back((number, row));
            return ControlFlow::Continue(());
        }
        if number <= *self.wanted.end() {
            let start = match &self.span {
                Some(span) => span.start,
                None => {
                    let shown_from = blocks_of(&row).start * BLOCK_SIZE;
                    let other = self.before.iter().find(|(_, old)| old.end > shown_from);
                    self.first_visible = Some(other.map_or(number, |(other, _)| *other));
                    row.start
                }
            };
            self.span = Some(start..row.end);
            self.last = number;
            return ControlFlow::Continue(());
        }
        match &self.span {
            Some(span) if row.start < blocks_of(span).end * BLOCK_SIZE => {
                self.last = number;
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(()),
        }
    }

    fn finish(self, path: &Path) -> Result<Rows, Failure> {
        match (self.span, self.first_visible) {
            (Some(span), Some(first)) if self.next > *self.wanted.end() => {
                Ok(Rows { blocks: blocks_of(&span), visible: first..=self.last, span })
            }
            _ => {
                let rows = self.next.saturating_sub(1);
                Err(Failure::new(
                    Code::Refused,
                    format!("{} has {rows} rows; there is no row {}", path.display(), self.wanted.end()),
                ))
            }
        }
    }
}

/// The blocks that prove rows of these bytes.
fn blocks_of(span: &Range<u64>) -> Range<u64> {
    span.start.saturating_sub(1) / BLOCK_SIZE..span.end.div_ceil(BLOCK_SIZE)
}

/// Finds where rows begin and end, by the rules of the profile's reader.
struct Scanner {
    delimiter: u8,
    state: State,
    position: u64,
    start: u64,
    /// Bytes of a byte-order mark: they belong to the first row and to no field.
    mark: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between rows.
    Outside,
    /// Behind a carriage return that ended a row: a line feed here belongs to it.
    Returned,
    /// At the beginning of a field that is not the row's first.
    FieldStart,
    /// In a field without quotes, or behind the closing one.
    Plain,
    Quoted,
    /// Behind a quote in a quoted field: the field's end, or one half of an escaped quote.
    Quote,
}

impl Scanner {
    fn new(delimiter: u8, mark: u64) -> Scanner {
        Scanner { delimiter, state: State::Outside, position: 0, start: 0, mark }
    }

    /// For a file that begins with these bytes.
    fn at_the_start_of(head: &[u8]) -> Scanner {
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Scanner::new(sniff(&head[..head.len().min(SNIFF)]), mark)
    }

    fn take(&mut self, bytes: &[u8], each: &mut dyn FnMut(Range<u64>) -> ControlFlow<()>) -> ControlFlow<()> {
        for &byte in bytes {
            let here = self.position;
            self.position += 1;
            if here < self.mark {
                continue;
            }
            if self.state == State::Returned {
                let end = if byte == b'\n' { here + 1 } else { here };
                self.state = State::Outside;
                each(self.start..end)?;
                if byte == b'\n' {
                    continue;
                }
            }
            if self.state == State::Outside {
                if matches!(byte, b'\r' | b'\n') {
                    continue;
                }
                self.start = if here == self.mark { 0 } else { here };
                self.state = State::FieldStart;
            }
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Quoted, _) | (State::FieldStart | State::Quote, b'"') => State::Quoted,
                (_, b'\n') => {
                    self.state = State::Outside;
                    each(self.start..here + 1)?;
                    continue;
                }
                (_, b'\r') => State::Returned,
                (_, byte) if byte == self.delimiter => State::FieldStart,
                _ => State::Plain,
            };
        }
        ControlFlow::Continue(())
    }

    /// The last row may end with the file.
    fn finish(&mut self, each: &mut dyn FnMut(Range<u64>) -> ControlFlow<()>) -> ControlFlow<()> {
        match std::mem::replace(&mut self.state, State::Outside) {
            State::Outside => ControlFlow::Continue(()),
            _ => each(self.start..self.position),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &[u8], pieces: usize) -> Vec<Range<u64>> {
        let mut found = Vec::new();
        let mut scanner = Scanner::new(b',', 0);
        let mut each = |row| {
            found.push(row);
            ControlFlow::Continue(())
        };
        for piece in text.chunks(pieces) {
            assert!(scanner.take(piece, &mut each).is_continue());
        }
        assert!(scanner.finish(&mut each).is_continue());
        found
    }

    /// The profile's reader and this one see the same rows, whatever the text.
    #[test]
    fn rows_are_those_of_the_csv_reader() {
        let mut state = 7u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        const PARTS: [&str; 9] = ["a", "bc", ",", "\"", "\n", "\r\n", "\"\"", "값", "\r"];
        for _ in 0..20_000 {
            let text: String = (0..random() % 14).map(|_| PARTS[random() % PARTS.len()]).collect();
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
            let found = spans(text.as_bytes(), 1 + random() % 5);
            assert_eq!(found.len(), expected.len(), "{text:?}: {found:?}");
            for (row, expected) in found.iter().zip(&expected) {
                let row = &text.as_bytes()[row.start as usize..row.end as usize];
                let mut alone = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(row);
                let alone: Vec<csv::ByteRecord> = alone.byte_records().map(Result::unwrap).collect();
                assert_eq!(alone.len(), 1, "{text:?}");
                assert_eq!(
                    alone[0].iter().collect::<Vec<_>>(),
                    expected.iter().collect::<Vec<_>>(),
                    "{text:?}"
                );
            }
        }
    }

    fn find_in(text: &str, rows: RangeInclusive<u64>) -> Result<Rows, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, text).unwrap();
        find(&path, &rows, &AtomicBool::new(false), &|_| {})
    }

    /// Rows of 64 bytes: 64 to a block, so that rows begin at the edges of blocks.
    fn even(rows: usize) -> String {
        (0..rows).map(|row| format!("{row:062},\n")).collect()
    }

    #[test]
    fn the_blocks_show_the_line_feeds_on_both_sides() {
        let text = even(300);
        let rows = find_in(&text, 3..=5).unwrap();
        assert_eq!((rows.span, rows.blocks, rows.visible), (192..384, 0..1, 0..=63));
        // The first row of a block begins behind the line feed that ends the block before.
        let rows = find_in(&text, 64..=64).unwrap();
        assert_eq!((rows.span, rows.blocks, rows.visible), (4096..4160, 0..2, 0..=127));
        let rows = find_in(&text, 127..=128).unwrap();
        assert_eq!((rows.blocks, rows.visible), (1..3, 64..=191));
        let rows = find_in(&text, 299..=299).unwrap();
        assert_eq!((rows.blocks, rows.visible), (4..5, 256..=299));
        assert_eq!(find_in(&text, 0..=299).unwrap().visible, 0..=299);
    }

    #[test]
    fn rows_that_reach_over_the_edge_are_visible() {
        // Rows of 100 bytes: number 40 stands across the first edge, number 81 across the second.
        let text: String = (0..200).map(|row| format!("{row:098},\n")).collect();
        assert_eq!(find_in(&text, 50..=51).unwrap().visible, 40..=81);
        assert_eq!(find_in(&text, 40..=40).unwrap().visible, 0..=81);
    }

    #[test]
    fn a_row_that_is_not_there_is_told() {
        let refused = find_in("a,b\n1,2\n", 1..=2).unwrap_err();
        assert!(refused.message.ends_with("has 1 rows; there is no row 2"), "{refused}");
        assert_eq!(find_in("a,b\n1,2", 1..=1).unwrap().span, 4..7);
        assert!(find_in("\n\n", 0..=0).is_err());
    }

    #[test]
    fn a_byte_order_mark_belongs_to_the_header() {
        let text = "\u{feff}\"a\nb\",c\n1,2\n";
        assert_eq!(find_in(text, 0..=0).unwrap().span, 0..11);
        assert_eq!(find_in(text, 1..=1).unwrap().span, 11..15);
    }

    #[test]
    fn what_is_no_text_of_bytes_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let utf16: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [[b"\xff\xfe", &utf16[..]].concat(), b"\xfe\xff\0a".to_vec(), utf16] {
            std::fs::write(&path, bytes).unwrap();
            let refused = find(&path, &(0..=0), &AtomicBool::new(false), &|_| {}).unwrap_err();
            assert!(refused.message.contains("UTF-16"), "{refused}");
        }
    }

    #[test]
    fn rows_of_proved_bytes_keep_their_line_breaks() {
        assert_eq!(split(b"1,\"a\nb\"\r\n\r\n2,c\r3,d"), [0..9, 11..15, 15..18]);
        assert_eq!(split(b"1;\"a\nb\"\n2;c\n"), [0..8, 8..12]);
        assert_eq!(split(b""), []);
    }

    #[test]
    fn ranges_are_read() {
        assert_eq!(parse("7"), Ok(7..=7));
        assert_eq!(parse("1,000-2,000"), Ok(1000..=2000));
        for wrong in ["", "-", "9-7", "a-b", "1-2-3", "-5"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
