//! What the follower wants from a chain.

use async_trait::async_trait;
use wonbon_client::chain::{BlockChanges, ChainError};
use wonbon_model::{BlockRef, Hash};

/// Finalized blocks by number. Implementations reconnect by themselves or fail with
/// [`ChainError::Node`]; the follower tries again.
#[async_trait]
pub trait ChainSource: Send + Sync + 'static {
    /// The genesis hash.
    async fn genesis(&self) -> Result<Hash, ChainError>;

    /// The newest finalized block.
    async fn finalized(&self) -> Result<BlockRef, ChainError>;

    /// Waits until a block higher than `number` is finalized, and gives the newest finalized one; or gives a lower
    /// one as soon as that is the newest, because the chain began anew or another node answers.
    async fn finalized_after(&self, number: u32) -> Result<BlockRef, ChainError>;

    /// Everything that the finalized block with this number changed. For block 0 this is the whole genesis state.
    async fn block(&self, number: u32) -> Result<BlockChanges, ChainError>;
}
