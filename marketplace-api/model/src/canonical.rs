//! RFC 8785, the JSON Canonicalization Scheme: the one form of a document that its hash is of.
//!
//! Members are sorted by their names' UTF-16 code units, whatever order they come in. Numbers are IEEE 754 doubles and
//! written as ECMAScript does, so a whole number beyond 2^53 has the form of a neighbour: who must not confuse the two
//! asks [`is_exact`] first, or writes with [`integers_to_vec`], which refuses every number that has another form here
//! than a reader of integers would expect.
//!
//! The form is written as the document is gone through, and takes memory for itself alone.

use serde::Serialize;
use serde_json::{ser::Formatter, Serializer, Value};
use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
};
use thiserror::Error;

/// The largest integer that every reader of JSON has exactly.
const MAX_INTEGER: u64 = 1 << f64::MANTISSA_DIGITS;

/// Why a document has no canonical form, or is not in it.
#[derive(Debug, Error)]
pub enum NotCanonical {
    /// It cannot be written as JSON.
    #[error(transparent)]
    Unwritable(#[from] serde_json::Error),
    /// A number is larger than every double.
    #[error("{0} is larger than every number of JSON's canonical form")]
    Number(String),
    /// A number is a fraction or beyond 2^53, where only integers are allowed.
    #[error("{0} is not an integer between -2^53 and 2^53")]
    Integer(String),
    /// The bytes that were read are not JSON.
    #[error("the document is not JSON")]
    Json,
    /// The bytes that were read are JSON in another form.
    #[error("the document is not in canonical form (RFC 8785)")]
    Form,
}

/// The canonical form of a document.
pub fn to_vec(document: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, NotCanonical> {
    write(document, Numbers::Doubles)
}

/// The canonical form of a document without fractions; a fraction or an integer beyond 2^53 is refused, because its
/// form would be another number.
pub fn integers_to_vec(document: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, NotCanonical> {
    write(document, Numbers::Integers)
}

/// The document, if the bytes are its canonical form. A name that stands twice in an object is refused: reading drops
/// one of the two, and the form is another then.
pub fn parse(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NotCanonical::Json)?;
    if to_vec(&value)? != bytes {
        return Err(NotCanonical::Form);
    }
    Ok(value)
}

/// Whether no whole number in the value is beyond what every reader of JSON has exactly.
pub fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let whole = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            whole.is_none_or(|whole| whole <= MAX_INTEGER)
        }
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(members) => members.values().all(is_exact),
        _ => true,
    }
}

fn write(document: &(impl Serialize + ?Sized), numbers: Numbers) -> Result<Vec<u8>, NotCanonical> {
    let out = Out { numbers, written: Rc::default() };
    let done = document.serialize(&mut Serializer::with_formatter(out.clone(), out.clone()));
    let mut written = out.written.take();
    match (written.refused.take(), done) {
        (Some(number), _) => Err(match numbers {
            Numbers::Doubles => NotCanonical::Number(number),
            Numbers::Integers => NotCanonical::Integer(number),
        }),
        (None, done) => Ok(done.map(|()| written.bytes)?),
    }
}

/// Which numbers a document may have.
#[derive(Clone, Copy)]
enum Numbers {
    /// All of RFC 8785, each written as the double that is nearest to it.
    Doubles,
    /// Integers that every reader has exactly.
    Integers,
}

/// What is written so far: serde_json writes into it, and asks it how.
#[derive(Clone)]
struct Out {
    numbers: Numbers,
    written: Rc<RefCell<Written>>,
}

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// The objects that are open.
    objects: Vec<Object>,
    /// The number that has no canonical form.
    refused: Option<String>,
}

/// An object that is open.
#[derive(Default)]
struct Object {
    /// Where its first member begins.
    start: usize,
    /// The name of each member, as it is sorted, and where the member begins.
    members: Vec<(Vec<u16>, usize)>,
}

impl Written {
    fn begin_member(&mut self) {
        let at = self.bytes.len();
        if let Some(object) = self.objects.last_mut() {
            object.members.push((Vec::new(), at));
        }
    }

