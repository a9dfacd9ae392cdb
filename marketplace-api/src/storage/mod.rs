//! Where payloads, trees and documents are kept: the only module that names `object_store`.
//!
//! A store is a local folder, or a bucket of an S3-compatible store that several services share. A name is a
//! folder and 64 hexadecimal digits, so no path from outside reaches a file system. An object appears whole or not
//! at all, is never changed, and is stored for good before a call returns: files and folders are synced; each part
//! that is sent to a bucket is signed with its SHA-256, so that the store refuses one that changed on the way.
//! Payloads of a local store are read straight from their file, any other store through ranged requests.

// The one module that may.
#![allow(clippy::disallowed_types)]

mod body;
mod quota;

use std::{
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    memory::InMemory,
    path::Path as Location,
    prefix::PrefixStore,
    ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, RetryConfig,
};
use thiserror::Error;
use tokio::{io::AsyncReadExt, task::JoinSet};

pub use body::{Downloads, FileBody};
pub(crate) use quota::Reserved;
pub use quota::{OverQuota, Quota};

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
    /// What is known of a published payload, by sealed root.
    Published,
    /// Samples by hash.
    Samples,
    /// What is known of a sample, by its hash.
    SampleNotes,
    /// The hash of the sample that an owner chose to show, by dataset. Of all objects only these are exchanged.
    ChosenSamples,
}

impl Folder {
    fn name(self) -> &'static str {
        match self {
            Self::Payloads => "payloads",
            Self::Trees => "trees",
            Self::Metadata => "metadata",
            Self::Documents => "documents",
            Self::Published => "published",
            Self::Samples => "samples",
            Self::SampleNotes => "sample-notes",
            Self::ChosenSamples => "chosen-samples",
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
    /// Some of its bytes: all that were asked for.
    pub async fn read(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        let wanted = range.end - range.start;
        let bytes = self.store.get_range(&self.location, range).await?;
        match bytes.len() as u64 == wanted {
            true => Ok(bytes),
            false => Err(StoreError::Failed("the store sent fewer bytes than were asked for".to_owned())),
        }
    }
}

/// A bucket of an S3-compatible store: `s3://bucket` or `s3://bucket/prefix`. Endpoint and credentials are not
/// part of it: a command line can be read by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    prefix: Option<Location>,
}

impl FromStr for Bucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let place = text.strip_prefix("s3://").ok_or("expected s3://BUCKET or s3://BUCKET/PREFIX")?;
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if name.is_empty() || !name.bytes().all(plain) {
            return Err("the bucket's name may have letters, digits, '-', '.' and '_'".to_owned());
        }
        let prefix = prefix.trim_end_matches('/');
        if prefix.starts_with('/') || !prefix.bytes().all(|byte| plain(byte) || byte == b'/') {
            return Err("the prefix may have letters, digits, '-', '.', '_' and '/'".to_owned());
        }
        let prefix = (!prefix.is_empty()).then(|| Location::parse(prefix)).transpose();
        Ok(Self { name: name.to_owned(), prefix: prefix.map_err(|error| error.to_string())? })
    }
}

/// How long one request to a bucket may take.
const REQUEST_TIME: Duration = Duration::from_secs(60);
/// How often a request to a bucket is tried again, and for how long.
const RETRIES: usize = 6;
const RETRY_TIME: Duration = Duration::from_secs(90);

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    store: Arc<dyn ObjectStore>,
    local: Option<Arc<LocalFileSystem>>,
}

/// Largest object sent in one request, and the least part of a larger one.
const PART_BYTES: u64 = 8 << 20;
/// Most parts of an object. S3 takes 10,000.
const PARTS: u64 = 9_000;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 3;
/// Bytes asked for at once where an object becomes a file again.
const FETCH_BYTES: u64 = 8 << 20;

impl Store {
    /// A local folder, made if it is not there.
    pub fn local(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let local = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        Ok(Self { store: local.clone(), local: Some(local) })
    }

