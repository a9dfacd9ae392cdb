//! Work that would hold up everything else, on threads of its own.

use crate::exit::{Code, Failure, Result};

/// Runs work that reads and writes files on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Failure::new(Code::Failure, format!("a thread failed: {error}"))),
    }
}
