//! How values read on a page: in Korean and English, amounts with separators, times of day in Korea.

use time::{OffsetDateTime, UtcOffset};

use wonbon_model::Hash;

/// A number with separators.
pub(super) fn number(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of money.
pub(super) fn won(amount: u128) -> String {
    format!("₩{}", number(amount))
}

/// A share of a sale, from millionths.
pub(super) fn share(millionths: u32) -> String {
    wonbon_primitives::share::Share::from_millionths(millionths)
        .map_or_else(|| "more than all".to_owned(), |share| share.to_string())
}

/// A length in bytes.
pub(super) fn bytes(length: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = length as f64;
    let mut unit = "B";
    for next in UNITS {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" {
        format!("{length} B")
    } else {
        format!("{value:.1} {unit}")
    }
}

/// The beginning of a hash, for where the whole is a click away.
pub(super) fn short(hash: impl Into<Hash>) -> String {
    let mut text = hash.into().to_string();
    text.truncate(12);
    text.push('…');
    text
}

/// When a block was made.
pub(super) fn time(block: u32, ms: Option<u64>) -> String {
    let time = ms.filter(|ms| *ms > 0).and_then(|ms| {
        let seconds = i64::try_from(ms / 1000).ok()?;
        let korea = UtcOffset::from_hms(9, 0, 0).ok()?;
        Some(OffsetDateTime::from_unix_timestamp(seconds).ok()?.to_offset(korea))
    });
    match time {
        None => format!("block {}", number(block.into())),
        Some(time) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02} KST",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1, 1023, 1024, 1 << 30].map(bytes), ["1 B", "1023 B", "1.0 KiB", "1.0 GiB"]);
        assert_eq!(time(7, Some(1_700_000_000_000)), "2023-11-15 07:13 KST");
        assert_eq!(time(1234, None), "block 1,234");
        assert_eq!([0, 12_500, 1_000_000, 1_000_001].map(share), ["0 %", "1.25 %", "100 %", "more than all"]);
    }
}
