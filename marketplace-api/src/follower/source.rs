//! What the follower wants from a chain.

use async_trait::async_trait;
use thiserror::Error;
use wonbon_client::chain::BlockChanges;
use wonbon_model::{BlockRef, Hash};

/// Why the chain gave no answer.
#[derive(Debug, Error)]
pub enum SourceError {
    /// Not reachable, or the connection broke: worth another try.
    #[error("the chain is not reachable: {0}")]
    Unreachable(String),
    /// It is another chain than the one asked for.
    #[error("the chain has genesis {found}, expected {expected}")]
    OtherChain {
        /// The genesis hash that was configured or followed so far.
        expected: Hash,
        /// What the chain says.
        found: Hash,
    },
    /// It answered with something that this service does not understand.
    #[error("the chain's answer cannot be read: {0}")]
    Unreadable(String),
}

/// Finalized blocks by number. Implementations reconnect by themselves or fail with
/// [`SourceError::Unreachable`]; the follower tries again.
#[async_trait]
pub trait ChainSource: Send + Sync + 'static {
    /// The genesis hash.
    async fn genesis(&self) -> Result<Hash, SourceError>;

    /// The newest finalized block.
    async fn finalized(&self) -> Result<BlockRef, SourceError>;

    /// Waits until a block higher than `number` is finalized, and gives the newest finalized one; or gives a lower
    /// one as soon as that is the newest, because the chain began anew or another node answers.
    async fn finalized_after(&self, number: u32) -> Result<BlockRef, SourceError>;

    /// Everything that the finalized block with this number changed. For block 0 this is the whole genesis state.
    async fn block(&self, number: u32) -> Result<BlockChanges, SourceError>;
}
