//! Connections: accepted up to a bound, closed if their headers do not come or their answers are not read, finished
//! before the service stops. What is no request gets a problem as its answer too (see [`protocol_errors`]).

mod protocol_errors;

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::IpAddr,
    num::NonZeroUsize,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{http::Request, Router};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpListener,
    sync::Semaphore,
    time::Sleep,
};
use tokio_util::sync::CancellationToken;

/// Most connections at once.
const MAX_CONNECTIONS: usize = 1024;
/// How often it is logged that connections are closed.
const LOG_INTERVAL: Duration = Duration::from_secs(10);
/// How long a peer may take no byte of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the headers of a request may take.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Most headers of a request.
const MAX_HEADERS: usize = 64;
/// Bytes read at once, and the most that the headers of a request may have before they are looked at.
const MAX_BUFFER_BYTES: usize = 256 << 10;
/// How long requests in progress may take to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until it is cancelled, then lets the requests in progress end. One address has at most `per_address`
/// connections at once.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    per_address: NonZeroUsize,
    cancel: CancellationToken,
) -> io::Result<()> {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_BUFFER_BYTES);
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let peers = Peers::default();
    let mut closed = ClosedConnections::default();
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let (stream, peer, slot) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or a connection that was gone before it was taken.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(peer) = peers.enter(peer, per_address.get()) else {
            metrics::counter!("wonbon_connections_closed_total", "reason" => "per-address").increment(1);
            if let Some(connections) = closed.note(Instant::now()) {
                tracing::warn!(
                    %peer, limit = per_address, connections,
                    "closed connections: too many from one address; is it a proxy, raise --connections-per-address"
                );
            }
            continue;
        };
        stream.set_nodelay(true).ok();
        let understood = Arc::new(AtomicBool::new(false));
        let stream = protocol_errors::ProtocolErrors::new(
            StalledWriteGuard::new(stream, WRITE_TIMEOUT),
            understood.clone(),
        );
        let service = tower::ServiceExt::map_request(router.clone(), move |request: Request<Incoming>| {
            understood.store(true, Ordering::Relaxed);
            request
        });
        let service = TowerToHyperService::new(service);
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop((peer, slot));
        });
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, IpAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer.ip().to_canonical(), slot))
}

/// How many connections each address has.
#[derive(Clone, Debug, Default)]
struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Peers {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection until the guard goes; `None` if the address has as many as it may.
    fn enter(&self, address: IpAddr, limit: usize) -> Option<Peer> {
        let mut peers = self.lock();
        let count = peers.entry(address).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Peer { peers: self.clone(), address })
    }
}

/// Connections that were closed and are not in the log yet.
#[derive(Debug, Default)]
struct ClosedConnections {
    connections: u64,
    logged: Option<Instant>,
}

impl ClosedConnections {
    /// Counts one more; gives their number if it is time to say it.
    fn note(&mut self, now: Instant) -> Option<u64> {
        self.connections += 1;
        if self.logged.is_some_and(|logged| now.duration_since(logged) < LOG_INTERVAL) {
            return None;
        }
        self.logged = Some(now);
        Some(std::mem::take(&mut self.connections))
    }
}

/// A connection that counts for its address.
#[derive(Debug)]
struct Peer {
    peers: Peers,
    address: IpAddr,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut peers = self.peers.lock();
        if let Some(count) = peers.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                peers.remove(&self.address);
            }
        }
    }
}

/// A stream that fails once its peer has taken nothing for a while, though there was something to take.
#[derive(Debug)]
struct StalledWriteGuard<S> {
    stream: S,
    timeout: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> StalledWriteGuard<S> {
    fn new(stream: S, timeout: Duration) -> Self {
        Self { stream, timeout, stalled: None }
    }

    /// What came of a write, with an error in place of waiting for too long.
    fn watch<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let timeout = self.timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StalledWriteGuard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StalledWriteGuard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // Neither touches the timer: a flush of a socket is ready at once and says nothing of what the peer takes.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_given_up_and_a_slow_one_is_not() {
        let timeout = Duration::from_millis(200);
        let (ours, mut theirs) = tokio::io::duplex(1);
        let mut ours = StalledWriteGuard::new(ours, timeout);
        let slow = tokio::spawn(async move {
            for _ in 0..6 {
                tokio::time::sleep(timeout / 4).await;
                theirs.read_u8().await.unwrap();
            }
            theirs
        });
        ours.write_all(&[1; 6]).await.unwrap();
        let _silent = slow.await.unwrap();
        let error = ours.write_all(&[1; 6]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn an_address_has_a_bound_of_its_own() {
        let peers = Peers::default();
        let [one, other] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let first = peers.enter(one, 2).unwrap();
        let _second = peers.enter(one, 2).unwrap();
        assert!(peers.enter(one, 2).is_none());
        assert!(peers.enter(other, 2).is_some());
        drop(first);
        assert!(peers.enter(one, 2).is_some());
        assert_eq!(peers.lock().len(), 1);
    }

    #[test]
    fn closed_connections_are_counted_and_seldom_spoken_of() {
        let (mut closed, begun) = (ClosedConnections::default(), Instant::now());
        assert_eq!(closed.note(begun), Some(1));
        assert_eq!(closed.note(begun + LOG_INTERVAL / 2), None);
        assert_eq!(closed.note(begun + LOG_INTERVAL), Some(2));
    }
}
