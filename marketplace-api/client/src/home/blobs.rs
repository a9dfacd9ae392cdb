//! Packages and leaf lists as files.

use super::lock::failed;
use super::records::remove;
use super::{GrowingFile, WholeFile};
use crate::files;
use crate::ports::{Blob, Blobs, Incoming, Outgoing, StorageError};
use async_trait::async_trait;
use std::path::{Path, PathBuf};

/// The large files of a home.
#[derive(Debug, Clone)]
pub(super) struct FileBlobs {
    home: PathBuf,
}

impl FileBlobs {
    pub(super) fn new(home: PathBuf) -> Self {
        Self { home }
    }

    pub(super) fn path(&self, blob: &Blob) -> PathBuf {
        let (folder, name) = match blob {
            Blob::Sealed(name) => ("publications", format!("{name}.package")),
            Blob::Incoming(name) => ("packages", format!("{name}.part")),
            Blob::Bought(name) => ("packages", format!("{name}.package")),
            Blob::LeafList(dataset) => ("sealings", format!("{dataset}.leaves")),
            Blob::FetchedLeafList(dataset) => ("publications", format!("{dataset}.leaves")),
        };
        self.home.join(folder).join(name)
    }

    /// Its path, in a folder that exists.
    pub(super) fn made_path(&self, blob: &Blob) -> Result<PathBuf, StorageError> {
        let path = self.path(blob);
        let folder = path.parent().unwrap_or(&self.home);
        files::private_folder(folder).map_err(failed(folder))?;
        Ok(path)
    }
}

#[async_trait]
impl Blobs for FileBlobs {
    async fn exists(&self, blob: &Blob) -> bool {
        self.path(blob).exists()
    }

    async fn rename(&self, from: &Blob, to: &Blob) -> Result<(), StorageError> {
        let from = self.path(from);
        std::fs::rename(&from, self.made_path(to)?).map_err(failed(&from))
    }

    async fn remove(&self, blob: &Blob) -> Result<(), StorageError> {
        remove(&self.path(blob))
    }

    fn outgoing(&self, blob: &Blob) -> Box<dyn Outgoing> {
        Box::new(WholeFile::new(self.path(blob)))
    }

    async fn incoming(&self, blob: &Blob) -> Result<Box<dyn Incoming>, StorageError> {
        Ok(Box::new(GrowingFile::open(self.made_path(blob)?).await?))
    }
}

/// Removes what publications that were killed left behind in their folder: what they were sealing, and packages without
/// a journal.
pub(super) fn remove_leftovers(publications: &Path) -> Result<(), StorageError> {
    for entry in std::fs::read_dir(publications).map_err(failed(publications))? {
        let path = entry.map_err(failed(publications))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unfinished = name.starts_with('.') && name.contains(".package.") && name.ends_with(".part");
        let orphan = name.ends_with(".package") && !path.with_extension("json").exists();
        if unfinished || orphan {
            tracing::info!(path = %path.display(), "left behind, and removed");
            remove(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_goes_on_with_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let kept = [".lock-all", "aa.json", "aa.package", "notes.part", "notes.txt"];
        for name in kept.iter().chain(&[".aa.package.0123456789abcdef.part", "bb.package"]) {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        remove_leftovers(folder.path()).unwrap();
        let left = std::fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, kept);
    }
}
