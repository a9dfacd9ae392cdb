//! What does not decode, and what nobody named, is found.
#![allow(missing_docs, clippy::unwrap_used)]

use frame_support::{
    storage::storage_prefix,
    storage_alias,
    traits::{CrateVersion, PalletInfoAccess, StorageVersion},
    Blake2_128Concat,
};
use sp_io::{hashing::twox_128, TestExternalities};
use wonbon_invariants::{ensure_readable, readable};

struct Shelf;

impl PalletInfoAccess for Shelf {
    fn index() -> usize {
        0
    }

    fn name() -> &'static str {
        "Shelf"
    }

    fn name_hash() -> [u8; 16] {
        twox_128(Self::name().as_bytes())
    }

    fn module_name() -> &'static str {
        "shelf"
    }

    fn crate_version() -> CrateVersion {
        CrateVersion::new(0, 1, 0)
    }
}

#[storage_alias]
type Books = StorageMap<Shelf, Blake2_128Concat, u32, u64>;
#[storage_alias]
type Next = StorageValue<Shelf, u32>;

fn check() -> Result<(), String> {
    ensure_readable::<Shelf>(readable!(maps: Books; values: Next)).map_err(|error| {
        let text: &'static str = error.into();
        text.to_owned()
    })
}

#[test]
fn what_decodes_is_readable() {
    TestExternalities::default().execute_with(|| {
        check().unwrap();
        StorageVersion::new(1).put::<Shelf>();
        Next::put(2);
        Books::insert(0, 7);
        Books::insert(1, 8);
        check().unwrap();
        Next::kill();
        check().unwrap();
        // What stands under another pallet is nobody's business here.
        sp_io::storage::set(&storage_prefix(b"Other", b"Books"), b"1");
        check().unwrap();
    });
}

#[test]
fn a_value_that_does_not_decode_is_found() {
    TestExternalities::default().execute_with(|| {
        Books::insert(0, 7);
        Books::insert(1, 8);
        sp_io::storage::set(&Books::hashed_key_for(1), b"short");
        assert_eq!(Books::iter().count(), 1);
        assert_eq!(check().unwrap_err(), "Shelf: Books has 2 keys, and 1 of them decode");
        Books::remove(1);
        check().unwrap();
        sp_io::storage::set(&Next::hashed_key(), b"");
        assert_eq!(Next::get(), None);
        assert_eq!(check().unwrap_err(), "Shelf: Next has 1 keys, and 0 of them decode");
    });
}

#[test]
fn a_key_of_no_item_is_found() {
    TestExternalities::default().execute_with(|| {
        Books::insert(0, 7);
        sp_io::storage::set(&storage_prefix(b"Shelf", b"Forgotten"), b"1");
        let error = check().unwrap_err();
        assert_eq!(error, "Shelf: 2 keys stand under it, and its items have 1: is one of them not named?");
    });
}
