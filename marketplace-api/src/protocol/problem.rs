//! RFC 9457 problem details: the form of every error that leaves the service.
//!
//! What went wrong inside (storage, network) is logged where the problem is made and never sent. Which problem an
//! error of another module becomes is decided in [`from_errors`].

mod from_errors;

use std::fmt::Display;

use axum::{
    http::{header, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{PartialSchema, ToSchema};

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem. Boxed, since it is the error of almost every function here and almost never made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<ProblemDetails>);

/// A problem, as RFC 9457 writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct ProblemDetails {
    /// `urn:wonbon:problem:` and a word for the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem, for people.
    title: &'static str,
    /// HTTP status of the answer, so that a saved problem says it too.
    status: u16,
    /// What went wrong this time, in a sentence.
    detail: String,
    /// The parameter, header or field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The bound that was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    /// Headers of the answer.
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Makes a sentence of a message, which errors write without a capital and without a full stop. A name that it begins
/// with, such as `cycle_length`, stays as it is.
fn sentence(message: String) -> String {
    let message = message.trim();
    let mut rest = message.chars();
    let named = message.split(' ').next().is_some_and(|word| word.contains('_'));
    let first = rest.next().map(|first| if named { first } else { first.to_ascii_uppercase() });
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    first.into_iter().chain(rest).chain(end.chars()).collect()
}

impl Problem {
    /// A problem of this kind. The detail is made a sentence.
    pub fn new(status: StatusCode, slug: &str, title: &'static str, detail: impl Display) -> Self {
        Self(Box::new(ProblemDetails {
            kind: format!("urn:wonbon:problem:{slug}"),
            title,
            status: status.as_u16(),
            detail: sentence(detail.to_string()),
            field: None,
            limit: None,
            headers: Vec::new(),
        }))
    }

    /// Says what it is about.
    pub fn field(mut self, field: &str) -> Self {
        self.0.field = Some(field.to_owned());
        self
    }

    /// Says which bound was passed.
    pub fn limit(mut self, limit: u64) -> Self {
        self.0.limit = Some(limit);
        self
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// Says after how many seconds it may be over.
    pub fn retry_after(self, seconds: u32) -> Self {
        self.header(header::RETRY_AFTER, seconds)
    }

    /// Says how to sign in.
    fn challenge(self) -> Self {
        self.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wonbon\""))
    }

    /// A parameter that cannot be read.
    pub fn invalid(field: &str, detail: impl Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-parameter", "A parameter is invalid", detail).field(field)
    }

    /// Something that is not there.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", format!("There is no such {what}."))
    }

    /// No or no valid token.
    pub fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in-required", "Sign in first", detail).challenge()
    }

    /// Nothing was read from the chain yet, or its node does not answer.
    pub fn no_chain(detail: impl Display) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, "no-chain", "The chain cannot be reached", detail).retry_after(5)
    }

    /// Signed in, and not allowed.
    pub fn forbidden(slug: &str, detail: impl Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, slug, "Not allowed", detail)
    }

    /// A body that is too large.
    pub fn too_large(limit: u64) -> Self {
        let detail = format!("The body may have at most {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "Too large", detail)
            .field("body")
            .limit(limit)
    }

    /// A failure of the service. The cause goes to the log.
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "The service failed. Its operator finds the cause by the request id, which is in the header X-Request-Id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }

    /// What went wrong this time.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The body of an answer.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        // No map with keys that are no text and no number that JSON lacks: it cannot fail.
        serde_json::to_vec(&*self.0).unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let headers = std::mem::take(&mut self.0.headers);
        let body = self.to_json();
        let mut response = (self.status(), [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        response.headers_mut().extend(headers);
        response
    }
}

// Documents name the problem; its schema is that of what it holds.
impl PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ProblemDetails::schema()
    }
}

impl ToSchema for Problem {}
