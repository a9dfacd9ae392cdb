//! The off-chain service of Wonbon: catalogue, sealed payloads, chain follower.
//!
//! The service is trusted with availability only. It never sees a content key, and no plaintext but the sample blocks
//! that an owner shows; it publishes a payload only after recomputing its root from the bytes that it has on disk.
//! Layers, outermost first: [`server`] takes connections; [`router`] puts together [`http`] and [`pages`], which translate
//! requests and hold no rule; [`catalogue`] gathers what both show;
//! [`payloads`], [`documents`], [`samples`], [`certificates`], [`exports`], [`applications`], [`secrets`], [`sign_in`],
//! [`audit`] and [`search`] hold the service's own rules; [`follower`] fills [`read_model`] with what stands on the chain.

pub mod follower;
pub mod kv;
pub mod locks;
pub mod payloads;
pub mod read_model;
pub mod state;
pub mod storage;

pub mod app;
pub mod applications;
pub mod audit;
pub mod catalogue;
pub mod certificates;
mod clock;
pub mod config;
pub mod documents;
pub mod exports;
pub mod http;
pub mod pages;
pub mod protocol;
mod random;
pub mod router;
pub mod samples;
pub mod search;
pub mod secrets;
pub mod server;
pub mod service;
pub mod sign_in;
mod task;

#[doc(hidden)]
pub mod testing;
