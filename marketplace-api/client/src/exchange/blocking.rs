//! Long work over files, off the async threads, with progress told to the observer; it stops when its caller
//! is dropped.

use super::event::{Event, Observer, Work};
use crate::service::Progress;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use wonbon_package::files::{FileError, Watch};

/// Runs a pass over a file on a thread of its own.
pub(super) async fn run<T: Send + 'static>(
    observer: &Arc<dyn Observer>,
    work: Work,
    total: u64,
    pass: impl FnOnce(&Watch<'_>) -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    let flag = Arc::new(AtomicBool::new(false));
    let _stop = StopWhenDropped(flag.clone());
    let progress = told(observer, work, total);
    let task = tokio::task::spawn_blocking(move || {
        let progress = |done| progress(done);
        pass(&Watch::none().on_progress(&progress).cancelled_by(&flag))
    });
    match task.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(FileError::Cancelled),
        },
    }
}

/// Progress that becomes an event.
pub(super) fn told(observer: &Arc<dyn Observer>, work: Work, total: u64) -> Progress {
    let observer = observer.clone();
    Arc::new(move |done| observer.event(Event::Progress { work, done, total }))
}

struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
