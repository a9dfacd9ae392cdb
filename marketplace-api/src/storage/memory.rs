//! The in-memory twin of a bucket, for tests and for a service without a disk. Clones share their objects.

use std::{
    collections::BTreeMap,
    io,
    ops::Range,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use wonbon_model::Hash;

use super::{Folder, RemoteObject, Source, Storage, StorageError};

type Objects = BTreeMap<(Folder, Hash), Bytes>;

/// Objects in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage(Arc<Mutex<Objects>>);

impl MemoryStorage {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn object(&self, folder: Folder, hash: Hash) -> Option<Bytes> {
        self.objects().get(&(folder, hash)).cloned()
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    fn is_shared(&self) -> bool {
        true
    }

    async fn length(&self, folder: Folder, hash: Hash) -> Result<Option<u64>, StorageError> {
        Ok(self.object(folder, hash).map(|bytes| bytes.len() as u64))
    }

    async fn get(&self, folder: Folder, hash: Hash) -> Result<Option<Bytes>, StorageError> {
        Ok(self.object(folder, hash))
    }

    async fn get_range(&self, folder: Folder, hash: Hash, range: Range<u64>) -> Result<Bytes, StorageError> {
        let bytes = self.object(folder, hash).ok_or(StorageError::Missing)?;
        if range.end > bytes.len() as u64 || range.start > range.end {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        // Within the object, so within an address.
        Ok(bytes.slice(range.start as usize..range.end as usize))
    }

    async fn open(&self, folder: Folder, hash: Hash) -> Result<Source, StorageError> {
        self.object(folder, hash).ok_or(StorageError::Missing)?;
        Ok(Source::Remote(RemoteObject { storage: Arc::new(self.clone()), folder, hash }))
    }

    async fn get_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        let bytes = self.object(folder, hash).ok_or(StorageError::Missing)?;
        Ok(tokio::fs::write(file, bytes).await?)
    }

    async fn put(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<(), StorageError> {
        self.objects().insert((folder, hash), bytes);
        Ok(())
    }

    async fn put_if_absent(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<bool, StorageError> {
        let mut objects = self.objects();
        let new = !objects.contains_key(&(folder, hash));
        if new {
            objects.insert((folder, hash), bytes);
        }
        Ok(new)
    }

    async fn put_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        let bytes = tokio::fs::read(file).await?;
        self.put(folder, hash, bytes.into()).await?;
        Ok(tokio::fs::remove_file(file).await?)
    }

    async fn delete(&self, folder: Folder, hash: Hash) -> Result<(), StorageError> {
        self.objects().remove(&(folder, hash));
        Ok(())
    }

    async fn list(&self, folder: Folder) -> Result<Vec<Hash>, StorageError> {
        Ok(self.objects().keys().filter(|(other, _)| *other == folder).map(|(_, hash)| *hash).collect())
    }
}
