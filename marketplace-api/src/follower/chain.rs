//! The chain as a source of finalized blocks, through `wonbon-client`.
//!
//! The client reconnects by itself for a few seconds; after that, and after every error, the connection is given
//! up and the next question opens a new one, so that a node that came back as another chain is noticed.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use wonbon_client::chain::{BlockChanges, Chain, ChainError, ConnectOptions, FinalizedBlocks};
use wonbon_model::{BlockRef, Hash};

use super::source::ChainSource;

/// How long the client tries a lost connection before the follower hears of it.
const RECONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long no block may come until the newest is asked for: the chain may have begun anew.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);

/// The subscription that gives block `next` when it is finalized.
struct Waiting {
    next: u32,
    blocks: FinalizedBlocks,
}

/// A node, the connection to it, if there is one, and the subscription that waits for its next finalized block.
pub struct ChainFollower {
    url: String,
    expected_genesis: Option<Hash>,
    connection: Mutex<Option<Chain>>,
    waiting: Mutex<Option<Waiting>>,
}

impl ChainFollower {
    /// A node by its address. Nothing is sent yet.
    pub fn new(url: String, expected_genesis: Option<Hash>) -> Self {
        Self { url, expected_genesis, connection: Mutex::default(), waiting: Mutex::default() }
    }

    async fn chain(&self) -> Result<Chain, ChainError> {
        let mut connection = self.connection.lock().await;
        if let Some(chain) = &*connection {
            return Ok(chain.clone());
        }
        let mut options = ConnectOptions::new(&self.url).genesis(self.expected_genesis.map(|hash| hash.0));
        options.give_up_after = Some(RECONNECT_TIMEOUT);
        let chain = Chain::connect_with(options).await?;
        *connection = Some(chain.clone());
        Ok(chain)
    }

    async fn disconnect(&self) {
        *self.connection.lock().await = None;
    }

    /// Passes a result on, and gives the connection up if it is an error.
    async fn checked<T>(&self, result: Result<T, ChainError>) -> Result<T, ChainError> {
        if result.is_err() {
            self.disconnect().await;
        }
        result
    }
}

#[async_trait]
impl ChainSource for ChainFollower {
    async fn genesis(&self) -> Result<Hash, ChainError> {
        // Asked when following begins anew: an old connection may by now lead to another chain.
        self.disconnect().await;
        *self.waiting.lock().await = None;
        Ok(Hash(self.chain().await?.genesis()))
    }

    async fn finalized(&self) -> Result<BlockRef, ChainError> {
        let chain = self.chain().await?;
        self.checked(chain.finalized_block().await).await
    }

    async fn finalized_after(&self, number: u32) -> Result<BlockRef, ChainError> {
        let chain = self.chain().await?;
        let mut waiting = self.waiting.lock().await;
        let next = number.saturating_add(1);
        let mut current = match waiting.take() {
            Some(current) if current.next == next => current,
            _ => Waiting { next, blocks: chain.finalized_blocks(next) },
        };
        loop {
            if let Ok(block) = tokio::time::timeout(LONGEST_SILENCE, current.blocks.next()).await {
                self.checked(block).await?;
                break;
            }
            let newest = self.checked(chain.finalized_block().await).await?;
            if newest.height < number {
                return Ok(newest);
            }
        }
        current.next = next.saturating_add(1);
        *waiting = Some(current);
        drop(waiting);
        self.checked(chain.finalized_block().await).await
    }

    async fn block(&self, number: u32) -> Result<BlockChanges, ChainError> {
        let chain = self.chain().await?;
        let found = self.checked(chain.block_at(number).await).await?;
        let block = found.ok_or_else(|| ChainError::NoSuchBlock(number.to_string()))?;
        self.checked(chain.block_changes(block).await).await
    }
}
