//! The period that is audited, by block or by time.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use wonbon_model::{
    words::time::{Time, DAY_MS},
    BlockNumber, Moment,
};

/// One end of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// A block by its height.
    Block(BlockNumber),
    /// A time in milliseconds since 1970, and how long the unit is that it names: a day, or a moment.
    Time {
        /// The first millisecond that it names.
        ms: u64,
        /// How many there are.
        length: u64,
    },
}

/// What is audited: both ends belong to it, and either may be open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Period {
    /// The first block or time that belongs to it; from the first block on if `None`.
    pub from: Option<Bound>,
    /// The last block or time that belongs to it; up to the last finalized block if `None`.
    pub to: Option<Bound>,
}

/// The text is no end of a period, or the end lies before the beginning.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadPeriod {
    /// Neither block nor time.
    #[error("\"{0}\" is no block number, no day as 2026-11-20 (in Korea) and no time as 2026-11-20T09:00:00+09:00")]
    Malformed(String),
    /// It would be empty.
    #[error("the period ends before it begins")]
    Inverted,
    /// It names a block that is not there yet.
    #[error("block {block} is not finalized yet; the last finalized block is {last}")]
    NotYet {
        /// Which end of it does, `from` or `to`.
        end: &'static str,
        /// Height of the block that it names.
        block: BlockNumber,
        /// The last one that is there.
        last: BlockNumber,
    },
    /// It begins when no block is there yet.
    #[error("the period begins after the last finalized block, {last}")]
    Future {
        /// The last one that is there.
        last: BlockNumber,
    },
}

impl BadPeriod {
    /// The parameter that is to be changed, `from` or `to`.
    pub fn parameter(&self) -> &'static str {
        match self {
            Self::NotYet { end, .. } => end,
            Self::Malformed(_) | Self::Future { .. } => "from",
            Self::Inverted => "to",
        }
    }
}

impl FromStr for Bound {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let malformed = || BadPeriod::Malformed(text.chars().take(40).collect());
        if text.len() > 40 || text.is_empty() {
            return Err(malformed());
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Block).map_err(|_| malformed());
        }
        if let Some(midnight) = Time::parse_rfc3339(&format!("{text}T00:00:00+09:00")) {
            return Ok(Self::Time { ms: midnight.millis(), length: DAY_MS });
        }
        let time = Time::parse_rfc3339(text).ok_or_else(malformed)?;
        Ok(Self::Time { ms: time.millis(), length: 1 })
    }
}

/// The time of a block as RFC 3339, in Korea; empty where the block has none.
pub fn time_in_korea(ms: u64) -> String {
    Time::of_block(ms).map(Time::korean_to_second).unwrap_or_default()
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(block) => write!(f, "block {block}"),
            Self::Time { ms, length: DAY_MS } => {
                f.write_str(&Time::from_millis(*ms).map(Time::korean_day).unwrap_or_default())
            }
            Self::Time { ms, .. } => f.write_str(&time_in_korea(*ms)),
        }
    }
}

impl Period {
    /// Reads both ends; an absent one is open.
    pub fn new(from: Option<&str>, to: Option<&str>) -> Result<Self, BadPeriod> {
        let from = from.map(str::parse).transpose()?;
        let to = to.map(str::parse).transpose()?;
        let inverted = match (from, to) {
            (Some(Bound::Block(from)), Some(Bound::Block(to))) => to < from,
            (Some(Bound::Time { ms: from, .. }), Some(Bound::Time { ms: to, .. })) => to < from,
            _ => false,
        };
        if inverted {
            return Err(BadPeriod::Inverted);
        }
        Ok(Self { from, to })
    }

    /// Refuses a period that asks for what cannot be known at this last block: what comes out would look as if
    /// nothing had happened.
    pub fn check(&self, last: &Moment) -> Result<(), BadPeriod> {
        for (end, bound) in [("from", self.from), ("to", self.to)] {
            match bound {
                Some(Bound::Block(block)) if block > last.block => {
                    return Err(BadPeriod::NotYet { end, block, last: last.block })
                }
                _ => {}
            }
        }
        match self.is_before(last) {
            true => Err(BadPeriod::Future { last: last.block }),
            false => Ok(()),
        }
    }

    /// The block that it has at one end, if it has a time at the other.
    pub fn mixed(&self) -> Option<BlockNumber> {
        match (self.from, self.to) {
            (Some(Bound::Block(block)), Some(Bound::Time { .. }))
            | (Some(Bound::Time { .. }), Some(Bound::Block(block))) => Some(block),
            _ => None,
        }
    }

    /// Refuses a [mixed](Self::mixed) period that ends before it begins, whatever of these times its block is of.
    pub fn check_mixed(&self, times: RangeInclusive<u64>) -> Result<(), BadPeriod> {
        let outside = |time| {
            let moment = Moment { block: self.mixed()?, time };
            (!self.contains(&moment)).then_some(())
        };
        match outside(*times.start()).and(outside(*times.end())) {
            Some(()) => Err(BadPeriod::Inverted),
            None => Ok(()),
        }
    }

