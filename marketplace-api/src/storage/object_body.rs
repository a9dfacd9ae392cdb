//! The body of a download: an object, or a part of one, read ahead in large pieces.
//!
//! At most [`PIECES_AHEAD`] pieces are read before the socket wants them. A file is read on the blocking threads; no
//! thread is held while a slow reader makes up its mind. Its pieces are few buffers that go round, so that they
//! stay in the processor's cache, and are handed to the socket without a copy. An object of a bucket is asked for
//! piece by piece, so that no request outlasts its time limit however slow the reader is.

use std::{fs::File, io, ops::Range, os::unix::fs::FileExt, sync::Arc};

use bytes::Bytes;
use futures::{stream, Stream, StreamExt};
use tokio::task::JoinHandle;
use wonbon_model::AccountId;

use super::{RemoteObject, Source};
use crate::locks::{Counts, Mutex, Running};

/// Bytes of a piece. Of 64 KiB to 1 MiB, this took the least processor time for a byte when measured.
const PIECE_BYTES: usize = 1 << 20;
/// Bytes of a piece of an object in a bucket: each one is a request, and takes a round trip before it begins.
const REMOTE_PIECE_BYTES: usize = 4 << 20;
/// Pieces read before they are wanted.
const PIECES_AHEAD: usize = 2;

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

    fn buffer(&self) -> Vec<u8> {
        let free = self.free.lock().pop();
        free.unwrap_or_else(|| vec![0; self.length])
    }

    fn give_back(&self, buffer: Vec<u8>) {
        let mut free = self.free.lock();
        if free.len() <= PIECES_AHEAD + 1 {
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
        self.pool.give_back(std::mem::take(&mut self.buffer));
    }
}

/// Begins to read some bytes of an object.
type Read = Box<dyn Fn(Range<u64>) -> JoinHandle<io::Result<Bytes>> + Send>;

/// Reads a file, on the threads where that may block.
fn read_file(file: File, wanted: u64) -> Read {
    let (file, pool) = (Arc::new(file), Arc::new(Pool::new(wanted)));
    Box::new(move |range| {
        let (file, pool) = (file.clone(), pool.clone());
        tokio::task::spawn_blocking(move || {
            let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
            let mut piece = Piece { buffer: pool.buffer(), pool, length };
            file.read_exact_at(&mut piece.buffer[..length], range.start)?;
            Ok(Bytes::from_owner(piece))
        })
    })
}

fn read_remote(object: RemoteObject) -> Read {
    Box::new(move |range| {
        let object = object.clone();
        tokio::spawn(async move { object.read(range).await.map_err(io::Error::other) })
    })
}

/// How many downloads each account has, at most [`MAX_DOWNLOADS`].
pub type Downloads = Counts<AccountId>;
/// Most downloads of one account at a time.
pub const MAX_DOWNLOADS: usize = 8;

/// These bytes of an object. `running` is held until they are sent or given up.
pub fn object_body(
    source: Source,
    range: Range<u64>,
    running: Running,
) -> impl Stream<Item = io::Result<Bytes>> {
    let end = range.end;
    let (step, read) = match source {
        Source::File(file) => (PIECE_BYTES, read_file(file, end - range.start)),
        Source::Remote(object) => (REMOTE_PIECE_BYTES, read_remote(object)),
    };
    let pieces = range.step_by(step).map(move |start| start..end.min(start + step as u64));
    // Those ahead, and the one that is wanted.
    let reading = stream::iter(pieces).map(read).buffered(PIECES_AHEAD + 1);
    reading.map(move |read| {
        let _running = &running;
        let piece = read.map_err(io::Error::other)??;
        metrics::counter!("wonbon_download_bytes_total").increment(piece.len() as u64);
        Ok(piece)
    })
}
