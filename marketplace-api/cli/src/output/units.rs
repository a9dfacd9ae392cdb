//! Amounts, sizes and times as people read them.

use wonbon_model::{Moment, Share};

/// `1,500,000 KRW`.
pub fn krw(amount: u128) -> String {
    format!("{} KRW", thousands(amount))
}

/// `1,500,000`.
pub fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1.0 GiB`, with the exact number of bytes when the unit hides it.
pub fn bytes(length: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = length as f64;
    let mut unit = 0;
    while size >= 1023.95 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{length} B")
    } else {
        format!("{size:.1} {}", UNITS[unit])
    }
}

/// `1.0 GiB (1,073,741,824 bytes)`.
pub fn bytes_exact(length: u64) -> String {
    if length < 1024 {
        format!("{length} bytes")
    } else {
        format!("{} ({} bytes)", bytes(length), thousands(length.into()))
    }
}

/// `950 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`.
pub fn duration(time: std::time::Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..=59 => format!("{:.1} s", time.as_secs_f64()),
        60..=3599 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Blocks with the time they take at 2 seconds each: `30 blocks (about 1 min 00 s)`.
pub fn blocks(count: u32) -> String {
    let time = std::time::Duration::from_secs(u64::from(count) * 2);
    format!(
        "{} {} (about {})",
        thousands(count.into()),
        if count == 1 { "block" } else { "blocks" },
        duration(time)
    )
}

/// `2026-11-20 05:03:07 UTC (block 1,234)`; the block alone if the chain gave it no time.
pub fn moment(moment: &Moment) -> String {
    let block = format!("block {}", thousands(moment.block.into()));
    match time_utc(moment.time) {
        Some(time) => format!("{time} ({block})"),
        None => block,
    }
}

/// `2026-11-20 05:03:07 UTC`, from milliseconds since 1970; `None` for 0 and for what is no time of day.
pub fn time_utc(ms: u64) -> Option<String> {
    let seconds = i64::try_from(ms / 1000).ok().filter(|seconds| *seconds > 0)?;
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    Some(format!("{year:04}-{:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC", u8::from(month)))
}

/// Reads an amount of money: digits, with thousands separators if need be, perhaps with the unit.
pub fn parse_krw(text: &str) -> Result<u128, String> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.strip_suffix("krw").or(lower.strip_suffix('원')).unwrap_or(&lower).trim_end();
    // 1,00 may be meant as one won, by somebody who writes decimals so.
    let groups: Vec<&str> = digits.split([',', '_']).collect();
    let grouped = |at: usize, group: &str| match (at, groups.len()) {
        (0, 1) => !group.is_empty(),
        (0, _) => (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    };
    let plain = groups.concat();
    let well_grouped = groups.iter().enumerate().all(|(at, group)| grouped(at, group));
    if !well_grouped || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "{text} is not an amount of KRW; write whole won, for example 1500000 or 1,500,000"
        ));
    }
    plain.parse().map_err(|_| format!("{text} is more money than there is"))
}

/// Reads a part of a whole: a percentage with up to four places, for example 10% or 2.5%.
pub fn parse_share(text: &str) -> Result<Share, String> {
    let wrong = || format!("{text} is not a percentage; write for example 10% or 2.5%");
    let number = text.trim().strip_suffix('%').ok_or_else(wrong)?.trim_end();
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || places.len() > 4 || !digits(whole) || !digits(places) || number.ends_with('.') {
        return Err(wrong());
    }
    let millionths = format!("{whole}{places:0<4}").parse().map_err(|_| wrong())?;
    Share::from_millionths(millionths).ok_or_else(|| format!("{text} is more than the whole"))
}

/// Reads a size: bytes, or a number with K, M, G (powers of 1024).
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is not a size; write bytes, or for example 64K, 100M, 1G");
    let upper = text.trim().to_ascii_uppercase();
    let upper = upper.strip_suffix("IB").or(upper.strip_suffix('B')).unwrap_or(&upper);
    let (digits, factor) = match upper.chars().last() {
        Some('K') => (&upper[..upper.len() - 1], 1 << 10),
        Some('M') => (&upper[..upper.len() - 1], 1 << 20),
        Some('G') => (&upper[..upper.len() - 1], 1 << 30),
        _ => (upper, 1),
    };
    digits.trim_end().parse::<u64>().ok().and_then(|count| count.checked_mul(factor)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn moments_read_well() {
        let moment = |block, time| moment(&Moment { block, time });
        assert_eq!(moment(1234, 1_700_000_000_999), "2023-11-14 22:13:20 UTC (block 1,234)");
        assert_eq!(moment(0, 0), "block 0");
        assert_eq!(moment(7, u64::MAX), "block 7");
    }

    #[test]
    fn money_has_thousands() {
        assert_eq!(krw(0), "0 KRW");
        assert_eq!(krw(999), "999 KRW");
        assert_eq!(krw(1_500_000), "1,500,000 KRW");
        assert_eq!(parse_krw("1,500,000").unwrap(), 1_500_000);
        assert_eq!(parse_krw("1500000 KRW").unwrap(), 1_500_000);
        assert_eq!(parse_krw("1500원").unwrap(), 1_500);
        assert!(parse_krw("1.5").is_err());
        assert!(parse_krw("").is_err());
        assert!(parse_krw("-1").is_err());
        assert_eq!(parse_krw("12_000").unwrap(), 12_000);
        for wrong in ["1,00", "1,0000", ",100", "1,,000", "1000,000", "1,000,", "100,00,000", "1,000.00"] {
            assert!(parse_krw(wrong).unwrap_err().contains("whole won"), "{wrong}");
        }
    }

    #[test]
    fn shares_are_percentages() {
        let millionths = |text: &str| parse_share(text).map(Share::millionths);
        assert_eq!(millionths("10%"), Ok(100_000));
        assert_eq!(millionths("2.5 %"), Ok(25_000));
        assert_eq!(millionths("0.0001%"), Ok(1));
        assert_eq!(millionths("100%"), Ok(1_000_000));
        for wrong in ["10", "%", "-1%", "100.0001%", "1.23456%", "1.%", ".5%", "1e1%", "99999999999%"] {
            assert!(millionths(wrong).is_err(), "{wrong}");
        }
        for share in [1, 10, 12_500, 100_000, 1_000_000] {
            let share = Share::from_millionths(share).unwrap();
            assert_eq!(parse_share(&share.to_string()), Ok(share));
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes(1), "1 B");
        assert_eq!(bytes(4097), "4.0 KiB");
        assert_eq!(bytes(1 << 30), "1.0 GiB");
        assert_eq!(bytes((1 << 20) - 1), "1.0 MiB");
        assert_eq!(bytes_exact(1 << 30), "1.0 GiB (1,073,741,824 bytes)");
        assert_eq!(parse_bytes("1G").unwrap(), 1 << 30);
        assert_eq!(parse_bytes("4KiB").unwrap(), 4096);
        assert_eq!(parse_bytes("4097").unwrap(), 4097);
        assert!(parse_bytes("much").is_err());
        assert!(parse_bytes("99999999999G").is_err());
    }

    #[test]
    fn times_are_short() {
        assert_eq!(duration(Duration::from_millis(950)), "950 ms");
        assert_eq!(duration(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(duration(Duration::from_secs(245)), "4 min 05 s");
        assert_eq!(duration(Duration::from_secs(7_400)), "2 h 03 min");
        assert_eq!(blocks(30), "30 blocks (about 1 min 00 s)");
        assert_eq!(blocks(1), "1 block (about 2.0 s)");
    }
}
