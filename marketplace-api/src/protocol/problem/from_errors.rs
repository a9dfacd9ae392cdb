//! Which problem an error of another module becomes.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use wonbon_audit::BadPeriod;
use wonbon_client::{certificate::CertificateError, chain::ChainError};

use super::Problem;
use crate::{
    audit::{self, AuditError, DeliveriesError, ExportError, ReportError},
    certificates::IssueError,
    documents::{self, DocumentError},
    exports::GatherError,
    kv::KvError,
    payloads::{CheckError, RemoveError, UploadError},
    samples::SampleError,
    sign_in::SignInError,
    storage::{Downloads, OverQuota, StorageError},
};

impl From<KvError> for Problem {
    fn from(error: KvError) -> Self {
        Self::internal(error)
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        Self::internal(error)
    }
}

impl From<OverQuota> for Problem {
    fn from(error: OverQuota) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "over-quota", "The quota is used up", error)
            .field("body")
            .limit(error.limit)
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::NotTheSeller => Self::forbidden("not-the-seller", error),
            AuditError::NotAnAuditor => Self::forbidden("not-an-auditor", error),
            AuditError::KvStore(error) => error.into(),
        }
    }
}

impl From<BadPeriod> for Problem {
    fn from(error: BadPeriod) -> Self {
        Self::invalid(error.end(), error)
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Period(error) => error.into(),
            ReportError::TooMany => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self::new(status, "too-many-trades", "The period is too long", error)
                    .limit(audit::MAX_REPORT_TRADES as u64)
            }
            ReportError::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", error).retry_after(5)
            }
            ReportError::NoChain | ReportError::Rebuilt => Self::no_chain(error),
            ReportError::KvStore(error) => error.into(),
        }
    }
}

