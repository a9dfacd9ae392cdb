//! Rows that everyone may see, on the page of a dataset: those that its samples hold from the first byte to the last.

use wonbon_model::metadata::Metadata;
use wonbon_profile::Encoding;

use crate::{catalogue::DatasetDetail, samples::Note};

/// The rows of one sample.
pub(super) struct SampleRows {
    pub(super) kind: &'static str,
    pub(super) heading: &'static str,
    pub(super) note: Note,
    pub(super) rows: Vec<String>,
}

/// The samples of a dataset that are stored here.
pub(super) fn of(detail: &DatasetDetail) -> Vec<SampleRows> {
    let samples = [
        (&detail.samples.fair, "fair", "추첨된 블록 Blocks that the chain drew"),
        (&detail.samples.chosen, "chosen", "소유자가 고른 블록 Blocks that the owner chose"),
    ];
    let found = samples.into_iter().filter_map(|(note, kind, heading)| {
        let note = note.clone()?;
        Some(SampleRows { kind, heading, rows: rows(&note, detail.document.as_ref()), note })
    });
    found.collect()
}

/// The rows, if the dataset is described as separated text.
fn rows(note: &Note, document: Option<&Metadata>) -> Vec<String> {
    let profile = document.and_then(|document| document.profile.as_ref());
    let Some(encoding) = profile.and_then(Encoding::of) else { return Vec::new() };
    let text = |bytes: &Vec<u8>| {
        let text = encoding.decode_lossy(bytes);
        text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
    };
    note.rows.iter().map(text).collect()
}
