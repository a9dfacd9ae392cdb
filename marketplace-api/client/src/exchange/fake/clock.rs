//! A clock for tests.

use crate::ports::Clock;
use async_trait::async_trait;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// When the first of these clocks began.
static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A clock that is always in a hurry: a second of it is a millisecond.
pub(in crate::exchange) struct HurriedClock;

#[async_trait]
impl Clock for HurriedClock {
    async fn sleep(&self, _: Duration) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(BEGIN.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
