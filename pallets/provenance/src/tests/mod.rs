//! What can be done with datasets, by whom, and what cannot.

#![allow(clippy::arithmetic_side_effects)]

mod announcing;
mod attestation;
mod displacement;
mod draws;
mod invariants;
mod lineage;
mod ownership;
mod random;
mod records;
mod registration;
mod versions;
