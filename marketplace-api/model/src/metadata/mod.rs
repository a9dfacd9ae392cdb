//! Metadata documents of layout `wonbon/metadata/1`: what they hold, their limits, how they are written and read.
//!
//! A document is canonical JSON (see [`crate::canonical`]) whose SHA-256 stands on the chain. It belongs to its author:
//! fields that are not known here are allowed, and its hash is what counts. What is known must have the right type
//! and a sensible size: [`Metadata::read`] says which field is wrong, [`Metadata::salvage`] takes what can be read.
//!
//! A [`Description`] and the [`Profile`] of a file make a document. In it, what is absent is left out; as a part of an
//! answer of the service (its serde form) it is null.

mod profile;
mod read;
mod write;

pub use profile::{Column, ColumnType, Format, Profile, Scalar};
pub use read::BadMetadata;
pub use write::{BadDescription, Canonical, DescribedFile, Description, TooLong};

use crate::Hash;
use serde::{Deserialize, Serialize};

/// The layout that is written and read here.
pub const SCHEMA: &str = "wonbon/metadata/1";

/// The most bytes of a document.
pub const MAX_BYTES: usize = wonbon_primitives::bounds::MAX_METADATA as usize;
/// The longest title, of a dataset or of a text, in characters.
pub const MAX_TITLE: usize = 300;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 20_000;
/// The most keywords.
pub const MAX_KEYWORDS: usize = 64;
/// The longest keyword, in characters.
pub const MAX_KEYWORD: usize = 300;
/// The longest language tag, media type and file name, in characters.
pub const MAX_NAME: usize = 300;
/// The most columns of a profile.
pub const MAX_COLUMNS: usize = 4_096;

/// A metadata document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metadata {
    /// `wonbon/metadata/1`.
    pub schema: String,
    /// What the dataset is called, on one line.
    pub title: String,
    /// What it is, as long as need be.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// BCP 47 tag of title and description, e.g. `ko`.
    #[serde(default)]
    pub language: Option<String>,
    /// Media type of the file.
    #[serde(default)]
    pub media_type: Option<String>,
    /// What the seller called the file, without folders.
    #[serde(default)]
    pub file_name: Option<String>,
    /// Bytes of the file.
    pub length: u64,
    /// SHA-256 of the file. It is not the dataset's id, which is the root of a tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
    /// What the buyer may do.
    #[serde(default)]
    pub licence: Option<TextReference>,
    /// What the buyer must keep secret (비밀유지협약).
    #[serde(default)]
    pub nda: Option<TextReference>,
    /// What the file holds.
    #[serde(default)]
    pub profile: Option<Profile>,
}

/// A text by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextReference {
    /// What the text calls itself.
    pub title: String,
    /// SHA-256 of the text.
    pub sha256: Hash,
}
