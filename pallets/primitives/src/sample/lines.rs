//! Rows of text in a sample: the lines that are whole beyond doubt.

use super::Sample;

/// A line of text that is in a sample from its first byte to its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line<'a> {
    /// Where it begins, in bytes from the start of the dataset.
    pub offset: u64,
    /// Its bytes, without what ends it.
    pub bytes: &'a [u8],
}

impl Sample {
    /// The whole lines, in order. A line is whole if the bytes show where it begins, at the start of the dataset or
    /// behind a line break, and where it ends, at a line break or the end of the dataset. So the first and the last
    /// line of a range are mostly left out. A line break is a line feed, a carriage return, or both. A table's row
    /// with a line break in it counts as several lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.ranges.iter().flat_map(|range| {
            let span = range.span();
            let (opens, closes) = (span.start == 0, span.end == self.length);
            let (mut offset, mut rest) = (span.start, &range.blocks[..]);
            let mut begins = opens;
            core::iter::from_fn(move || {
                while !rest.is_empty() {
                    let (bytes, broken, after) = first_line(rest);
                    let line = Line { offset, bytes };
                    // Only the last piece of a range has no line break.
                    let whole = core::mem::replace(&mut begins, true) && (broken || closes);
                    offset = span.end.saturating_sub(after.len() as u64);
                    rest = after;
                    if whole {
                        return Some(line);
                    }
                }
                None
            })
        })
    }
}

/// The first line, whether a line break ends it, and what follows that.
fn first_line(bytes: &[u8]) -> (&[u8], bool, &[u8]) {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at(end);
    let after = rest.strip_prefix(b"\r\n").or(rest.get(1..)).unwrap_or_default();
    (line, !rest.is_empty(), after)
}
