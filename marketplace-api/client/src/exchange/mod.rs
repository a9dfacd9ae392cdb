//! The two procedures of a trade, used by the command and by the tests alike.
//!
//! [`sell`] publishes a file and delivers the keys of its orders; [`buy`] quotes, orders, opens and accepts, or
//! disputes. Each step asks the chain first what is done already, so that a procedure that was killed anywhere
//! goes on when it is started again; what the chain cannot know (secrets, names of files, where an upload stands) is
//! in the sealing store and in small journals, written in one step before it is needed.
//!
//! They name no terminal, no file system and no clock: the chain is a [`Market`], the service are
//! [`Payloads`](crate::service::Payloads), and everything at home comes through [`crate::ports`].
//!
//! A complete, undisputed trade of a dataset already offered takes three extrinsics: `place_order`, `deliver` and
//! `accept`.

pub mod cost;
mod error;
mod event;
#[cfg(test)]
mod fake;
mod journal;
mod live;
mod market;
mod sealings;

pub mod buy;
pub mod sell;
pub mod upgrades;

pub use error::{ExchangeError, SampleRefusal};
pub use event::{Event, NotDelivered, Observer, Work};
pub use market::{Head, Market};
pub use sealings::{Sealing, SealingError, SealingStore};

/// What a step of a trade comes to.
pub type Result<T, E = ExchangeError> = std::result::Result<T, E>;