    /// Whether something that happened then is within.
    pub fn contains(&self, moment: &Moment) -> bool {
        !self.is_before(moment) && !self.is_after(moment)
    }

    /// Whether that moment comes before the period.
    pub fn is_before(&self, moment: &Moment) -> bool {
        match self.from {
            None => false,
            Some(Bound::Block(from)) => moment.block < from,
            Some(Bound::Time { ms, .. }) => moment.time < ms,
        }
    }

    /// Whether that moment comes after the period.
    pub fn is_after(&self, moment: &Moment) -> bool {
        match self.to {
            None => false,
            Some(Bound::Block(to)) => moment.block > to,
            Some(Bound::Time { ms, length }) => moment.time >= ms.saturating_add(length),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            Some(from) => write!(f, "{from} – ")?,
            None => f.write_str("the first block – ")?,
        }
        match &self.to {
            Some(to) => write!(f, "{to}"),
            None => f.write_str("the last block"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(block: BlockNumber, time: u64) -> Moment {
        Moment { block, time }
    }

    #[test]
    fn both_ends_belong_to_it() {
        let blocks = Period::new(Some("5"), Some("7")).unwrap();
        let within: Vec<_> = (0..10).filter(|block| blocks.contains(&moment(*block, 0))).collect();
        assert_eq!(within, [5, 6, 7]);
        // A day in Korea begins at 15:00 UTC of the day before.
        let day = Period::new(Some("2026-11-20"), Some("2026-11-20")).unwrap();
        let first = 1_795_100_400_000;
        assert_eq!(day.from, Some(Bound::Time { ms: first, length: DAY_MS }));
        assert_eq!(
            [first - 1, first, first + DAY_MS - 1, first + DAY_MS].map(|ms| day.contains(&moment(1, ms))),
            [false, true, true, false]
        );
        assert_eq!(day.to_string(), "2026-11-20 – 2026-11-20");
        assert!(Period::default().contains(&moment(0, 0)));
    }

    #[test]
    fn moments_and_blocks_can_be_mixed() {
        let period = Period::new(Some("3"), Some("2026-11-20T09:00:00Z")).unwrap();
        let end = 1_795_165_200_000;
        assert!(period.contains(&moment(3, end)));
        assert!(!period.contains(&moment(3, end + 1)));
        assert!(!period.contains(&moment(2, end)));
        assert_eq!(period.to_string(), "block 3 – 2026-11-20T18:00:00+09:00");
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for bad in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-1-1",
            "-5",
            "99999999999",
            "2026-11-20T25:00:00Z",
            "1969-01-01",
        ] {
            assert!(matches!(Period::new(Some(bad), None), Err(BadPeriod::Malformed(_))), "{bad}");
        }
        assert!(Period::new(Some(&"9".repeat(1000)), None).is_err());
        assert_eq!(Period::new(Some("8"), Some("7")), Err(BadPeriod::Inverted));
        assert_eq!(Period::new(Some("2026-11-20"), Some("2026-11-19")), Err(BadPeriod::Inverted));
    }

    #[test]
    fn what_cannot_be_known_yet_is_refused() {
        let last = moment(9, 1_795_165_200_000);
        let check = |from, to| Period::new(from, to).unwrap().check(&last);
        assert_eq!(check(None, None), Ok(()));
        assert_eq!(check(Some("9"), Some("9")), Ok(()));
        assert_eq!(check(Some("10"), None), Err(BadPeriod::NotYet { end: "from", block: 10, last: 9 }));
        assert_eq!(check(None, Some("10")), Err(BadPeriod::NotYet { end: "to", block: 10, last: 9 }));
        // The day of the last block has not ended, and a period may end with it.
        assert_eq!(check(Some("2026-11-20"), Some("2026-12-31")), Ok(()));
        assert_eq!(check(Some("2026-11-21"), None), Err(BadPeriod::Future { last: 9 }));
    }

    #[test]
    fn a_mixed_period_that_ends_before_it_begins_is_refused() {
        let noon = 1_795_143_600_000; // 2026-11-20T12:00:00+09:00
        let check = |from, to, times| Period::new(Some(from), Some(to)).unwrap().check_mixed(times);
        assert_eq!(check("5", "2026-11-20", noon..=noon), Ok(()));
        assert_eq!(check("5", "2026-11-19", noon..=noon), Err(BadPeriod::Inverted));
        assert_eq!(check("2026-11-20", "5", noon..=noon), Ok(()));
        assert_eq!(check("2026-11-21", "5", noon..=noon), Err(BadPeriod::Inverted));
        // Not known well enough to refuse it.
        assert_eq!(check("5", "2026-11-19", 0..=noon), Ok(()));
        assert_eq!(check("5", "6", noon..=noon), Ok(()));
    }

    #[test]
    fn odd_times_have_a_text() {
        assert_eq!(time_in_korea(0), "");
        assert_eq!(time_in_korea(u64::MAX), "");
        assert_eq!(time_in_korea(1_700_000_000_999), "2023-11-15T07:13:20+09:00");
    }
}
