//! What this crate promises, tested from outside: published vectors, independent implementations, and every
//! attack that concerns it with the cheater losing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod company;
mod delivery;
mod dispute;
mod growth;
mod ids;
mod leaf_list;
mod seal;
mod stream;
mod support;
mod tree;
