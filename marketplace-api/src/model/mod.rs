//! What the service knows about the chain, in its own words: records, changes and the two text forms.
//!
//! Nothing here depends on how the chain is reached or on where rows are kept.

mod account;
mod change;
mod hash;
mod record;

pub use account::{Account, AccountError};
pub use change::{BlockChanges, BlockRef, Change};
pub use hash::{Hash, HashError};
pub use record::{
    Attestation, Dataset, Delivery, Method, Offer, OfferState, Order, OrderState, OrderTerms, Outcome,
    Parent, Participant, Revocation, Role, SizeClass, Standing, Trade, Withdrawal,
};
