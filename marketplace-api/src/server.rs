//! Connections: accepted up to a bound, closed if their headers do not come or their answers are not read, finished
//! before the service stops. What is no request gets a problem as its answer too (see [`stream`]).

mod stream;

use std::{
    io,
    net::IpAddr,
    num::NonZeroUsize,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use axum::{http::Request, Router};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

use crate::locks::Counts;
use stream::ConnectionStream;

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
    let peers = Counts::new(per_address.get());
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
        let Some(counted) = peers.begin(peer) else {
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
        let stream = ConnectionStream::new(stream, WRITE_TIMEOUT, understood.clone());
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
            drop((counted, slot));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_connections_are_counted_and_seldom_spoken_of() {
        let (mut closed, begun) = (ClosedConnections::default(), Instant::now());
        assert_eq!(closed.note(begun), Some(1));
        assert_eq!(closed.note(begun + LOG_INTERVAL / 2), None);
        assert_eq!(closed.note(begun + LOG_INTERVAL), Some(2));
    }
}
