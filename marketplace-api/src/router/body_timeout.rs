//! How long a request may take: its body as long as it keeps coming, its handler a fixed time from then on.
//!
//! A client on a slow line is not cut off for the length of what it sends; one that sends nothing, or next to
//! nothing, does not hold a place for ever. PATCH is left out: [`crate::payloads`] bounds the bytes of an upload, and
//! checks it for as long as that takes.

use std::{
    future::Future,
    pin::{pin, Pin},
    task::{ready, Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    extract::Request,
    http::{header, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::{sync::watch, time::Instant};

use crate::protocol::Problem;

/// What is waited for, and for how long.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The beginning of an answer, once the body is there.
    answer: Duration,
    /// The next bytes of a body.
    stall: Duration,
    /// Bytes that have to come in a second, taken over the whole body and beyond the first `stall`.
    pace: u64,
}

const LIMITS: Limits =
    Limits { answer: Duration::from_secs(30), stall: Duration::from_secs(60), pace: 4 << 10 };

/// What has come of a body.
#[derive(Clone, Copy, Debug)]
struct Received {
    bytes: u64,
    ended: bool,
}

/// A body that tells what has come of it.
struct ObservedBody {
    body: Body,
    received: watch::Sender<Received>,
}

impl http_body::Body for ObservedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
        let bytes = data.map_or(0, |data| data.len() as u64);
        let ended = frame.is_none() || self.body.is_end_stream();
        self.received.send_modify(|received| {
            received.bytes = received.bytes.saturating_add(bytes);
            received.ended = ended;
        });
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

pub(super) async fn limit_time(request: Request, next: Next) -> Response {
    if request.method() == Method::PATCH {
        return next.run(request).await;
    }
    limited(LIMITS, request, |request| next.run(request)).await
}

async fn limited<F: Future<Output = Response>>(
    limits: Limits,
    request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let (parts, body) = request.into_parts();
    let (sender, mut received) =
        watch::channel(Received { bytes: 0, ended: http_body::Body::is_end_stream(&body) });
    let body = Body::new(ObservedBody { body, received: sender });
    let mut answer = pin!(answer(Request::from_parts(parts, body)));
    let begun = Instant::now();
    loop {
        let Received { bytes, ended } = *received.borrow_and_update();
        // A body that was given up is not waited for either.
        let ended = ended || received.has_changed().is_err();
        let now = Instant::now();
        let until = match ended {
            true => now + limits.answer,
            false => {
                let pace = begun + limits.stall + Duration::from_secs(bytes / limits.pace);
                pace.min(now + limits.stall)
            }
        };
        tokio::select! {
            biased;
            response = &mut answer => return response,
            _ = received.changed(), if !ended => {}
            () = tokio::time::sleep_until(until) => return given_up(limits, ended),
        }
    }
}

fn given_up(limits: Limits, ended: bool) -> Response {
    let problem = match ended {
        true => {
            let seconds = limits.answer.as_secs();
            let detail = format!("The answer took longer than {seconds} seconds.");
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", "It took too long", detail).limit(seconds)
        }
        false => {
            let seconds = limits.stall.as_secs();
            let detail = format!("Nothing arrived for {seconds} seconds, or it came too slowly.");
            Problem::new(StatusCode::REQUEST_TIMEOUT, "body-cut-off", "The request stopped arriving", detail)
                .field("body")
                .limit(seconds)
                .header(header::CONNECTION, HeaderValue::from_static("close"))
        }
    };
    problem.into_response()
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;

    use super::*;

    const STEP: Duration = Duration::from_millis(100);

    /// The status, for a body of so many pieces of four bytes with a pause before each and, perhaps, no end, and for a
    /// handler that takes some time after the body.
    async fn status(pieces: usize, ends: bool, handler: Duration, pace: u64) -> u16 {
        let limits = Limits { answer: 4 * STEP, stall: 4 * STEP, pace };
        let body = futures::stream::iter(0..pieces).then(|_| async {
            tokio::time::sleep(STEP).await;
            Ok::<_, std::io::Error>("abcd")
        });
        let end = futures::stream::once(async move {
            if !ends {
                std::future::pending::<()>().await;
            }
            Ok("")
        });
        let request = Request::new(Body::from_stream(body.chain(end)));
        let answer = |request: Request| async move {
            let _ = axum::body::to_bytes(request.into_body(), usize::MAX).await;
            tokio::time::sleep(handler).await;
            StatusCode::NO_CONTENT.into_response()
        };
        limited(limits, request, answer).await.status().as_u16()
    }

    #[tokio::test]
    async fn a_body_may_take_long_and_not_stand_still() {
        assert_eq!(status(12, true, STEP, 1).await, 204, "longer than any limit, and never still");
        assert_eq!(status(3, false, STEP, 1).await, 408, "it stands still");
        assert_eq!(status(12, true, STEP, 1 << 20).await, 408, "it trickles");
        assert_eq!(status(2, true, 8 * STEP, 1).await, 504, "the handler takes too long");
    }

    #[tokio::test]
    async fn a_body_that_nobody_reads_is_not_waited_for() {
        let limits = Limits { answer: STEP, stall: Duration::from_secs(3600), pace: 1 };
        let request =
            Request::new(Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()));
        let answer = |request: Request| async move {
            drop(request);
            std::future::pending::<Response>().await
        };
        assert_eq!(limited(limits, request, answer).await.status(), StatusCode::GATEWAY_TIMEOUT);
    }
}
