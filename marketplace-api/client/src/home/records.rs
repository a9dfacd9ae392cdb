//! Records as small files, `<name>.json` each.

use super::lock::{self, failed};
use crate::files;
use crate::ports::{Lock, Records, StorageError};
use async_trait::async_trait;
use std::io;
use std::path::{Path, PathBuf};

/// The records in one folder.
#[derive(Debug, Clone)]
pub(super) struct FileRecords {
    folder: PathBuf,
}

impl FileRecords {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }
}

#[async_trait]
impl Records for FileRecords {
    fn place(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    async fn names(&self) -> Result<Vec<String>, StorageError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&self.folder)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed(&self.folder))?.file_name();
            names.extend(name.to_string_lossy().strip_suffix(".json").map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let path = self.path(name);
        match std::fs::read(&path) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path)(error)),
        }
    }

    async fn replace(&self, name: &str, record: &[u8]) -> Result<(), StorageError> {
        files::private_folder(&self.folder).map_err(failed(&self.folder))?;
        let path = self.path(name);
        files::replace(&path, record).map_err(failed(&path))
    }

    async fn create(&self, name: &str, record: &[u8]) -> Result<bool, StorageError> {
        files::private_folder(&self.folder).map_err(failed(&self.folder))?;
        let path = self.path(name);
        match files::create_new(&path, record) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(&path)(error)),
        }
    }

    async fn remove(&self, name: &str) -> Result<(), StorageError> {
        remove(&self.path(name))
    }

    async fn try_lock(&self, name: &str) -> Result<Option<Lock>, StorageError> {
        lock::try_lock(&self.folder, name)
    }
}

/// Removes a file that may be gone.
pub(super) fn remove(path: &Path) -> Result<(), StorageError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_record_is_there_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let records = FileRecords::new(folder.path().join("sealings"));
        assert_eq!((records.names().await.unwrap(), records.read("a").await.unwrap()), (vec![], None));
        assert!(records.create("b", b"1").await.unwrap());
        assert!(!records.create("b", b"2").await.unwrap());
        records.replace("a", b"3").await.unwrap();
        let _lock = records.try_lock("b").await.unwrap();
        assert_eq!(records.names().await.unwrap(), ["a", "b"]);
        assert_eq!(records.read("b").await.unwrap().as_deref(), Some(&b"1"[..]));
        records.remove("b").await.unwrap();
        records.remove("b").await.unwrap();
        assert_eq!(records.names().await.unwrap(), ["a"]);
    }
}
