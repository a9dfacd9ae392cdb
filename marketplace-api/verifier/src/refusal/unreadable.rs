//! What this program cannot read.

use super::{Part, RecordName};
use serde::Serialize;
use thiserror::Error;

/// This program cannot read the certificate.
// A variant's text says what its fields are.
#[allow(missing_docs)]
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unreadable {
    /// The file is too large for a certificate.
    #[error("it is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// The file is no certificate.
    #[error("it is not a certificate")]
    NotACertificate,
    /// A form of certificates that this program does not know.
    #[error("it is a certificate of version {version}, which this program does not know")]
    Version { version: u8 },
    /// The binary form is damaged.
    #[error("it is damaged: {what}")]
    Damaged { what: String },
    /// The JSON form is damaged.
    #[error("its JSON is not that of a certificate: {what}")]
    Json { what: String },
    /// A header does not decode.
    #[error("{part} does not decode: {what}")]
    Header { part: Part, what: String },
    /// A justification does not decode.
    #[error("the justification of {part} does not decode: {what}")]
    Justification { part: Part, what: String },
    /// The chain runs by rules whose records this program does not know.
    #[error("the chain runs {name} {version}, whose records this program does not know")]
    Runtime { name: String, version: u32 },
    /// A record has a layout that this program does not know.
    #[error("{record} has layout {layout}, which this program does not know")]
    Layout { record: RecordName, layout: u8 },
    /// A record does not decode by its layout.
    #[error("{record} does not decode: {what}")]
    Record { record: RecordName, what: String },
    /// The metadata document is none.
    #[error("the metadata document cannot be read: {what}")]
    Metadata { what: String },
    /// The sample file is none.
    #[error("the sample file cannot be read: {what}")]
    Sample { what: String },
    /// The certificate is older than the proof of seeds.
    #[error("the certificate does not prove the seed of the draw; ask for a newer one")]
    NoSeed,
}
