//! What is known of a sample without reading it: kept beside the file, so that a page costs no large read.

use codec::{Decode, DecodeAll, Encode};
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{AccountId, Hash};
use wonbon_primitives::sample::{Kind, Sample};

/// Most rows that are kept.
pub const MAX_ROWS: usize = 20;
/// Most bytes that are kept of a row.
const MAX_ROW_BYTES: usize = 400;
/// The layout that is written and read.
const LAYOUT: u8 = 2;

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
    /// Who stored it.
    #[serde(skip)]
    pub uploader: AccountId,
    /// When it was stored, in milliseconds since 1970.
    pub stored_at_ms: u64,
    /// Whole lines of text in it.
    #[serde(skip)]
    pub lines: u64,
    /// The first of them, each cut to a bounded length.
    #[serde(skip)]
    pub rows: Vec<Vec<u8>>,
}

impl Note {
    /// For a sample that was checked.
    pub(super) fn of(sample: &Sample, bytes: u64, uploader: AccountId) -> Self {
        let mut lines = 0;
        let mut rows = Vec::new();
        for line in sample.lines().filter(|line| !line.bytes.is_empty()) {
            lines += 1;
            if rows.len() < MAX_ROWS {
                rows.push(line.bytes.get(..MAX_ROW_BYTES).unwrap_or(line.bytes).to_vec());
            }
        }
        let seed = match sample.kind {
            Kind::Fair { seed } => Some(Hash(seed)),
            Kind::Chosen | Kind::Rows { .. } => None,
        };
        Self {
            layout: LAYOUT,
            dataset: Hash(sample.dataset.0),
            seed,
            digest: Hash(sample.digest()),
            bytes,
            blocks: sample.blocks(),
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
