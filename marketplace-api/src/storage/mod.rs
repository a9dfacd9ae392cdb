//! Bytes: payloads, trees, documents, samples, applications and what companies keep for their members, behind one trait.
//!
//! [`LocalStorage`] is a folder of this machine; [`S3Storage`] a bucket that several services share, or its twin in
//! memory. All promise what [`Storage`] says, and [`conformance`] checks it on each. A name is a folder and
//! 64 hexadecimal digits, so no path from outside reaches a file system. [`Quota`] says how much of it an account
//! may use.

pub mod conformance;
mod local;
mod object_body;
mod publication;
mod quota;
mod s3;

use std::{fmt::Debug, io, ops::Range, path::Path, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;
use wonbon_model::Hash;

use crate::kv::KvError;

pub use local::LocalStorage;
pub use object_body::{object_body, Downloads, MAX_DOWNLOADS};
pub use publication::Payload;
pub(crate) use publication::Publications;
pub(crate) use quota::Reserved;
pub use quota::{OverQuota, Quota};
pub use s3::{Bucket, S3Storage};

/// What kind of thing is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Applications for companies, by what was signed.
    Applications,
    /// The name of the application that an account handed in, by the account.
    Applicants,
    /// Secrets of companies, each wrapped for one member, by company, epoch and membership.
    WrappedSecrets,
    /// Which epochs of its secrets a company has begun, by both.
    SecretEpochs,
    /// Content keys for members of a company: sealed under its secret, or encrypted to one of them.
    SealedKeys,
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
            Self::Applications => "applications",
            Self::Applicants => "applicants",
            Self::WrappedSecrets => "wrapped-secrets",
            Self::SecretEpochs => "secret-epochs",
            Self::SealedKeys => "sealed-keys",
        }
    }
}

/// Why it was not done. The text is for the log.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// There is no such object.
    #[error("no such object")]
    Missing,
    /// The disk or the bucket failed.
    #[error("the storage failed: {0}")]
    Failed(String),
    /// The rows about what is stored cannot be read or written.
    #[error(transparent)]
    Rows(#[from] KvError),
    /// The account keeps as much as it may. This one text is for the client.
    #[error(transparent)]
    OverQuota(#[from] OverQuota),
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A place for objects. An object appears whole or not at all, and is stored for good before a call returns. What is
/// put under a name that is taken replaces it; only [`Folder::ChosenSamples`] has use for that.
#[async_trait]
pub trait Storage: Debug + Send + Sync + 'static {
    /// Whether other services may use it as well.
    fn is_shared(&self) -> bool;

    /// Bytes of an object; `None` if there is none.
    async fn length(&self, folder: Folder, hash: Hash) -> Result<Option<u64>, StorageError>;

    /// A small object, whole; `None` if there is none.
    async fn get(&self, folder: Folder, hash: Hash) -> Result<Option<Bytes>, StorageError>;

    /// Some bytes of an object: all that were asked for, or an error.
    async fn get_range(&self, folder: Folder, hash: Hash, range: Range<u64>) -> Result<Bytes, StorageError>;

    /// Opens an object, to read any part of it.
    async fn open(&self, folder: Folder, hash: Hash) -> Result<Source, StorageError>;

    /// Makes an object a file again, and leaves it where it is. The file may be a second name of the stored one: it
    /// must not be written to.
    async fn get_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError>;

    /// Stores a small object.
    async fn put(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<(), StorageError>;

    /// Stores a small object unless there is one of that name; `false` if there was. Of several services that do it at
    /// the same time, one does.
    async fn put_if_absent(&self, folder: Folder, hash: Hash, bytes: Bytes) -> Result<bool, StorageError>;

    /// Moves a finished, synced file here. It is gone afterwards, and still there after an error.
    async fn put_file(&self, folder: Folder, hash: Hash, file: &Path) -> Result<(), StorageError>;

    /// Deletes an object, if it is there.
    async fn delete(&self, folder: Folder, hash: Hash) -> Result<(), StorageError>;

    /// The hashes of all objects of a folder, in any order.
    async fn list(&self, folder: Folder) -> Result<Vec<Hash>, StorageError>;
}

/// Where an object's bytes come from.
#[derive(Debug)]
pub enum Source {
    /// A file that can be read at any position.
    File(std::fs::File),
    /// A storage that is asked for ranges.
    Remote(RemoteObject),
}

/// An object that is no file of this machine.
#[derive(Clone, Debug)]
pub struct RemoteObject {
    storage: Arc<dyn Storage>,
    folder: Folder,
    hash: Hash,
}

impl RemoteObject {
    /// Some of its bytes: all that were asked for, or an error.
    pub async fn read(&self, range: Range<u64>) -> Result<Bytes, StorageError> {
        self.storage.get_range(self.folder, self.hash, range).await
    }
}
