//! What a seller's metadata document says, once a certificate names its hash.

use crate::{
    refusal::{Invalid, Refusal, Unreadable},
    value::Hex,
    Claims,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wonbon_model::unambiguous;

/// What a seller says about a dataset, from the metadata document whose SHA-256 stands on the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Description {
    /// SHA-256 of the document.
    pub metadata: Hex,
    /// The title that the seller gave; at most 300 characters.
    pub title: String,
    /// Whether it says that every row is one line of text.
    pub rows_are_lines: bool,
}

impl Description {
    /// The largest metadata document that is read, in bytes: what the marketplace takes.
    pub const MAX_SIZE: u64 = wonbon_primitives::bounds::MAX_METADATA as u64;
    /// The longest title that is shown, in characters.
    const MAX_TITLE_CHARACTERS: usize = 300;

    /// Reads a metadata document, if the claims name it: as the dataset's, or as an ancestor's.
    pub fn read(document: &[u8], claims: &Claims) -> Result<Self, Refusal> {
        let (expected, metadata) = (claims.dataset.metadata, Hex(Sha256::digest(document).into()));
        let mut known = [&claims.dataset].into_iter().chain(&claims.ancestors);
        if !known.any(|dataset| dataset.metadata == metadata) {
            return Err(Invalid::OtherMetadata { expected, found: metadata }.into());
        }
        let unreadable = |what: String| Refusal::from(Unreadable::Metadata { what });
        let document: Value =
            unambiguous::from_slice(document).map_err(|error| unreadable(error.to_string()))?;
        let title = document["title"].as_str().ok_or_else(|| unreadable("it has no title".into()))?;
        let rows_are_lines = document["profile"]["rows_are_lines"].as_bool().unwrap_or(false);
        Ok(Self { metadata, title: title.chars().take(Self::MAX_TITLE_CHARACTERS).collect(), rows_are_lines })
    }
}
