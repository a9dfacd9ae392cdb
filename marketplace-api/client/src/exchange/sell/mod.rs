//! The seller's side: [`publish`] a file, [`deliver`] the keys of its orders.

mod deliver;
mod publish;

pub use deliver::{blocks_needed, Deliverer};
pub use publish::{Listing, Publication, Published, Publisher};
