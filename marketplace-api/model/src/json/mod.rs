//! The records as JSON: what the service answers and the command prints.
//!
//! Each form is made of a record and its key, and of nothing else. Promises: names in snake case; 32-byte values as
//! 64 hexadecimal digits; accounts as SS58 addresses; amounts, in whole won, and block numbers as numbers; times in
//! milliseconds since 1970 (UTC); shares in millionths; choices as [words](Word).

mod dataset;
mod draw;
mod offer;
mod order;
mod participant;
mod trade;
mod word;

pub use dataset::{
    Attestation, Dataset, Handover, Parent, Revocation, RoyaltyShare, SampleAnswer, Version, Withdrawal,
};
pub use draw::{Draw, DrawState};
pub use offer::Offer;
pub use order::{Delivery, Order, OrderStage, OrderState, OrderTerms, OrderView};
pub use participant::Participant;
pub use trade::{Derivation, DeriveRight, Royalty, Trade};
pub use word::{
    AttestationKind, Method, OfferState, Outcome, Relation, Revoker, Role, SizeClass, Standing, Word,
};
