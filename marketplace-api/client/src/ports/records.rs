//! Small things that must be there again after a crash: journals and sealings.

use super::StorageError;
use async_trait::async_trait;
use std::fmt;

/// Records of one kind, each by its name: small, secret to its owner, and written whole or not at all.
#[async_trait]
pub trait Records: Send + Sync {
    /// Where a record is, as people know it.
    fn place(&self, name: &str) -> String;

    /// The names of all records, in order.
    async fn names(&self) -> Result<Vec<String>, StorageError>;

    /// A record; `None` if there is none of this name.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError>;

    /// Writes a record in place of what is there. Once it returns the record outlives a crash; a crash meanwhile
    /// leaves the old one or the new one.
    async fn replace(&self, name: &str, record: &[u8]) -> Result<(), StorageError>;

    /// Writes a record and promises the same, unless there is one of this name: then that one stays and the answer is
    /// `false`.
    async fn create(&self, name: &str, record: &[u8]) -> Result<bool, StorageError>;

    /// Removes a record, which may be gone already.
    async fn remove(&self, name: &str) -> Result<(), StorageError>;

    /// Locks a name, which needs no record; `None` if another process or task holds it. Does not wait.
    async fn try_lock(&self, name: &str) -> Result<Option<Lock>, StorageError>;
}

/// Held by the one who may go on. It ends when it is dropped, or with its process, however that ends.
pub struct Lock(#[allow(dead_code)] Box<dyn Send + Sync>);

impl Lock {
    /// A lock that ends when `held` is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self(Box::new(held))
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}
