//! Work that outlives the request it was begun for.

use std::{future::Future, io};

use tracing::Instrument;

/// Runs work to its end even if whoever waits for it goes away: when a peer closes its connection, the handler of
/// its request is dropped wherever it stands, and files, rows and counters would no longer fit each other.
pub(crate) async fn run_to_completion<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<io::Error> + Send + 'static,
{
    let ended = tokio::spawn(work.in_current_span()).await;
    ended.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

/// Runs work on the threads where it may block.
pub(crate) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<io::Error> + Send + 'static,
{
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_was_begun_ends_though_nobody_waits() {
        let (go, gone) = oneshot::channel::<()>();
        let (done, told) = oneshot::channel();
        let work = async move {
            gone.await.ok();
            done.send(()).ok();
            Ok::<_, io::Error>(())
        };
        assert!(run_to_completion(work).now_or_never().is_none());
        go.send(()).unwrap();
        told.await.unwrap();
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let work = async { panic!("it failed") };
        let failed = run_to_completion::<(), io::Error>(work).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::Other);
    }
}
