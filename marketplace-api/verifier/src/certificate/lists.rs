//! The lists of a certificate in JSON: each has an end.

use super::{MAX_HAND_OFFS, MAX_NODES};
use crate::{byte_string, finality::HandOff};
use serde::{
    de::{Error, SeqAccess, Visitor},
    Deserialize, Deserializer, Serializer,
};
use std::{fmt, marker::PhantomData};

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

/// `#[serde(deserialize_with = "lists::hand_offs")]`: at most [`MAX_HAND_OFFS`] of them.
pub(super) fn hand_offs<'de, D: Deserializer<'de>, T: From<Vec<HandOff>>>(from: D) -> Result<T, D::Error> {
    List::deserialize(from, MAX_HAND_OFFS, "hand-offs").map(T::from)
}

/// `#[serde(with = "lists::nodes")]` for the nodes of a storage proof: at most [`MAX_NODES`] of them.
pub(super) mod nodes {
    use super::*;

    struct Node(Vec<u8>);

    impl<'de> Deserialize<'de> for Node {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            byte_string::deserialize(from).map(Self)
        }
    }

    pub(in crate::certificate) fn serialize<S: Serializer>(
        nodes: &[Vec<u8>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(nodes.iter().map(hex::encode))
    }

    pub(in crate::certificate) fn deserialize<'de, D: Deserializer<'de>, T: From<Vec<Vec<u8>>>>(
        from: D,
    ) -> Result<T, D::Error> {
        let nodes = List::<Node>::deserialize(from, MAX_NODES, "trie nodes")?;
        Ok(nodes.into_iter().map(|Node(node)| node).collect::<Vec<_>>().into())
    }
}
