//! The off-chain service of Wonbon: catalogue, sealed payloads, chain follower.
//!
//! The service is trusted with availability only. It never sees plaintext or a content key, and it publishes a
//! payload only after recomputing its root from the bytes that it has on disk. Layers, outermost first: [`http`]
//! and [`pages`] translate requests and hold no rule; [`payloads`], [`documents`], [`sign_in`], [`audit`] and
//! [`search`] hold the service's own rules; [`follower`] fills [`read_model`] with what stands on the chain.

pub mod model;
pub mod read_model;
pub mod follower;
pub mod payloads;

mod clock;
mod random;
pub mod audit;
pub mod documents;
pub mod search;
pub mod sign_in;
pub mod config;
pub mod http;
pub mod pages;
pub mod server;
pub mod service;

#[doc(hidden)]
pub mod testing;
