//! What every request passes through: bounds, a request id, a log line, figures, time limits, security headers, and
//! the conversion of panics into problems. Before that, the method that a client of tus writes in a header.

use std::any::Any;

use axum::{
    extract::{MatchedPath, Request},
    http::{header, HeaderName, HeaderValue, Method, StatusCode},
    middleware::{from_fn, Next},
    response::{IntoResponse, Response},
    Router,
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use super::body_timeout;
use crate::{http::uploads, protocol::Problem};

/// Name of the request id, in answers and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request target, in bytes.
const MAX_TARGET_BYTES: usize = 4096;
/// Most bytes of all headers.
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// The method that a client means that can only say POST; see tus 1.0.0.
const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

pub(crate) fn add(router: Router) -> Router {
    let router = router
        .layer(from_fn(body_timeout::limit_time))
        .layer(CatchPanicLayer::custom(problem_of_panic))
        .layer(from_fn(limit_size))
        .layer(from_fn(observe));
    // A layer of the router itself would come after the route was chosen.
    Router::new().fallback_service(tower::ServiceExt::map_request(router, override_method))
}

/// Lets a POST to an upload be the method that it says it is.
fn override_method(mut request: Request) -> Request {
    let meant =
        request.headers().get(METHOD_OVERRIDE).and_then(|name| Method::from_bytes(name.as_bytes()).ok());
    if let Some(meant) = meant {
        if request.method() == Method::POST && request.uri().path().starts_with(uploads::PATH) {
            *request.method_mut() = meant;
        }
    }
    request
}

fn problem_of_panic(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    Problem::internal(cause.as_deref().unwrap_or("a handler panicked")).into_response()
}

async fn limit_size(request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > MAX_TARGET_BYTES {
        let detail = format!("The address may have at most {MAX_TARGET_BYTES} bytes.");
        return Problem::new(StatusCode::URI_TOO_LONG, "address-too-long", "Too long", detail)
            .limit(MAX_TARGET_BYTES as u64)
            .into_response();
    }
    let headers: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > MAX_HEADER_BYTES {
        let detail = format!("The headers may have at most {MAX_HEADER_BYTES} bytes.");
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        let problem = Problem::new(status, "headers-too-large", "Too large", detail);
        return problem.limit(MAX_HEADER_BYTES as u64).into_response();
    }
    next.run(request).await
}

/// The method in figures and log. A client may write any word as the method; those are all one label.
fn method_label(method: &Method) -> &'static str {
    let known = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

async fn observe(request: Request, next: Next) -> Response {
    let id = hex::encode(crate::random::bytes::<8>());
    let method = method_label(request.method());
    // The pattern and not the address: figures stay few, and nothing a client writes gets into the log's fields.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let tus = request.uri().path().starts_with(uploads::PATH);
    let span = tracing::info_span!("request", id, method, route);
    let begun = std::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = begun.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, elapsed_ms = elapsed.as_millis() as u64, "answered"));
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("wonbon_http_requests_total", &labels).increment(1);
    metrics::histogram!("wonbon_http_request_seconds", &labels[..2]).record(elapsed);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    if tus {
        // Every answer about uploads has it, problems included.
        headers.entry(uploads::TUS_RESUMABLE).or_insert(HeaderValue::from_static(uploads::VERSION));
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_in_a_header_is_for_posts_to_uploads() {
        let taken = |method: &str, path: &str, meant: &str| {
            let request = Request::builder().method(method).uri(path).header(METHOD_OVERRIDE, meant);
            override_method(request.body(axum::body::Body::empty()).unwrap()).method().clone()
        };
        assert_eq!(taken("POST", "/v1/uploads/1", "PATCH"), Method::PATCH);
        assert_eq!(taken("POST", "/v1/uploads/1", "DELETE"), Method::DELETE);
        assert_eq!(taken("POST", "/v1/uploads/1", "no method"), Method::POST);
        assert_eq!(taken("GET", "/v1/uploads/1", "DELETE"), Method::GET);
        assert_eq!(taken("POST", "/v1/sign-in", "DELETE"), Method::POST);
    }

    #[test]
    fn a_method_that_a_client_made_up_is_no_label_of_its_own() {
        assert_eq!(method_label(&Method::PATCH), "PATCH");
        for odd in ["get", "PROPFIND", "X-1", "X-2"] {
            assert_eq!(method_label(&Method::from_bytes(odd.as_bytes()).unwrap()), "other");
        }
    }
}
