//! What a storage entry is called, and the keys below which its values stand.

use codec::{Decode, Encode};
use subxt::utils::Static;

/// A pallet, and what a storage entry or a constant of it is called.
pub(super) type Name = (&'static str, &'static str);
pub(super) type Keys = Vec<Static<Raw>>;

/// An encoded key: subxt hashes it as the metadata says.
#[derive(Clone)]
pub(super) struct Raw(Vec<u8>);

impl Encode for Raw {
    fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
        out.write(&self.0);
    }
}

impl Decode for Raw {
    fn decode<I: codec::Input>(_: &mut I) -> Result<Self, codec::Error> {
        Err("keys are only encoded".into())
    }
}

pub(super) fn shown((pallet, name): Name) -> String {
    format!("{pallet}.{name}")
}

pub(super) fn key(part: impl Encode) -> Static<Raw> {
    Static(Raw(part.encode()))
}
