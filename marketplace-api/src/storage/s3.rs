//! Bytes in a bucket of an S3-compatible store, which several services may share, or in its twin in memory: the only
//! module that names `object_store`.
//!
//! A small object goes in one request, a large file in parts, and appears once all are there. Each part is signed with
//! its SHA-256, so that the store refuses one that changed on the way. Whatever is long is read piece by piece: one
//! request of many gigabytes would outlast any time limit.

// The one module that may.
#![allow(clippy::disallowed_types)]

use std::{io, ops::Range, path::Path, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    memory::InMemory,
    path::Path as Location,
    prefix::PrefixStore,
    ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, RetryConfig,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
};
use wonbon_model::Hash;

use super::{Folder, RemoteObject, Source, Storage, StorageError};

/// How long one request may take.
const REQUEST_TIME: Duration = Duration::from_secs(60);
/// How often a request is tried again.
const RETRIES: usize = 6;
/// How long a request is tried again.
const RETRY_TIME: Duration = Duration::from_secs(90);
/// Bytes of the largest object sent in one request, and the least part of a larger one.
const PART_BYTES: u64 = 8 << 20;
/// Most parts of an object. S3 takes 10,000.
const MAX_PARTS: u64 = 9_000;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 3;
/// Bytes asked for at once where an object becomes a file again.
const FETCH_BYTES: u64 = 8 << 20;

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

/// A bucket, or what is below a prefix of it. Clones share it.
#[derive(Clone, Debug)]
pub struct S3Storage {
    store: Arc<dyn ObjectStore>,
}

impl S3Storage {
    /// An empty one in memory, for tests and for a service without a disk.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()) }
    }

    /// Opens a bucket. The settings are the usual variables of the environment, such as `AWS_ENDPOINT_URL`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION`; others are passed over. The bucket is asked
    /// once, so that wrong settings are told at the start and not by the first upload. Parts of an object that a
    /// killed service had sent are left in the bucket: a rule of the bucket for incomplete uploads removes them.
    pub async fn open(
        bucket: &Bucket,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, StorageError> {
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
        let storage = Self { store };
        storage.length(Folder::Published, Hash::default()).await?;
        Ok(storage)
    }
}

#[async_trait]
impl Storage for S3Storage {
    fn is_shared(&self) -> bool {
        true
    }

    async fn length(&self, folder: Folder, hash: Hash) -> Result<Option<u64>, StorageError> {
        Ok(found(self.store.head(&location(folder, hash)).await)?.map(|meta| meta.size))
    }

    async fn get(&self, folder: Folder, hash: Hash) -> Result<Option<Bytes>, StorageError> {
        match found(self.store.get(&location(folder, hash)).await)? {
            Some(object) => Ok(Some(object.bytes().await?)),
            None => Ok(None),
        }
    }

    async fn get_range(&self, folder: Folder, hash: Hash, range: Range<u64>) -> Result<Bytes, StorageError> {
        let wanted = range.end.saturating_sub(range.start);
        let bytes = self.store.get_range(&location(folder, hash), range).await?;
        match bytes.len() as u64 == wanted {
            true => Ok(bytes),
            false => Err(StorageError::Failed("the bucket sent fewer bytes than were asked for".to_owned())),
        }
    }

    async fn open(&self, folder: Folder, hash: Hash) -> Result<Source, StorageError> {
        self.store.head(&location(folder, hash)).await?;
        Ok(Source::Remote(RemoteObject { storage: Arc::new(self.clone()), folder, hash }))
    }

    async fn get_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        let length = self.store.head(&location(folder, hash)).await?.size;
        let draft = file.with_extension("draft");
        let mut writer = tokio::fs::File::create(&draft).await?;
        let mut position = 0;
        while position < length {
            let end = length.min(position + FETCH_BYTES);
            writer.write_all(&self.get_range(folder, hash, position..end).await?).await?;
            position = end;
        }
        writer.sync_all().await?;
        Ok(tokio::fs::rename(&draft, file).await?)
    }

    async fn put(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<(), StorageError> {
        self.store.put(&location(folder, hash), bytes.into()).await?;
        Ok(())
    }

    async fn put_if_absent(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<bool, StorageError> {
        match self.store.put_opts(&location(folder, hash), bytes.into(), PutMode::Create.into()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn put_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError> {
        self.send(&location(folder, hash), file).await?;
        Ok(tokio::fs::remove_file(file).await?)
    }

    async fn delete(&self, folder: Folder, hash: Hash) -> Result<(), StorageError> {
        found(self.store.delete(&location(folder, hash)).await).map(|_| ())
    }

    async fn list(&self, folder: Folder) -> Result<Vec<Hash>, StorageError> {
        let found: Vec<_> = self.store.list(Some(&Location::from(folder.name()))).try_collect().await?;
        Ok(found.iter().filter_map(|meta| meta.location.filename()?.parse().ok()).collect())
    }
}

impl S3Storage {
    /// Sends a file, in parts if it is large. After a failure no part is left, if the bucket can be reached.
    async fn send(&self, location: &Location, file: &Path) -> Result<(), StorageError> {
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
            Ok(()) => upload.complete().await.map(drop).map_err(StorageError::from),
            Err(error) => Err(error),
        };
        if sent.is_err() {
            if let Err(error) = upload.abort().await {
                tracing::warn!(%error, "parts of an object may be left in the bucket");
            }
        }
        sent
    }
}

/// What there is; `None` if it is not there.
fn found<T>(result: object_store::Result<T>) -> Result<Option<T>, StorageError> {
    match result {
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        result => Ok(Some(result?)),
    }
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Failed(other.to_string()),
        }
    }
}

fn location(folder: Folder, hash: Hash) -> Location {
    Location::from_iter([folder.name(), hash.to_string().as_str()])
}

/// Bytes of a part of an object, so that there are not too many.
fn part_bytes(length: u64) -> u64 {
    length.div_ceil(MAX_PARTS).max(PART_BYTES)
}

/// Sends a file in parts of equal length, the last one shorter. A file that grows or shrinks meanwhile is sent as
/// far as it goes: whoever stores it has checked it and is the only one to touch it.
async fn send_parts(
    upload: &mut dyn MultipartUpload,
    reader: &mut tokio::fs::File,
    part_bytes: u64,
) -> Result<(), StorageError> {
    let mut sending = JoinSet::new();
    loop {
        let mut part = Vec::new();
        (&mut *reader).take(part_bytes).read_to_end(&mut part).await?;
        if part.is_empty() {
            break;
        }
        sending.spawn(upload.put_part(part.into()));
        if sending.len() >= PARTS_AT_ONCE {
            if let Some(sent) = sending.join_next().await {
                sent.map_err(io::Error::other)??;
            }
        }
    }
    while let Some(sent) = sending.join_next().await {
        sent.map_err(io::Error::other)??;
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
        assert!(largest.div_ceil(part) <= MAX_PARTS);
        // Parts on their way and the one that is read are all in memory.
        assert!(part * (PARTS_AT_ONCE as u64 + 1) < 128 << 20);
        assert_eq!(part_bytes(PART_BYTES + 1), PART_BYTES);
    }
}
