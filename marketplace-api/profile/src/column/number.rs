//! Numbers as tables write them: what is a number, and what only looks like one (a postcode, a part number).

/// Reads a decimal whole number of up to 30 digits. A leading zero makes it a code (a postcode, a part
/// number) and not a number.
pub(crate) fn parse_integer(field: &[u8]) -> Option<i128> {
    let digits = field.strip_prefix(b"-").or(field.strip_prefix(b"+")).unwrap_or(field);
    if matches!(digits, [b'0', _, ..]) {
        return None;
    }
    let text = std::str::from_utf8(field).ok()?;
    match digits.len() {
        1..=18 => text.parse::<i64>().ok().map(i128::from),
        19..=30 => text.parse().ok(),
        _ => None,
    }
}

/// Reads a finite decimal number, with a fraction or an exponent if need be.
pub(crate) fn parse_number(field: &[u8]) -> Option<f64> {
    let digits = field.strip_prefix(b"-").or(field.strip_prefix(b"+")).unwrap_or(field);
    match digits {
        // `inf` and `nan` are words here, and 007 is a code.
        [b'0', b'0'..=b'9', ..] => return None,
        [b'0'..=b'9' | b'.', ..] => {}
        _ => return None,
    }
    let value: f64 = std::str::from_utf8(field).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}
