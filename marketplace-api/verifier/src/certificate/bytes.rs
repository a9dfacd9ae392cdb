//! Byte strings in JSON: lower-case hexadecimal and nothing else.

use serde::{de::Error, Deserializer, Serializer};
use std::{borrow::Cow, fmt};

/// Reads the text form.
pub(super) fn from_hex(text: &str) -> Result<Vec<u8>, &'static str> {
    const EXPECTED: &str = "expected an even number of lower-case hexadecimal digits";
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(EXPECTED);
    }
    ::hex::decode(text).map_err(|_| EXPECTED)
}

/// A text, borrowed where the JSON allows it.
pub(super) struct Text;

impl<'de> serde::de::Visitor<'de> for Text {
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

/// `#[serde(with = "bytes::hex")]` for a byte string.
pub(super) mod hex {
    use super::*;

    pub(in crate::certificate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&::hex::encode(bytes))
    }

    pub(in crate::certificate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<u8>>>(
        from: D,
    ) -> Result<T, D::Error> {
        from_hex(&from.deserialize_str(Text)?).map(T::from).map_err(D::Error::custom)
    }
}

/// `#[serde(with = "bytes::nodes")]` for the nodes of a storage proof: at most [`super::MAX_NODES`] of them.
pub(super) mod nodes {
    use super::*;
    use crate::certificate::MAX_NODES;
    use serde::{de::SeqAccess, Deserialize};

    struct Node(Vec<u8>);

    impl<'de> Deserialize<'de> for Node {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            hex::deserialize(from).map(Self)
        }
    }

    struct Nodes;

    impl<'de> serde::de::Visitor<'de> for Nodes {
        type Value = Vec<Vec<u8>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "at most {MAX_NODES} trie nodes")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            let mut nodes = Vec::new();
            while let Some(Node(node)) = sequence.next_element()? {
                if nodes.len() == MAX_NODES {
                    return Err(A::Error::invalid_length(nodes.len() + 1, &self));
                }
                nodes.push(node);
            }
            Ok(nodes)
        }
    }

    pub(in crate::certificate) fn serialize<S: Serializer>(
        nodes: &[Vec<u8>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(nodes.iter().map(::hex::encode))
    }

    pub(in crate::certificate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<Vec<u8>>>>(
        from: D,
    ) -> Result<T, D::Error> {
        from.deserialize_seq(Nodes).map(T::from)
    }
}