impl From<DeliveriesError> for Problem {
    fn from(error: DeliveriesError) -> Self {
        match error {
            DeliveriesError::Period(error) => error.into(),
            DeliveriesError::KvStore(error) => error.into(),
        }
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Period(error) => error.into(),
            ExportError::NoChain | ExportError::Rebuilt => Self::no_chain(error),
            ExportError::Write(error) => Self::internal(error),
            ExportError::KvStore(error) => error.into(),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let unprocessable = |slug, title| Self::new(StatusCode::UNPROCESSABLE_ENTITY, slug, title, &error);
        match error {
            DocumentError::Hash { .. } => {
                unprocessable("hash-mismatch", "The hash does not match").field("hash")
            }
            DocumentError::Invalid(_) => unprocessable("invalid-document", "The document is invalid")
                .field("body")
                .limit(documents::MAX_BYTES as u64),
            DocumentError::OverQuota(error) => error.into(),
            DocumentError::Storage(error) => error.into(),
            DocumentError::KvStore(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let refused = |slug, field| {
            Self::new(StatusCode::UNAUTHORIZED, slug, "Signing in failed", &error).challenge().field(field)
        };
        match error {
            SignInError::Challenge | SignInError::Used => refused("invalid-challenge", "challenge"),
            SignInError::Signature => refused("invalid-signature", "signature"),
            SignInError::Origin(_) => refused("wrong-origin", "origin"),
            SignInError::Unknown => Self::forbidden("not-registered", &error).field("account"),
            SignInError::TooMany => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-sign-ins", "Too many requests", &error)
                    .retry_after(120)
            }
            SignInError::NoChain => Self::no_chain(error),
            SignInError::KvStore(error) => error.into(),
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
            UploadError::OverQuota(quota) => Self::from(*quota).field("Upload-Length"),
            UploadError::TooMany { limit } => {
                new(StatusCode::TOO_MANY_REQUESTS, "too-many-uploads", "Too many uploads")
                    .limit(*limit as u64)
            }
            UploadError::Stored => {
                new(StatusCode::CONFLICT, "payload-exists", "It is stored already").field("sealed_root")
            }
            UploadError::Offset { offset } => new(StatusCode::CONFLICT, "offset-mismatch", "Wrong offset")
                .field("Upload-Offset")
                .header(HeaderName::from_static("upload-offset"), HeaderValue::from(*offset)),
            UploadError::Overflow { length } => {
                new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-bytes", "Too large").field("body").limit(*length)
            }
            UploadError::Busy => new(StatusCode::LOCKED, "upload-busy", "The upload is in use"),
            UploadError::CutOff(_) => {
                new(StatusCode::REQUEST_TIMEOUT, "upload-cut-off", "The upload was cut off")
            }
            UploadError::Wrong(wrong) => {
                let (slug, title, field) = match wrong {
                    CheckError::LeafList(_) => {
                        ("leaf-list-mismatch", "The leaf list does not match", "dataset_root")
                    }
                    CheckError::Root { .. } => ("root-mismatch", "The payload does not match", "sealed_root"),
                    other => return Self::internal(other),
                };
                new(StatusCode::UNPROCESSABLE_ENTITY, slug, title).field(field)
            }
            UploadError::Storage(error) => Self::internal(error),
            UploadError::KvStore(error) => Self::internal(error),
        }
    }
}

impl From<SampleError> for Problem {
    fn from(error: SampleError) -> Self {
        let new = |status, slug, title| Self::new(status, slug, title, &error);
        match error {
            SampleError::Missing => Self::not_found("dataset"),
            SampleError::NotTheOwner => Self::forbidden("not-the-owner", error),
            SampleError::NotDrawn => new(StatusCode::CONFLICT, "not-drawn", "Not drawn yet"),
            SampleError::AlreadyAnswered { .. } => {
                new(StatusCode::CONFLICT, "already-answered", "Answered with another sample")
            }
            SampleError::Invalid(_) => {
                new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-sample", "The sample does not verify")
                    .field("body")
            }
            SampleError::NoChain => Self::no_chain(error),
            SampleError::Busy => new(StatusCode::TOO_MANY_REQUESTS, "too-many-samples", "Too many requests")
                .limit(Downloads::LIMIT as u64)
                .retry_after(5),
            SampleError::OverQuota(error) => error.into(),
            SampleError::Storage(error) => error.into(),
            SampleError::KvStore(error) => error.into(),
        }
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        let later = |slug, title, detail: &str| {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, slug, title, detail).retry_after(2)
        };
        let unusable = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "no certificate can be made from this node");
            let detail = "The chain's node gave data that no certificate can be made from. The operator's log says why.";
            Self::new(StatusCode::BAD_GATEWAY, "faulty-node", "The chain's node is faulty", detail)
        };
        match error {
            IssueError::Busy => later("busy", "Too many requests", "Too many certificates are being made."),
            IssueError::Failed(CertificateError::NotRegistered { .. }) => Self::not_found("dataset"),
            IssueError::Failed(CertificateError::Stopped) => later(
                "stopping",
                "The service is stopping",
                "The service is stopping. Try again in a moment.",
            ),
            IssueError::Failed(CertificateError::Chain(error)) if error.is_connection() => {
                tracing::warn!(%error, "no certificate, for want of a chain");
                Self::no_chain("The chain's node does not answer.")
            }
            IssueError::Failed(CertificateError::Chain(error @ ChainError::StatePruned(_))) => {
                tracing::error!(%error, "certificates need a node with --state-pruning archive-canonical");
                let detail = "The service's node does not keep the old states that a certificate is made from. Its operator can \
                              start it with --state-pruning archive-canonical.";
                Self::new(StatusCode::BAD_GATEWAY, "no-archive", "The node keeps no history", detail)
            }
            IssueError::Failed(error) => unusable(&error),
        }
    }
}

impl From<GatherError> for Problem {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::KvStore(error) => error.into(),
            GatherError::Storage(error) => error.into(),
            GatherError::Sample(error) => error.into(),
        }
    }
}
