//! Whether all that stands under a pallet can be read.
//!
//! Storage that does not decode reads as if it were not there: a map's iterator passes over it, a value is `None` or
//! its default. So a check that looks at what it can read says nothing about a record that a release forgot how to
//! read. Here the keys are counted as they stand in the trie, and compared with what could be decoded.
//!
//! Promises: [`ensure_readable`] fails if a key under the pallet belongs to no item that was named, or has a value that
//! does not decode. It reads the whole pallet and is for tests and `try_state`, never for a block.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::arithmetic_side_effects)]

extern crate alloc;

use alloc::{boxed::Box, format, string::String, vec::Vec};
use frame_support::traits::{PalletInfoAccess, PartialStorageInfoTrait, StorageVersion};
use sp_runtime::TryRuntimeError;

/// What could be read of one storage item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    name: String,
    prefix: Vec<u8>,
    entries: usize,
}

impl Readable {
    /// A storage item, and how many entries of it decode: what its iterator counts, and one or none of a value.
    pub fn new<Item: PartialStorageInfoTrait>(entries: usize) -> Self {
        // An item describes itself, and nothing beside it.
        let info = Item::partial_storage_info().into_iter().next();
        let (name, prefix) = info.map(|info| (info.storage_name, info.prefix)).unwrap_or_default();
        Self { name: String::from_utf8_lossy(&name).into_owned(), prefix, entries }
    }
}

/// Names a pallet's items: `readable!(maps: Offers<T>, Orders<T>; values: NextOffer<T>)`. Only what is named is looked
/// for, and whatever else stands under the pallet is an error.
#[macro_export]
macro_rules! readable {
    (maps: $($map:ty),* ; values: $($value:ty),* $(,)?) => {
        &[
            $($crate::Readable::new::<$map>(<$map>::iter().count()),)*
            $($crate::Readable::new::<$value>(usize::from(<$value>::try_get().is_ok())),)*
        ]
    };
}

/// Fails unless every key under a pallet belongs to one of these items, and each of them has as many keys as entries.
pub fn ensure_readable<P: PalletInfoAccess>(items: &[Readable]) -> Result<(), TryRuntimeError> {
    let pallet = P::name_hash();
    let version = StorageVersion::storage_key::<P>();
    let mut counted = 0usize;
    for Readable { name, prefix, entries } in items {
        let keys = keys_under(prefix);
        if keys != *entries {
            return Err(message(P::name(), &format!("{name} has {keys} keys, and {entries} of them decode")));
        }
        counted = counted.saturating_add(keys);
    }
    if sp_io::storage::exists(&version) {
        counted = counted.saturating_add(1);
    }
    let all = keys_under(&pallet);
    if all != counted {
        let text =
            format!("{all} keys stand under it, and its items have {counted}: is one of them not named?");
        return Err(message(P::name(), &text));
    }
    Ok(())
}

/// An error lives as long as the program: this one is the end of a test or of a trial.
fn message(pallet: &str, text: &str) -> TryRuntimeError {
    TryRuntimeError::Other(Box::leak(format!("{pallet}: {text}").into_boxed_str()))
}

/// How many keys begin with these bytes.
fn keys_under(prefix: &[u8]) -> usize {
    let mut found = usize::from(sp_io::storage::exists(prefix));
    let mut last = prefix.to_vec();
    while let Some(key) = sp_io::storage::next_key(&last) {
        if !key.starts_with(prefix) {
            break;
        }
        found = found.saturating_add(1);
        last = key;
    }
    found
}
