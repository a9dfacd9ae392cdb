//! Numbers, money and shares of it, as people read and type them.

use crate::{Balance, Share};

/// A number with separators: `1,500,000`.
pub fn number(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// An amount of money with its sign: `₩1,500,000`.
pub fn won(amount: Balance) -> String {
    format!("₩{}", number(amount))
}

/// An amount of money with its code, for a terminal that may not have the sign: `1,500,000 KRW`.
pub fn krw(amount: Balance) -> String {
    format!("{} KRW", number(amount))
}

/// A share in per cent, from millionths: `1.25 %`.
pub fn share(millionths: u32) -> String {
    Share::from_millionths(millionths).map_or_else(|| "more than all".to_owned(), |share| share.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_thousands() {
        assert_eq!([0, 999, 1000, 1_234_567u32].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(won(0), "₩0");
        assert_eq!(won(1_500_000), "₩1,500,000");
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
        assert_eq!([0, 12_500, 1_000_000, 1_000_001].map(share), ["0 %", "1.25 %", "100 %", "more than all"]);
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
}
