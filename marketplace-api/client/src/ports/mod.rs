//! What the procedures need around them, as traits: the command, local pages and a browser each bring their own.
//!
//! - [`Source`]: the bytes that are sold; [`Sink`]: where bought bytes go.
//! - [`Home`]: what one company keeps: [`Records`] (journals and sealings), [`Blobs`] (packages and leaf lists) and the
//!   [`Packages`] passes over them.
//! - [`Clock`] waits, and says what time it is.
//!
//! Sources, sinks and blobs of one home belong together: a source seals into a blob of the home that gave it.
//! [`crate::home`] has all of them over files.

mod blob;
mod blobs;
mod clock;
mod home;
mod packages;
mod records;
mod sink;
mod source;

pub use blob::Blob;
pub use blobs::{Blobs, Incoming, Outgoing};
pub use clock::Clock;
pub use home::Home;
pub use packages::{OldLeaves, Packages};
pub use records::{Lock, Records};
pub use sink::{Sink, UnusablePlace};
pub use source::{Changed, Source, SourceIdentity};

use std::io;
use std::sync::Arc;
use thiserror::Error;
use wonbon_package::PackageError;

/// Called with the bytes that are done so far. Must not block.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// A [`Progress`] that nobody looks at.
pub fn no_progress() -> Progress {
    Arc::new(|_| {})
}

/// Something that is kept cannot be read or written.
#[derive(Debug, Error)]
#[error("cannot use {place}: {error}")]
pub struct StorageError {
    /// Where it is, as people know it: a path, say.
    pub place: String,
    /// What the system says.
    pub error: io::Error,
}

impl StorageError {
    /// For an error at a place.
    pub fn at(place: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let place = place.into();
        move |error| Self { place, error }
    }
}

/// What a pass over bytes comes to.
pub type Passed<T = ()> = Result<T, PassError>;

/// Why a pass over bytes did not come to its end, or did not find what it should.
#[derive(Debug, Error)]
pub enum PassError {
    /// Something cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The bytes are not what they should be.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The source is not the one that it should be.
    #[error("{0} is another file than expected")]
    OtherSource(String),
    /// The bytes changed while they were read.
    #[error("{0} changed while it was read")]
    Changed(String),
    /// The result would be written over what it is made from.
    #[error("{0} would be overwritten by its own result")]
    OverItself(String),
    /// The pass was stopped.
    #[error("cancelled")]
    Cancelled,
}

impl PassError {
    /// Whether another download may help.
    pub fn is_corruption(&self) -> bool {
        matches!(self, Self::Package(cause) if cause.is_corruption())
    }
}
