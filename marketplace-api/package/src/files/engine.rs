//! One pass over a file: chunks to worker threads, their results in order to the caller.
//!
//! Worker w takes chunks w, w + n, w + 2n, …; each has a short queue of results, and the caller takes from the
//! queues in turn. So results come in order without being sorted, and no worker runs far ahead.

use super::{direct, FileError};
use crate::{Chunk, CHUNK_SIZE};
use std::{
    num::NonZero,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

/// Alignment of chunks in memory, which passing the page cache by needs.
const ALIGNMENT: usize = direct::UNIT as usize;
/// Most workers: with a chunk and a queue each they stay far below 64 MiB.
const MAX_WORKERS: usize = 16;
/// Workers beside one for each core, that wait for the disk meanwhile.
const WAITING_WORKERS: usize = 4;
/// Results that a worker may be ahead.
const RESULT_QUEUE_LENGTH: usize = 16;

/// How the caller follows and stops a pass. The default does neither.
#[derive(Clone, Copy, Default)]
pub struct Watch<'a> {
    progress: Option<&'a (dyn Fn(u64) + 'a)>,
    cancel: Option<&'a AtomicBool>,
}

impl<'a> Watch<'a> {
    /// Neither progress nor cancellation.
    pub fn none() -> Self {
        Self::default()
    }

    /// Calls `progress` with the bytes done so far, on the calling thread.
    #[must_use]
    pub fn on_progress(mut self, progress: &'a dyn Fn(u64)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Stops with [`FileError::Cancelled`] soon after the flag is set.
    #[must_use]
    pub fn cancelled_by(mut self, flag: &'a AtomicBool) -> Self {
        self.cancel = Some(flag);
        self
    }
}

/// Runs `work` on every chunk of a payload of this length and `fold` on every result, in order. `work` gets a
/// buffer as long as the chunk, with the content of whatever the worker did before.
pub(super) fn run<T: Send>(
    length: u64,
    watch: &Watch<'_>,
    work: impl Fn(Chunk, &mut [u8]) -> Result<T, FileError> + Sync,
    mut fold: impl FnMut(T) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let chunks = Chunk::count(length);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers =
        (cores + WAITING_WORKERS).min(MAX_WORKERS).min(usize::try_from(chunks).unwrap_or(MAX_WORKERS));
    let stop = AtomicBool::new(false);
    let cancelled = || watch.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed));

    thread::scope(|scope| {
        let queues: Vec<_> = (0..workers)
            .map(|worker| {
                let (sender, receiver) = mpsc::sync_channel(RESULT_QUEUE_LENGTH);
                let (work, stop) = (&work, &stop);
                scope.spawn(move || {
                    let mut buffer = Buffer::new();
                    for index in (worker as u64..).step_by(workers) {
                        let Some(chunk) = Chunk::at(index, length) else { return };
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let result = work(chunk, &mut buffer.as_mut()[..chunk.length]);
                        let failed = result.is_err();
                        if sender.send(result).is_err() || failed {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();

        let outcome = Chunk::all(length).zip(queues.iter().cycle()).try_for_each(|(chunk, queue)| {
            if cancelled() {
                return Err(FileError::Cancelled);
            }
            let result =
                queue.recv().expect("a worker sends every chunk or its error before it ends; qed")?;
            fold(result)?;
            if let Some(progress) = watch.progress {
                progress(chunk.end_offset());
            }
            Ok(())
        });
        // The queues end here, so that no worker waits for room in one.
        stop.store(true, Ordering::Relaxed);
        drop(queues);
        outcome
    })
}

/// A chunk in memory, aligned.
struct Buffer {
    bytes: Vec<u8>,
    start: usize,
}

impl Buffer {
    fn new() -> Self {
        let bytes = vec![0; CHUNK_SIZE + ALIGNMENT];
        let start = bytes.as_ptr().addr().next_multiple_of(ALIGNMENT) - bytes.as_ptr().addr();
        Self { bytes, start }
    }

    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..][..CHUNK_SIZE]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // It held plaintext.
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}
