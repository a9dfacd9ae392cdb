//! Ranges of rows and blocks, as they are typed (`0-3,17`) and as they are shown (`0–3, 17`).

use std::ops::{Range, RangeInclusive};

use crate::exit::{Failure, Result};

/// Reads rows: `A-B` or `A`.
pub fn parse_rows(text: &str) -> Result<RangeInclusive<u64>, String> {
    let plain = text.replace([',', '_'], "");
    range(&plain).ok_or_else(|| {
        format!("\"{text}\" is no range of rows; write for example 100-120, or 7 (row 0 is the header)")
    })
}

/// Reads `A-B` or `A`.
fn range(text: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some(first..=last)
}

/// Ranges of blocks, none of them empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks(Vec<Range<u64>>);

impl From<Range<u64>> for Blocks {
    fn from(range: Range<u64>) -> Blocks {
        Blocks(vec![range])
    }
}

impl Blocks {
    /// Reads a list: `0-3,17`.
    pub fn parse(text: &str) -> Result<Blocks, String> {
        let wrong = || format!("\"{text}\" is no list of blocks; write for example 0-3,17");
        let one =
            |part: &str| range(part).and_then(|blocks| Some(*blocks.start()..blocks.end().checked_add(1)?));
        text.split(',').map(one).collect::<Option<_>>().map(Blocks).ok_or_else(wrong)
    }

    /// The indices; refuses before it takes memory for more than a sample can have.
    pub fn indices(&self) -> Result<Vec<u64>> {
        let most = wonbon_primitives::bounds::MAX_SAMPLE;
        let count = self.0.iter().fold(0u64, |count, range| count.saturating_add(range.end - range.start));
        if count > u64::from(most) {
            return Err(Failure::refused(format!("{count} blocks; a sample has at most {most}")));
        }
        Ok(self.0.iter().cloned().flatten().collect())
    }
}

/// Numbers in order as ranges, in which neighbours are one.
pub fn joined(numbers: &[u64]) -> Vec<Range<u64>> {
    wonbon_primitives::content::range::join(numbers.to_vec())
}

/// As `7`, or `3–5` for several.
pub fn shown(range: &RangeInclusive<u64>) -> String {
    if range.start() == range.end() {
        range.start().to_string()
    } else {
        format!("{}–{}", range.start(), range.end())
    }
}

/// Several of them, `0–3, 17`; the first eight stand for all.
pub fn list(ranges: impl ExactSizeIterator<Item = Range<u64>>) -> String {
    const MAX_NAMED_RANGES: usize = 8;
    let more = if ranges.len() > MAX_NAMED_RANGES { ", …" } else { "" };
    let named: Vec<String> =
        ranges.take(MAX_NAMED_RANGES).map(|range| shown(&(range.start..=range.end - 1))).collect();
    named.join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Code;

    #[test]
    fn ranges_are_read() {
        assert_eq!(parse_rows("7"), Ok(7..=7));
        assert_eq!(parse_rows("1,000-2,000"), Ok(1000..=2000));
        for wrong in ["", "-", "9-7", "a-b", "1-2-3", "-5"] {
            assert!(parse_rows(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_of_blocks_are_read() {
        assert_eq!(Blocks::parse("0-3,17").unwrap().indices().unwrap(), [0, 1, 2, 3, 17]);
        for wrong in ["", "3-1", "a", "1,,2", "18446744073709551615", "1-"] {
            assert!(Blocks::parse(wrong).is_err(), "{wrong}");
        }
        let many = Blocks::parse("0-18446744073709551614").unwrap();
        assert_eq!(many.indices().unwrap_err().code, Code::Refused);
        assert!(Blocks::parse("0-4095").unwrap().indices().is_ok());
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list([0..4, 17..18].into_iter()), "0–3, 17");
        assert_eq!(
            list([0u64, 1, 2, 3, 4, 5, 6, 7, 8].map(|index| index..index + 1).into_iter()),
            "0, 1, 2, 3, 4, 5, 6, 7, …"
        );
    }
}
