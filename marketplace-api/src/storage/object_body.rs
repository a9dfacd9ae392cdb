//! The body of a download: an object, or a part of one, read ahead in large pieces.
//!
//! At most [`AHEAD`] pieces are read before the socket wants them. A file is read on the blocking threads; no
//! thread is held while a slow reader makes up its mind. Its pieces are few buffers that go round, so that they
//! stay in the processor's cache, and are handed to the socket without a copy. An object of a bucket is asked for
//! piece by piece, so that no request outlasts its time limit however slow the reader is.

use std::{
    collections::VecDeque,
    fs::File,
    future::Future,
    io,
    ops::Range,
    os::unix::fs::FileExt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{ready, Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::JoinHandle;

use super::{RemoteObject, Source};
use crate::locks::{PerAccount, Running};

/// Bytes of a piece. Of 64 KiB to 1 MiB, this took the least processor time for a byte when measured.
const PIECE_BYTES: usize = 1 << 20;
/// Bytes of a piece of an object in a bucket: each one is a request, and takes a round trip before it begins.
const REMOTE_PIECE_BYTES: u64 = 4 << 20;
/// Pieces read before they are wanted.
const AHEAD: usize = 2;

/// Buffers that go round, each as long as a piece or as all that is asked for.
#[derive(Debug)]
struct Pool {
    length: usize,
    free: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    fn new(wanted: u64) -> Self {
        let length = usize::try_from(wanted).map_or(PIECE_BYTES, |wanted| wanted.min(PIECE_BYTES));
        Self { length, free: Mutex::default() }
    }

    fn take(&self) -> Vec<u8> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| vec![0; self.length])
    }

    fn put(&self, buffer: Vec<u8>) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() <= AHEAD + 1 {
            free.push(buffer);
        }
    }
}

/// A piece that goes back to its pool once the socket has it.
struct Piece {
    pool: Arc<Pool>,
    buffer: Vec<u8>,
    length: usize,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.length]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.pool.put(std::mem::take(&mut self.buffer));
    }
}

enum Reader {
    File { file: Arc<File>, pool: Arc<Pool> },
    Remote(RemoteObject),
}

impl Reader {
    fn piece_bytes(&self) -> u64 {
        match self {
            Self::File { .. } => PIECE_BYTES as u64,
            Self::Remote(_) => REMOTE_PIECE_BYTES,
        }
    }

    fn read(&self, range: Range<u64>) -> JoinHandle<io::Result<Bytes>> {
        match self {
            Self::File { file, pool } => {
                let (file, pool) = (file.clone(), pool.clone());
                tokio::task::spawn_blocking(move || {
                    let mut piece = Piece { buffer: pool.take(), pool, length: 0 };
                    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
                    file.read_exact_at(&mut piece.buffer[..length], range.start)?;
                    piece.length = length;
                    Ok(Bytes::from_owner(piece))
                })
            }
            Self::Remote(object) => {
                let object = object.clone();
                tokio::spawn(async move { object.read(range).await.map_err(io::Error::other) })
            }
        }
    }
}

/// How many downloads each account has.
pub type Downloads = PerAccount<8>;

/// The body.
pub struct ObjectBody {
    /// Held until the body is sent or given up.
    _running: Running,
    reader: Reader,
    /// What has not been asked for yet.
    unread: Range<u64>,
    reading: VecDeque<JoinHandle<io::Result<Bytes>>>,
    /// What has not been handed over yet.
    left: u64,
}

impl std::fmt::Debug for ObjectBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObjectBody").field("left", &self.left).finish_non_exhaustive()
    }
}

impl ObjectBody {
    /// These bytes of an object.
    pub fn new(source: Source, range: Range<u64>, running: Running) -> Self {
        let left = range.end - range.start;
        let reader = match source {
            Source::File(file) => Reader::File { file: Arc::new(file), pool: Arc::new(Pool::new(left)) },
            Source::Remote(object) => Reader::Remote(object),
        };
        Self { _running: running, reader, unread: range, reading: VecDeque::with_capacity(AHEAD), left }
    }

    fn read_ahead(&mut self) {
        while self.reading.len() < AHEAD && !self.unread.is_empty() {
            let end = self.unread.end.min(self.unread.start + self.reader.piece_bytes());
            self.reading.push_back(self.reader.read(self.unread.start..end));
            self.unread.start = end;
        }
    }
}

impl Body for ObjectBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.read_ahead();
        let Some(next) = self.reading.front_mut() else { return Poll::Ready(None) };
        let outcome = ready!(Pin::new(next).poll(context));
        self.reading.pop_front();
        let piece = outcome.map_err(io::Error::other).and_then(|read| read);
        if let Ok(piece) = &piece {
            self.left -= piece.len() as u64;
            metrics::counter!("wonbon_download_bytes_total").increment(piece.len() as u64);
        }
        self.read_ahead();
        Poll::Ready(Some(piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
