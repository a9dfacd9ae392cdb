//! Finds where rows begin and end, by the rules of the profile's reader.

use std::ops::{ControlFlow, Range};

use crate::dialect::{delimiter, DIALECT_BYTES};

/// A state machine that is fed a file piece by piece.
pub(super) struct Scanner {
    delimiter: u8,
    state: State,
    position: u64,
    start: u64,
    /// Bytes of a byte-order mark: they belong to the first row and to no field.
    mark: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two rows.
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
    pub(super) fn new(delimiter: u8, mark: u64) -> Scanner {
        Scanner { delimiter, state: State::Outside, position: 0, start: 0, mark }
    }

    /// For a file that begins with these bytes.
    pub(super) fn at_the_start_of(head: &[u8]) -> Scanner {
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Scanner::new(delimiter(&head[..head.len().min(DIALECT_BYTES)]), mark)
    }

    /// Goes on with these bytes; `each` is given every row that ends in them.
    pub(super) fn scan(
        &mut self,
        bytes: &[u8],
        each: &mut dyn FnMut(Range<u64>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
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

    /// Behind the last byte: the last row may end with the file.
    pub(super) fn end_of_file(
        &mut self,
        each: &mut dyn FnMut(Range<u64>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
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
            assert!(scanner.scan(piece, &mut each).is_continue());
        }
        assert!(scanner.end_of_file(&mut each).is_continue());
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
}
