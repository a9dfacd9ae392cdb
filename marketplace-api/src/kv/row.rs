//! How rows look: keys that sort as their numbers do, values that say their layout.

use codec::{Decode, DecodeAll, Encode};

use super::KvError;
use wonbon_model::{AccountId, DatasetId, Hash};

/// A value with its layout byte.
pub(crate) fn encode<T: Encode>(layout: u8, value: &T) -> Vec<u8> {
    let mut bytes = vec![layout];
    value.encode_to(&mut bytes);
    bytes
}

/// The value of a row of this layout.
pub(crate) fn decode<T: Decode>(layout: u8, bytes: &[u8]) -> Result<T, KvError> {
    match bytes.split_first() {
        Some((found, mut value)) if *found == layout => {
            T::decode_all(&mut value).map_err(|_| KvError::Corrupt("a value"))
        }
        Some((found, _)) => Err(KvError::Layout { found: *found, known: layout }),
        None => Err(KvError::Corrupt("an empty value")),
    }
}

/// A key, or the prefix of keys: what kind of row it is of, and its parts.
pub(crate) fn key(kind: u8, parts: &[&dyn KeyPart]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + 32 * parts.len());
    key.push(kind);
    for part in parts {
        part.append_to(&mut key);
    }
    key
}

/// The last bytes of an index key: what it points to.
pub(crate) fn tail<const N: usize>(key: &[u8]) -> Result<[u8; N], KvError> {
    key.last_chunk::<N>().copied().ok_or(KvError::Corrupt("a key"))
}

/// A part of a key.
pub(crate) trait KeyPart {
    /// Appends bytes that sort as the value does.
    fn append_to(&self, key: &mut Vec<u8>);
}

impl KeyPart for u32 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl KeyPart for u64 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl KeyPart for Hash {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

impl KeyPart for DatasetId {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

impl KeyPart for AccountId {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}
