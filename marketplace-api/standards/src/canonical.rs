//! RFC 8785, the JSON Canonicalization Scheme: the one form of a document that its hash is of.
//!
//! Numbers are IEEE 754 doubles and written as ECMAScript does; keys sort by their UTF-16 code units. So a whole
//! number beyond 2⁵³ has the form of a neighbour: who must not confuse the two asks [`is_exact`] first.

use serde_json::Value;
use thiserror::Error;

/// The value holds a number that is larger than every double, or more exact where that matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a number is too large or too exact for JSON's canonical form")]
pub struct NoDouble;

/// The canonical form.
pub fn to_vec(value: &Value) -> Result<Vec<u8>, NoDouble> {
    let mut out = Vec::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NoDouble> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let double = number.as_f64().filter(|number| number.is_finite()).ok_or(NoDouble)?;
            out.extend_from_slice(ryu_js::Buffer::new().format_finite(double).as_bytes());
        }
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (position, (name, member)) in members.into_iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_text(name, out);
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// Whether no whole number in the value is beyond what every reader of JSON has exactly.
pub fn is_exact(value: &Value) -> bool {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    match value {
        Value::Number(number) => {
            let whole = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            whole.is_none_or(|whole| whole <= EXACT)
        }
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(members) => members.values().all(is_exact),
        _ => true,
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            control if control < ' ' => {
                out.extend_from_slice(format!("\\u{:04x}", control as u32).as_bytes())
            }
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::{is_exact, to_vec};
    use serde_json::{json, Value};

    fn canonical(value: Value) -> String {
        String::from_utf8(to_vec(&value).unwrap()).unwrap()
    }

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 8785, section 3.2.2 and 3.2.4.
        let value = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical(serde_json::from_str(value).unwrap()), expected);
    }

    #[test]
    fn numbers_of_the_rfc() {
        // RFC 8785, appendix B.
        let cases: [(u64, &str); 21] = [
            (0x0000000000000000, "0"),
            (0x8000000000000000, "0"),
            (0x0000000000000001, "5e-324"),
            (0x8000000000000001, "-5e-324"),
            (0x7fefffffffffffff, "1.7976931348623157e+308"),
            (0xffefffffffffffff, "-1.7976931348623157e+308"),
            (0x4340000000000000, "9007199254740992"),
            (0xc340000000000000, "-9007199254740992"),
            (0x4430000000000000, "295147905179352830000"),
            (0x44b52d02c7e14af5, "9.999999999999997e+22"),
            (0x44b52d02c7e14af6, "1e+23"),
            (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
            (0x444b1ae4d6e2ef4e, "999999999999999700000"),
            (0x444b1ae4d6e2ef4f, "999999999999999900000"),
            (0x444b1ae4d6e2ef50, "1e+21"),
            (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
            (0x3eb0c6f7a0b5ed8d, "0.000001"),
            (0x41b3de4355555553, "333333333.3333332"),
            (0x41b3de4355555554, "333333333.33333325"),
            (0xbecbf647612f3696, "-0.0000033333333333333333"),
            (0x43143ff3c1cb0959, "1424953923781206.2"),
        ];
        for (bits, text) in cases {
            assert_eq!(canonical(json!(f64::from_bits(bits))), text);
        }
    }

    #[test]
    fn keys_sort_by_utf_16() {
        // U+1F600 comes before U+FB33 in UTF-16, after it in UTF-8.
        let value = json!({"\u{fb33}": 3, "\u{1f600}": 2, "\u{20ac}": 1, "\r": 0});
        assert_eq!(canonical(value), "{\"\\r\":0,\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}");
    }

    #[test]
    fn whole_numbers_beyond_two_to_53_are_told() {
        assert!(is_exact(&json!([9_007_199_254_740_992_u64, {"a": -3, "b": 1e300}])));
        assert!(!is_exact(&json!([{"a": 9_007_199_254_740_993_u64}])));
        assert!(!is_exact(&json!(i64::MIN)));
        // The form is the RFC's all the same: that of the nearest double.
        assert_eq!(canonical(json!(1_u64 << 60)), "1152921504606847000");
        assert_eq!(canonical(json!(10_000_000_000_000_000_000_u64)), "10000000000000000000");
    }
}
