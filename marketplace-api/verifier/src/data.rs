//! Whether a file is the dataset that claims are about.

use crate::{
    claims::Dataset,
    refusal::{Invalid, Refusal},
    value::Hex,
};
use std::{io, path::Path};
use thiserror::Error;
use wonbon_package::files::{commit_file, FileError, Watch};

/// Why a file is not found to be the dataset.
#[derive(Debug, Error)]
pub enum BadFile {
    /// It is another file.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(FileError),
}

/// Checks that a file is the dataset, byte for byte: in one pass, in constant memory, on every core.
pub fn check(path: &Path, dataset: &Dataset, watch: &Watch<'_>) -> Result<(), BadFile> {
    let refused = |reason: Invalid| BadFile::Refused(reason.into());
    let unreadable =
        |source| BadFile::Unreadable(FileError::Io { doing: "read", path: path.to_owned(), source });
    let metadata = path.metadata().map_err(unreadable)?;
    // A pipe has no length, and what it gives can be read once only.
    if !metadata.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")));
    }
    // An empty file has no root, and one of another length need not be read.
    let expected = u64::try_from(dataset.length.0).unwrap_or(u64::MAX);
    if metadata.len() != expected {
        return Err(refused(Invalid::FileLength { expected, found: metadata.len() }));
    }
    let found = commit_file(path, watch).map_err(BadFile::Unreadable)?;
    if found.length != expected {
        return Err(refused(Invalid::FileLength { expected, found: found.length }));
    }
    if Hex(found.root) != dataset.id {
        return Err(refused(Invalid::FileRoot { expected: dataset.id, found: found.root.into() }));
    }
    Ok(())
}
