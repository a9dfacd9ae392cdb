//! RFC 8785, the JSON Canonicalization Scheme: whether a document is in the one form that its hash is of.
//!
//! The text is parsed, written again canonically and compared byte for byte. A duplicate key is refused, since
//! parsing drops it and the comparison then fails.

use serde_json::Value;
use wonbon_standards::canonical;

/// The document, if the bytes are its canonical form.
pub fn parse(bytes: &[u8]) -> Result<Value, &'static str> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| "the document is not JSON")?;
    let written = canonical::to_vec(&value).map_err(|_| "a number is out of range")?;
    if written != bytes {
        return Err("the document is not in canonical form (RFC 8785)");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_the_canonical_form_passes() {
        for good in [
            "{}",
            "[1,2.5,\"\u{20ac}\"]",
            "1152921504606847000",
            "10000000000000000000",
            "{\"a\":1,\"b\":{\"가\":null}}",
            "\"\\u000f\\n\\\"\"",
            "1e+23",
        ] {
            assert!(parse(good.as_bytes()).is_ok(), "{good}");
        }
        let bad = [
            "",
            "{",
            "{ }",
            "{\"b\":1,\"a\":2}",
            "{\"a\":1,\"a\":1}",
            "1.0",
            "1152921504606846976",
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
