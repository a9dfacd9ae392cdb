//! Long work over files, off the async threads; it stops soon after its future is dropped.

use crate::ports::{PassError, Passed, Progress, StorageError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use wonbon_package::files::{FileError, Watch};

/// Runs a pass on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(
    progress: Progress,
    pass: impl FnOnce(&Watch<'_>) -> Result<T, FileError> + Send + 'static,
) -> Passed<T> {
    let flag = Arc::new(AtomicBool::new(false));
    let _stop = StopWhenDropped(flag.clone());
    let task = tokio::task::spawn_blocking(move || {
        let progress = |done| progress(done);
        pass(&Watch::none().on_progress(&progress).cancelled_by(&flag))
    });
    match task.await {
        Ok(result) => result.map_err(PassError::from),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(PassError::Cancelled),
        },
    }
}

struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl From<FileError> for PassError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { path, source, .. } => {
                Self::Storage(StorageError { place: path.display().to_string(), error: source })
            }
            FileError::SameFile(path) => Self::OverItself(path.display().to_string()),
            FileError::Changed(path) => Self::Changed(path.display().to_string()),
            FileError::OtherFile(path) => Self::OtherSource(path.display().to_string()),
            FileError::Package(cause) => Self::Package(cause),
            FileError::Cancelled => Self::Cancelled,
            other => Self::Storage(StorageError {
                place: "a file".to_owned(),
                error: std::io::Error::other(other.to_string()),
            }),
        }
    }
}
