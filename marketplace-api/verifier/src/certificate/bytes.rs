//! Byte strings in JSON: lower-case hexadecimal and nothing else. Lists of them, which have an end.

use super::{HandOff, MAX_HAND_OFFS, MAX_NODES};
use serde::{
    de::{Error, SeqAccess, Visitor},
    Deserialize, Deserializer, Serializer,
};
use std::{borrow::Cow, fmt, marker::PhantomData};

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

/// A list that ends when it is too long, and not when it has been read.
struct List<T> {
    most: usize,
    what: &'static str,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> List<T> {
    fn deserialize<D: Deserializer<'de>>(
        from: D,
        most: usize,
        what: &'static str,
    ) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(Self { most, what, item: PhantomData })
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {} {}", self.most, self.what)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            if items.len() == self.most {
                return Err(A::Error::invalid_length(items.len() + 1, &self));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// `#[serde(with = "bytes::hand_offs")]`: at most [`MAX_HAND_OFFS`] of them.
pub(super) mod hand_offs {
    use super::*;

    pub(in crate::certificate) fn serialize<S: Serializer>(
        list: &[HandOff],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(list)
    }

    pub(in crate::certificate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<HandOff>>>(
        from: D,
    ) -> Result<T, D::Error> {
        List::deserialize(from, MAX_HAND_OFFS, "hand-offs").map(T::from)
    }
}

/// `#[serde(with = "bytes::nodes")]` for the nodes of a storage proof: at most [`MAX_NODES`] of them.
pub(super) mod nodes {
    use super::*;

    struct Node(Vec<u8>);

    impl<'de> Deserialize<'de> for Node {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            hex::deserialize(from).map(Self)
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
        let nodes = List::<Node>::deserialize(from, MAX_NODES, "trie nodes")?;
        Ok(nodes.into_iter().map(|Node(node)| node).collect::<Vec<_>>().into())
    }
}
