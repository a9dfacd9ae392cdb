//! RFC 8785, the JSON Canonicalization Scheme: whether a document is in the one form that its hash is of.
//!
//! The text is parsed, written again canonically and compared byte for byte. Numbers are IEEE 754 doubles and
//! written as ECMAScript does; keys sort by their UTF-16 code units; a duplicate key is refused, since parsing
//! drops it and the comparison then fails.

use serde_json::Value;

/// The document, if the bytes are its canonical form.
pub fn parse(bytes: &[u8]) -> Result<Value, &'static str> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| "the document is not JSON")?;
    let mut canonical = Vec::with_capacity(bytes.len());
    write(&value, &mut canonical)?;
    if canonical != bytes {
        return Err("the document is not in canonical form (RFC 8785)");
    }
    Ok(value)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), &'static str> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let number =
                number.as_f64().filter(|number| number.is_finite()).ok_or("a number is out of range")?;
            write_number(number, out);
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

/// ECMAScript's Number::toString.
fn write_number(number: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(ryu_js::Buffer::new().format_finite(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{parse, write_number};

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
            let mut out = Vec::new();
            write_number(f64::from_bits(bits), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn only_the_canonical_form_passes() {
        for good in
            ["{}", "[1,2.5,\"\u{20ac}\"]", "{\"a\":1,\"b\":{\"가\":null}}", "\"\\u000f\\n\\\"\"", "1e+23"]
        {
            assert!(parse(good.as_bytes()).is_ok(), "{good}");
        }
        let bad = [
            "",
            "{",
            "{ }",
            "{\"b\":1,\"a\":2}",
            "{\"a\":1,\"a\":1}",
            "1.0",
            "1E5",
            "\"\\u0041\"",
            "{}\n",
            "01",
        ];
        for bad in bad {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(parse(&[b'"', 0xff, b'"']).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn keys_sort_by_utf_16() {
        // RFC 8785, section 3.2.3: U+1F600 comes before U+FB33 in UTF-16, after it in UTF-8.
        assert!(parse("{\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}".as_bytes()).is_ok());
        assert!(parse("{\"\u{20ac}\":1,\"\u{fb33}\":3,\"\u{1f600}\":2}".as_bytes()).is_err());
    }
}
