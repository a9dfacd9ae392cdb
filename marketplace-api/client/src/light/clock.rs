//! Whether a proved block is at most two minutes old, and whether other clocks agree with this one.

use crate::chain::Unproved;
use async_trait::async_trait;
use std::time::Duration;
use wonbon_model::BlockRef;

/// How far clocks and the newest proved block may be apart.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_secs(120);

/// Somebody else who knows what time it is.
#[async_trait]
pub trait TimeSource: Send + Sync {
    /// Milliseconds since 1970; `None` if it cannot be asked.
    async fn now_ms(&self) -> Option<u64>;

    /// What people call it.
    fn name(&self) -> String;
}

/// Compares this machine's clock with the others that can be asked.
pub async fn check_clock(now_ms: u64, others: &[&dyn TimeSource]) -> Result<(), Unproved> {
    for other in others {
        let Some(theirs) = other.now_ms().await else { continue };
        let apart_ms = theirs.abs_diff(now_ms);
        if apart_ms > limit() {
            return Err(Unproved::Clock { other: other.name(), apart_ms });
        }
    }
    Ok(())
}

/// Whether a block is of the last two minutes, and not of the future.
pub(super) fn check_age(block: BlockRef, time_ms: u64, now_ms: u64) -> Result<(), Unproved> {
    let age_ms = now_ms.saturating_sub(time_ms);
    if age_ms > limit() {
        return Err(Unproved::Stale { time_ms, age_ms });
    }
    let apart_ms = time_ms.saturating_sub(now_ms);
    if apart_ms > limit() {
        return Err(Unproved::Clock { other: format!("the time of block {}", block.height), apart_ms });
    }
    Ok(())
}

fn limit() -> u64 {
    u64::try_from(MAX_CLOCK_DIFFERENCE.as_millis()).expect("two minutes have few milliseconds; qed")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Says(Option<u64>);

    #[async_trait]
    impl TimeSource for Says {
        async fn now_ms(&self) -> Option<u64> {
            self.0
        }

        fn name(&self) -> String {
            "the service".to_owned()
        }
    }

    #[tokio::test]
    async fn a_clock_that_others_contradict_is_refused() {
        let now = 1_700_000_000_000;
        for (theirs, refused) in
            [(now, false), (now + 119_000, false), (now + 121_000, true), (now - 121_000, true)]
        {
            assert_eq!(check_clock(now, &[&Says(None), &Says(Some(theirs))]).await.is_err(), refused);
        }
    }

    #[test]
    fn a_view_is_of_the_last_two_minutes() {
        let block = BlockRef { height: 7, hash: [7; 32] };
        let now = 1_700_000_000_000;
        assert_eq!(check_age(block, now - 120_000, now), Ok(()));
        assert_eq!(
            check_age(block, now - 600_000, now).unwrap_err().to_string(),
            "the newest block that the node proves is of 2023-11-14 22:03:20 UTC, 10 minutes ago: it hides what came \
             since, or the chain stands still"
        );
        assert!(matches!(check_age(block, now + 121_000, now), Err(Unproved::Clock { .. })));
    }
}
