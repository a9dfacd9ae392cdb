//! Rows that only this service knows: what an account keeps here, published payloads, downloads, sessions.
//!
//! Promise: nothing here can be learnt from the chain again, so it has a store of its own, and whatever happens to the
//! read model leaves it alone. The engine blocks, so the async side goes through [`State`].

mod carry_over;
pub(crate) mod row;

use std::sync::Arc;

pub use carry_over::open;

use crate::kv::{on_blocking_threads, KvError, KvStore};

/// The state from the async side. Clones share one engine.
#[derive(Clone, Debug)]
pub struct State {
    kv: Arc<dyn KvStore>,
}

impl State {
    /// Over an engine.
    pub fn new(kv: Arc<dyn KvStore>) -> Self {
        Self { kv }
    }

    /// The engine, for work that may block as it is.
    pub(crate) fn kv(&self) -> &dyn KvStore {
        &*self.kv
    }

    /// Runs a piece of blocking work against the engine.
    pub async fn run<R: Send + 'static, E: From<KvError> + Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KvStore) -> Result<R, E> + Send + 'static,
    ) -> Result<R, E> {
        on_blocking_threads(&self.kv, work).await
    }
}
