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
    /// behind a line feed, and where it ends, at a line feed or the end of the dataset. So the first and the last
    /// line of a range are mostly left out. A table's row with a line break in it counts as several lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.ranges.iter().flat_map(|range| {
            let span = range.span();
            let (opens, closes) = (span.start == 0, span.end == self.length);
            let mut offset = span.start;
            let mut first = true;
            range.blocks.split_inclusive(|byte| *byte == b'\n').filter_map(move |line| {
                let begins = !core::mem::replace(&mut first, false) || opens;
                let start = offset;
                offset = offset.saturating_add(line.len() as u64);
                let bytes = match line.strip_suffix(b"\n") {
                    Some(bytes) => bytes,
                    // Only the last piece of a range has no line feed.
                    None if closes => line,
                    None => return None,
                };
                begins.then(|| Line { offset: start, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes) })
            })
        })
    }
}
