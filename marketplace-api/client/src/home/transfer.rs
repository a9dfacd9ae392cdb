//! Files that are sent and received.

use super::lock::failed;
use crate::ports::{Incoming, Outgoing, StorageError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt};
use std::io;
use std::path::PathBuf;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter, SeekFrom};
use tokio_util::io::ReaderStream;

/// Bytes that are read from a file at a time.
const READ_BYTES: usize = 256 * 1024;
/// Bytes that are written to a file at a time.
const WRITE_BUFFER_BYTES: usize = 1 << 20;

/// A file that is sent.
#[derive(Debug, Clone)]
pub struct WholeFile {
    path: PathBuf,
}

impl WholeFile {
    /// The file at a path. Nothing is opened yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

#[async_trait]
impl Outgoing for WholeFile {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    async fn length(&self) -> io::Result<u64> {
        Ok(tokio::fs::metadata(&self.path).await?.len())
    }

    async fn read_from(&self, offset: u64) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let mut file = File::open(&self.path).await?;
        file.seek(SeekFrom::Start(offset)).await?;
        Ok(ReaderStream::with_capacity(file, READ_BYTES).boxed())
    }
}

/// A file that is received, into which nobody else writes meanwhile.
#[derive(Debug)]
pub struct GrowingFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl GrowingFile {
    /// What a path has already, or an empty file there.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let path = path.into();
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).await;
        let mut file = file.map_err(failed(&path))?;
        file.seek(SeekFrom::End(0)).await.map_err(failed(&path))?;
        Ok(Self { path, file: BufWriter::with_capacity(WRITE_BUFFER_BYTES, file) })
    }
}

#[async_trait]
impl Incoming for GrowingFile {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    async fn length(&self) -> io::Result<u64> {
        Ok(self.file.get_ref().metadata().await?.len())
    }

    async fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.flush().await?;
        self.file.get_ref().set_len(length).await?;
        self.file.seek(SeekFrom::Start(length)).await?;
        Ok(())
    }

    async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    async fn sync(&mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.get_ref().sync_all().await
    }
}
