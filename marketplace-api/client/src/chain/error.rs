//! What can go wrong with the chain, told apart as far as a caller can act on it.

use thiserror::Error;
use wonbon_model::{BlockRef, Digest};
use wonbon_primitives::id::to_hex;

/// Why something with the chain failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    /// No node answers at that address.
    #[error("no node answers at {url}: {reason}")]
    Unreachable {
        /// The address that was named.
        url: String,
        /// What was tried last.
        reason: String,
    },
    /// The node is on another chain than the one asked for.
    #[error("another chain: its genesis is {}, not {}", to_hex(found), to_hex(expected))]
    OtherChain {
        /// The genesis that was asked for.
        expected: Digest,
        /// The genesis of the node.
        found: Digest,
    },
    /// The chain's runtime is not the one that this client was made for.
    #[error("the chain's runtime does not fit this program: {}", .0.join("; "))]
    OtherRuntime(Vec<String>),
    /// A call was in a block and was refused there, by the pallet's error name.
    #[error("refused: {pallet}::{error}{}", explained(explanation))]
    Refused {
        /// The pallet, or `Token`, `Arithmetic`, `Dispatch` for errors that belong to none.
        pallet: String,
        /// The error's name.
        error: String,
        /// The sentence that documents the error.
        explanation: String,
    },
    /// The node did not take the transaction: a balance that cannot pay the fee, for example.
    #[error("the node refuses the transaction: {0}")]
    Rejected(String),
    /// The transaction was in no block during its life time; it never will be.
    #[error("the transaction was in no block until {until}; it has expired")]
    Expired {
        /// The last block in which it could have been.
        until: u32,
    },
    /// The node does not have the block.
    #[error("the node has no block {0}")]
    NoSuchBlock(String),
    /// The node does not keep the state of that block any more.
    #[error("the node does not keep the state of block {} any more; one that archives does", .0.height)]
    StatePruned(BlockRef),
    /// The connection was lost and the time for getting it back is over, or the node answered with an error.
    #[error("the node failed: {0}")]
    Node(String),
    /// What the chain holds cannot be read.
    #[error("cannot read {what}: {reason}")]
    Undecodable {
        /// What was read.
        what: String,
        /// Why it cannot be.
        reason: String,
    },
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

    pub(super) fn node(error: impl std::fmt::Display) -> Self {
        Self::Node(error.to_string())
    }

    pub(crate) fn undecodable(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Undecodable { what: what.into(), reason: reason.to_string() }
    }
}

fn explained(explanation: &str) -> String {
    if explanation.is_empty() {
        String::new()
    } else {
        format!(" ({explanation})")
    }
}
