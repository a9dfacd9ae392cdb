//! Finding datasets by words. The one place that knows how text is matched.
//!
//! A question is cut at white space; every word must occur in the title, description, keywords, column names or
//! owner name of a dataset, anywhere and in any case. Text is brought to Unicode's NFKC form first, so that Hangul
//! typed on any system is found. The texts of the metadata documents are held in memory, each cut to a bound; a
//! full-text engine can take this place without anyone noticing.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use unicode_normalization::UnicodeNormalization;

use crate::{documents::Metadata, model::Hash};

/// Most characters kept of one document.
const TEXT: usize = 16_384;
/// Most characters of a question.
pub const QUESTION: usize = 200;

/// What the lists show of a metadata document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Title.
    pub title: String,
    /// Rows, if profiled.
    pub rows: Option<u64>,
    /// Format, if profiled.
    pub format: Option<String>,
}

#[derive(Debug)]
struct Entry {
    text: String,
    summary: Summary,
}

/// The texts to search.
#[derive(Debug, Default)]
pub struct SearchIndex(RwLock<HashMap<Hash, Entry>>);

fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

impl SearchIndex {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a metadata document.
    pub fn insert(&self, hash: Hash, metadata: &Metadata) {
        let columns = metadata.profile.iter().flat_map(|profile| &profile.columns);
        let parts = [&metadata.title, &metadata.description]
            .into_iter()
            .chain(&metadata.keywords)
            .chain(columns.map(|column| &column.name));
        let mut text = String::new();
        for part in parts {
            if text.len() > TEXT {
                break;
            }
            text.extend(fold(part).chars().take(TEXT));
            text.push('\n');
        }
        let summary = Summary {
            title: metadata.title.clone(),
            rows: metadata.profile.as_ref().and_then(|profile| profile.rows),
            format: metadata.profile.as_ref().map(|profile| profile.format.clone()),
        };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(hash, Entry { text, summary });
    }

    /// What the lists show of a document.
    pub fn summary(&self, hash: Hash) -> Option<Summary> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&hash).map(|entry| entry.summary.clone())
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    words: Vec<String>,
}

impl Question {
    /// A question; `None` if it has no word. Its length was checked before.
    pub fn new(text: &str) -> Option<Self> {
        let words: Vec<_> = fold(text).split_whitespace().map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Whether a company of this name is asked for.
    pub fn matches_name(&self, name: &str) -> bool {
        let name = fold(name);
        self.words.iter().all(|word| name.contains(word))
    }

    /// Whether a dataset with this metadata and owner is asked for.
    pub fn matches_dataset(&self, index: &SearchIndex, metadata: Hash, owner: Option<&str>) -> bool {
        let owner = owner.map(fold).unwrap_or_default();
        let texts = index.0.read().unwrap_or_else(PoisonError::into_inner);
        let text = texts.get(&metadata).map_or("", |entry| entry.text.as_str());
        self.words.iter().all(|word| text.contains(word) || owner.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(title: &str, column: &str) -> Metadata {
        let document = serde_json::json!({
            "schema": "wonbon/metadata/1", "title": title, "description": "", "keywords": ["CNC"], "length": 1,
            "profile": { "format": "csv", "columns": [{ "name": column, "type": "number" }] },
        });
        crate::documents::schema::read(document).unwrap()
    }

    #[test]
    fn words_are_found_in_any_form_and_case() {
        let index = SearchIndex::new();
        index.insert(Hash([1; 32]), &metadata("절삭 가공 Spindle 데이터", "진동_X"));
        let found =
            |text: &str, owner| Question::new(text).unwrap().matches_dataset(&index, Hash([1; 32]), owner);
        assert!(found("절삭 spindle", None));
        // Hangul as separate letters, as some systems type it.
        assert!(found(&"데이터".nfd().collect::<String>(), None));
        assert!(found("ＣＮＣ 진동_x", None));
        assert!(found("한빛 절삭", Some("한빛정밀")));
        assert!(!found("절삭 소음", None));
        assert!(Question::new("  \t").is_none());
    }
}
