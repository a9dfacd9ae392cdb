//! Why something is not proved.

use thiserror::Error;
use wonbon_model::words::time::Time;
use wonbon_model::{BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::to_hex;
use wonbon_verifier::{Invalid, Refusal};

/// Why a node's word was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unproved {
    /// Nothing is known about the validators of this chain.
    #[error("nothing shows who the validators of this chain are (genesis {})", to_hex(genesis))]
    NoAnchor {
        /// Genesis hash of the chain.
        genesis: Digest,
    },
    /// The anchor, or what was proved last, is so old that its validators' keys may be anyone's.
    #[error("what this home knows about the validators is of {}: their old keys may be anyone's by now", time_of(*.time_ms))]
    OldAnchor {
        /// Milliseconds since 1970.
        time_ms: u64,
    },
    /// The anchor cannot be used.
    #[error("the trust anchor cannot be used: {0}")]
    BadAnchor(String),
    /// No justification by the validators.
    #[error("the node shows nothing that makes block {0} final")]
    NotJustified(BlockNumber),
    /// The header is not final by what is known of the validators.
    #[error("the validators did not finalize what the node shows as block {}: {reason}", .block.height)]
    NotFinal {
        /// The block that the node names.
        block: BlockRef,
        /// What the verification refused.
        reason: Box<Refusal>,
    },
    /// What was finalized before is later than this.
    #[error("the node shows block {found}, but block {highest} was proved before: it hides what came since")]
    Past {
        /// What the node shows as its newest.
        found: BlockNumber,
        /// The highest block proved before.
        highest: BlockNumber,
    },
    /// The validators finalized two blocks at one height.
    #[error("the validators signed two different blocks as block {height}; both are kept in {place}")]
    TwoFinalized {
        /// Height of both blocks.
        height: BlockNumber,
        /// Where what they signed is kept.
        place: String,
    },
    /// The newest proved block is old by this machine's clock.
    #[error("the newest block that the node proves is of {}, {} ago: it hides what came since, or the chain stands still", time_of(*.time_ms), minutes(*.age_ms))]
    Stale {
        /// The block's time in milliseconds since 1970.
        time_ms: u64,
        /// How old it is.
        age_ms: u64,
    },
    /// This machine's clock is behind the chain, or behind another clock.
    #[error("this machine's clock and {other} are {} apart; set the clock first", minutes(*.apart_ms))]
    Clock {
        /// Who or what tells another time, as people know it.
        other: String,
        /// Milliseconds between the two.
        apart_ms: u64,
    },
    /// A value is not covered by the node's proof.
    #[error("the node does not prove what it says about the state of block {0}")]
    NotCovered(BlockNumber),
    /// A list of the node contradicts what is proved.
    #[error("the node's list and what is proved differ: {0}")]
    List(String),
    /// The configured nodes contradict each other, and nothing proves either.
    #[error("the nodes show different blocks as block {height}, and what this home knows is too old to tell which is right")]
    NodesDisagree {
        /// Height of the blocks.
        height: BlockNumber,
    },
    /// What the home knows cannot be read or written.
    #[error("what is known about the chain cannot be kept: {0}")]
    Home(String),
}

impl Unproved {
    /// Whether hand-offs may lead to it.
    pub(crate) fn may_be_other_validators(&self) -> bool {
        match self {
            Self::NotFinal { reason, .. } => matches!(
                &**reason,
                Refusal::Invalid(
                    Invalid::UnknownVoter { .. } | Invalid::BadSignature { .. } | Invalid::TooFewVotes { .. }
                )
            ),
            _ => false,
        }
    }

    /// Whether it contradicts what was proved before.
    pub(crate) fn is_of_the_past(&self) -> bool {
        matches!(self, Self::Past { .. } | Self::TwoFinalized { .. } | Self::NotFinal { .. })
    }

    /// Whether another node may show more: this one hides something, or has it not.
    pub(super) fn is_of_the_node(&self) -> bool {
        match self {
            Self::NotJustified(_) | Self::NotFinal { .. } | Self::Past { .. } | Self::Stale { .. } => true,
            Self::NotCovered(_) | Self::List(_) => true,
            Self::TwoFinalized { .. } | Self::NoAnchor { .. } | Self::OldAnchor { .. } => false,
            Self::NodesDisagree { .. } => false,
            Self::BadAnchor(_) | Self::Clock { .. } | Self::Home(_) => false,
        }
    }

    /// Whether it can pass: a node that is behind, a clock that is set.
    pub fn may_pass(&self) -> bool {
        !matches!(
            self,
            Self::TwoFinalized { .. }
                | Self::NoAnchor { .. }
                | Self::OldAnchor { .. }
                | Self::BadAnchor(_)
                | Self::NodesDisagree { .. }
        )
    }
}

fn time_of(time_ms: u64) -> String {
    Time::from_millis(time_ms).map_or_else(|| format!("{time_ms} ms"), Time::utc)
}

fn minutes(ms: u64) -> String {
    match ms / 60_000 {
        0 => format!("{} s", ms / 1_000),
        minutes => format!("{minutes} minutes"),
    }
}
