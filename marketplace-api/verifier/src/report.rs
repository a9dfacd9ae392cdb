//! What a verified certificate proves, for people: lines for a terminal, and a page to print and hang up.
//!
//! The page says in its first line whether the certificate is valid; a page about a refused one says that and why, and
//! nothing else. Both lead with the block and the time as of which everything holds, and say that open orders are not
//! part of it. Both say "first registered here by" and never "made by": that is what a chain can know. Nothing in them
//! comes from the certificate's own words: a [`Report`] exists only once a certificate has been verified.
//!
//! Names and reasons in a report are their authors' and may hold anything. The page writes them through one type
//! that escapes ([`markup`]), holds no script and asks for nothing from any network; the terminal gets no control
//! characters. What things are called stands in [`words`] alone.

mod lineage;
pub mod markup;
mod page;
pub mod qr;
mod terminal;
mod words;

pub use page::{html, html_of_refused};
pub use terminal::text;
pub use words::{brief, is_shown, plain};

use crate::{
    claims::Dataset,
    refusal::{Invalid, Refusal, Unreadable},
    shown::ShownSample,
    value::{Hex, Time},
    verify::Report,
    BlockNumber, Claims,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wonbon_model::unambiguous;

/// What else is known beside the certificate, checked against it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Extras {
    /// Whether a file was found to be the dataset, byte for byte ([`crate::data::check`]).
    pub file_matches: bool,
    /// What metadata documents say, of the dataset or of its ancestors ([`Description::read`]).
    pub descriptions: Vec<Description>,
    /// A sample of the dataset that was found right ([`crate::shown::check`]).
    pub sample: Option<ShownSample>,
}

impl Extras {
    /// The title of a dataset, if its metadata document was given.
    fn title(&self, dataset: &Dataset) -> Option<&str> {
        let its = self.descriptions.iter().find(|description| description.metadata == dataset.metadata);
        its.map(|description| description.title.as_str())
    }
}

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

/// The sum of the prices that were paid, in won.
pub(crate) fn turnover(claims: &Claims) -> u128 {
    let paid = claims.trades.iter().filter(|trade| trade.outcome.is_paid());
    paid.fold(0u128, |sum, trade| sum.saturating_add(trade.price.0))
}

/// When a report's claims hold.
fn as_of(report: &Report) -> (BlockNumber, Time) {
    (report.claims.chain.block.number, report.claims.chain.time)
}

#[cfg(test)]
mod tests;
