//! The calendar: times in UTC as programs write them, in Korea as people read them.

use crate::{BlockNumber, Moment};
use std::{fmt, str::FromStr};
use thiserror::Error;

use super::amount::number;

/// A day, in milliseconds.
pub const DAY_MS: u64 = 86_400_000;
/// How far Korea is ahead of UTC, in milliseconds. It has no summer time.
const KOREA_AHEAD_MS: u64 = 9 * 3_600_000;

/// A time in milliseconds since 1970 (UTC), written as RFC 3339 with milliseconds: `2026-01-02T03:04:05.678Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// The text is not a time as [`Time`] is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("expected a time such as 2026-01-02T03:04:05.678Z")]
pub struct BadTime;

/// What a clock and a calendar on the wall show.
struct Civil {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    milli: u64,
}

impl Civil {
    /// `2026-01-02`.
    fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `03:04:05`.
    fn clock(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

impl Time {
    /// The last millisecond of the year 9999: what RFC 3339 can write.
    pub const LAST: Self = Self(253_402_300_799_999);

    /// The time so many milliseconds after the beginning of 1970; `None` after the year 9999.
    pub fn from_millis(millis: u64) -> Option<Self> {
        (millis <= Self::LAST.0).then_some(Self(millis))
    }

    /// The time of a block; `None` if it has none, or no time of day.
    pub fn of_block(millis: u64) -> Option<Self> {
        Self::from_millis(millis).filter(|time| time.0 > 0)
    }

    /// Reads any time of RFC 3339, cut off to the millisecond; `None` if the clock of its zone showed a year before
    /// 1970. Texts of [`Display`](fmt::Display) alone are what [`FromStr`] reads.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let (local, zone) = match text.strip_suffix('Z') {
            Some(local) => (local, "+00:00"),
            None => text.split_at_checked(text.len().checked_sub(6)?)?,
        };
        let (second, fraction) = local.split_once('.').unwrap_or((local, "0"));
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let local: Self = format!("{second}.{}Z", format!("{fraction:0<3}").get(..3)?).parse().ok()?;
        let (ahead, clock) = zone.split_at_checked(1)?;
        // Hours and minutes as on the first day of all.
        let apart: Self = format!("1970-01-01T{clock}:00.000Z").parse().ok()?;
        let millis = match ahead {
            "+" => local.0.checked_sub(apart.0),
            "-" => local.0.checked_add(apart.0),
            _ => None,
        };
        Self::from_millis(millis?)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// RFC 3339 and XML Schema to the second: `2026-01-02T03:04:05Z`.
    pub fn to_second(self) -> String {
        let civil = self.civil();
        format!("{}T{}Z", civil.date(), civil.clock())
    }

    /// `2026-01-02 03:04:05 UTC`.
    pub fn utc(self) -> String {
        let civil = self.civil();
        format!("{} {} UTC", civil.date(), civil.clock())
    }

    /// In Korea, to the second: `2026-01-02 12:04:05`.
    pub fn korean(self) -> String {
        let civil = self.in_korea();
        format!("{} {}", civil.date(), civil.clock())
    }

    /// In Korea, to the minute, with the zone: `2026-01-02 12:04 KST`.
    pub fn korean_minute(self) -> String {
        let civil = self.in_korea();
        format!("{} {:02}:{:02} KST", civil.date(), civil.hour, civil.minute)
    }

    /// In Korea, as RFC 3339 to the second: `2026-01-02T12:04:05+09:00`.
    pub fn korean_to_second(self) -> String {
        let civil = self.in_korea();
        format!("{}T{}+09:00", civil.date(), civil.clock())
    }

    /// The day in Korea: `2026-01-02`.
    pub fn korean_day(self) -> String {
        self.in_korea().date()
    }

    /// That day by its number from 1970-01-01, which is day 0.
    pub fn korean_day_number(self) -> u32 {
        let days = self.0.saturating_add(KOREA_AHEAD_MS) / DAY_MS;
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// The last nine hours of the year 9999 have no later ones.
    fn in_korea(self) -> Civil {
        Self::from_millis(self.0.saturating_add(KOREA_AHEAD_MS)).unwrap_or(self).civil()
    }

    /// Year, month and day as in Howard Hinnant's `civil_from_days`.
    fn civil(self) -> Civil {
        let days = self.0 / DAY_MS + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let rest = self.0 % DAY_MS;
        Civil {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1_000 % 60,
            milli: rest % 1_000,
        }
    }
}

/// When a block was made, for people in Korea: `2026-01-02 12:04 KST`; the block where its time is not known.
pub fn block_in_korea(block: BlockNumber, millis: u64) -> String {
    Time::of_block(millis).map_or_else(|| format!("block {}", number(block)), Time::korean_minute)
}

/// `2026-01-02 03:04:05 UTC (block 1,234)`; the block alone where its time is not known.
pub fn moment(moment: &Moment) -> String {
    let block = format!("block {}", number(moment.block));
    Time::of_block(moment.time).map_or_else(|| block.clone(), |time| format!("{} ({block})", time.utc()))
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil();
        write!(f, "{}T{}.{:03}Z", civil.date(), civil.clock(), civil.milli)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        let field = |from: usize, to: usize| -> Option<u64> {
            let digits =
                text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse().ok()
        };
        let parse = || {
            let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
            // `days_from_civil`, with the year beginning in March.
            let year = year.checked_sub(u64::from(month <= 2))?;
            let shifted = if month > 2 { month - 3 } else { month.checked_add(9)? };
            let (era, year_of_era) = (year / 400, year % 400);
            let day_of_year = (153 * shifted + 2) / 5 + day.checked_sub(1)?;
            let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
            let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
            let seconds = (field(11, 13)? * 60 + field(14, 16)?) * 60 + field(17, 19)?;
            Self::from_millis(days * DAY_MS + seconds * 1_000 + field(20, 23)?)
        };
        // Every other text (a 13th month, a 61st second, another zone) is not what the time found is written as.
        parse().filter(|time| time.to_string() == text).ok_or(BadTime)
    }
}

read_and_written_as_text!(Time);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(millis: u64) -> Time {
        Time::from_millis(millis).unwrap()
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_000_000_000_000, "2001-09-09T01:46:40.000Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (Time::LAST.0, "9999-12-31T23:59:59.999Z"),
        ] {
            let time = time(millis);
            assert_eq!(time.to_string(), text);
            assert_eq!(text.parse(), Ok(time));
        }
        assert_eq!(Time::from_millis(Time::LAST.0 + 1), None);
    }

    #[test]
    fn a_time_has_one_text() {
        for text in [
            "2026-02-29T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "2026-01-01 00:00:00.000Z",
            "2026-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "2026-00-00T00:00:00.000Z",
            "",
        ] {
            assert_eq!(text.parse::<Time>(), Err(BadTime), "{text}");
        }
    }

    #[test]
    fn times_of_any_zone_are_read() {
        let millis = |text| Time::parse_rfc3339(text).map(Time::millis);
        let noon = 1_795_143_600_000;
        for text in [
            "2026-11-20T12:00:00+09:00",
            "2026-11-20T03:00:00Z",
            "2026-11-20T03:00:00.0009-00:00",
            "2026-11-19T21:30:00.000-05:30",
        ] {
            assert_eq!(millis(text), Some(noon), "{text}");
        }
        assert_eq!(millis("2026-11-20T03:00:00.25Z"), Some(noon + 250));
        for text in [
            "",
            "Z",
            "2026-11-20",
            "2026-11-20T03:00:00",
            "2026-11-20T03:00:00.Z",
            "2026-11-20T03:00:00.+1Z",
            "2026-11-20T03:00:00+24:00",
            "2026-11-20T03:00:00+0900",
            "2026-11-20T25:00:00Z",
            "2026-02-30T00:00:00Z",
            "1970-01-01T00:00:00+09:00",
            "9999-12-31T23:59:59-00:01",
            "한국 시간으로",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_to_the_second() {
        assert_eq!(time(0).to_second(), "1970-01-01T00:00:00Z");
        assert_eq!(time(1_763_700_000_999).to_second(), "2025-11-21T04:40:00Z");
        assert_eq!(time(253_402_300_799_000).to_second(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn people_live_in_korea() {
        assert_eq!(time(1_763_700_020_999).korean(), "2025-11-21 13:40:20");
        assert_eq!(time(1_763_700_020_999).korean_day(), "2025-11-21");
        assert_eq!(time(1_763_700_020_999).korean_to_second(), "2025-11-21T13:40:20+09:00");
        assert_eq!(Time::LAST.korean(), "9999-12-31 23:59:59");
        assert_eq!(block_in_korea(7, 1_700_000_000_000), "2023-11-15 07:13 KST");
        assert_eq!(block_in_korea(1234, 0), "block 1,234");
        assert_eq!(block_in_korea(1234, u64::MAX), "block 1,234");
    }

    #[test]
    fn moments_read_well() {
        let moment = |block, time| moment(&Moment { block, time });
        assert_eq!(moment(1234, 1_700_000_000_999), "2023-11-14 22:13:20 UTC (block 1,234)");
        assert_eq!(moment(0, 0), "block 0");
        assert_eq!(moment(7, u64::MAX), "block 7");
    }

    proptest! {
        #[test]
        fn any_time_reads_back(millis in 0..=Time::LAST.0) {
            prop_assert_eq!(time(millis).to_string().parse(), Ok(time(millis)));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (text.parse::<Time>(), Time::parse_rfc3339(&text));
        }
    }
}
