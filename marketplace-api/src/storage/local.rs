//! Bytes in a folder of this machine.
//!
//! An object is written to a draft, synced and renamed; the folder is synced too, so that the new name survives a power
//! cut. Files that come and go whole are renamed and linked, never copied.

use std::{
    fs::File,
    io::{self, Write},
    ops::Range,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use wonbon_model::Hash;

use super::{Folder, Source, Storage, StorageError};
use crate::task::blocking;

/// A folder of objects.
#[derive(Debug)]
pub struct LocalStorage {
    root: PathBuf,
}

impl LocalStorage {
    /// A folder, made if it is not there.
    pub fn open(root: &Path) -> Result<Self, StorageError> {
        std::fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// Runs work on the file of an object, on the blocking threads.
    async fn on_file<R: Send + 'static>(
        &self,
        folder: Folder,
        hash: Hash,
        work: impl FnOnce(&Path) -> io::Result<R> + Send + 'static,
    ) -> Result<R, StorageError> {
        let path = self.root.join(folder.name()).join(hash.to_string());
        found(blocking(move || work(&path)).await)?.ok_or(StorageError::Missing)
    }
}

#[async_trait]
impl Storage for LocalStorage {
    fn is_shared(&self) -> bool {
        false
    }

    async fn length(&self, folder: Folder, hash: Hash) -> Result<Option<u64>, StorageError> {
        self.on_file(folder, hash, |path| found(path.metadata().map(|file| file.len()))).await
    }

    async fn get(&self, folder: Folder, hash: Hash) -> Result<Option<Bytes>, StorageError> {
        self.on_file(folder, hash, |path| found(std::fs::read(path).map(Bytes::from))).await
    }

    async fn get_range(&self, folder: Folder, hash: Hash, range: Range<u64>) -> Result<Bytes, StorageError> {
        let read = move |path: &Path| {
            let file = File::open(path)?;
            // Before room is made for it.
            if range.end > file.metadata()?.len() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let length = range.end.saturating_sub(range.start);
            let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
            file.read_exact_at(&mut bytes, range.start)?;
            Ok(bytes.into())
        };
        self.on_file(folder, hash, read).await
    }

    async fn open(&self, folder: Folder, hash: Hash) -> Result<Source, StorageError> {
        self.on_file(folder, hash, |path| File::open(path).map(Source::File)).await
    }

    async fn get_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        let file = file.to_owned();
        self.on_file(folder, hash, move |path| std::fs::hard_link(path, file)).await
    }

    async fn put(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<(), StorageError> {
        let write = move |path: &Path| {
            through_draft(path, &bytes, |draft| std::fs::rename(draft, path))?;
            sync_above(path)
        };
        self.on_file(folder, hash, write).await
    }

    async fn put_if_absent(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<bool, StorageError> {
        let write = move |path: &Path| {
            // A second name can be given once only.
            let named = |draft: &Path| match std::fs::hard_link(draft, path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                linked => linked.map(|()| true),
            };
            let new = through_draft(path, &bytes, named)?;
            sync_above(path)?;
            Ok(new)
        };
        self.on_file(folder, hash, write).await
    }

    async fn put_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        let file = file.to_owned();
        let rename = move |path: &Path| {
            make_folder_of(path)?;
            std::fs::rename(&file, path)?;
            sync_above(path)?;
            sync_above(&file)
        };
        self.on_file(folder, hash, rename).await
    }

    async fn delete(&self, folder: Folder, hash: Hash) -> Result<(), StorageError> {
        let delete = |path: &Path| match found(std::fs::remove_file(path))? {
            Some(()) => sync_above(path),
            None => Ok(()),
        };
        self.on_file(folder, hash, delete).await
    }

    async fn list(&self, folder: Folder) -> Result<Vec<Hash>, StorageError> {
        let path = self.root.join(folder.name());
        let list = move || {
            let Some(entries) = found(std::fs::read_dir(path))? else { return Ok(Vec::new()) };
            let names =
                entries.map(|entry| Ok(entry?.file_name().to_str().and_then(|name| name.parse().ok())));
            names.filter_map(Result::transpose).collect::<io::Result<_>>()
        };
        Ok(blocking(list).await?)
    }
}

/// What there is; `None` if it is not there.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

/// Writes bytes to a synced draft beside a path, and hands it on. Whatever comes of it, no draft is left.
fn through_draft<T>(
    path: &Path,
    bytes: &[u8],
    hand_on: impl FnOnce(&Path) -> io::Result<T>,
) -> io::Result<T> {
    make_folder_of(path)?;
    let draft = path.with_extension(hex::encode(crate::random::bytes::<8>()));
    let written = File::create_new(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written.and_then(|()| hand_on(&draft));
    match found(std::fs::remove_file(&draft)) {
        Err(error) if done.is_ok() => Err(error),
        _ => done,
    }
}

/// The folder of an object.
fn above(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::other("an object has no folder"))
}

fn make_folder_of(path: &Path) -> io::Result<()> {
    let folder = above(path)?;
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    sync_above(folder)
}

/// Makes the names in the folder of a path durable.
fn sync_above(path: &Path) -> io::Result<()> {
    File::open(above(path)?)?.sync_all()
}
