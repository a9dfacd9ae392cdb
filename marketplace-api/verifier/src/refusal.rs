//! Why a certificate is refused: each reason by name, with what was found.
//!
//! *Invalid*: the certificate says something that it does not prove, or proves something else than this reader
//! asked for. *Unreadable*: this program cannot tell, because the file is damaged or newer than the program.

mod invalid;
mod unreadable;

pub use invalid::{BadPosition, BadSet, Contradiction, ForbiddenLog, Invalid};
pub use unreadable::Unreadable;

use crate::{value::Hex, verdict::Verdict, BlockNumber};
use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// A certificate is refused.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Refusal {
    /// It does not prove what it says.
    #[error("invalid: {0}")]
    Invalid(#[from] Invalid),
    /// This program cannot read it.
    #[error("unreadable: {0}")]
    Unreadable(#[from] Unreadable),
}

impl Refusal {
    /// What the certificate is found to be. It is the word of the refusal's JSON too.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Invalid(_) => Verdict::Invalid,
            Self::Unreadable(_) => Verdict::Unreadable,
        }
    }
}

/// Which header of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The one of the hand-off with this number, counted from 0.
    HandOff(usize),
    /// The one whose state is proved.
    Header,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HandOff(index) => write!(f, "hand-off {index}"),
            Self::Header => f.write_str("the certified header"),
        }
    }
}

/// A record of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordName {
    /// The hash of the chain's first block.
    Genesis,
    /// Name and version of the chain's runtime.
    Runtime,
    /// The time of the block.
    Time,
    /// The own record of the dataset with this id.
    Dataset(Hex),
    /// A dataset's parent with this number.
    Parent(Hex, u32),
    /// A dataset's attestation with this number.
    Attestation(Hex, u32),
    /// A dataset's handover with this number.
    Handover(Hex, u32),
    /// A dataset's new version with this number.
    Version(Hex, u32),
    /// A dataset's trade with this number.
    Trade(Hex, u32),
    /// The seed of the fair draws of what was registered in a block.
    Seed(BlockNumber),
    /// The company of an account.
    Participant(Hex),
    /// What a company is that acts through people, by its account.
    Company(Hex),
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Genesis => f.write_str("the hash of the first block"),
            Self::Runtime => f.write_str("the version of the runtime"),
            Self::Time => f.write_str("the block's time"),
            Self::Dataset(id) => write!(f, "dataset {id}"),
            Self::Parent(id, index) => write!(f, "parent {index} of dataset {id}"),
            Self::Attestation(id, index) => write!(f, "attestation {index} of dataset {id}"),
            Self::Handover(id, index) => write!(f, "handover {index} of dataset {id}"),
            Self::Version(id, index) => write!(f, "version {index} of dataset {id}"),
            Self::Trade(id, index) => write!(f, "trade {index} of dataset {id}"),
            Self::Seed(block) => write!(f, "the seed of the draws for block {block}"),
            Self::Participant(account) => write!(f, "the company of account {account}"),
            Self::Company(account) => write!(f, "the people of company {account}"),
        }
    }
}
