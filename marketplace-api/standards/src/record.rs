//! What the documents are made from: one dataset, as chain and service know it.
//!
//! Only id and length are always there. Everything else is optional or may be empty: a record can be made from the
//! chain alone, and becomes richer where the metadata document and the service's address are known.

use crate::{iri::Site, moment::Moment};
use serde_json::Value;
use wonbon_primitives::{
    dataset::{Method, Relation},
    record::AttestationKind,
    share::Share,
    DatasetId, Digest,
};

/// A dataset.
#[derive(Clone, Debug)]
pub struct DatasetRecord {
    /// The dataset: root of the tree over its bytes.
    pub id: DatasetId,
    /// Its length in bytes.
    pub length: u64,
    /// Genesis hash of the chain that it is registered on.
    pub genesis: Option<Digest>,
    /// What its metadata document says.
    pub about: About,
    /// SHA-256 of the metadata document.
    pub metadata: Option<Digest>,
    /// How it was made.
    pub method: Option<Method>,
    /// Who registered it first.
    pub registrant: Option<Party>,
    /// When.
    pub registered: Option<Moment>,
    /// Who holds it now.
    pub owner: Option<Party>,
    /// What it was made from.
    pub parents: Vec<Parent>,
    /// Datasets that are registered as its new versions, oldest first.
    pub versions: Vec<DatasetId>,
    /// What inspectors say about it.
    pub attestations: Vec<Attestation>,
    /// Its ways from owner to owner, oldest first.
    pub handovers: Vec<Handover>,
    /// Set when its owner withdrew it.
    pub withdrawn: Option<Withdrawal>,
    /// Offers of it that are open.
    pub offers: Vec<Offer>,
    /// Samples that anyone may read.
    pub samples: Vec<Sample>,
    /// The service that keeps it.
    pub site: Option<Site>,
}

impl DatasetRecord {
    /// A record that knows nothing but id and length.
    pub fn new(id: DatasetId, length: u64) -> Self {
        Self {
            id,
            length,
            genesis: None,
            about: About::default(),
            metadata: None,
            method: None,
            registrant: None,
            registered: None,
            owner: None,
            parents: Vec::new(),
            versions: Vec::new(),
            attestations: Vec::new(),
            handovers: Vec::new(),
            withdrawn: None,
            offers: Vec::new(),
            samples: Vec::new(),
            site: None,
        }
    }
}

/// What a seller says about a dataset.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// One line.
    pub title: Option<String>,
    /// As long as need be.
    pub description: Option<String>,
    /// What people search for.
    pub keywords: Vec<String>,
    /// BCP 47 tag of title and description.
    pub language: Option<String>,
    /// Media type of the data.
    pub media_type: Option<String>,
    /// What the file is called.
    pub file_name: Option<String>,
    /// SHA-256 of the file's bytes. It is not the id, which is the root of a tree.
    pub sha256: Option<Digest>,
    /// The licence.
    pub licence: Option<Document>,
    /// The non-disclosure agreement.
    pub nda: Option<Document>,
    /// Rows of the table.
    pub rows: Option<u64>,
    /// Columns of the table.
    pub columns: Vec<Column>,
}

/// A text by its hash.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it calls itself.
    pub title: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// What the values of a column are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnKind {
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// True or false.
    Boolean,
    /// Dates or times.
    Timestamp,
    /// Nothing.
    Empty,
}

impl ColumnKind {
    /// The word that metadata documents use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Empty => "empty",
        }
    }

    /// The kind that a metadata document means; a word that it does not know is [`Self::Text`], which any value is.
    pub fn from_word(word: &str) -> Self {
        [Self::Integer, Self::Number, Self::Boolean, Self::Timestamp, Self::Empty]
            .into_iter()
            .find(|kind| kind.word() == word)
            .unwrap_or(Self::Text)
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, as the file's first line has it.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// The unit of its values.
    pub unit: Option<String>,
    /// The smallest value.
    pub min: Option<Scalar>,
    /// The largest value.
    pub max: Option<Scalar>,
    /// How many values are missing.
    pub missing: Option<u64>,
    /// How many distinct values there are.
    pub distinct: Option<u64>,
}

/// A value of a column.
#[derive(Clone, PartialEq, Debug)]
pub enum Scalar {
    /// A whole number.
    Integer(i64),
    /// A number; finite.
    Number(f64),
    /// A text.
    Text(String),
}

impl Scalar {
    /// The scalar that JSON holds; `None` for what is no scalar. Numbers outside `i64` become floats.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number
                .as_i64()
                .map(Self::Integer)
                .or_else(|| number.as_f64().filter(|number| number.is_finite()).map(Self::Number)),
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(value) => Some(Self::Text(value.to_string())),
            _ => None,
        }
    }

    /// The value as JSON; `None` for a number that JSON does not have.
    pub(crate) fn to_json(&self) -> Option<Value> {
        match self {
            Self::Integer(number) => Some((*number).into()),
            Self::Number(number) => serde_json::Number::from_f64(*number).map(Value::Number),
            Self::Text(text) => Some(crate::text::line(text).into()),
        }
    }

    /// The value as text.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => ryu_js::Buffer::new().format(*number).to_owned(),
            Self::Text(text) => crate::text::line(text),
        }
    }
}

