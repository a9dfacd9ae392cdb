//! What the chain, the service, the command and the verifier share: types, bounds and cryptography.
//!
//! All of it is `no_std`, so that the chain and the tools run the same check and not two that should agree. No
//! function here panics on any input; what comes from outside is checked and refused by name.
//!
//! - [`content`]: how a file is known: blocks, trees, leaf lists, growth.
//! - [`seal`]: how it is sealed. [`delivery`]: how the key reaches one buyer. [`dispute`]: how cheating is proved.
//! - [`protocol`]: all of that in words, why it can be trusted, attack by attack, and where it cannot.
//! - [`company`], [`membership`] and [`dataset`]: who and what. [`record`]: what the chain keeps, and what an order fixes.
//!   [`unchecked`]: what calls carry. [`registry`]: what pallets ask of each other.
//! - [`sample`]: blocks shown to everyone, chosen by the owner or drawn by the chain.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]
#![allow(clippy::multiple_bound_locations, reason = "the derives of compact fields repeat a type's bounds")]

extern crate alloc;

pub mod bounds;
pub mod company;
pub mod content;
pub mod dataset;
pub mod delivery;
pub mod dispute;
pub mod id;
pub mod label;
pub mod membership;
#[doc = include_str!("../PROTOCOL.md")]
pub mod protocol {}
pub mod payee;
mod permutation;
pub mod record;
pub mod registry;
pub mod sample;
pub mod seal;
pub mod share;
pub mod unchecked;

pub use bounded_collections::BoundedVec;
pub use content::Commitment;
pub use id::{DatasetId, Digest, OfferId, OrderId};

/// The operating system's random numbers, for the functions here that take a generator.
#[cfg(feature = "os-random")]
pub use rand_core::OsRng;
