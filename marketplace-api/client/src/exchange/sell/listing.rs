//! What a seller wants offered. Its JSON is part of the journal of a publication.

use serde::{Deserialize, Serialize};
use wonbon_model::{Balance, BlockNumber, DatasetId, Derivation, Method, Relation, Share};

/// What is offered, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The name of the source.
    pub file: String,
    /// The metadata document in canonical JSON.
    pub metadata: String,
    /// The licence, in full; buyers accept it by its hash.
    pub licence: String,
    /// The non-disclosure agreement, in full; buyers accept it by its hash.
    pub nda: String,
    /// How the dataset was made.
    pub method: Method,
    /// What it was made from.
    pub parents: Vec<Origin>,
    /// The dataset that this is a new version of.
    pub append_to: Option<DatasetId>,
    /// The name of that dataset's source, in case its last block was changed; otherwise it is not needed.
    pub old_file: Option<String>,
    /// Price of one copy.
    pub price: Balance,
    /// Blocks from an order to the last in which its key may be delivered.
    pub delivery_window: BlockNumber,
    /// Blocks from the delivery to the last in which it may be disputed.
    pub dispute_window: BlockNumber,
    /// The bond to put down; the least that one order needs if `None`.
    pub bond: Option<Balance>,
    /// Whether buyers may sell what they make from it.
    pub derivation: Derivation,
}

#[cfg(test)]
impl Listing {
    /// Something that could be offered, for tests of a part.
    pub(super) fn for_tests() -> Self {
        Self {
            file: "data.csv".to_owned(),
            metadata: "{}".to_owned(),
            licence: "L".to_owned(),
            nda: "N".to_owned(),
            method: Method::Collected,
            parents: Vec::new(),
            append_to: None,
            old_file: None,
            price: 1000,
            delivery_window: 100,
            dispute_window: 100,
            bond: None,
            derivation: Derivation::Forbidden,
        }
    }
}

/// A dataset that a new one was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The root that names the dataset.
    pub dataset: DatasetId,
    /// How the child relates to it.
    pub relation: Relation,
    /// What its owner gets of each sale; what the licence of the bought copy asks if `None`.
    pub royalty: Option<Share>,
}