/// A company with its account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// Its account.
    pub account: [u8; 32],
    /// The account as people write it (SS58).
    pub address: String,
    /// The company's name, if it is registered.
    pub name: Option<String>,
}

impl Party {
    /// What to call it: the company's name, or its account.
    pub fn label(&self) -> String {
        let name = self.name.as_deref().map(crate::text::line).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| crate::text::line(&self.address))
    }
}

/// A dataset that another was made from.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The parent.
    pub dataset: DatasetId,
    /// How the child relates to it.
    pub relation: Relation,
    /// What its owner gets of each sale of the child.
    pub royalty: Share,
    /// Its title, if known.
    pub title: Option<String>,
}

/// What an inspector says about a dataset.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// What it is about.
    pub kind: AttestationKind,
    /// Who says it.
    pub inspector: Party,
    /// SHA-256 of the document that says it.
    pub document: Digest,
    /// When it was said.
    pub at: Option<Moment>,
    /// When it was taken back.
    pub revoked: Option<Moment>,
}

/// A dataset's way from one owner to another.
#[derive(Clone, Debug)]
pub struct Handover {
    /// The old owner.
    pub from: Party,
    /// The new owner.
    pub to: Party,
    /// When.
    pub at: Option<Moment>,
}

/// That an owner withdrew a dataset.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// When.
    pub at: Option<Moment>,
    /// Why, in the owner's words.
    pub reason: Option<String>,
}

/// An open offer.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its number.
    pub id: u64,
    /// The price in won.
    pub price: u128,
}

/// A sample that anyone may read.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Whether the chain drew it; otherwise the seller chose it.
    pub fair: bool,
    /// SHA-256 of the sample file, if the chain has it.
    pub digest: Option<Digest>,
}

/// The words for how a dataset was made.
const METHODS: [(Method, &str); 7] = [
    (Method::Collected, "collected"),
    (Method::Cleaned, "cleaned"),
    (Method::Preprocessed, "preprocessed"),
    (Method::Labelled, "labelled"),
    (Method::Aggregated, "aggregated"),
    (Method::Anonymised, "anonymised"),
    (Method::Synthesised, "synthesised"),
];

/// The words for how a dataset relates to a parent.
const RELATIONS: [(Relation, &str); 9] = [
    (Relation::DerivedFrom, "derived_from"),
    (Relation::NewVersionOf, "new_version_of"),
    (Relation::CleanedFrom, "cleaned_from"),
    (Relation::PreprocessedFrom, "preprocessed_from"),
    (Relation::LabelledFrom, "labelled_from"),
    (Relation::AggregatedFrom, "aggregated_from"),
    (Relation::AnonymisedFrom, "anonymised_from"),
    (Relation::SynthesisedFrom, "synthesised_from"),
    (Relation::SubsetOf, "subset_of"),
];

/// The words for what an attestation is about.
const ATTESTATIONS: [(AttestationKind, &str); 3] = [
    (AttestationKind::Quality, "quality"),
    (AttestationKind::SmartFactoryLevel, "smart_factory_level"),
    (AttestationKind::Processing, "processing"),
];

fn word<T: PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    words.iter().find(|(known, _)| *known == value).map_or("other", |(_, word)| word)
}

fn meaning<T: Copy>(words: &[(T, &'static str)], word: &str) -> Option<T> {
    words.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
}

/// The word that documents use for how a dataset was made.
pub fn method_word(method: Method) -> &'static str {
    word(&METHODS, method)
}

/// What the word for a method means.
pub fn method_of(word: &str) -> Option<Method> {
    meaning(&METHODS, word)
}

/// The word that documents use for how a dataset relates to a parent.
pub fn relation_word(relation: Relation) -> &'static str {
    word(&RELATIONS, relation)
}

/// What the word for a relation means.
pub fn relation_of(word: &str) -> Option<Relation> {
    meaning(&RELATIONS, word)
}

/// The word that documents use for what an attestation is about.
pub fn attestation_word(kind: AttestationKind) -> &'static str {
    word(&ATTESTATIONS, kind)
}

/// What the word for an attestation means.
pub fn attestation_of(word: &str) -> Option<AttestationKind> {
    meaning(&ATTESTATIONS, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_the_chain_has_its_word() {
        // The words are those that the primitives' JSON has, so a choice added there fails here or has one.
        for (method, word) in METHODS {
            assert_eq!(serde_json::to_value(method).unwrap(), word);
        }
        for (relation, word) in RELATIONS {
            assert_eq!(serde_json::to_value(relation).unwrap(), word);
        }
        for (kind, word) in ATTESTATIONS {
            assert_eq!(serde_json::to_value(kind).unwrap(), word);
            assert_eq!(attestation_of(word), Some(kind));
        }
    }
}
