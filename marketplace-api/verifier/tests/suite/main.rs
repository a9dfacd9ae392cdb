//! Certificates of synthetic chains: genuine ones, and every kind of forged one.
//!
//! Each file is about one thing that a forger may try. Whatever verifies here is checked by another code base too
//! ([`verify`]); `second-opinion`, beside this crate, asks it about what does not.

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
mod golden;
#[cfg(feature = "command")]
mod hostile;
mod proofs;
#[cfg(feature = "command")]
mod shown;
mod size;
mod synthetic;

use wonbon_verifier::{AnchorRole, Anchors, Certificate, Invalid, Refusal, Report, Unreadable};

/// Verifies. What is found valid must be so for smoldot too, from the anchor at which trust begins.
#[track_caller]
fn verify(certificate: &Certificate, anchors: &Anchors) -> Result<Report, Refusal> {
    let report = wonbon_verifier::verify(certificate, anchors)?;
    let start = report.finality.anchors.iter().find(|anchor| anchor.role == AnchorRole::Start).unwrap();
    let start = anchors.iter().find(|anchor| anchor.block == start.block).unwrap();
    wonbon_second_opinion::check(certificate, start)
        .unwrap_or_else(|objection| panic!("smoldot: {objection}"));
    Ok(report)
}

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
