//! Waiting.

use async_trait::async_trait;
use futures::future::{select, Either};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// Time that passes.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns after at least so long.
    async fn sleep(&self, duration: Duration);
}

impl dyn Clock + '_ {
    /// What a future gives within so long; `None` if it takes longer, and then it is dropped.
    pub async fn within<T>(&self, duration: Duration, future: impl Future<Output = T>) -> Option<T> {
        match select(pin!(future), self.sleep(duration)).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(((), _)) => None,
        }
    }
}
