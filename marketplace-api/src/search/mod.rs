//! Finding datasets by words. The one place that knows how text is matched.
//!
//! A question is cut at white space; every word must occur in the title, keywords, column names, description or
//! owner name of a dataset, anywhere and in any case (see [`text`]). How well they are found is a score: the title
//! counts more than the description, a whole word more than a part of one; [`ranking`] makes pages of it. The index
//! (see [`engine`]) is derived from the metadata documents, each cut to a bound, and made anew at each start. A
//! document can be found shortly after it was inserted; [`SearchIndex::flush`] waits for that.

mod engine;
pub mod ranking;
mod text;

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use engine::{Engine, PARTS};
use text::fold;
use wonbon_model::{
    metadata::{Format, Metadata},
    Hash,
};

use crate::kv::KvError;

/// Most characters searched of one part of a document: a title always, keywords nearly always, column names and
/// description as far as they tell what the data is. It bounds the memory that a dataset can take here.
const MAX_PART_CHARS: usize = 1_000;
/// Most characters of a question.
pub const MAX_QUESTION_CHARS: usize = 200;
/// Most words of a question.
pub const MAX_QUESTION_WORDS: usize = 16;
/// What a word in the owner's name counts: as much as one anywhere in the title.
const OWNER_NAME_SCORE: u8 = 8;

/// What the lists show of a metadata document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Title of the dataset.
    pub title: String,
    /// Rows, if profiled.
    pub rows: Option<u64>,
    /// Format, if profiled.
    pub format: Option<Format>,
}

#[derive(Debug)]
struct Entry {
    number: u32,
    summary: Summary,
}

/// The texts to search.
#[derive(Debug)]
pub struct SearchIndex {
    entries: RwLock<HashMap<Hash, Entry>>,
    engine: Engine,
}

/// Folds texts one after the other, up to the bound.
fn folded<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let mut all = String::new();
    let mut left = MAX_PART_CHARS;
    for text in texts {
        let text = fold(text);
        let end = text.char_indices().nth(left).map_or(text.len(), |(end, _)| end);
        all.push_str(&text[..end]);
        all.push('\n');
        left = left.saturating_sub(text.chars().count() + 1);
        if left == 0 {
            break;
        }
    }
    all
}

impl SearchIndex {
    /// An empty one.
    pub fn new() -> Result<Self, KvError> {
        Ok(Self { entries: RwLock::default(), engine: Engine::new()? })
    }

    /// Takes a metadata document: what the lists show of it at once, its texts as soon as they are in the index.
    pub fn insert(&self, hash: Hash, metadata: &Metadata) {
        let columns = metadata.profile.iter().flat_map(|profile| &profile.columns);
        let texts: [String; PARTS] = [
            folded([&metadata.title]),
            folded(&metadata.keywords),
            folded(columns.map(|column| &column.name)),
            folded([&metadata.description]),
        ];
        let summary = Summary {
            title: metadata.title.clone(),
            rows: metadata.profile.as_ref().and_then(|profile| profile.rows),
            format: metadata.profile.as_ref().map(|profile| profile.format),
        };
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        // A document is what its hash says: the same one again is no news.
        if entries.contains_key(&hash) {
            return;
        }
        let number = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        if let Err(error) = self.engine.add(number, texts) {
            tracing::error!(%hash, %error, "a document cannot be searched");
        }
        entries.insert(hash, Entry { number, summary });
    }

    /// Waits until all that was inserted before can be found.
    pub async fn flush(&self) {
        self.engine.flush().await;
    }

    /// What the lists show of a document.
    pub fn summary(&self, hash: Hash) -> Option<Summary> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(&hash).map(|entry| entry.summary.clone())
    }

    /// What is found of a question. Blocks for as long as it takes to look.
    pub fn find<'a>(&'a self, question: &'a Question) -> Result<Found<'a>, KvError> {
        let documents = self.entries.read().unwrap_or_else(PoisonError::into_inner).len();
        let words = question.words.len();
        let mut scores = vec![0; documents * words];
        self.engine.find(&question.words, |word, number, score| {
            // A document that came after the count has no place; the next question finds it.
            if let Some(place) = scores.get_mut(number as usize * words + word) {
                *place = score;
            }
        })?;
        Ok(Found { index: self, question, scores })
    }
}

/// What is found of a question.
#[derive(Debug)]
pub struct Found<'a> {
    index: &'a SearchIndex,
    question: &'a Question,
    /// Of each document the score of each word, 0 if it is not there.
    scores: Vec<u8>,
}

impl Found<'_> {
    /// How well a dataset with this metadata and owner is what is asked for; `None` if it is not.
    pub fn score(&self, metadata: Hash, owner: Option<&str>) -> Option<u32> {
        let owner = owner.map(fold).unwrap_or_default();
        let words = &self.question.words;
        let entries = self.index.entries.read().unwrap_or_else(PoisonError::into_inner);
        let first = entries.get(&metadata).map(|entry| entry.number as usize * words.len());
        let mut total = 0;
        for (at, word) in words.iter().enumerate() {
            let in_text = first.and_then(|first| self.scores.get(first + at)).copied().unwrap_or(0);
            let in_name = if owner.contains(word) { OWNER_NAME_SCORE } else { 0 };
            match in_text.max(in_name) {
                0 => return None,
                score => total += u32::from(score),
            }
        }
        Some(total)
    }
}

/// The words of a search.
#[derive(Clone, Debug)]
pub struct Question {
    words: Vec<String>,
}

impl Question {
    /// A question; `None` if it has no word. Its length was checked before; of its words the first [`MAX_QUESTION_WORDS`]
    /// different ones count.
    pub fn new(text: &str) -> Option<Self> {
        let mut words: Vec<String> = Vec::new();
        for word in fold(text).split_whitespace() {
            if words.len() < MAX_QUESTION_WORDS && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        (!words.is_empty()).then_some(Self { words })
    }

    /// Whether a company of this name is asked for.
    pub fn matches_name(&self, name: &str) -> bool {
        let name = fold(name);
        self.words.iter().all(|word| name.contains(word))
    }
}

#[cfg(test)]
mod tests;
