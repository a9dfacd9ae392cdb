//! The read model: what the service keeps of the chain, and its own small rows, behind a storage trait.
//!
//! Promises: each block is applied once, whole, with its number and hash, and is on disk when it counts as
//! applied; whatever came from the chain can be thrown away and rebuilt. The engine blocks, so the async side
//! goes through [`ReadModel`], which calls it on the blocking threads.

mod apply;
pub mod ledger;
mod memory;
pub mod queries;
pub(crate) mod row;
mod sled_ledger;

use std::sync::Arc;

pub(crate) use apply::{applied, apply as apply_block, comparable, hash_at};
pub use apply::{fingerprint, Applied, ApplyError};
pub use ledger::{Ledger, LedgerError};
pub use memory::MemoryLedger;
pub use sled_ledger::SledLedger;

use crate::model::{BlockChanges, BlockRef, Hash};

/// The read model from the async side. Clones share one engine.
#[derive(Clone)]
pub struct ReadModel {
    ledger: Arc<dyn Ledger>,
}

impl std::fmt::Debug for ReadModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadModel").finish_non_exhaustive()
    }
}

impl ReadModel {
    /// Takes an engine, and finishes a reset that a crash cut off.
    pub fn new(ledger: Arc<dyn Ledger>) -> Result<Self, LedgerError> {
        if apply::finish_reset(&*ledger)? {
            tracing::info!("finished throwing away a read model of another history");
        }
        Ok(Self { ledger })
    }

    /// Runs a piece of blocking work against the engine.
    pub async fn run<R, E, F>(&self, work: F) -> Result<R, E>
    where
        F: FnOnce(&dyn Ledger) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let ledger = self.ledger.clone();
        tokio::task::spawn_blocking(move || work(&*ledger))
            .await
            .unwrap_or_else(|error| Err(LedgerError::Engine(error.to_string()).into()))
    }

    /// The block applied last.
    pub async fn applied(&self) -> Result<Option<BlockRef>, LedgerError> {
        self.run(applied).await
    }

    /// The hash applied at a height, if it is recent enough to be known.
    pub async fn hash_at(&self, number: u32) -> Result<Option<Hash>, LedgerError> {
        self.run(move |ledger| hash_at(ledger, number)).await
    }

    /// Applies a block.
    pub async fn apply(&self, block: BlockChanges) -> Result<Applied, ApplyError> {
        self.run(move |ledger| apply_block(ledger, &block)).await
    }

    /// Applies consecutive blocks at once: all of them or, after an error, none.
    pub async fn apply_all(&self, blocks: Vec<BlockChanges>) -> Result<Applied, ApplyError> {
        self.run(move |ledger| apply::apply_all(ledger, &blocks)).await
    }

    /// Throws away everything that came from the chain.
    pub async fn reset(&self) -> Result<(), LedgerError> {
        self.run(apply::reset).await
    }
}
