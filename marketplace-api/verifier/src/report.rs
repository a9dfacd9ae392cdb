//! What a verified certificate proves, for people: lines for a terminal, and a page to print and hang up.
//!
//! Both lead with the block and the time as of which everything holds, and say that open orders are not part of it.
//! Both say "first registered here by" and never "made by": that is what a chain can know. Nothing in them comes
//! from the certificate's own words: a [`Report`] exists only once a certificate has been verified.
//!
//! Names and reasons in a report are their authors' and may hold anything. The page writes them through one type
//! that escapes ([`markup`]), holds no script and asks for nothing from any network; the terminal gets no control
//! characters.

mod lineage;
pub mod markup;
mod page;
pub mod qr;
mod terminal;
mod words;

pub use page::html;
pub use terminal::text;
pub use words::{is_shown, plain};

use crate::{
    refusal::{Invalid, Refusal, Unreadable},
    value::{Hex, Time},
    verify::Report,
    BlockNumber, Claims,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What else is known beside the certificate, checked against it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Extras {
    /// Whether a file was found to be the dataset, byte for byte ([`crate::data::check`]).
    pub file_matches: bool,
    /// What the dataset's metadata document says ([`Description::read`]).
    pub description: Option<Description>,
}

/// What a seller says about a dataset, from the metadata document whose SHA-256 stands on the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Description {
    /// The title that the seller gave; at most 300 characters.
    pub title: String,
}

impl Description {
    /// The largest metadata document that is read, in bytes: what the marketplace takes.
    pub const MAX_SIZE: u64 = wonbon_primitives::bounds::MAX_METADATA as u64;
    /// The longest title that is shown, in characters.
    const MAX_TITLE_CHARACTERS: usize = 300;

    /// Reads a metadata document, if it is the one that the claims name.
    pub fn read(document: &[u8], claims: &Claims) -> Result<Self, Refusal> {
        let (expected, found) = (claims.dataset.metadata, Hex(Sha256::digest(document).into()));
        if found != expected {
            return Err(Invalid::OtherMetadata { expected, found }.into());
        }
        let unreadable = |what: String| Refusal::from(Unreadable::Metadata { what });
        let document: Value =
            serde_json::from_slice(document).map_err(|error| unreadable(error.to_string()))?;
        let title = document["title"].as_str().ok_or_else(|| unreadable("it has no title".into()))?;
        Ok(Self { title: title.chars().take(Self::MAX_TITLE_CHARACTERS).collect() })
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
