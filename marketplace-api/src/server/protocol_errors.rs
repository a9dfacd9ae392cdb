//! Problem details for what is no request.
//!
//! Bytes that are not HTTP, or have too many headers, never reach a handler: the HTTP library answers them by itself,
//! with a status and nothing else. On a connection of which no request was understood yet, everything that is
//! written is such an answer; its head is exchanged for one that has the same status and a problem as its body. On a
//! connection that was used before, an answer of ours may still be on its way, so there the bare status stays.

use std::{
    io,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    task::{ready, Context, Poll},
};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::protocol::problem::{Problem, MEDIA_TYPE};

/// A stream that puts answers of the HTTP library into words.
#[derive(Debug)]
pub(super) struct ProtocolErrors<S> {
    stream: S,
    /// Whether a request of this connection reached the service.
    understood: Arc<AtomicBool>,
    /// What is written instead, and how much of it is.
    instead: Option<(Vec<u8>, usize)>,
}

impl<S> ProtocolErrors<S> {
    pub(super) fn new(stream: S, understood: Arc<AtomicBool>) -> Self {
        Self { stream, understood, instead: None }
    }
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

impl<S: AsyncRead + Unpin> AsyncRead for ProtocolErrors<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> ProtocolErrors<S> {
    /// Writes the other answer, if this is one to exchange; then says that all of `parts` was written.
    fn poll_instead(
        &mut self,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Option<Poll<io::Result<usize>>> {
        if self.understood.load(Ordering::Relaxed) {
            return None;
        }
        if self.instead.is_none() {
            let head: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
            self.instead = Some((reword(&head)?, 0));
        }
        let all = parts.iter().map(|part| part.len()).sum();
        Some(self.poll_rest(context).map(|done| done.map(|()| all)))
    }

    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((answer, at)) = &mut self.instead {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &answer[*at..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *at += written;
            if *at == answer.len() {
                self.instead = None;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ProtocolErrors<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.poll_instead(context, &[io::IoSlice::new(bytes)]) {
            Some(written) => written,
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.poll_instead(context, parts) {
            Some(written) => written,
            None => Pin::new(&mut self.stream).poll_write_vectored(context, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

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
        let mut ours = ProtocolErrors::new(ours, Arc::new(AtomicBool::new(understood)));
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
}
