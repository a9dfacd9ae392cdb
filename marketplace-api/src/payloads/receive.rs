//! Receiving the bytes of an upload.
//!
//! Bytes are written as they come; every so often a sync runs beside the receiving and moves the offset on. A
//! connection that breaks loses nothing that arrived; a killed process loses what came after the last sync.

use std::{fs::File, io, sync::Arc, time::Instant};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::{task::JoinHandle, time::Duration};
use wonbon_model::AccountId;

use super::{upload::Stage, Payloads, Upload, UploadError, UploadStatus, LONGEST_WAIT};
use crate::task::{blocking, run_to_completion};

/// Bytes gathered before they are written.
const WRITE_BYTES: usize = 1 << 20;
/// Bytes after which a sync is started.
const SYNC_BYTES: u64 = 32 << 20;
/// Time after which a sync is started.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// How long the next bytes may take.
const LONGEST_STALL: Duration = Duration::from_secs(60);

impl Payloads {
    /// Appends bytes at an offset. With the last byte the package is checked and published.
    ///
    /// Runs to its end even if the caller goes away, so that what arrived counts.
    pub async fn append<S, E>(
        self: &Arc<Self>,
        account: AccountId,
        id: &str,
        offset: u64,
        announced: Option<u64>,
        body: S,
    ) -> Result<UploadStatus, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static,
        E: std::fmt::Display + Send,
    {
        let upload = self.upload(account, id)?;
        let payloads = self.clone();
        let work = async move {
            let interrupted = upload.interrupt();
            let _turn = tokio::time::timeout(LONGEST_WAIT, upload.turn.lock())
                .await
                .map_err(|_| UploadError::Busy)?;
            if upload.stage() == Stage::Gone {
                return Err(UploadError::Missing);
            }
            let length = upload.manifest.package_length;
            if upload.offset() != offset {
                return Err(UploadError::Offset { offset: upload.offset() });
            }
            if announced.is_some_and(|announced| announced > length - offset) {
                return Err(UploadError::Overflow { length });
            }
            if upload.stage() == Stage::Receiving {
                if offset < length {
                    let receiver = Receiver::open(upload.clone(), offset).await?;
                    receiver.receive(body, &interrupted).await?;
                }
                if upload.offset() == length {
                    payloads.publish(&upload).await?;
                }
            }
            Ok(payloads.describe(&upload))
        };
        run_to_completion(work).await
    }
}

struct Receiver {
    upload: Arc<Upload>,
    file: Arc<File>,
    written: u64,
    pending: Vec<Bytes>,
    pending_bytes: usize,
    syncing: Option<JoinHandle<io::Result<()>>>,
    synced: u64,
    synced_at: Instant,
}

impl Receiver {
    async fn open(upload: Arc<Upload>, offset: u64) -> Result<Self, UploadError> {
        let opened = upload.clone();
        Ok(Self {
            upload,
            file: blocking(move || opened.open_data()).await?,
            written: offset,
            pending: Vec::new(),
            pending_bytes: 0,
            syncing: None,
            synced: offset,
            synced_at: Instant::now(),
        })
    }

    async fn receive<S, E>(
        mut self,
        mut body: S,
        interrupted: &tokio_util::sync::CancellationToken,
    ) -> Result<(), UploadError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let length = self.upload.manifest.package_length;
        let end = loop {
            let next = tokio::select! {
                () = interrupted.cancelled() => break Err(UploadError::CutOff("another request took over".into())),
                next = tokio::time::timeout(LONGEST_STALL, body.next()) => next,
            };
            let chunk = match next {
                Err(_) => break Err(UploadError::CutOff("no byte arrived for a while".into())),
                Ok(None) => break Ok(()),
                Ok(Some(Err(error))) => break Err(UploadError::CutOff(error.to_string())),
                Ok(Some(Ok(chunk))) => chunk,
            };
            if chunk.len() as u64 > length - self.written - self.pending_bytes as u64 {
                break Err(UploadError::Overflow { length });
            }
            self.pending_bytes += chunk.len();
            self.pending.push(chunk);
            if self.pending_bytes >= WRITE_BYTES {
                self.write().await?;
                if self.written - self.synced >= SYNC_BYTES || self.synced_at.elapsed() >= SYNC_EVERY {
                    self.begin_sync().await?;
                }
            }
        };
        self.write().await?;
        self.begin_sync().await?;
        self.finish_sync().await?;
        end
    }

    async fn write(&mut self) -> Result<(), UploadError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let (file, chunks, position) = (self.file.clone(), std::mem::take(&mut self.pending), self.written);
        self.pending_bytes = 0;
        let write = move || Upload::write(&file, &chunks, position);
        let written = blocking(write).await?;
        metrics::counter!("wonbon_upload_bytes_total").increment(written - self.written);
        self.written = written;
        Ok(())
    }

    /// Begins to make what is written durable, once the sync before has ended.
    async fn begin_sync(&mut self) -> Result<(), UploadError> {
        self.finish_sync().await?;
        let (upload, file, position) = (self.upload.clone(), self.file.clone(), self.written);
        self.syncing = Some(tokio::task::spawn_blocking(move || upload.sync(&file, position)));
        self.synced = position;
        self.synced_at = Instant::now();
        Ok(())
    }

    async fn finish_sync(&mut self) -> Result<(), UploadError> {
        if let Some(syncing) = self.syncing.take() {
            syncing.await.map_err(io::Error::other)??;
        }
        Ok(())
    }
}
