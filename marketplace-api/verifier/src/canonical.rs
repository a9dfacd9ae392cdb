//! RFC 8785, the JSON Canonicalization Scheme, for documents without fractions.
//!
//! Members are sorted by their names' UTF-16 code units, whatever order they come in. A fraction or an integer beyond
//! 2^53 is refused: its canonical form would be another number. The form is written as the document is gone through,
//! and takes memory for itself alone.

use serde::Serialize;
use serde_json::{ser::Formatter, Serializer};
use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
};
use thiserror::Error;

/// The largest integer that every reader of JSON has exactly.
const MAX_INTEGER: u64 = 1 << 53;

/// Why a document has no canonical form here.
#[derive(Debug, Error)]
pub enum NotCanonical {
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A number is a fraction or too large.
    #[error("{0} is not an integer between -2^53 and 2^53")]
    Number(String),
}

/// The canonical form of a document.
pub fn to_vec(document: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let out = Out::default();
    let written = document.serialize(&mut Serializer::with_formatter(out.clone(), out.clone()));
    let mut out = out.0.take();
    match (out.refused.take(), written) {
        (Some(number), _) => Err(NotCanonical::Number(number)),
        (None, written) => Ok(written.map(|()| out.bytes)?),
    }
}

/// What is written so far: serde_json writes into it, and asks it how.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Written>>);

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
        self.0.borrow_mut().bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Out {
    /// Writes an integer, or refuses it.
    fn integer<W: ?Sized + Write>(
        &self,
        to: &mut W,
        number: impl ToString,
        size: Option<u64>,
    ) -> io::Result<()> {
        let text = number.to_string();
        if size.is_some_and(|size| size <= MAX_INTEGER) {
            return to.write_all(text.as_bytes());
        }
        self.0.borrow_mut().refused = Some(text);
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// serde_json writes the rest as RFC 8785 wants it: no white space, and escapes what that escapes, in the same way.
impl Formatter for Out {
    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b"{")?;
        let mut written = self.0.borrow_mut();
        let start = written.bytes.len();
        written.objects.push(Object { start, members: Vec::new() });
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, _first: bool) -> io::Result<()> {
        self.0.borrow_mut().begin_member();
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end_name()
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end_object();
        to.write_all(b"}")
    }

    fn write_u64<W: ?Sized + Write>(&mut self, to: &mut W, number: u64) -> io::Result<()> {
        self.integer(to, number, Some(number))
    }

    fn write_i64<W: ?Sized + Write>(&mut self, to: &mut W, number: i64) -> io::Result<()> {
        self.integer(to, number, Some(number.unsigned_abs()))
    }

    fn write_u128<W: ?Sized + Write>(&mut self, to: &mut W, number: u128) -> io::Result<()> {
        self.integer(to, number, number.try_into().ok())
    }

    fn write_i128<W: ?Sized + Write>(&mut self, to: &mut W, number: i128) -> io::Result<()> {
        self.integer(to, number, number.unsigned_abs().try_into().ok())
    }

    fn write_f32<W: ?Sized + Write>(&mut self, to: &mut W, number: f32) -> io::Result<()> {
        self.integer(to, number, None)
    }

    fn write_f64<W: ?Sized + Write>(&mut self, to: &mut W, number: f64) -> io::Result<()> {
        self.integer(to, number, None)
    }

    fn write_number_str<W: ?Sized + Write>(&mut self, to: &mut W, number: &str) -> io::Result<()> {
        let size = number.parse::<i64>().map(i64::unsigned_abs).or_else(|_| number.parse::<u64>());
        self.integer(to, number, size.ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn canonical(document: &impl Serialize) -> String {
        String::from_utf8(to_vec(document).unwrap()).unwrap()
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
        assert_eq!(
            canonical(&json!([1u64 << 53, -(1i64 << 53), 0])),
            "[9007199254740992,-9007199254740992,0]"
        );
        let refused = |document: Value| match to_vec(&document) {
            Err(NotCanonical::Number(number)) => number,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(json!((1u64 << 53) + 1)), "9007199254740993");
        assert_eq!(refused(json!(-(1i64 << 53) - 1)), "-9007199254740993");
        assert_eq!(refused(json!({"a": [1.5]})), "1.5");
        assert!(matches!(to_vec(&u128::MAX), Err(NotCanonical::Number(_))));
    }
}
