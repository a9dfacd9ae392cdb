//! One pass over a file: segments to worker threads, their results in order to the caller.
//!
//! Worker w takes segments w, w + n, w + 2n, …; each has a short queue of results, and the caller takes from the
//! queues in turn. So results come in order without being sorted, and no worker runs far ahead.

use super::{direct, StreamError};
use crate::bounds::BLOCK_SIZE;
use std::{
    num::NonZero,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

/// Bytes of a segment: 256 blocks, a perfect subtree of height 8.
pub(super) const SEGMENT: usize = 1 << 20;
/// Alignment of segments in memory, which passing the page cache by needs.
const ALIGNMENT: usize = direct::UNIT as usize;
/// Most workers: with a segment and a queue each they stay far below 64 MiB.
const MAX_WORKERS: usize = 16;
/// Workers beside one for each core, that wait for the disk meanwhile.
const WAITING_WORKERS: usize = 4;
/// Results that a worker may be ahead.
const QUEUE: usize = 16;

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

    /// Stops with [`StreamError::Cancelled`] soon after the flag is set.
    #[must_use]
    pub fn cancelled_by(mut self, flag: &'a AtomicBool) -> Self {
        self.cancel = Some(flag);
        self
    }
}

/// A piece of a file that one worker handles at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Where it begins in the payload.
    pub(super) offset: u64,
    /// Its length; only the last is shorter than [`SEGMENT`].
    pub(super) length: usize,
}

impl Segment {
    fn at(index: u64, length: u64) -> Option<Self> {
        let offset = index * SEGMENT as u64;
        let rest = length.checked_sub(offset).filter(|rest| *rest > 0)?;
        Some(Self { offset, length: rest.min(SEGMENT as u64) as usize })
    }

    /// Index of its first block.
    pub(super) fn first_block(&self) -> u64 {
        self.offset / BLOCK_SIZE
    }

    /// Number of its blocks.
    pub(super) fn blocks(&self) -> usize {
        self.length.div_ceil(BLOCK_SIZE as usize)
    }
}

/// Runs `work` on every segment of a payload of this length and `fold` on every result, in order. `work` gets a
/// buffer as long as the segment, with the content of whatever the worker did before.
pub(super) fn run<T: Send>(
    length: u64,
    watch: &Watch<'_>,
    work: impl Fn(Segment, &mut [u8]) -> Result<T, StreamError> + Sync,
    mut fold: impl FnMut(Segment, T) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let segments = length.div_ceil(SEGMENT as u64);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers =
        (cores + WAITING_WORKERS).min(MAX_WORKERS).min(usize::try_from(segments).unwrap_or(MAX_WORKERS));
    let stop = AtomicBool::new(false);
    let cancelled = || watch.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed));

    thread::scope(|scope| {
        let queues: Vec<_> = (0..workers)
            .map(|worker| {
                let (sender, receiver) = mpsc::sync_channel(QUEUE);
                let (work, stop) = (&work, &stop);
                scope.spawn(move || {
                    let mut buffer = Buffer::new();
                    for index in (worker as u64..).step_by(workers) {
                        let Some(segment) = Segment::at(index, length) else { return };
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let result = work(segment, &mut buffer.as_mut()[..segment.length]);
                        let failed = result.is_err();
                        if sender.send(result).is_err() || failed {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();

        let outcome = (0..segments).zip(queues.iter().cycle()).try_for_each(|(index, queue)| {
            if cancelled() {
                return Err(StreamError::Cancelled);
            }
            let segment = Segment::at(index, length).expect("index is below the number of segments; qed");
            let result =
                queue.recv().expect("a worker sends every segment or its error before it ends; qed")?;
            fold(segment, result)?;
            if let Some(progress) = watch.progress {
                progress(segment.offset + segment.length as u64);
            }
            Ok(())
        });
        // The queues end here, so that no worker waits for room in one.
        stop.store(true, Ordering::Relaxed);
        drop(queues);
        outcome
    })
}

/// A segment in memory, aligned.
struct Buffer {
    bytes: Vec<u8>,
    start: usize,
}

impl Buffer {
    fn new() -> Self {
        let bytes = vec![0; SEGMENT + ALIGNMENT];
        let start = bytes.as_ptr().addr().next_multiple_of(ALIGNMENT) - bytes.as_ptr().addr();
        Self { bytes, start }
    }

    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..][..SEGMENT]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // It held plaintext.
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}
