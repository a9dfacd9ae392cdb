//! Checks a certificate of origin and trade history, trusting nothing but what the reader already has.
//!
//! The reader has a [`TrustAnchor`]: the consortium's keys at some block, from a source that they trust. A
//! [`Certificate`] then proves, with no network and nobody's word:
//!
//! 1. [`finality`]: that a quorum of the consortium finalized one header. The hand-offs from one set of
//!    validators to the next lead from the anchor to the set that signed it.
//! 2. [`proof`]: what stood in that block's state under the keys that [`claims`] asks for, no more and no less.
//! 3. [`claims`]: what these records say about one dataset, in plain words: derived here and never read from the
//!    certificate. Counts and hash chains show that nothing is left out.
//!
//! [`verify`] does all three. A sample file is checked against the claims by [`shown::check`]. A certificate is refused for one of two reasons ([`Refusal`]): it is *invalid*, or
//! this program cannot *read* it, because it is damaged or newer than the program.
//!
//! Promises: no function here panics on any input or takes memory out of proportion to it; nothing here opens a
//! connection, and nothing but [`data`] opens a file.
//!
//! Who makes certificates runs the same [`claims::derive`] over the chain's storage and keeps the keys that it
//! asked for: see there.

pub mod anchor;
mod authorities;
mod byte_string;
pub mod certificate;
pub mod claims;
pub mod credential;
#[cfg(feature = "command")]
pub mod data;
mod description;
pub mod finality;
pub mod keys;
pub mod proof;
pub mod refusal;
pub mod report;
pub mod shown;
pub mod value;
mod verdict;
mod verify;

pub use anchor::{Anchors, TrustAnchor};
pub use certificate::Certificate;
pub use claims::Claims;
pub use description::Description;
pub use finality::{AnchorRole, AnchorUse, Finality, HandOff};
pub use refusal::{Invalid, Refusal, Unreadable};
pub use verdict::Verdict;
pub use verify::{verify, Report, Warning};
pub use wonbon_model::{AccountId, Balance, BlockNumber};

/// A hash of the chain's own data: BLAKE2b with 256 bits.
pub type Hash = [u8; 32];
