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

use crate::{claims::Dataset, shown::ShownSample, value::Time, verify::Report, BlockNumber, Description};

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

/// When a report's claims hold.
fn as_of(report: &Report) -> (BlockNumber, Time) {
    (report.claims.chain.block.number, report.claims.chain.time)
}

#[cfg(test)]
mod tests;
