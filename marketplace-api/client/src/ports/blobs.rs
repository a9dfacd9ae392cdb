//! How the bytes of packages and leaf lists come and go.

use super::{Blob, Packages, StorageError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use std::io;

/// Packages and leaf lists, and the passes over them.
#[async_trait]
pub trait Blobs: Packages {
    /// Whether it is here.
    async fn exists(&self, blob: &Blob) -> bool;

    /// Gives it another name, in place of what has that name.
    async fn rename(&self, from: &Blob, to: &Blob) -> Result<(), StorageError>;

    /// Removes it; it may be gone already.
    async fn remove(&self, blob: &Blob) -> Result<(), StorageError>;

    /// Its bytes, to be sent. Nothing is read yet.
    fn outgoing(&self, blob: &Blob) -> Box<dyn Outgoing>;

    /// What it has already, or nothing, to be added to.
    async fn incoming(&self, blob: &Blob) -> Result<Box<dyn Incoming>, StorageError>;
}

/// Bytes that are sent, from any offset on and as often as need be.
#[async_trait]
pub trait Outgoing: Send + Sync {
    /// Where they are, as people know it.
    fn place(&self) -> String;

    /// How many they are.
    async fn length(&self) -> io::Result<u64>;

    /// Those from an offset on.
    async fn read_from(&self, offset: u64) -> io::Result<BoxStream<'static, io::Result<Bytes>>>;
}

/// Bytes that are received. What has come is kept when this is dropped, but for what [`Self::flush`] was not called for.
#[async_trait]
pub trait Incoming: Send + Sync {
    /// Where they go, as people know it.
    fn place(&self) -> String;

    /// How many there are.
    async fn length(&self) -> io::Result<u64>;

    /// Drops those from this one on; there are not fewer.
    async fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Puts bytes behind those that are there.
    async fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Hands over what was added, so that [`Self::length`] counts it.
    async fn flush(&mut self) -> io::Result<()>;

    /// Returns when all of them outlive a crash.
    async fn sync(&mut self) -> io::Result<()>;
}