    /// A bucket. The settings are the usual variables of the environment, such as `AWS_ENDPOINT_URL`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION`; others are passed over. The store is asked
    /// once, so that wrong settings are told at the start and not by the first upload. Parts of an object that a
    /// killed service had sent are left in the bucket: a rule of the bucket for incomplete uploads removes them.
    pub async fn bucket(
        bucket: &Bucket,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, StoreError> {
        // Fails if there is a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIME, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(ClientOptions::new().with_timeout(REQUEST_TIME))
            .with_retry(retry)
            .with_disable_bulk_delete(true);
        for (name, value) in settings.into_iter().filter(|(name, _)| name.starts_with("AWS_")) {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        let s3 = builder.with_bucket_name(&bucket.name).build()?;
        let store: Arc<dyn ObjectStore> = match &bucket.prefix {
            Some(prefix) => Arc::new(PrefixStore::new(s3, prefix.clone())),
            None => Arc::new(s3),
        };
        let store = Self { store, local: None };
        store.length(Folder::Published, Hash::default()).await?;
        Ok(store)
    }

    /// A store in memory, the twin of a bucket in tests.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), local: None }
    }

    /// Whether other services may use it as well.
    pub fn is_shared(&self) -> bool {
        self.local.is_none()
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

    /// Stores a small object unless there is one of that name; `false` if there was. Of several services that do
    /// it at the same time, one does.
    pub async fn put_new(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<bool, StoreError> {
        match self.store.put_opts(&folder.location(hash), bytes.into(), PutMode::Create.into()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an object, if it is there.
    pub async fn remove(&self, folder: Folder, hash: Hash) -> Result<(), StoreError> {
        match self.store.delete(&folder.location(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a finished, synced file into the store; the file is gone afterwards. On the local file system this
    /// is a rename; to a bucket a large file goes in parts, and appears once all are there.
    pub async fn take_file(&self, folder: Folder, hash: Hash, file: PathBuf) -> Result<(), StoreError> {
        let location = folder.location(hash);
        match &self.local {
            Some(local) => {
                let target = local.path_to_filesystem(&location)?;
                blocking(move || rename_durably(&file, &target)).await
            }
            None => {
                self.send(&location, &file).await?;
                Ok(tokio::fs::remove_file(&file).await?)
            }
        }
    }

    async fn send(&self, location: &Location, file: &Path) -> Result<(), StoreError> {
        let mut reader = tokio::fs::File::open(file).await?;
        let length = reader.metadata().await?.len();
        if length <= PART_BYTES {
            let mut bytes = Vec::new();
            reader.take(PART_BYTES).read_to_end(&mut bytes).await?;
            self.store.put(location, bytes.into()).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(location).await?;
        let sent = match send_parts(&mut *upload, &mut reader, part_bytes(length)).await {
            Ok(()) => upload.complete().await.map(drop).map_err(StoreError::from),
            Err(error) => Err(error),
        };
        if sent.is_err() {
            if let Err(error) = upload.abort().await {
                tracing::warn!(%error, "parts of an object may be left in the store");
            }
        }
        sent
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
                let length = self.store.head(&location).await?.size;
                let draft = file.with_extension("draft");
                let mut writer = tokio::fs::File::create(&draft).await?;
                let mut position = 0;
                // In pieces: one request of many gigabytes would outlast any time limit.
                while position < length {
                    let end = length.min(position + FETCH_BYTES);
                    let piece = self.store.get_range(&location, position..end).await?;
                    tokio::io::AsyncWriteExt::write_all(&mut writer, &piece).await?;
                    position = end;
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

/// Bytes of a part of an object, so that there are not too many.
fn part_bytes(length: u64) -> u64 {
    length.div_ceil(PARTS).max(PART_BYTES)
}

/// Sends a file in parts of equal length, the last one shorter. A file that grows or shrinks meanwhile is sent as
/// far as it goes: whoever takes it into the store has checked it and is the only one to touch it.
async fn send_parts(
    upload: &mut dyn MultipartUpload,
    reader: &mut tokio::fs::File,
    part_bytes: u64,
) -> Result<(), StoreError> {
    let mut sending = JoinSet::new();
    loop {
        let mut part = Vec::new();
        (&mut *reader).take(part_bytes).read_to_end(&mut part).await?;
        if part.is_empty() {
            break;
        }
        sending.spawn(upload.put_part(part.into()));
        if sending.len() >= PARTS_AT_ONCE {
            sent(sending.join_next().await)?;
        }
    }
    while let Some(done) = sending.join_next().await {
        sent(Some(done))?;
    }
    Ok(())
}

fn sent(done: Option<Result<object_store::Result<()>, tokio::task::JoinError>>) -> Result<(), StoreError> {
    match done {
        Some(Ok(outcome)) => Ok(outcome?),
        Some(Err(error)) => Err(StoreError::Failed(error.to_string())),
        None => Ok(()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_has_a_name_and_perhaps_a_prefix() {
        let bucket = |text: &str| text.parse::<Bucket>();
        assert_eq!(bucket("s3://wonbon").unwrap().prefix, None);
        assert_eq!(bucket("s3://wonbon/").unwrap(), bucket("s3://wonbon").unwrap());
        let with_prefix = bucket("s3://wonbon.kr/market/one/").unwrap();
        assert_eq!((with_prefix.name.as_str(), with_prefix.prefix), ("wonbon.kr", Some("market/one".into())));
        // A key in the address would stand in the list of processes.
        for bad in [
            "",
            "wonbon",
            "s3://",
            "s3:///x",
            "s3://key:secret@wonbon",
            "s3://a/b?c",
            "s3://a/../b",
            "s3://a//b",
        ] {
            assert!(bucket(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_largest_package_has_no_more_parts_than_a_store_takes() {
        let largest = wonbon_primitives::content::leaf_list::package_length(1 << 38).unwrap();
        let part = part_bytes(largest);
        assert!(largest.div_ceil(part) <= PARTS);
        // Parts on their way and the one that is read are all in memory.
        assert!(part * (PARTS_AT_ONCE as u64 + 1) < 128 << 20);
        assert_eq!(part_bytes(PART_BYTES + 1), PART_BYTES);
    }
}
