//! Where payloads, trees and documents are kept: the only module that names `object_store`.
//!
//! A name is a folder and 64 hexadecimal digits, so no path from outside reaches a file system. What is stored is
//! immutable and on disk before a call returns (files and folders are synced). Payloads of a local store are read
//! straight from their file; any other store is read through ranged requests.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{
    local::LocalFileSystem, memory::InMemory, path::Path as Location, ObjectStore, ObjectStoreExt,
};
use thiserror::Error;

use crate::model::Hash;

/// What kind of thing is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Packages by sealed root.
    Payloads,
    /// Sealed leaf hashes by sealed root.
    Trees,
    /// Metadata documents by hash.
    Metadata,
    /// Licence and agreement texts by hash.
    Documents,
}

impl Folder {
    fn name(self) -> &'static str {
        match self {
            Self::Payloads => "payloads",
            Self::Trees => "trees",
            Self::Metadata => "metadata",
            Self::Documents => "documents",
        }
    }

    fn location(self, hash: Hash) -> Location {
        Location::from_iter([self.name(), hash.to_string().as_str()])
    }
}

/// Why the store did not do it. The text is for the log.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such object.
    #[error("no such object")]
    Missing,
    /// The store failed.
    #[error("the payload store failed: {0}")]
    Failed(String),
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// Where an object's bytes come from.
#[derive(Debug)]
pub enum Source {
    /// A file that can be read at any position.
    File(std::fs::File),
    /// A store that is asked for ranges.
    Remote(RemoteObject),
}

/// An object of a store that is not a local folder.
#[derive(Clone, Debug)]
pub struct RemoteObject {
    store: Arc<dyn ObjectStore>,
    location: Location,
}

impl RemoteObject {
    /// Some of its bytes.
    pub async fn read(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        Ok(self.store.get_range(&self.location, range).await?)
    }
}

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    store: Arc<dyn ObjectStore>,
    local: Option<Arc<LocalFileSystem>>,
}

/// Largest part of a file sent to a store that is not a local folder.
const PART_BYTES: usize = 8 << 20;

impl Store {
    /// A local folder, made if it is not there.
    pub fn local(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let local = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        Ok(Self { store: local.clone(), local: Some(local) })
    }

    /// A store in memory, the twin of a remote one in tests.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), local: None }
    }

    /// Bytes of an object; `None` if there is none.
    pub async fn length(&self, folder: Folder, hash: Hash) -> Result<Option<u64>, StoreError> {
        match self.store.head(&folder.location(hash)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores a small object.
    pub async fn put(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<(), StoreError> {
        self.store.put(&folder.location(hash), bytes.into()).await?;
        Ok(())
    }

    /// A small object.
    pub async fn get(&self, folder: Folder, hash: Hash) -> Result<Option<Bytes>, StoreError> {
        match self.store.get(&folder.location(hash)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a finished, synced file into the store; the file is gone afterwards. On the local file system this
    /// is a rename, so the object is there whole or not at all.
    pub async fn take_file(&self, folder: Folder, hash: Hash, file: PathBuf) -> Result<(), StoreError> {
        let location = folder.location(hash);
        match &self.local {
            Some(local) => {
                let target = local.path_to_filesystem(&location)?;
                blocking(move || rename_durably(&file, &target)).await
            }
            None => {
                let mut reader = tokio::fs::File::open(&file).await?;
                let mut upload = self.store.put_multipart(&location).await?;
                loop {
                    let mut part = Vec::with_capacity(PART_BYTES);
                    let mut some = tokio::io::AsyncReadExt::take(&mut reader, PART_BYTES as u64);
                    if tokio::io::AsyncReadExt::read_to_end(&mut some, &mut part).await? == 0 {
                        break;
                    }
                    if let Err(error) = upload.put_part(part.into()).await {
                        upload.abort().await?;
                        return Err(error.into());
                    }
                }
                upload.complete().await?;
                tokio::fs::remove_file(&file).await?;
                Ok(())
            }
        }
    }

    /// Makes an object a file again, and leaves it in the store. On the local file system this is a second name
    /// of the same file: it must not be written to.
    pub async fn fetch_file(&self, folder: Folder, hash: Hash, file: PathBuf) -> Result<(), StoreError> {
        let location = folder.location(hash);
        match &self.local {
            Some(local) => {
                let path = local.path_to_filesystem(&location)?;
                blocking(move || Ok(std::fs::hard_link(path, file)?)).await
            }
            None => {
                let mut parts = self.store.get(&location).await?.into_stream();
                let draft = file.with_extension("draft");
                let mut writer = tokio::fs::File::create(&draft).await?;
                while let Some(part) = parts.try_next().await? {
                    tokio::io::AsyncWriteExt::write_all(&mut writer, &part).await?;
                }
                writer.sync_all().await?;
                Ok(tokio::fs::rename(&draft, &file).await?)
            }
        }
    }

    /// Opens an object for reading.
    pub async fn open(&self, folder: Folder, hash: Hash) -> Result<Source, StoreError> {
        let location = folder.location(hash);
        match &self.local {
            Some(local) => {
                let path = local.path_to_filesystem(&location)?;
                blocking(move || Ok(Source::File(std::fs::File::open(path)?))).await
            }
            None => {
                self.store.head(&location).await?;
                Ok(Source::Remote(RemoteObject { store: self.store.clone(), location }))
            }
        }
    }

    /// The hashes of all objects of a folder.
    pub async fn list(&self, folder: Folder) -> Result<Vec<Hash>, StoreError> {
        let prefix = Location::from(folder.name());
        let found: Vec<_> = self.store.list(Some(&prefix)).try_collect().await?;
        Ok(found.iter().filter_map(|meta| meta.location.filename()?.parse().ok()).collect())
    }
}

async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, StoreError> + Send + 'static,
) -> Result<R, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
}

/// Renames a file, and syncs both folders so that the new name survives a power cut.
fn rename_durably(from: &Path, to: &Path) -> Result<(), StoreError> {
    let folder = to.parent().ok_or_else(|| StoreError::Failed("an object has no folder".into()))?;
    if !folder.is_dir() {
        std::fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            std::fs::File::open(above)?.sync_all()?;
        }
    }
    std::fs::rename(from, to)?;
    std::fs::File::open(folder)?.sync_all()?;
    if let Some(folder) = from.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
