//! Whether a sample file shows what a certificate says: blocks of its dataset, and of a fair sample the drawn ones.
//!
//! A chosen sample, or a proof of rows, is checked against the dataset's root. A fair one is checked against the seed too,
//! which the certificate proves to be the one that the chain drew, and must be the file that the owner answered for. With
//! the dataset's metadata document it is also checked that the sample shows rows if, and only if, the document said that
//! rows are lines: that was fixed before anybody knew what would be drawn.
//!
//! Rows are shown as lines of UTF-8. Of other encodings, and of Parquet, `wonbon check-rows` shows them.

use crate::{
    refusal::{Invalid, Refusal, Unreadable},
    value::Hex,
    Claims, Description,
};
use serde::Serialize;
use wonbon_primitives::{
    sample::{ruled_out, BadSample, Kind, Sample, MAX_FILE},
    Commitment,
};

/// The largest sample file that is read, in bytes.
pub const MAX_SIZE: u64 = MAX_FILE;
/// Most rows that a report has.
pub const MAX_ROWS: usize = 100;
/// Most bytes of a row that a report has.
const MAX_ROW_BYTES: usize = 2_000;

/// Why blocks are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownKind {
    /// Somebody chose them.
    Chosen,
    /// The chain drew them.
    Fair,
    /// They hold rows that were to be proved.
    Rows,
}

/// A sample that was found right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShownSample {
    /// SHA-256 of the file.
    pub digest: Hex,
    /// Why these blocks.
    pub kind: ShownKind,
    /// How many blocks it shows.
    pub blocks: u64,
    /// How many blocks the dataset has.
    pub of_blocks: u64,
    /// How many of them were drawn; of a fair sample.
    pub drawn: Option<u32>,
    /// Whether every row that begins in a drawn block is shown to its end.
    pub shows_rows: bool,
    /// Whether the dataset's metadata document, which was at hand, says the same of its rows.
    pub rows_as_promised: bool,
    /// The share of bad blocks that it rules out with 99 % confidence, in millionths, if those that it shows are good.
    pub ruled_out: Option<u32>,
    /// The share of the dataset's bytes that it shows, in millionths, rounded up.
    pub given_away: u64,
    /// How many rows it shows.
    pub row_count: u64,
    /// The first of them.
    pub rows: Vec<ShownRow>,
}

/// A row of a sample.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShownRow {
    /// Where it begins, in bytes from the start of the dataset.
    pub offset: u64,
    /// Its text.
    pub text: String,
    /// Whether it goes on behind what is here.
    pub cut: bool,
}

/// Checks a sample file against what a certificate proves.
pub fn check(file: &[u8], claims: &Claims, descriptions: &[Description]) -> Result<ShownSample, Refusal> {
    let sample = Sample::from_file(file).map_err(|cause| match cause {
        BadSample::Magic | BadSample::Format(_) | BadSample::TooLong | BadSample::Encoding => {
            Refusal::from(Unreadable::Sample { what: cause.to_string() })
        }
        other => bad(other),
    })?;
    let dataset = &claims.dataset;
    let length = u64::try_from(dataset.length.0).unwrap_or(u64::MAX);
    let plain = Commitment { root: dataset.id.0, length };
    sample.verify(&plain).map_err(bad)?;
    let (kind, drawn, shows_rows) = match sample.kind {
        Kind::Chosen => (ShownKind::Chosen, None, false),
        Kind::Rows { .. } => (ShownKind::Rows, None, false),
        Kind::Fair { drawn, rows, .. } => {
            check_fair(&sample, drawn, claims, &plain)?;
            (ShownKind::Fair, Some(drawn), rows)
        }
    };
    let promised = descriptions.iter().find(|description| description.metadata == dataset.metadata);
    if let (Some(description), Some(_)) = (promised, drawn) {
        if description.rows_are_lines != shows_rows {
            return Err(Invalid::SampleRows { shows: shows_rows }.into());
        }
    }
    let blocks = plain.blocks();
    let shown: u64 = sample.ranges.iter().map(|range| range.blocks.len() as u64).sum();
    let (row_count, rows) = rows(&sample, claims, shows_rows);
    Ok(ShownSample {
        digest: sample.digest().into(),
        kind,
        blocks: sample.blocks(),
        of_blocks: blocks,
        drawn,
        shows_rows,
        rows_as_promised: promised.is_some() && drawn.is_some(),
        ruled_out: drawn.and_then(|drawn| ruled_out(drawn.into(), blocks)).map(|share| share.millionths()),
        given_away: shown.saturating_mul(1_000_000).div_ceil(length.max(1)),
        row_count,
        rows,
    })
}

fn check_fair(sample: &Sample, drawn: u32, claims: &Claims, plain: &Commitment) -> Result<(), Refusal> {
    let answer = claims.dataset.fair_sample.as_ref().ok_or(Invalid::SampleUnanswered)?;
    let found = Hex(sample.digest());
    if (answer.digest, answer.blocks) != (found, drawn) {
        return Err(Invalid::OtherSample { expected: answer.digest, found }.into());
    }
    let seed = answer.seed.ok_or(Unreadable::NoSeed)?;
    sample.verify_fair(plain, &claims.chain.genesis.0, &seed.0).map_err(bad)
}

/// How many rows there are, and the first of them.
fn rows(sample: &Sample, claims: &Claims, shows_rows: bool) -> (u64, Vec<ShownRow>) {
    let (mut count, mut rows) = (0u64, Vec::new());
    let mut add = |offset: u64, bytes: &[u8], whole: bool| {
        count += 1;
        if rows.len() < MAX_ROWS {
            let shown = bytes.get(..MAX_ROW_BYTES).unwrap_or(bytes);
            let text = String::from_utf8_lossy(shown).into_owned();
            rows.push(ShownRow { offset, text, cut: !whole || shown.len() < bytes.len() });
        }
    };
    if shows_rows {
        let drawn = sample.drawn(&claims.chain.genesis.0);
        sample.rows_of(drawn).for_each(|row| add(row.offset, &row.bytes, row.whole));
    } else {
        let lines = sample.lines().filter(|line| !line.bytes.is_empty());
        // What is no text has no rows.
        lines
            .filter(|line| std::str::from_utf8(line.bytes).is_ok())
            .for_each(|line| add(line.offset, line.bytes, true));
    }
    (count, rows)
}

fn bad(cause: BadSample) -> Refusal {
    match cause {
        BadSample::OtherDataset => Invalid::SampleOfAnother.into(),
        other => Invalid::Sample { what: other.to_string() }.into(),
    }
}
