//! Where the rows of a separated-text file stand, in bytes, and which blocks hold them.
//!
//! Promises: rows are counted as the profile counts them (the header is row 0, blank lines are none, a line break in
//! quotes ends no row); one pass that stops behind the rows asked for, in constant memory.
//!
//! To prove that a row begins where it does takes the byte before it, and that it ends takes its line feed: so both
//! are among the bytes whose blocks are shown.

mod finder;
mod scanner;

use std::io::{self, Read};
use std::ops::{ControlFlow, Range, RangeInclusive};

use crate::dialect::DIALECT_BYTES;
use crate::Progress;
use finder::Finder;
use scanner::Scanner;

/// Bytes that are read at once.
const READ_BYTES: usize = 256 * 1024;

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

/// Why rows are not found.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// Text in which a delimiter, a quote or a line feed is not one byte each.
    #[error("is UTF-16")]
    Utf16,
    /// The same without the mark that says so, or no text at all.
    #[error("has NUL bytes: it is UTF-16 or no text")]
    NulBytes,
    /// The file ends before the row.
    #[error("has {rows} rows; there is no row {wanted}")]
    NoSuchRow {
        /// How many rows there are below the header.
        rows: u64,
        /// The last row that was asked for.
        wanted: u64,
    },
    /// The bytes could not be had.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// The caller did not want to go on.
    #[error("was not read to its end: stopped")]
    Stopped,
}

/// Finds rows in the file that `input` reads from its start. Row 0 is the header.
pub fn find(
    mut input: impl Read,
    wanted: &RangeInclusive<u64>,
    progress: &mut Progress<'_>,
) -> Result<Rows, RowsError> {
    let mut finder = Finder::new(wanted.clone());
    let mut piece = Vec::with_capacity(READ_BYTES);
    let mut scanner: Option<Scanner> = None;
    loop {
        piece.clear();
        input.by_ref().take(READ_BYTES as u64).read_to_end(&mut piece).map_err(RowsError::Read)?;
        if scanner.is_none() {
            check_head(&piece)?;
        }
        let scanner = scanner.get_or_insert_with(|| Scanner::at_the_start_of(&piece));
        let more = if piece.is_empty() {
            scanner.end_of_file(&mut |row| finder.add(row))
        } else {
            scanner.scan(&piece, &mut |row| finder.add(row))
        };
        if more.is_break() || piece.is_empty() {
            return finder.into_rows();
        }
        if progress(piece.len() as u64).is_break() {
            return Err(RowsError::Stopped);
        }
    }
}

/// Refuses bytes in which rows cannot be told by a byte each of delimiter, quote and line feed.
fn check_head(head: &[u8]) -> Result<(), RowsError> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(RowsError::Utf16);
    }
    match head.iter().take(DIALECT_BYTES).any(|byte| *byte == 0) {
        true => Err(RowsError::NulBytes),
        false => Ok(()),
    }
}

/// Where the rows in these bytes stand, if the first of them begins where the bytes do.
pub fn split(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut each = |row: Range<u64>| {
        rows.push(row.start as usize..row.end as usize);
        ControlFlow::Continue(())
    };
    let mut scanner = Scanner::at_the_start_of(bytes);
    if scanner.scan(bytes, &mut each).is_continue() {
        let _ = scanner.end_of_file(&mut each);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_in(bytes: impl AsRef<[u8]>, rows: RangeInclusive<u64>) -> Result<Rows, RowsError> {
        find(bytes.as_ref(), &rows, &mut |_| ControlFlow::Continue(()))
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
        assert!(refused.to_string().ends_with("has 1 rows; there is no row 2"), "{refused}");
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
        let utf16: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [[b"\xff\xfe", &utf16[..]].concat(), b"\xfe\xff\0a".to_vec(), utf16] {
            let refused = find_in(bytes, 0..=0).unwrap_err();
            assert!(refused.to_string().contains("UTF-16"), "{refused}");
        }
    }

    #[test]
    fn rows_of_proved_bytes_keep_their_line_breaks() {
        assert_eq!(split(b"1,\"a\nb\"\r\n\r\n2,c\r3,d"), [0..9, 11..15, 15..18]);
        assert_eq!(split(b"1;\"a\nb\"\n2;c\n"), [0..8, 8..12]);
        assert_eq!(split(b""), []);
    }

    #[test]
    fn the_caller_can_stop() {
        let text = even(100_000);
        let stopped = find(text.as_bytes(), &(90_000..=90_000), &mut |_| ControlFlow::Break(()));
        assert!(matches!(stopped, Err(RowsError::Stopped)));
    }
}
