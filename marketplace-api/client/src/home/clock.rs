//! The system's clock.

use crate::ports::Clock;
use async_trait::async_trait;
use std::time::Duration;

/// Time as it passes here.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
