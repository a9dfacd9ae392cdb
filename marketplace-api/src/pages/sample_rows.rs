//! Rows that everyone may see, on the page of a dataset: those that its samples hold from the first byte to the last.

use encoding_rs::EUC_KR;
use wonbon_model::metadata::{Format, Metadata};
use wonbon_model::Hash;

use super::words;
use crate::{catalogue::Stored, samples::Note};

/// The rows of one sample.
pub(super) struct SampleRows {
    pub(super) heading: &'static str,
    pub(super) text: String,
    pub(super) href: String,
    pub(super) rows: Vec<String>,
}

/// The samples of a dataset that are stored here.
pub(super) fn of(id: Hash, stored: &Stored) -> Vec<SampleRows> {
    let samples = [
        (&stored.samples.fair, "fair", "추첨된 블록 Blocks that the chain drew"),
        (&stored.samples.chosen, "chosen", "소유자가 고른 블록 Blocks that the owner chose"),
    ];
    let sample_rows = |(note, name, heading): (&Option<Note>, &str, &'static str)| {
        let note = note.as_ref()?;
        let rows = rows(note, stored.document.as_ref());
        let blocks = words::number(note.blocks);
        let text = match rows.is_empty() {
            true => format!("{blocks}개 블록 blocks"),
            false => format!(
                "{blocks}개 블록 blocks, 온전한 행 whole rows: {} / {}",
                rows.len(),
                words::number(note.lines)
            ),
        };
        Some(SampleRows { heading, text, href: format!("/v1/datasets/{id}/samples/{name}"), rows })
    };
    samples.into_iter().filter_map(sample_rows).collect()
}

/// The rows, if the dataset is described as separated text.
fn rows(note: &Note, document: Option<&Metadata>) -> Vec<String> {
    let Some(profile) = document.and_then(|document| document.profile.as_ref()) else { return Vec::new() };
    if profile.format != Format::Csv {
        return Vec::new();
    }
    let korean = profile.encoding.as_deref() == Some("cp949");
    let text = |bytes: &Vec<u8>| {
        let text = match korean {
            true => EUC_KR.decode_without_bom_handling(bytes).0,
            false => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
        };
        text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
    };
    note.rows.iter().map(text).collect()
}
