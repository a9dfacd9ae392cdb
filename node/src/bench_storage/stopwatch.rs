//! What time is measured with.

use std::{
    fs,
    time::{Duration, SystemTime},
};

/// A clock, or how long the thread had a processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopwatch {
    Clock,
    Processor,
}

impl Stopwatch {
    /// The time since some moment that stays the same.
    pub(super) fn now(self) -> Result<Duration, String> {
        match self {
            Self::Clock => SystemTime::UNIX_EPOCH.elapsed().map_err(|error| error.to_string()),
            Self::Processor => {
                let text =
                    fs::read_to_string("/proc/thread-self/schedstat").map_err(|error| error.to_string())?;
                // Nanoseconds on a processor come first.
                let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
                nanoseconds.map(Duration::from_nanos).ok_or_else(|| "the kernel does not count".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_sleeps_has_no_processor() {
        let elapsed = |stopwatch: Stopwatch| {
            let start = stopwatch.now().unwrap();
            std::thread::sleep(Duration::from_millis(50));
            stopwatch.now().unwrap().saturating_sub(start)
        };
        assert!(elapsed(Stopwatch::Clock) >= Duration::from_millis(50));
        assert!(elapsed(Stopwatch::Processor) < Duration::from_millis(50));
    }
}
