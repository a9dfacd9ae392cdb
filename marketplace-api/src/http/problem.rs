//! RFC 9457 problem details: the form of every error that leaves the service.
//!
//! What went wrong inside (storage, network) is logged where the problem is made and never sent.

use std::fmt::Display;

use axum::{
    http::{header, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{PartialSchema, ToSchema};

use crate::{
    audit::{AuditError, ExportError, ReportError},
    documents::DocumentError,
    payloads::{CheckError, OverQuota, RemoveError, StoreError, UploadError},
    read_model::LedgerError,
    sign_in::SignInError,
};

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
    /// HTTP status.
    status: u16,
    /// What went wrong this time.
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

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, slug: &str, title: &'static str, detail: impl Display) -> Self {
        Self(Box::new(ProblemDetails {
            kind: format!("urn:wonbon:problem:{slug}"),
            title,
            status: status.as_u16(),
            detail: detail.to_string(),
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
        Self::new(StatusCode::UNAUTHORIZED, "sign-in-required", "Signing in is required", detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wonbon\""))
    }

    /// Signed in, and not allowed.
    pub fn forbidden(slug: &str, detail: impl Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, slug, "Not allowed", detail)
    }

    /// A body that is too large.
    pub fn too_large(limit: u64) -> Self {
        let detail = format!("The body may have at most {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "Too large", detail).limit(limit)
    }

    /// A failure of the service. The cause goes to the log.
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "The service could not do this. The request id leads its operator to the cause.";
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

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(error)
    }
}

impl From<OverQuota> for Problem {
    fn from(error: OverQuota) -> Self {
        let detail = format!("{error}.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "over-quota", "The quota is used up", detail)
            .limit(error.limit)
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::NotTheSeller => Self::forbidden("not-the-seller", error),
            AuditError::NotAnAuditor => Self::forbidden("not-an-auditor", error),
            AuditError::Ledger(error) => error.into(),
        }
    }
}

/// Nothing was read from the chain yet.
fn no_chain(error: impl Display) -> Problem {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, "no-chain", "The chain was not reached yet", error)
        .header(header::RETRY_AFTER, HeaderValue::from_static("10"))
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::TooMany => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, "too-many-trades", "The period is too long", error)
                    .limit(crate::audit::TRADES as u64)
            }
            ReportError::NoChain => no_chain(error),
            ReportError::Rebuilt => no_chain(error),
            ReportError::Ledger(error) => error.into(),
        }
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NoChain | ExportError::Rebuilt => no_chain(error),
            ExportError::Write(error) => Self::internal(error),
            ExportError::Ledger(error) => error.into(),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let unprocessable = |slug, title| Self::new(StatusCode::UNPROCESSABLE_ENTITY, slug, title, &error);
        match error {
            DocumentError::Hash { .. } => unprocessable("hash-mismatch", "The hash is another").field("hash"),
            DocumentError::Invalid(_) => unprocessable("invalid-document", "The document is invalid"),
            DocumentError::OverQuota(error) => error.into(),
            DocumentError::Store(error) => error.into(),
            DocumentError::Ledger(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let refused = |slug, field| {
            Self::new(StatusCode::UNAUTHORIZED, slug, "Signing in failed", &error)
                .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"wonbon\""))
                .field(field)
        };
        match error {
            SignInError::Challenge | SignInError::Used => refused("invalid-challenge", "challenge"),
            SignInError::Signature => refused("invalid-signature", "signature"),
            SignInError::Origin(_) => refused("wrong-origin", "origin"),
            SignInError::Unknown => Self::forbidden("not-registered", &error).field("account"),
            SignInError::TooMany => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-sign-ins", "Too many requests", &error)
                    .header(header::RETRY_AFTER, HeaderValue::from_static("120"))
            }
            SignInError::NoChain => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "no-chain", "The chain is not reached", &error)
                    .header(header::RETRY_AFTER, HeaderValue::from_static("2"))
            }
            SignInError::Ledger(error) => error.into(),
        }
    }
}

impl From<RemoveError> for Problem {
    fn from(error: RemoveError) -> Self {
        match error {
            RemoveError::Missing => Self::not_found("payload"),
            RemoveError::NotTheUploader => Self::forbidden("not-the-uploader", error),
            RemoveError::Needed { .. } => {
                Self::new(StatusCode::CONFLICT, "payload-needed", "The payload is needed", error)
            }
            RemoveError::Failed(error) => error.into(),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let new = |status, slug, title| Self::new(status, slug, title, &error);
        match &error {
            UploadError::Missing => Self::not_found("upload"),
            UploadError::TooLarge { limit, .. } => {
                new(StatusCode::PAYLOAD_TOO_LARGE, "upload-too-large", "Too large")
                    .field("Upload-Length")
                    .limit(*limit)
            }
            UploadError::Length { .. } => {
                new(StatusCode::BAD_REQUEST, "invalid-length", "The lengths do not match")
                    .field("Upload-Length")
            }
            UploadError::OverQuota(quota) => Self::from(*quota),
            UploadError::TooMany { limit } => {
                new(StatusCode::TOO_MANY_REQUESTS, "too-many-uploads", "Too many uploads")
                    .limit(*limit as u64)
            }
            UploadError::Stored => {
                new(StatusCode::CONFLICT, "payload-exists", "Stored already").field("sealed_root")
            }
            UploadError::Offset { offset } => {
                new(StatusCode::CONFLICT, "offset-mismatch", "Another offset is expected")
                    .field("Upload-Offset")
                    .header(HeaderName::from_static("upload-offset"), HeaderValue::from(*offset))
            }
            UploadError::Overflow { length } => {
                new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-bytes", "Too large").limit(*length)
            }
            UploadError::Busy => new(StatusCode::LOCKED, "upload-busy", "The upload is in use"),
            UploadError::CutOff(_) => {
                new(StatusCode::REQUEST_TIMEOUT, "upload-cut-off", "The upload was cut off")
            }
            UploadError::Wrong(wrong) => {
                let (slug, title, field) = match wrong {
                    CheckError::LeafList(_) => {
                        ("leaf-list-mismatch", "The leaf list is another", "dataset_root")
                    }
                    CheckError::Root { .. } => ("root-mismatch", "The payload is another", "sealed_root"),
                    other => return Self::internal(other),
                };
                new(StatusCode::UNPROCESSABLE_ENTITY, slug, title).field(field)
            }
            UploadError::Store(error) => Self::internal(error),
            UploadError::Ledger(error) => Self::internal(error),
        }
    }
}
