//! Waiting, and what time it is.

use async_trait::async_trait;
use futures::future::{select, Either};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// What time it is, and waiting for some to pass.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns after at least so long.
    async fn sleep(&self, duration: Duration);

    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;
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
