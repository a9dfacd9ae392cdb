//! A clock for tests.

use crate::ports::Clock;
use async_trait::async_trait;
use std::time::Duration;

/// A clock that is always in a hurry.
pub(in crate::exchange) struct HurriedClock;

#[async_trait]
impl Clock for HurriedClock {
    async fn sleep(&self, _: Duration) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }

    fn now_ms(&self) -> u64 {
        0
    }
}
