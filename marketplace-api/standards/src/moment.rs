//! When something happened: a block, and the time that its author gave it.

use time::{format_description::well_known::Rfc3339, OffsetDateTime};

/// A block and its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The block.
    pub block: u64,
    /// Its time, in milliseconds since 1970 (UTC).
    pub time: u64,
}

impl Moment {
    /// The time as RFC 3339 and XML Schema write it, to the second; `None` past the year 9999.
    pub fn date_time(&self) -> Option<String> {
        let seconds = i64::try_from(self.time / 1000).ok()?;
        OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn times_are_written_to_the_second() {
        let time = |time| Moment { block: 1, time }.date_time();
        assert_eq!(time(0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(time(1_763_700_000_999).as_deref(), Some("2025-11-21T04:40:00Z"));
        assert_eq!(time(253_402_300_799_000).as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(time(253_402_300_800_000), None);
        assert_eq!(time(u64::MAX), None);
    }
}
