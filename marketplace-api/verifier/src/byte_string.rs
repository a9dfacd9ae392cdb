//! Byte strings in JSON: lower-case hexadecimal and nothing else. For `#[serde(with = "byte_string")]`.

use serde::{
    de::{Error, Visitor},
    Deserializer, Serializer,
};
use std::{borrow::Cow, fmt};

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&hex::encode(bytes))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<u8>>>(from: D) -> Result<T, D::Error> {
    from_hex(&from.deserialize_str(Text)?).map(T::from).map_err(D::Error::custom)
}

fn from_hex(text: &str) -> Result<Vec<u8>, &'static str> {
    const EXPECTED: &str = "expected an even number of lower-case hexadecimal digits";
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(EXPECTED);
    }
    hex::decode(text).map_err(|_| EXPECTED)
}

/// A text, borrowed where the JSON allows it.
struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lower-case hexadecimal digits")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
