//! Rows that a sample or a proof shows, as people and programs read them.
//!
//! Promises: only what the proved blocks hold from the first byte to the last is shown as a row; text that others
//! wrote does not steer the reader's terminal; bytes that are no text in the encoding are shown as such.

use serde::Serialize;
use wonbon_model::words::amount;
use wonbon_model::Share;
use wonbon_primitives::sample::{ruled_out, Kind, Line, Sample};
use wonbon_profile::Encoding;

use crate::output::table::clean;
use crate::ranges;

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Where it begins, in bytes from the start of the dataset.
    pub offset: u64,
    /// Its characters, without the line break.
    pub text: String,
}

impl Row {
    /// Without what would steer a terminal.
    pub fn printable(&self) -> String {
        self.text.split('\t').map(clean).collect::<Vec<_>>().join("\t")
    }
}

/// The whole lines of a sample, at most so many.
pub fn rows(sample: &Sample, encoding: Encoding, most: usize) -> Vec<Row> {
    sample.lines().filter(|line| !line.bytes.is_empty()).take(most).map(|line| row(&line, encoding)).collect()
}

/// How many whole lines a sample has.
pub fn count(sample: &Sample) -> usize {
    sample.lines().filter(|line| !line.bytes.is_empty()).count()
}

fn row(line: &Line<'_>, encoding: Encoding) -> Row {
    Row { offset: line.offset, text: encoding.decode_lossy(line.bytes) }
}

/// The blocks of a sample for people: `0–3, 17`.
pub fn blocks(sample: &Sample) -> String {
    ranges::list(sample.ranges.iter().map(|range| range.indices()))
}

/// The name of a kind.
pub fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Chosen => "chosen",
        Kind::Fair { .. } => "fair",
        Kind::Rows { .. } => "rows",
    }
}

/// What a fair sample of so many blocks rules out, in a sentence.
pub fn ruled_out_in_words(shown: u64, blocks: u64) -> String {
    match ruled_out(shown, blocks) {
        None => "it shows nothing".to_owned(),
        Some(Share::NONE) => "it shows every block".to_owned(),
        Some(share) => format!(
            "if you find no bad block in it, at most {share} of all {} blocks are bad (99 % confidence)",
            amount::number(blocks)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_does_not_steer_the_terminal() {
        let row = Row { offset: 0, text: Encoding::Utf8.decode_lossy(b"1,\x1b[2J\ta,\xff") };
        assert_eq!(row.printable(), "1,\u{fffd}[2J\ta,\u{fffd}");
    }

    #[test]
    fn what_it_rules_out_is_rounded_against_the_seller() {
        assert!(ruled_out_in_words(307, 1 << 18).contains("at most 10 % of all 262,144 blocks"));
        assert!(ruled_out_in_words(631, 1 << 18).contains("at most 5 % of"));
        assert!(ruled_out_in_words(4096, 1 << 18).contains("at most 0.79 % of"));
        assert_eq!(ruled_out_in_words(3, 3), "it shows every block");
    }
}
