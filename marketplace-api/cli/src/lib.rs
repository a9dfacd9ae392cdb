//! The `wonbon` command as a library: what the binary is made of, and what tests reuse.
//!
//! `profile`, `metadata` and `sample` know nothing of a chain or a service; `commands` puts them together
//! with the client crate, one file for each noun.

pub mod args;
pub mod commands;
pub mod context;
pub mod events;
pub mod exit;
pub mod failures;
pub mod metadata;
pub mod output;
pub mod profile;
pub mod records;
pub mod sample;
