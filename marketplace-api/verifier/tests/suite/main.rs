//! Certificates of synthetic chains: genuine ones, and every kind of forged one.
//!
//! Each file is about one thing that a forger may try. `second-opinion`, beside this crate, asks another code base
//! about the same.

// A test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod accepted;
mod anchors;
mod claims;
#[cfg(feature = "command")]
mod command;
mod data;
mod decoders;
mod finality;
mod flips;
mod proofs;
mod size;
mod synthetic;

use wonbon_verifier::{Invalid, Refusal, Report, Unreadable};

/// The reason why a certificate is invalid.
#[track_caller]
fn invalid(result: Result<Report, Refusal>) -> Invalid {
    match result {
        Err(Refusal::Invalid(reason)) => reason,
        other => panic!("not invalid: {other:?}"),
    }
}

/// The reason why a certificate cannot be read.
#[track_caller]
fn unreadable(result: Result<Report, Refusal>) -> Unreadable {
    match result {
        Err(Refusal::Unreadable(reason)) => reason,
        other => panic!("not unreadable: {other:?}"),
    }
}
