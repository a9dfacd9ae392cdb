//! Lengths in bytes, as people read and type them.

use super::amount::number;

/// `1.0 GiB`, rounded to a tenth of the largest unit that fits.
pub fn bytes(length: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = length as f64;
    let mut unit = 0;
    // From here on a tenth would be rounded to 1024.0.
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

/// `1.0 GiB (1,073,741,824 bytes)`: with the exact number where the unit hides it.
pub fn bytes_exact(length: u64) -> String {
    if length < 1024 {
        format!("{length} bytes")
    } else {
        format!("{} ({} bytes)", bytes(length), number(length))
    }
}

/// Reads a size: bytes, or a number with K, M, G, T (powers of 1024).
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is not a size; write bytes, or for example 64K, 100M, 1G, 2T");
    let upper = text.trim().to_ascii_uppercase();
    let upper = upper.strip_suffix("IB").or(upper.strip_suffix('B')).unwrap_or(&upper);
    let unit = |letter, shift| upper.strip_suffix(letter).map(|digits| (digits, shift));
    let unit = unit('K', 10).or(unit('M', 20)).or(unit('G', 30)).or(unit('T', 40));
    let (digits, shift) = unit.unwrap_or((upper, 0));
    digits.trim_end().parse::<u64>().ok().and_then(|count| count.checked_mul(1 << shift)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!([1, 1023, 1024, 4097].map(bytes), ["1 B", "1023 B", "1.0 KiB", "4.0 KiB"]);
        assert_eq!(bytes(1 << 30), "1.0 GiB");
        assert_eq!(bytes((1 << 20) - 1), "1.0 MiB");
        assert_eq!(bytes_exact(1 << 30), "1.0 GiB (1,073,741,824 bytes)");
        assert_eq!(parse_bytes("1G").unwrap(), 1 << 30);
        assert_eq!(parse_bytes("4KiB").unwrap(), 4096);
        assert_eq!(parse_bytes("4097").unwrap(), 4097);
        assert_eq!(parse_bytes("2 TiB").unwrap(), 2 << 40);
        for wrong in ["", "much", "GiB", "-1", "1.5GiB", "1KK", "99999999999G", "99999999T"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }
}
