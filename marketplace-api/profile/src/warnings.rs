//! What a buyer should know about a file, in a bounded number of sentences.

/// So many warnings are kept; of further ones only the number is told.
const MAX_WARNINGS: usize = 20;

#[derive(Debug, Default)]
pub(crate) struct Warnings {
    kept: Vec<String>,
    left_out: usize,
}

impl Warnings {
    pub(crate) fn push(&mut self, sentence: String) {
        if self.kept.len() < MAX_WARNINGS {
            self.kept.push(sentence);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn extend(&mut self, sentences: impl IntoIterator<Item = String>) {
        sentences.into_iter().for_each(|sentence| self.push(sentence));
    }

    pub(crate) fn into_sentences(mut self) -> Vec<String> {
        if self.left_out > 0 {
            self.kept.push(format!("{} further warnings are left out", self.left_out));
        }
        self.kept
    }
}
