//! What is known of a sample without reading it: kept beside the file, so that a page costs no large read.

use codec::{Decode, DecodeAll, Encode};
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{AccountId, Digest, Hash};
use wonbon_primitives::sample::{Kind, Sample};

/// Most rows that are kept.
pub const MAX_ROWS: usize = 20;
/// Most bytes that are kept of a row.
const MAX_ROW_BYTES: usize = 400;
/// The layout that is written and read.
const LAYOUT: u8 = 3;

/// A sample that is stored here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
#[schema(as = SampleView)]
pub struct Note {
    #[serde(skip)]
    layout: u8,
    /// The dataset whose blocks it shows.
    #[serde(skip)]
    pub dataset: Hash,
    /// The seed with which they were drawn, for a fair sample.
    #[serde(skip)]
    pub seed: Option<Hash>,
    /// SHA-256 of the file.
    pub digest: Hash,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Blocks that it shows.
    pub blocks: u64,
    /// How many of them were drawn, of a fair sample; the others show the ends of their rows.
    pub drawn: u32,
    /// Whether every row that begins in a drawn block is shown to its end.
    pub shows_rows: bool,
    /// The share of the dataset's bytes that it gives away, in millionths, rounded up.
    pub given_away: u32,
    /// Who stored it.
    #[serde(skip)]
    pub uploader: AccountId,
    /// When it was stored, in milliseconds since 1970.
    pub stored_at_ms: u64,
    /// Rows of text in it: those that begin in drawn blocks, if it shows rows; else the whole lines.
    #[serde(skip)]
    pub lines: u64,
    /// The first of them, each cut to a bounded length.
    #[serde(skip)]
    pub rows: Vec<Vec<u8>>,
}

impl Note {
    /// For a sample that was checked.
    pub(super) fn of(sample: &Sample, bytes: u64, uploader: AccountId, genesis: &Digest) -> Self {
        let mut lines = 0;
        let mut rows = Vec::new();
        let mut add = |bytes: &[u8]| {
            lines += 1;
            if rows.len() < MAX_ROWS {
                rows.push(bytes.get(..MAX_ROW_BYTES).unwrap_or(bytes).to_vec());
            }
        };
        let (seed, drawn, shows_rows) = match sample.kind {
            Kind::Fair { seed, drawn, rows } => (Some(Hash(seed)), drawn, rows),
            Kind::Chosen | Kind::Rows { .. } => (None, 0, false),
        };
        match shows_rows {
            true => sample.rows_of(sample.drawn(genesis)).for_each(|row| add(&row.bytes)),
            false => sample.lines().filter(|line| !line.bytes.is_empty()).for_each(|line| add(line.bytes)),
        }
        let shown: u64 = sample.ranges.iter().map(|range| range.blocks.len() as u64).sum();
        let given_away = (u128::from(shown) * 1_000_000).div_ceil(u128::from(sample.length.max(1)));
        Self {
            layout: LAYOUT,
            dataset: Hash(sample.dataset.0),
            seed,
            digest: Hash(sample.digest()),
            bytes,
            blocks: sample.blocks(),
            drawn,
            shows_rows,
            given_away: u32::try_from(given_away).unwrap_or(u32::MAX),
            uploader,
            stored_at_ms: crate::clock::now_ms(),
            lines,
            rows,
        }
    }

    /// Reads a note; `None` for one of another layout: the sample itself can still be had.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        Self::decode_all(&mut &bytes[..]).ok().filter(|note| note.layout == LAYOUT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_of_another_layout_is_not_guessed_at() {
        let note = Note {
            layout: LAYOUT,
            dataset: Hash([7; 32]),
            seed: None,
            digest: Hash([1; 32]),
            bytes: 2,
            blocks: 3,
            drawn: 0,
            shows_rows: false,
            given_away: 9,
            uploader: AccountId([4; 32]),
            stored_at_ms: 5,
            lines: 6,
            rows: vec![b"a,b".to_vec()],
        };
        assert_eq!(Note::read(&note.encode()), Some(note.clone()));
        assert_eq!(Note::read(&Note { layout: LAYOUT + 1, ..note.clone() }.encode()), None);
        assert_eq!(Note::read(&[&note.encode()[..], &[0]].concat()), None);
        assert_eq!(Note::read(b""), None);
    }
}