    fn end_name(&mut self) -> io::Result<()> {
        let Some((name, at)) = self.objects.last_mut().and_then(|object| object.members.last_mut()) else {
            return Ok(());
        };
        let text: String = serde_json::from_slice(&self.bytes[*at..])?;
        *name = text.encode_utf16().collect();
        Ok(())
    }

    /// Puts the members of the innermost object in order, with commas between them.
    fn end_object(&mut self) {
        let Some(Object { start, members }) = self.objects.pop() else { return };
        let ends: Vec<_> = members.iter().skip(1).map(|(_, at)| *at).chain([self.bytes.len()]).collect();
        let mut members: Vec<_> =
            members.into_iter().zip(ends).map(|((name, at), end)| (name, at..end)).collect();
        members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let unsorted = self.bytes.split_off(start);
        for (position, (_, range)) in members.into_iter().enumerate() {
            if position > 0 {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(&unsorted[range.start - start..range.end - start]);
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.borrow_mut().bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out {
    /// Writes a number, or refuses it: `size` is that of an integer which fits, `double` what is nearest to it.
    fn number<W: ?Sized + Write>(
        &self,
        to: &mut W,
        number: impl ToString,
        size: Option<u64>,
        double: f64,
    ) -> io::Result<()> {
        let exact = size.is_some_and(|size| size <= MAX_INTEGER);
        match self.numbers {
            _ if exact => to.write_all(number.to_string().as_bytes()),
            Numbers::Doubles if double.is_finite() => {
                to.write_all(ryu_js::Buffer::new().format_finite(double).as_bytes())
            }
            _ => {
                self.written.borrow_mut().refused = Some(number.to_string());
                Err(io::ErrorKind::InvalidData.into())
            }
        }
    }
}

/// serde_json writes the rest as RFC 8785 wants it: no white space, and escapes what that escapes, in the same way.
impl Formatter for Out {
    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b"{")?;
        let mut written = self.written.borrow_mut();
        let start = written.bytes.len();
        written.objects.push(Object { start, members: Vec::new() });
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _first: bool) -> io::Result<()> {
        self.written.borrow_mut().begin_member();
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.written.borrow_mut().end_name()
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.written.borrow_mut().end_object();
        to.write_all(b"}")
    }

    fn write_u64<W: ?Sized + Write>(&mut self, to: &mut W, number: u64) -> io::Result<()> {
        self.number(to, number, Some(number), number as f64)
    }

    fn write_i64<W: ?Sized + Write>(&mut self, to: &mut W, number: i64) -> io::Result<()> {
        self.number(to, number, Some(number.unsigned_abs()), number as f64)
    }

    fn write_u128<W: ?Sized + Write>(&mut self, to: &mut W, number: u128) -> io::Result<()> {
        self.number(to, number, number.try_into().ok(), number as f64)
    }

    fn write_i128<W: ?Sized + Write>(&mut self, to: &mut W, number: i128) -> io::Result<()> {
        self.number(to, number, number.unsigned_abs().try_into().ok(), number as f64)
    }

    fn write_f32<W: ?Sized + Write>(&mut self, to: &mut W, number: f32) -> io::Result<()> {
        self.number(to, number, None, number.into())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, to: &mut W, number: f64) -> io::Result<()> {
        self.number(to, number, None, number)
    }

    /// A number as text: how serde_json has all of them where a crate asks it for arbitrary precision.
    fn write_number_str<W: ?Sized + Write>(&mut self, to: &mut W, number: &str) -> io::Result<()> {
        let whole = number.parse::<i128>().ok();
        match (whole, number.parse()) {
            (Some(whole), _) => self.write_i128(to, whole),
            (None, double) => self.number(to, number, None, double.unwrap_or(f64::NAN)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn canonical(document: &impl Serialize) -> String {
        String::from_utf8(to_vec(document).unwrap()).unwrap()
    }

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 8785, section 3.2.2 and 3.2.4.
        let value = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical(&serde_json::from_str::<Value>(value).unwrap()), expected);
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
            assert_eq!(canonical(&json!(f64::from_bits(bits))), text);
        }
    }

    #[test]
    fn members_are_sorted_by_their_code_units() {
        // RFC 8785, 3.2.3: a surrogate pair sorts before U+FB33.
        let document =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let order = [2, 4, 6, 7, 1, 5, 3];
        let values: Vec<_> =
            canonical(&document).split(':').skip(1).map(|rest| rest.chars().next()).collect();
        assert_eq!(values, order.map(|number| char::from_digit(number, 10)));
        let value = json!({"\u{fb33}": 3, "\u{1f600}": 2, "\u{20ac}": 1, "\r": 0});
        assert_eq!(canonical(&value), "{\"\\r\":0,\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}");
    }

    #[test]
    fn objects_stand_in_objects() {
        let document =
            json!({"b": [{"d": {}, "c": [[], null, true]}, "x\u{1b}\"\\/"], "a": {"z": -3, "y": 4}});
        assert_eq!(
            canonical(&document),
            r#"{"a":{"y":4,"z":-3},"b":[{"c":[[],null,true],"d":{}},"x\u001b\"\\/"]}"#
        );
        // The members of a struct come in the order in which it has them.
        #[derive(Serialize)]
        struct Later {
            b: Option<u8>,
            a: char,
        }
        assert_eq!(canonical(&Later { b: None, a: 'x' }), r#"{"a":"x","b":null}"#);
    }

    #[test]
    fn only_integers_that_all_readers_have() {
        let integers = |document: Value| integers_to_vec(&document);
        assert_eq!(
            integers(json!([1u64 << 53, -(1i64 << 53), 0])).unwrap(),
            b"[9007199254740992,-9007199254740992,0]"
        );
        let refused = |document: Value| match integers(document) {
            Err(NotCanonical::Integer(number)) => number,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(json!((1u64 << 53) + 1)), "9007199254740993");
        assert_eq!(refused(json!(-(1i64 << 53) - 1)), "-9007199254740993");
        assert_eq!(refused(json!({"a": [1.5]})), "1.5");
        assert!(matches!(integers_to_vec(&u128::MAX), Err(NotCanonical::Integer(_))));
    }

    #[test]
    fn whole_numbers_beyond_two_to_53_are_told() {
        assert!(is_exact(&json!([9_007_199_254_740_992_u64, {"a": -3, "b": 1e300}])));
        assert!(!is_exact(&json!([{"a": 9_007_199_254_740_993_u64}])));
        assert!(!is_exact(&json!(i64::MIN)));
        // The form is the RFC's all the same: that of the nearest double.
        assert_eq!(canonical(&json!(1_u64 << 60)), "1152921504606847000");
        assert_eq!(canonical(&json!(10_000_000_000_000_000_000_u64)), "10000000000000000000");
        assert_eq!(canonical(&u128::MAX), "3.402823669209385e+38");
    }

    #[test]
    fn numbers_may_come_as_text() {
        let text = |number: &str, numbers| {
            let mut out = Out { numbers, written: Rc::default() };
            let mut bytes = Vec::new();
            out.write_number_str(&mut bytes, number).ok().map(|()| String::from_utf8(bytes).unwrap())
        };
        for (number, double, integer) in [
            ("-0", Some("0"), Some("0")),
            ("4.50", Some("4.5"), None),
            ("1E30", Some("1e+30"), None),
            ("9007199254740993", Some("9007199254740992"), None),
            ("9007199254740992", Some("9007199254740992"), Some("9007199254740992")),
            ("1e400", None, None),
        ] {
            assert_eq!(text(number, Numbers::Doubles).as_deref(), double, "{number}");
            assert_eq!(text(number, Numbers::Integers).as_deref(), integer, "{number}");
        }
    }

    #[test]
    fn only_the_canonical_form_is_read() {
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
        assert!(parse("{\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}".as_bytes()).is_ok());
        assert!(parse("{\"\u{20ac}\":1,\"\u{fb33}\":3,\"\u{1f600}\":2}".as_bytes()).is_err());
    }
}
