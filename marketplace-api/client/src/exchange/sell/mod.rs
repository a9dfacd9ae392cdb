//! The seller's side: [`Publisher`] brings a file to market, [`Sampler`] shows blocks of it, [`Deliverer`] delivers the
//! keys of its orders.

mod deliver;
pub mod giving;
mod growth;
mod listing;
mod origin;
pub mod preflight;
mod publish;
mod registration;
mod sample;

pub use deliver::{blocks_needed, Deliverer};
pub use listing::{Listing, Origin};
pub use publish::{Publication, Published, Publisher};
pub(in crate::exchange) use sample::rows_are_lines;
pub use sample::{Draft, Sampler};
