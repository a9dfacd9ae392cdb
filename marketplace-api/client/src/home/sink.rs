//! A file as a sink; its name is its absolute path.

use super::blobs::FileBlobs;
use super::blocking::blocking;
use super::lock::failed;
use crate::ports::{Blob, Passed, Progress, Sink, StorageError, UnusablePlace};
use async_trait::async_trait;
use std::io;
use std::path::{Path, PathBuf};
use wonbon_package::files::{commit_file, open_file};
use wonbon_package::Sealed;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// A place for a file that is bought.
pub(super) struct FileSink {
    name: String,
    path: PathBuf,
    blobs: FileBlobs,
}

impl FileSink {
    pub(super) fn new(name: &str, blobs: FileBlobs) -> Result<Self, StorageError> {
        let given = Path::new(name);
        let path = std::path::absolute(given).map_err(failed(given))?;
        let name = path.to_str().ok_or_else(|| failed(given)(io::Error::other("its path is not UTF-8")))?;
        Ok(Self { name: name.to_owned(), path, blobs })
    }
}

#[async_trait]
impl Sink for FileSink {
    fn name(&self) -> &str {
        &self.name
    }

    async fn check(&self) -> Result<(), UnusablePlace> {
        if self.path.is_dir() {
            return Err(UnusablePlace::Folder);
        }
        match self.path.parent() {
            Some(folder) if folder.is_dir() => Ok(()),
            _ => Err(UnusablePlace::NoFolder),
        }
    }

    async fn length(&self) -> Option<u64> {
        let about = self.path.symlink_metadata().ok()?;
        // A link may lead to a file, or to nothing.
        Some(self.path.metadata().map_or(about.len(), |about| about.len()))
    }

    async fn commit(&self, progress: Progress) -> Passed<Commitment> {
        let path = self.path.clone();
        blocking(progress, move |watch| commit_file(&path, watch)).await
    }

    async fn open(&self, package: &Blob, key: &ContentKey, expected: &Sealed, progress: Progress) -> Passed {
        let (package, path, key, expected) =
            (self.blobs.path(package), self.path.clone(), key.clone(), *expected);
        blocking(progress, move |watch| open_file(&package, &path, &key, &expected, watch)).await
    }
}
