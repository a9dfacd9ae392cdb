//! What this crate promises, tested from outside: files and chunks of every awkward length, cheats and accidents told
//! apart, and nothing half done.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chunks;
mod files;
mod sample;
mod support;
