//! The stream of a connection: it gives up on a peer that takes nothing, and puts answers of the HTTP library into words.
//!
//! Bytes that are not HTTP, or have too many headers, never reach a handler: the HTTP library answers them by itself,
//! with a status and nothing else. On a connection of which no request was understood yet, everything that is
//! written is such an answer; its head is exchanged for one that has the same status and a problem as its body. On a
//! connection that was used before, an answer of ours may still be on its way, so there the bare status stays.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    task::{ready, Context, Poll},
    time::Duration,
};

use axum::http::StatusCode;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

use crate::protocol::problem::{Problem, MEDIA_TYPE};

/// A stream that fails once its peer has taken nothing for a while, though there was something to take.
#[derive(Debug)]
pub(super) struct ConnectionStream<S> {
    stream: S,
    timeout: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Whether a request of this connection reached the service.
    understood: Arc<AtomicBool>,
    /// What is written instead, and how much of it is.
    instead: Option<(Vec<u8>, usize)>,
}

/// The answer in place of one that is only a head; `None` if it is something else.
fn reword(head: &[u8]) -> Option<Vec<u8>> {
    let head = std::str::from_utf8(head).ok()?.strip_suffix("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let first = lines.next()?;
    let status = first.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_success())?;
    let (slug, detail) = match status {
        StatusCode::BAD_REQUEST => ("malformed-request", "This is not a request in HTTP/1.1."),
        StatusCode::URI_TOO_LONG => ("address-too-long", "The address is too long."),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            ("headers-too-large", "There are too many headers, or they are too long.")
        }
        _ => ("refused-request", "The request was refused before it was read."),
    };
    let title = status.canonical_reason().unwrap_or("Refused");
    let body = Problem::new(status, slug, title, detail).to_json();
    let date = lines.find(|line| line.to_ascii_lowercase().starts_with("date:"));
    let date = date.map(|line| format!("{line}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "{first}\r\nconnection: close\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {length}\r\n\
         x-content-type-options: nosniff\r\n{date}\r\n"
    );
    Some([head.into_bytes(), body].concat())
}

impl<S: AsyncWrite + Unpin> ConnectionStream<S> {
    pub(super) fn new(stream: S, timeout: Duration, understood: Arc<AtomicBool>) -> Self {
        Self { stream, timeout, stalled: None, understood, instead: None }
    }

    /// Writes what there is, with an error in place of waiting for too long.
    fn poll_taken(&mut self, context: &mut Context<'_>, parts: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let timeout = self.timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Writes the other answer, as far as it is not written.
    fn poll_instead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((answer, at)) = self.instead.take() {
            match self.poll_taken(context, &[IoSlice::new(&answer[at..])])? {
                Poll::Ready(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(written) if at + written == answer.len() => {}
                Poll::Ready(written) => self.instead = Some((answer, at + written)),
                Poll::Pending => {
                    self.instead = Some((answer, at));
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ConnectionStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ConnectionStream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.instead.is_none() && !self.understood.load(Ordering::Relaxed) {
            let head: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
            self.instead = reword(&head).map(|answer| (answer, 0));
        }
        if self.instead.is_none() {
            return self.poll_taken(context, parts);
        }
        // All of `parts` is taken once the other answer is written.
        ready!(self.poll_instead(context))?;
        Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum()))
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

    const BARE: &[u8] =
        b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\ndate: Sat, 21 Nov 2026 00:00:00 GMT\r\n\r\n";

    /// What a peer reads of what is written, with a socket that takes a few bytes at a time.
    async fn read(understood: bool, written: &[u8]) -> String {
        let (ours, mut theirs) = tokio::io::duplex(7);
        let understood = Arc::new(AtomicBool::new(understood));
        let mut ours = ConnectionStream::new(ours, Duration::from_secs(60), understood);
        let written = written.to_vec();
        let writer = tokio::spawn(async move {
            ours.write_all(&written).await.unwrap();
            ours.shutdown().await.unwrap();
        });
        let mut text = String::new();
        theirs.read_to_string(&mut text).await.unwrap();
        writer.await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_bare_status_becomes_a_problem_with_that_status() {
        let text = read(false, BARE).await;
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        assert!(head.contains("application/problem+json") && head.contains("date: Sat"), "{head}");
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["type"], "urn:wonbon:problem:headers-too-large");
        assert_eq!(problem["status"], 431);
    }

    #[tokio::test]
    async fn answers_of_the_service_are_left_alone() {
        assert_eq!(read(true, BARE).await.as_bytes(), BARE);
        for other in ["HTTP/1.1 100 Continue\r\n", "HTTP/1.1 200 OK\r\n\r\n", "anything", ""] {
            assert_eq!(read(false, other.as_bytes()).await, other);
        }
    }

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_given_up_and_a_slow_one_is_not() {
        let timeout = Duration::from_millis(200);
        let (ours, mut theirs) = tokio::io::duplex(1);
        let mut ours = ConnectionStream::new(ours, timeout, Arc::new(AtomicBool::new(true)));
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
}
