//! What can be done with datasets, by whom, and what cannot.

#![allow(clippy::arithmetic_side_effects)]

mod attestation;
mod ownership;
mod random;
mod records;
mod registration;
