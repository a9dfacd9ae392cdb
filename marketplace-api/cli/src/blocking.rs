//! Work that would hold up everything else.

use crate::exit::{Code, Failure};

/// Runs work that reads and writes files on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Failure::new(Code::Failure, format!("a thread failed: {error}"))),
    }
}
