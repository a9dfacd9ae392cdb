//! `Range` of RFC 9110 section 14, for bytes.
//!
//! One range is served. A header that is malformed, has another unit or names several ranges is ignored, as the
//! RFC allows: the whole is sent. A single range that begins behind the end cannot be satisfied.

use std::ops::Range;

/// What a `Range` header asks of something `length` bytes long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// No range, or one that is not understood: the whole is sent.
    Whole,
    /// These bytes, at least one.
    Part(Range<u64>),
    /// Nothing that there is.
    Unsatisfiable,
}

/// Reads a `Range` header.
pub(crate) fn parse(header: &str, length: u64) -> Wanted {
    let Some((unit, set)) = header.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else { return Wanted::Whole };
    if ![first, last].iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit())) {
        return Wanted::Whole;
    }
    // More digits than a length can have: as good as infinity.
    let number = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX));
    let part = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) => first..length,
        (None, Some(count)) => length.saturating_sub(count)..length,
        _ => return Wanted::Whole,
    };
    if part.start < part.end {
        Wanted::Part(part)
    } else {
        Wanted::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, Wanted};
    use proptest::prelude::*;

    #[test]
    fn the_forms_of_the_rfc() {
        let cases = [
            ("bytes=0-499", Wanted::Part(0..500)),
            ("bytes=500-999", Wanted::Part(500..1000)),
            ("bytes=-500", Wanted::Part(500..1000)),
            ("bytes=-5000", Wanted::Part(0..1000)),
            ("bytes=999-", Wanted::Part(999..1000)),
            ("Bytes=0-0", Wanted::Part(0..1)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..1000)),
            ("bytes=1000-", Wanted::Unsatisfiable),
            ("bytes=1000-1001", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("", Wanted::Whole),
        ];
        for (header, wanted) in cases {
            assert_eq!(parse(header, 1000), wanted, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_within_the_length(header in ".{0,40}", length in 1u64..=u64::MAX) {
            if let Wanted::Part(part) = parse(&header, length) {
                prop_assert!(part.start < part.end && part.end <= length);
            }
        }

        #[test]
        fn a_written_range_reads_back(length in 1u64..1 << 40, a in any::<u64>(), b in any::<u64>()) {
            let (a, b) = (a % length, b % length);
            let (first, last) = (a.min(b), a.max(b));
            prop_assert_eq!(parse(&format!("bytes={first}-{last}"), length), Wanted::Part(first..last + 1));
            prop_assert_eq!(parse(&format!("bytes=-{}", length - first), length), Wanted::Part(first..length));
        }
    }
}
