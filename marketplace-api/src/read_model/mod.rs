//! The read model: what the service keeps of the chain.
//!
//! Promises: each block is applied once, whole, with its number and hash, and is on disk when it counts as
//! applied; all of it, the folder included, can be thrown away and is rebuilt from the chain. The engine blocks, so
//! the async side goes through [`ReadModel`].

mod apply;
pub mod queries;
pub(crate) mod row;

use std::sync::Arc;

pub(crate) use apply::{applied, apply as apply_block, comparable, hash_at};
pub use apply::{fingerprint, Applied, ApplyError};

use crate::{
    kv::{on_blocking_threads, KvError, KvStore},
    model::{BlockChanges, BlockRef, Hash},
};

/// The read model from the async side. Clones share one engine.
#[derive(Clone)]
pub struct ReadModel {
    kv: Arc<dyn KvStore>,
}

impl std::fmt::Debug for ReadModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadModel").finish_non_exhaustive()
    }
}

impl ReadModel {
    /// Takes an engine, and finishes a reset that a crash cut off.
    pub fn new(kv: Arc<dyn KvStore>) -> Result<Self, KvError> {
        if apply::finish_reset(&*kv)? {
            tracing::info!("finished throwing away a read model of another history");
        }
        Ok(Self { kv })
    }

    /// Runs a piece of blocking work against the engine.
    pub async fn run<R, E, F>(&self, work: F) -> Result<R, E>
    where
        F: FnOnce(&dyn KvStore) -> Result<R, E> + Send + 'static,
        R: Send + 'static,
        E: From<KvError> + Send + 'static,
    {
        on_blocking_threads(&self.kv, work).await
    }

    /// The block applied last.
    pub async fn applied(&self) -> Result<Option<BlockRef>, KvError> {
        self.run(applied).await
    }

    /// The hash applied at a height, if it is recent enough to be known.
    pub async fn hash_at(&self, number: u32) -> Result<Option<Hash>, KvError> {
        self.run(move |kv| hash_at(kv, number)).await
    }

    /// Applies a block.
    pub async fn apply(&self, block: BlockChanges) -> Result<Applied, ApplyError> {
        self.run(move |kv| apply_block(kv, &block)).await
    }

    /// Applies consecutive blocks at once: all of them or, after an error, none.
    pub async fn apply_all(&self, blocks: Vec<BlockChanges>) -> Result<Applied, ApplyError> {
        self.run(move |kv| apply::apply_all(kv, &blocks)).await
    }

    /// Throws away everything that came from the chain.
    pub async fn reset(&self) -> Result<(), KvError> {
        self.run(apply::reset).await
    }
}
