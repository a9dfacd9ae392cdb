//! The full-text index: the only module that names `tantivy`.
//!
//! It is held in memory and made anew at each start. One thread writes it: it is sent documents, takes all that came
//! meanwhile, and lets searches see them. So nobody who sends or searches waits for the index to be written.
//!
//! A document has a number and four parts, the most telling first; a word has a score in a document, the best of all
//! the ways in which it is found there. Scores are constants: they depend on the word and the document alone and not
//! on what else is in the index, so that an order by score does not change while somebody goes through its pages.

// The one module that may.
#![allow(clippy::disallowed_types)]

use std::{fmt, iter, ops::Bound, sync::mpsc};

use tantivy::{
    collector::{Collector, SegmentCollector},
    columnar::Column,
    indexer::IndexWriterOptions,
    query::{ConstScoreQuery, DisjunctionMaxQuery, InvertedIndexRangeQuery, PhraseQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, FAST},
    tokenizer::{PreTokenizedString, Token},
    DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Score, SegmentOrdinal, SegmentReader,
    TantivyDocument, TantivyError, Term,
};
use tokio::sync::oneshot;

use super::text::{self, Gram};
use crate::kv::KvError;

/// Parts of a document.
pub(super) const PARTS: usize = 4;
/// What finding a word is worth: whole, by its beginning, anywhere, written apart; times [`WEIGHTS`].
const WHOLE: u8 = 4;
const BEGINNING: u8 = 3;
const ANYWHERE: u8 = 2;
const APART: u8 = 1;
/// What finding it in each part is worth.
const WEIGHTS: [u8; PARTS] = [4, 3, 2, 1];
/// Bytes that the writer gathers before it makes a segment of them.
const WRITER_BYTES: usize = 16 << 20;
/// Most documents that searches see at once.
const DOCUMENTS_PER_COMMIT: usize = 256;

/// Why the index did not do it. The text is for the log.
fn failed(why: impl fmt::Display) -> KvError {
    KvError::Engine(format!("the search index failed: {why}"))
}

impl From<TantivyError> for KvError {
    fn from(error: TantivyError) -> Self {
        failed(error)
    }
}

/// The fields of one part of a document.
#[derive(Clone, Copy)]
struct Part {
    words: Field,
    grams: Field,
    weight: u8,
}

/// What the writing thread is sent.
enum Order {
    /// A document: its number and its folded texts.
    Add(u32, [String; PARTS]),
    /// Tells once searches see every document that was sent before.
    Tell(oneshot::Sender<()>),
}

/// The index, for searches.
pub(super) struct Engine {
    orders: mpsc::Sender<Order>,
    reader: IndexReader,
    parts: [Part; PARTS],
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

const NUMBER_FIELD: &str = "number";

impl Engine {
    /// An empty index, and the thread that writes it for as long as this is there.
    pub(super) fn new() -> Result<Self, KvError> {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field(NUMBER_FIELD, FAST);
        let mut text = |name: String, record| {
            let indexing = TextFieldIndexing::default().set_index_option(record).set_fieldnorms(false);
            schema.add_text_field(&name, TextOptions::default().set_indexing_options(indexing))
        };
        let parts = std::array::from_fn(|part| Part {
            words: text(format!("words{part}"), IndexRecordOption::Basic),
            grams: text(format!("grams{part}"), IndexRecordOption::WithFreqsAndPositions),
            weight: WEIGHTS[part],
        });
        let index = Index::create_in_ram(schema.build());
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        let index_writer = index.writer_with_options(options)?;
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (orders, incoming) = mpsc::channel();
        let writer = Writer { incoming, writer: index_writer, reader: reader.clone(), number, parts };
        std::thread::Builder::new()
            .name("search-index".into())
            .spawn(move || writer.run())
            .map_err(failed)?;
        Ok(Self { orders, reader, parts })
    }

    /// Sends a document to be added. The texts are folded.
    pub(super) fn add(&self, number: u32, texts: [String; PARTS]) -> Result<(), KvError> {
        self.orders.send(Order::Add(number, texts)).map_err(|_| failed("its thread has ended"))
    }

    /// Waits until searches see what was sent before.
    pub(super) async fn flush(&self) {
        let (tell, told) = oneshot::channel();
        // Either way it cannot be seen if the thread has ended.
        let _ = self.orders.send(Order::Tell(tell));
        let _ = told.await;
    }

    /// Numbers and scores of the documents in which each of these folded words is found. Calls `found` with the
    /// place of the word in `words`, the number and the score.
    pub(super) fn find(
        &self,
        words: &[String],
        mut found: impl FnMut(usize, u32, u8),
    ) -> Result<(), KvError> {
        let searcher = self.reader.searcher();
        for (place, word) in words.iter().enumerate() {
            for (number, score) in searcher.search(&self.query(word), &Numbers)? {
                found(place, number, score);
            }
        }
        Ok(())
    }

