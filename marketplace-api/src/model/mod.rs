//! What the service knows about the chain, in its own words: records, changes and the two text forms.
//!
//! Nothing here depends on how the chain is reached or on where rows are kept.

mod account;
mod change;
mod dataset;
mod hash;
mod participant;
mod trade;
mod words;

pub use account::{Account, AccountError};
pub use change::{BlockChanges, BlockRef, Change, Delegation, Transfer};
pub use dataset::{
    Attestation, Dataset, Handover, Parent, Revocation, RoyaltyShare, SampleAnswer, Version, Withdrawal,
};
pub use hash::{Hash, HashError};
pub use participant::Participant;
pub use trade::{Delivery, Derivation, DeriveRight, Offer, Order, OrderTerms, Royalty, Trade};
pub use words::{Method, OfferState, OrderState, Outcome, Role, SizeClass, Standing};
