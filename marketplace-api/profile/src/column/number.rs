//! Numbers as tables write them: what is a number, and what only looks like one (a postcode, a part number).

/// Reads a decimal whole number of up to 30 digits. A leading zero makes it a code (a postcode, a part
/// number) and not a number.
pub(crate) fn parse_integer(field: &[u8]) -> Option<i128> {
    let (negative, digits) = match field {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 30 || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    let mut value: i128 = 0;
    if digits.len() <= 18 {
        let mut small: i64 = 0;
        for digit in digits {
            small = small * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        value = small.into();
    } else {
        for digit in digits {
            value = value * 10 + i128::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
    }
    Some(if negative { -value } else { value })
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
