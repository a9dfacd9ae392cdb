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

/// Declares how the rows of a store are read and written: by a `Kind` and a `LAYOUT` of its own.
macro_rules! store_rows {
    () => {
        /// A value with its layout byte.
        pub(crate) fn encode<T: codec::Encode>(value: &T) -> Vec<u8> {
            $crate::kv::row::encode(LAYOUT, value)
        }

        /// The value of a row.
        pub(crate) fn decode<T: codec::Decode>(bytes: &[u8]) -> Result<T, $crate::kv::KvError> {
            $crate::kv::row::decode(LAYOUT, bytes)
        }

        /// The value of a key.
        pub(crate) fn fetch<T: codec::Decode>(
            kv: &dyn $crate::kv::KvStore,
            key: &[u8],
        ) -> Result<Option<T>, $crate::kv::KvError> {
            kv.get(key)?.map(|row| decode(&row)).transpose()
        }

        impl Kind {
            /// A key, or the prefix of keys, from its parts.
            pub(crate) fn key(self, parts: &[&dyn $crate::kv::row::KeyPart]) -> Vec<u8> {
                $crate::kv::row::key(self as u8, parts)
            }
        }
    };
}

pub(crate) use store_rows;

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

/// The number of four bytes at a place of a key.
pub(crate) fn number(key: &[u8], place: usize) -> Result<u32, KvError> {
    let bytes = key.get(place..).and_then(|rest| rest.first_chunk());
    bytes.map(|bytes| u32::from_be_bytes(*bytes)).ok_or(KvError::Corrupt("a key"))
}

/// A part of a key.
pub(crate) trait KeyPart {
    /// Appends bytes that sort as the value does.
    fn append_to(&self, key: &mut Vec<u8>);
}

macro_rules! key_parts {
    ($($part:ty: $bytes:expr),+ $(,)?) => { $(
        impl KeyPart for $part {
            fn append_to(&self, key: &mut Vec<u8>) {
                let bytes: fn(&Self) -> _ = $bytes;
                key.extend(bytes(self));
            }
        }
    )+ };
}

key_parts! {
    u32: |number| number.to_be_bytes(),
    u64: |number| number.to_be_bytes(),
    Hash: |hash| hash.0,
    DatasetId: |id| id.0,
    AccountId: |account| account.0,
}