    fn query(&self, word: &str) -> DisjunctionMaxQuery {
        let letters: Vec<char> = word.chars().collect();
        let (exact, apart) = (text::cover(&letters), text::parts(&letters));
        let is_word = letters.iter().all(|letter| letter.is_alphanumeric());
        let mut ways = Vec::new();
        for part in &self.parts {
            let mut add = |query: Box<dyn Query>, worth: u8| {
                let score = Score::from(worth * part.weight);
                ways.push(Box::new(ConstScoreQuery::new(query, score)) as Box<dyn Query>);
            };
            if is_word {
                let term = Term::from_field_text(part.words, word);
                add(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), WHOLE);
                add(beginning_with(part.words, word), BEGINNING);
            }
            match &exact {
                Some(grams) => add(in_place(part.grams, grams), ANYWHERE),
                // One letter: every letter begins a gram.
                None => add(beginning_with(part.grams, word), ANYWHERE),
            }
            for grams in &apart {
                add(in_place(part.grams, grams), APART);
            }
        }
        DisjunctionMaxQuery::new(ways)
    }
}

/// What the writing thread has.
struct Writer {
    incoming: mpsc::Receiver<Order>,
    writer: IndexWriter,
    reader: IndexReader,
    number: Field,
    parts: [Part; PARTS],
}

impl Writer {
    fn run(mut self) {
        // Whether documents were added that no search sees yet.
        let mut behind = false;
        while let Ok(first) = self.incoming.recv() {
            let mut waiting = Vec::new();
            for order in iter::once(first).chain(self.incoming.try_iter()).take(DOCUMENTS_PER_COMMIT) {
                match order {
                    Order::Tell(tell) => waiting.push(tell),
                    Order::Add(number, texts) => match self.add(number, &texts) {
                        Ok(()) => behind = true,
                        Err(error) => tracing::error!(number, %error, "a document cannot be searched"),
                    },
                }
            }
            if behind {
                match self.publish() {
                    Ok(()) => behind = false,
                    Err(error) => tracing::error!(%error, "new documents cannot be searched yet"),
                }
            }
            for tell in waiting {
                // Whoever asked may be gone.
                let _ = tell.send(());
            }
        }
    }

    fn add(&self, number: u32, texts: &[String; PARTS]) -> Result<(), KvError> {
        let mut document = TantivyDocument::new();
        document.add_u64(self.number, number.into());
        for (part, text) in self.parts.iter().zip(texts) {
            let words = text::words(text).enumerate().map(|(place, word)| (place, word.to_owned()));
            document.add_pre_tokenized_text(part.words, tokens(words.collect()));
            document.add_pre_tokenized_text(part.grams, tokens(text::grams(text)));
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    fn publish(&mut self) -> Result<(), KvError> {
        self.writer.commit()?;
        self.reader.reload()?;
        Ok(())
    }
}

fn tokens(parts: Vec<Gram>) -> PreTokenizedString {
    let token = |(position, text)| Token { position, text, ..Token::default() };
    PreTokenizedString { text: String::new(), tokens: parts.into_iter().map(token).collect() }
}

/// Terms that begin with a text.
fn beginning_with(field: Field, text: &str) -> Box<dyn Query> {
    // Behind every text that goes on from this one, and before every other.
    let end = format!("{text}{}", char::MAX);
    let (first, end) = (Term::from_field_text(field, text), Term::from_field_text(field, &end));
    Box::new(InvertedIndexRangeQuery::new(Bound::Included(first), Bound::Excluded(end)))
}

/// Grams at these distances from each other.
fn in_place(field: Field, grams: &[Gram]) -> Box<dyn Query> {
    let term = |gram: &str| Term::from_field_text(field, gram);
    match grams {
        [(_, gram)] => Box::new(TermQuery::new(term(gram), IndexRecordOption::Basic)),
        grams => {
            let terms = grams.iter().map(|(place, gram)| (*place, term(gram)));
            Box::new(PhraseQuery::new_with_offset(terms.collect()))
        }
    }
}

/// Collects the numbers of documents with their scores.
struct Numbers;

struct NumbersOfSegment {
    numbers: Column<u64>,
    found: Vec<(u32, u8)>,
}

impl Collector for Numbers {
    type Fruit = Vec<(u32, u8)>;
    type Child = NumbersOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<NumbersOfSegment> {
        Ok(NumbersOfSegment { numbers: segment.fast_fields().u64(NUMBER_FIELD)?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, found: Vec<Vec<(u32, u8)>>) -> tantivy::Result<Vec<(u32, u8)>> {
        Ok(found.concat())
    }
}

impl SegmentCollector for NumbersOfSegment {
    type Fruit = Vec<(u32, u8)>;

    fn collect(&mut self, document: DocId, score: Score) {
        let number = self.numbers.first(document).and_then(|number| u32::try_from(number).ok());
        // Scores are small whole numbers.
        self.found.extend(number.map(|number| (number, score as u8)));
    }

    fn harvest(self) -> Vec<(u32, u8)> {
        self.found
    }
}
