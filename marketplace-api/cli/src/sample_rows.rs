//! Rows that a sample or a proof shows, as people and programs read them.
//!
//! Promises: only what the proved blocks hold from the first byte to the last is shown as a row, and what is cut off is
//! told to be; text that others wrote does not steer the reader's terminal; bytes that are no text in the encoding are
//! shown as such.

use serde::Serialize;
use wonbon_model::words::amount;
use wonbon_model::{Digest, Share};
use wonbon_primitives::sample::{ruled_out, Kind, Line, Sample};
use wonbon_profile::parquet::proved_rows;
use wonbon_profile::{Encoding, ProfileError};

use crate::output::table::clean;
use crate::ranges;

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Where it begins, in bytes from the start of the dataset; of separated text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Its number, from 1; of Parquet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Its characters, without the line break; the cells of a Parquet row with tabs between them.
    pub text: String,
    /// Set if it goes on behind what is shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl Row {
    /// A row of separated text.
    pub fn of_text(offset: u64, text: String) -> Row {
        Row { offset: Some(offset), row: None, text, cut: false }
    }

    /// Without what would steer a terminal.
    pub fn printable(&self) -> String {
        let text = self.text.split('\t').map(clean).collect::<Vec<_>>().join("\t");
        if self.cut {
            format!("{text} … (the row is longer than a sample shows)")
        } else {
            text
        }
    }
}

/// The rows of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRows {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<Row>,
    /// How many there are.
    pub all: u64,
    /// The names of the columns, of Parquet.
    pub columns: Vec<String>,
    /// What rows these are, for people.
    pub about: String,
}

/// The rows of a sample, at most so many: of a Parquet file those of its whole row groups; of a fair sample that shows
/// rows, those that begin in drawn blocks, if the chain is known; of other text the whole lines. `None` if it is neither
/// Parquet nor text in an encoding.
pub fn shown(
    sample: &Sample,
    encoding: Option<Encoding>,
    genesis: Option<&Digest>,
    most: usize,
) -> Option<ShownRows> {
    match proved_rows(sample, most) {
        Ok(found) => {
            let text = |cells: Vec<String>| {
                let cells = cells.into_iter().map(|cell| cell.replace('\t', " "));
                cells.collect::<Vec<_>>().join("\t")
            };
            let row = |row: wonbon_profile::parquet::ProvedRow| Row {
                offset: None,
                row: Some(row.number),
                text: text(row.cells),
                cut: false,
            };
            let groups: Vec<u64> = found.groups.iter().map(|group| *group as u64).collect();
            let about = match groups.is_empty() {
                true => "no row group of the Parquet file is shown whole".to_owned(),
                false => format!(
                    "row group {} of {}, {} of {} rows",
                    ranges::list(ranges::joined(&groups).into_iter()),
                    amount::number(found.file_groups as u64),
                    amount::number(found.all_rows),
                    amount::number(found.file_rows)
                ),
            };
            let rows = found.rows.into_iter().map(row).collect();
            return Some(ShownRows { rows, all: found.all_rows, columns: found.columns, about });
        }
        Err(ProfileError::NotParquet) => {}
        // It ends as a Parquet file does, and may be text all the same.
        Err(error) if encoding.is_none() => {
            let about = format!("the row groups cannot be read: {error}");
            return Some(ShownRows { rows: Vec::new(), all: 0, columns: Vec::new(), about });
        }
        Err(_) => {}
    }
    let encoding = encoding?;
    let (rows, all, about): (Vec<Row>, _, _) = match (&sample.kind, genesis) {
        (Kind::Fair { rows: true, .. }, Some(genesis)) => {
            let drawn = sample.drawn(genesis);
            let all = sample.rows_of(drawn.iter().copied()).count();
            let row = |row: wonbon_primitives::sample::Row| Row {
                cut: !row.whole,
                ..Row::of_text(row.offset, encoding.decode_lossy(&row.bytes))
            };
            let rows = sample.rows_of(drawn).take(most).map(row).collect();
            (rows, all, "every row that begins in a drawn block".to_owned())
        }
        _ => {
            let lines = || sample.lines().filter(|line| !line.bytes.is_empty());
            let row = |line: Line<'_>| Row::of_text(line.offset, encoding.decode_lossy(line.bytes));
            let about = "rows cut by the edge of a block are left out".to_owned();
            (lines().take(most).map(row).collect(), lines().count(), about)
        }
    };
    Some(ShownRows { rows, all: all as u64, columns: Vec::new(), about })
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

/// What a fair sample of so many drawn blocks rules out, in a sentence; of blocks in which a bad row begins, if it shows
/// rows.
pub fn ruled_out_in_words(drawn: u64, blocks: u64, rows: bool) -> String {
    let all = amount::number(blocks);
    match (ruled_out(drawn, blocks), rows) {
        (None, _) => "it shows nothing".to_owned(),
        (Some(Share::NONE), _) => "it shows every block".to_owned(),
        (Some(Share::WHOLE), _) => "so few blocks rule nothing out".to_owned(),
        (Some(share), true) => format!(
            "if you find no bad row in it, bad rows begin in at most {share} of all {all} blocks (99 % confidence)"
        ),
        (Some(share), false) => format!(
            "if you find no bad block in it, at most {share} of all {all} blocks are bad (99 % confidence); it says \
             nothing about rows"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_does_not_steer_the_terminal() {
        let row = Row::of_text(0, Encoding::Utf8.decode_lossy(b"1,\x1b[2J\ta,\xff"));
        assert_eq!(row.printable(), "1,\u{fffd}[2J\ta,\u{fffd}");
        let cut = Row { cut: true, ..row };
        assert!(cut.printable().ends_with("… (the row is longer than a sample shows)"));
    }

    #[test]
    fn what_it_rules_out_is_rounded_against_the_seller() {
        let words = |drawn, rows| ruled_out_in_words(drawn, 1 << 18, rows);
        assert!(words(307, false).contains("at most 10 % of all 262,144 blocks are bad"));
        assert!(words(307, false).contains("nothing about rows"));
        assert!(words(631, true).contains("bad rows begin in at most 5 % of"));
        assert!(words(4096, true).contains("at most 0.79 % of"));
        assert_eq!(ruled_out_in_words(3, 3, true), "it shows every block");
        assert_eq!(words(1, true), "so few blocks rule nothing out");
    }
}
