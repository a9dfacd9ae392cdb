//! A file as a source; its name is its path.

use super::blobs::FileBlobs;
use super::blocking::blocking;
use super::lock::failed;
use crate::ports::{no_progress, Blob, Changed, Passed, Progress, Source, SourceIdentity, StorageError};
use async_trait::async_trait;
use std::io;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;
use wonbon_package::files::{block_ranges, seal_file, select_blocks, unproved_ranges};
use wonbon_package::Sealed;
use wonbon_primitives::content::range::BlockRange;
use wonbon_primitives::sample::rows::Selection;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// A file that is sold.
pub(super) struct FileSource {
    name: String,
    path: PathBuf,
    blobs: FileBlobs,
}

impl FileSource {
    pub(super) fn new(name: &str, blobs: FileBlobs) -> Self {
        Self { name: name.to_owned(), path: PathBuf::from(name), blobs }
    }
}

#[async_trait]
impl Source for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn file_name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    async fn length(&self) -> Result<u64, StorageError> {
        let about = std::fs::metadata(&self.path).map_err(failed(&self.path))?;
        match about.is_file() {
            true => Ok(about.len()),
            false => Err(failed(&self.path)(io::Error::other("it is no file"))),
        }
    }

    async fn identity(&self) -> Result<SourceIdentity, StorageError> {
        let path = std::fs::canonicalize(&self.path).map_err(failed(&self.path))?;
        let modified = std::fs::metadata(&path).and_then(|about| about.modified());
        let since = modified.map_err(failed(&self.path))?.duration_since(UNIX_EPOCH);
        let since = since.map_err(|error| failed(&self.path)(io::Error::other(error)))?;
        let name = path.into_os_string().into_string();
        let name = name.map_err(|_| failed(&self.path)(io::Error::other("its path is not UTF-8")))?;
        let changed = Changed { secs_since_epoch: since.as_secs(), nanos_since_epoch: since.subsec_nanos() };
        Ok(SourceIdentity { name, changed })
    }

    async fn seal(&self, package: &Blob, key: &ContentKey, progress: Progress) -> Passed<Sealed> {
        let (path, package, key) = (self.path.clone(), self.blobs.made_path(package)?, key.clone());
        blocking(progress, move |watch| seal_file(&path, &package, &key, watch)).await
    }

    async fn block_ranges(
        &self,
        indices: Vec<u64>,
        progress: Progress,
    ) -> Passed<(Commitment, Vec<BlockRange>)> {
        let path = self.path.clone();
        blocking(progress, move |watch| block_ranges(&path, indices, watch)).await
    }

    async fn select_blocks(&self, drawn: Vec<u64>, most: u64, rows_are_lines: bool) -> Passed<Selection> {
        let path = self.path.clone();
        blocking(no_progress(), move |_| select_blocks(&path, &drawn, most, rows_are_lines)).await
    }

    async fn unproved_ranges(&self, indices: Vec<u64>) -> Passed<Vec<BlockRange>> {
        let path = self.path.clone();
        blocking(no_progress(), move |_| unproved_ranges(&path, indices)).await
    }
}
