//! What can go wrong with the chain, told apart as far as a caller can act on it.

use super::Unproved;
use thiserror::Error;
use wonbon_model::{BlockRef, Digest};
use wonbon_primitives::id::to_hex;

/// What a question to the chain comes to.
pub type Result<T, E = ChainError> = std::result::Result<T, E>;

/// Why somebody may not act for a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MayNotAct {
    /// They are no member of it, or not under this membership any more.
    #[error("the key's account is no member of the company, or was removed and taken on again since")]
    NotMember,
    /// Their roles do not permit the call.
    #[error("the member's roles do not permit this")]
    Role,
    /// It would take more of the company's money than they may spend today.
    #[error("it takes more of the company's money than the member may spend today")]
    DayLimit,
    /// A proposed recovery of the company is open.
    #[error("a recovery of the company is open, and until it ends this is frozen")]
    Recovery,
}

/// Why something with the chain failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)]
pub enum ChainError {
    /// No node answers at that address; the reason is that of the last attempt.
    #[error("no node answers at {url}: {reason}")]
    Unreachable { url: String, reason: String },
    /// The node is on another chain than the one asked for, as its genesis shows.
    #[error("another chain: its genesis is {}, not {}", to_hex(found), to_hex(expected))]
    OtherChain { expected: Digest, found: Digest },
    /// The chain's runtime is not the one that this client was made for.
    #[error("the chain's runtime does not fit this program: {}", .0.join("; "))]
    OtherRuntime(Vec<String>),
    /// A call was in a block and was refused there, by the pallet's error name. Errors that belong to no pallet have
    /// `Token`, `Arithmetic` or `Dispatch` in its place. The explanation is the sentence that documents the error.
    #[error("refused: {pallet}::{error}{}", explained(explanation))]
    Refused { pallet: String, error: String, explanation: String },
    /// The node did not take the transaction: a balance that cannot pay the fee, for example.
    #[error("the node refuses the transaction: {0}")]
    Rejected(String),
    /// The signer may not act for the company in this way.
    #[error("may not act for the company: {reason}")]
    MayNotAct { reason: MayNotAct },
    /// The transaction was in no block during its life time, up to this last one; it never will be.
    #[error("the transaction was in no block until {until}; it has expired")]
    Expired { until: u32 },
    /// The node does not have the block.
    #[error("the node has no block {0}")]
    NoSuchBlock(String),
    /// The node does not keep the state of that block any more.
    #[error("the node does not keep the state of block {} any more; one that archives does", .0.height)]
    StatePruned(BlockRef),
    /// The node's word was not taken, because nothing proves it.
    #[error(transparent)]
    Unproved(#[from] Unproved),
    /// The connection was lost and the time for getting it back is over, or the node answered with an error.
    #[error("the node failed: {0}")]
    Node(String),
    /// What the chain holds cannot be read.
    #[error("cannot read {what}: {reason}")]
    Undecodable { what: String, reason: String },
}

impl ChainError {
    /// Whether a pallet refused the call with this error.
    pub fn is_refused(&self, wanted_pallet: &str, wanted: &str) -> bool {
        matches!(self, Self::Refused { pallet, error, .. } if pallet == wanted_pallet && error == wanted)
    }

    /// Whether the chain cannot be reached or is another one: no fault of what was asked.
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::OtherChain { .. } | Self::Node(_))
    }

    /// Whether another node of the same chain may do better: this one is silent, or shows nothing that proves its word.
    /// What the validators signed, and what this home knows, is the same everywhere.
    pub(super) fn is_of_the_node(&self) -> bool {
        match self {
            Self::Unproved(unproved) => unproved.is_of_the_node(),
            Self::Unreachable { .. } | Self::NoSuchBlock(_) | Self::StatePruned(_) | Self::Node(_) => true,
            Self::OtherChain { .. } | Self::Undecodable { .. } => true,
            Self::OtherRuntime(_) | Self::Refused { .. } | Self::Rejected(_) | Self::Expired { .. } => false,
            Self::MayNotAct { .. } => false,
        }
    }

    pub(super) fn node(error: impl std::fmt::Display) -> Self {
        Self::Node(error.to_string())
    }

    pub(crate) fn undecodable(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Undecodable { what: what.into(), reason: reason.to_string() }
    }
}

fn explained(explanation: &str) -> String {
    match explanation {
        "" => String::new(),
        _ => format!(" ({explanation})"),
    }
}
