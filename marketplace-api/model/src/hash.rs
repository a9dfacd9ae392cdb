//! A 32-byte value and its one text form: 64 lower-case hexadecimal digits.

use codec::{Decode, Encode};
use std::{fmt, str::FromStr};
use wonbon_primitives::{
    id::{from_hex, to_hex, BadDigest},
    DatasetId, Digest,
};

/// A root, a hash, a block hash: any 32-byte value of the chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Hash(pub Digest);

impl FromStr for Hash {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for Hash {
    fn from(bytes: Digest) -> Self {
        Self(bytes)
    }
}

impl From<DatasetId> for Hash {
    fn from(id: DatasetId) -> Self {
        Self(id.0)
    }
}

impl From<Hash> for DatasetId {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

read_and_written_as_text!(Hash);

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Hash {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("32 bytes as 64 lower-case hexadecimal digits"))
            .pattern(Some("^[0-9a-f]{64}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Hash {}

#[cfg(test)]
mod tests {
    use super::Hash;

    #[test]
    fn only_the_one_form_is_read() {
        let text = "00".repeat(31) + "af";
        assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
        for bad in ["", "00", &text.to_uppercase(), &format!("0x{text}"), &text[1..], &("é".repeat(32))] {
            assert!(bad.parse::<Hash>().is_err(), "{bad}");
        }
    }
}
