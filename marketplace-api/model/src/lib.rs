//! One language: the records of the chain at its own types, their JSON, and how people read them.
//!
//! - [`record`]: the records that pallets keep, defined once in `wonbon_primitives::record`, with the chain's accounts,
//!   amounts and block numbers.
//! - [`json`]: the same records as the service answers and the command prints them.
//! - [`Application`]: what a company's first member signs and hands in.
//! - [`AccountId`] and [`ss58`]: accounts and their addresses. [`Hash`]: 32-byte values and their text.
//! - [`canonical`]: the one form of a JSON document that its hash is of (RFC 8785).
//! - [`unambiguous`]: reads JSON that is signed, hashed or trusted, in which no member stands twice.
//! - [`metadata`]: the documents that describe datasets: schema, limits, writer and reader.
//! - [`words`]: how values read, for programs, in Korean and in English: choices, times, amounts, sizes.
//!
//! Pure: no file, no network, no clock. Every face of the system, and every export, gives the same names to the same
//! things because it takes them from here.

/// JSON has the type as its text, which [`Display`](std::fmt::Display) writes and [`FromStr`](std::str::FromStr) reads.
#[macro_export]
macro_rules! read_and_written_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

mod account;
mod application;
mod block;
pub mod canonical;
mod facts;
mod hash;
pub mod json;
mod keyed;
pub mod metadata;
pub mod record;
pub mod ss58;
pub mod unambiguous;
mod word_enum;
pub mod words;

pub use account::AccountId;
pub use application::{Applicant, Application, BadApplication, NewMember, Signature};
pub use block::BlockRef;
pub use facts::{CompanyFacts, DatasetFacts};
pub use hash::Hash;
pub use keyed::{EntryKey, Keyed};
pub use record::*;

pub use wonbon_primitives::company::{Ksic, Region, RegistrationNumber, Role, Roles, SizeClass};
pub use wonbon_primitives::dataset::{Method, Relation};
pub use wonbon_primitives::id::BadDigest;
pub use wonbon_primitives::membership::{MemberRole, MemberRoles};
pub use wonbon_primitives::share::Share;
pub use wonbon_primitives::{Commitment, DatasetId, Digest, OfferId, OrderId};

/// Korean won.
pub type Balance = u128;
/// Height of a block.
pub type BlockNumber = u32;
/// The terms of an order.
pub type OrderTerms = wonbon_primitives::record::OrderTerms<AccountId, Balance, BlockNumber>;

/// A text as the chain keeps it. Bytes that are not UTF-8 (which the chain refuses) are replaced.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
