//! The chain as a source of finalized blocks, through `wonbon-client`.
//!
//! The client reconnects by itself for a few seconds; after that, and after every error, the connection is given
//! up and the next question opens a new one, so that a node that came back as another chain is noticed.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use wonbon_client::chain::{BlockChanges, Chain, ChainError, ConnectOptions, FinalizedBlocks};
use wonbon_model::{BlockRef, Hash};

use super::source::{ChainSource, SourceError};

/// How long the client tries a lost connection before the follower hears of it.
const GIVE_UP: Duration = Duration::from_secs(5);

/// How long no block may come until the newest is asked for: the chain may have begun anew.
const LOOK: Duration = Duration::from_secs(5);

/// A node and the connection to it, if there is one.
struct ChainNode {
    url: String,
    expected_genesis: Option<Hash>,
    connection: Mutex<Option<Chain>>,
}

/// The subscription that gives block `next` when it is finalized.
struct Waiting {
    next: u32,
    blocks: FinalizedBlocks,
}

/// A node together with the subscription that waits for its next finalized block.
pub struct ChainFollower {
    node: ChainNode,
    waiting: Mutex<Option<Waiting>>,
}

impl std::fmt::Debug for ChainFollower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainFollower").field("url", &self.node.url).finish_non_exhaustive()
    }
}

impl ChainFollower {
    /// A node by its address. Nothing is sent yet.
    pub fn new(url: String, expected_genesis: Option<Hash>) -> Self {
        let node = ChainNode { url, expected_genesis, connection: Mutex::default() };
        Self { node, waiting: Mutex::default() }
    }
}

impl ChainNode {
    async fn chain(&self) -> Result<Chain, SourceError> {
        let mut connection = self.connection.lock().await;
        if let Some(chain) = &*connection {
            return Ok(chain.clone());
        }
        let mut options = ConnectOptions::new(&self.url).genesis(self.expected_genesis.map(|hash| hash.0));
        options.give_up_after = Some(GIVE_UP);
        let chain = Chain::connect_with(options).await.map_err(source_error)?;
        *connection = Some(chain.clone());
        Ok(chain)
    }

    async fn disconnect(&self) {
        *self.connection.lock().await = None;
    }

    /// Passes a result on, and gives the connection up if it is an error.
    async fn checked<T>(&self, result: Result<T, ChainError>) -> Result<T, SourceError> {
        match result {
            Ok(value) => Ok(value),
            Err(error) => {
                self.disconnect().await;
                Err(source_error(error))
            }
        }
    }
}

fn source_error(error: ChainError) -> SourceError {
    match error {
        ChainError::OtherChain { expected, found } => {
            SourceError::OtherChain { expected: Hash(expected), found: Hash(found) }
        }
        error @ (ChainError::OtherRuntime(_)
        | ChainError::Undecodable { .. }
        | ChainError::StatePruned(_)) => SourceError::Unreadable(error.to_string()),
        error => SourceError::Unreachable(error.to_string()),
    }
}

#[async_trait]
impl ChainSource for ChainFollower {
    async fn genesis(&self) -> Result<Hash, SourceError> {
        // Asked when following begins anew: an old connection may by now lead to another chain.
        self.node.disconnect().await;
        *self.waiting.lock().await = None;
        Ok(Hash(self.node.chain().await?.genesis()))
    }

    async fn finalized(&self) -> Result<BlockRef, SourceError> {
        let chain = self.node.chain().await?;
        self.node.checked(chain.finalized_block().await).await
    }

    async fn finalized_after(&self, number: u32) -> Result<BlockRef, SourceError> {
        let chain = self.node.chain().await?;
        let mut waiting = self.waiting.lock().await;
        let next = number.saturating_add(1);
        let mut current = match waiting.take() {
            Some(current) if current.next == next => current,
            _ => Waiting { next, blocks: chain.finalized_blocks(next) },
        };
        loop {
            if let Ok(block) = tokio::time::timeout(LOOK, current.blocks.next()).await {
                self.node.checked(block).await?;
                break;
            }
            let newest = self.node.checked(chain.finalized_block().await).await?;
            if newest.height < number {
                return Ok(newest);
            }
        }
        current.next = next.saturating_add(1);
        *waiting = Some(current);
        drop(waiting);
        self.node.checked(chain.finalized_block().await).await
    }

    async fn block(&self, number: u32) -> Result<BlockChanges, SourceError> {
        let chain = self.node.chain().await?;
        let found = self.node.checked(chain.block_at(number).await).await?;
        let block =
            found.ok_or_else(|| SourceError::Unreachable(format!("the node has no block {number}")))?;
        self.node.checked(chain.block_changes(block).await).await
    }
}
