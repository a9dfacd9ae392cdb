//! Which problem an error of another module becomes.

use std::fmt::Display;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use wonbon_client::{certificate::CertificateError, chain::ChainError};

use super::Problem;
use crate::{
    applications::ApplicationError,
    audit::{self, AuditError},
    certificates::IssueError,
    documents::{self, DocumentError},
    kv::KvError,
    payloads::{CheckError, RemoveError, UploadError},
    samples::SampleError,
    secrets::SecretError,
    sign_in::SignInError,
    storage::{OverQuota, StorageError, MAX_DOWNLOADS},
};

/// A problem whose detail is the error's own text, by the number of its status.
fn problem(status: u16, slug: &str, title: &'static str, error: &dyn Display) -> Problem {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Problem::new(status, slug, title, error)
}

impl From<KvError> for Problem {
    fn from(error: KvError) -> Self {
        Self::internal(error)
    }
}

impl From<OverQuota> for Problem {
    fn from(error: OverQuota) -> Self {
        problem(413, "over-quota", "The quota is used up", &error).field("body").limit(error.limit)
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::OverQuota(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Period(error) => Self::invalid(error.parameter(), error),
            AuditError::PeriodOfBlocks { end } => Self::invalid(end, error),
            AuditError::TooMany => problem(422, "too-many-trades", "The period is too long", &error)
                .limit(audit::MAX_REPORT_TRADES as u64),
            AuditError::Busy => problem(503, "busy", "Busy", &error).retry_after(5),
            AuditError::NoChain | AuditError::Rebuilt => Self::no_chain(error),
            AuditError::NotTheSeller => Self::forbidden("not-the-seller", error),
            AuditError::NotAnAuditor => Self::forbidden("not-an-auditor", error),
            AuditError::Write(error) => Self::internal(error),
            AuditError::Kv(error) => error.into(),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let new = |slug, title| problem(422, slug, title, &error);
        match error {
            DocumentError::Hash { .. } => new("hash-mismatch", "The hash does not match").field("hash"),
            DocumentError::Invalid(_) => new("invalid-document", "The document is invalid")
                .field("body")
                .limit(documents::MAX_BYTES as u64),
            DocumentError::Storage(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let refused = |slug, field| problem(401, slug, "Signing in failed", &error).challenge().field(field);
        match error {
            SignInError::Challenge | SignInError::Used => refused("invalid-challenge", "challenge"),
            SignInError::Signature => refused("invalid-signature", "signature"),
            SignInError::Origin(_) => refused("wrong-origin", "origin"),
            SignInError::Unknown => Self::forbidden("not-registered", &error).field("account"),
            SignInError::NotMember => Self::forbidden("not-a-member", &error).field("company"),
            SignInError::TooMany => {
                problem(429, "too-many-sign-ins", "Too many requests", &error).retry_after(120)
            }
            SignInError::NoChain => Self::no_chain(error),
            SignInError::Kv(error) => error.into(),
            SignInError::Storage(error) => error.into(),
        }
    }
}

impl From<RemoveError> for Problem {
    fn from(error: RemoveError) -> Self {
        match error {
            RemoveError::Missing => Self::not_found("payload"),
            RemoveError::NotTheUploader => Self::forbidden("not-the-uploader", error),
            RemoveError::Needed { .. } => problem(409, "payload-needed", "The payload is needed", &error),
            RemoveError::Storage(error) => error.into(),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let new = |status, slug, title| problem(status, slug, title, &error);
        let wrong = |slug, title, field| new(422, slug, title).field(field);
        match &error {
            UploadError::Missing => Self::not_found("upload"),
            UploadError::TooLarge { limit, .. } => {
                new(413, "upload-too-large", "Too large").field("Upload-Length").limit(*limit)
            }
            UploadError::Length { .. } => {
                new(400, "invalid-length", "The lengths do not match").field("Upload-Length")
            }
            UploadError::TooMany { limit } => {
                new(429, "too-many-uploads", "Too many uploads").limit(*limit as u64)
            }
            UploadError::Stored => new(409, "payload-exists", "It is stored already").field("sealed_root"),
            UploadError::Offset { offset } => new(409, "offset-mismatch", "Wrong offset")
                .field("Upload-Offset")
                .header(HeaderName::from_static("upload-offset"), HeaderValue::from(*offset)),
            UploadError::Overflow { length } => {
                new(413, "too-many-bytes", "Too large").field("body").limit(*length)
            }
            UploadError::Busy => new(423, "upload-busy", "The upload is in use"),
            UploadError::CutOff(_) => new(408, "upload-cut-off", "The upload was cut off"),
            UploadError::Wrong(CheckError::LeafList(_)) => {
                wrong("leaf-list-mismatch", "The leaf list does not match", "dataset_root")
            }
            UploadError::Wrong(CheckError::Root { .. }) => {
                wrong("root-mismatch", "The payload does not match", "sealed_root")
            }
            UploadError::Wrong(other) => Self::internal(other),
            UploadError::Storage(StorageError::OverQuota(quota)) => Self::from(*quota).field("Upload-Length"),
            UploadError::Storage(error) => Self::internal(error),
        }
    }
}

impl From<SampleError> for Problem {
    fn from(error: SampleError) -> Self {
        let new = |status, slug, title| problem(status, slug, title, &error);
        match error {
            SampleError::Missing => Self::not_found("dataset"),
            SampleError::NotTheOwner => Self::forbidden("not-the-owner", error),
            SampleError::NotDrawn => new(409, "not-drawn", "Not drawn yet"),
            SampleError::AlreadyAnswered { .. } => {
                new(409, "already-answered", "Answered with another sample")
            }
            SampleError::Invalid(_) => new(422, "invalid-sample", "The sample does not verify").field("body"),
            SampleError::OtherRows { .. } => {
                new(422, "invalid-sample", "The sample does not show what was promised").field("body")
            }
            SampleError::NoChain => Self::no_chain(error),
            SampleError::Busy => {
                new(429, "too-many-samples", "Too many requests").limit(MAX_DOWNLOADS as u64).retry_after(5)
            }
            SampleError::Storage(error) => error.into(),
        }
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        let IssueError::Failed(error) = error else {
            return problem(503, "busy", "Too many requests", &error).retry_after(2);
        };
        match error {
            CertificateError::NotRegistered { .. } => Self::not_found("dataset"),
            CertificateError::Stopped => {
                let detail = "The service is stopping. Try again in a moment.";
                problem(503, "stopping", "The service is stopping", &detail).retry_after(2)
            }
            CertificateError::Chain(error) if error.is_connection() => {
                tracing::warn!(%error, "no certificate, for want of a chain");
                Self::no_chain("The chain's node does not answer.")
            }
            CertificateError::Chain(error @ ChainError::StatePruned(_)) => {
                tracing::error!(%error, "certificates need a node with --state-pruning archive-canonical");
                let detail = "The service's node does not keep the old states that a certificate is made from. Its operator can \
                              start it with --state-pruning archive-canonical.";
                problem(502, "no-archive", "The node keeps no history", &detail)
            }
            error => {
                tracing::error!(%error, "no certificate can be made from this node");
                let detail = "The chain's node gave data that no certificate can be made from. The operator's log says why.";
                problem(502, "faulty-node", "The chain's node is faulty", &detail)
            }
        }
    }
}

impl From<ApplicationError> for Problem {
    fn from(error: ApplicationError) -> Self {
        let new = |status, slug, title| problem(status, slug, title, &error);
        match error {
            ApplicationError::Invalid(_) => new(422, "invalid-application", "The application is invalid"),
            ApplicationError::Signature => {
                new(422, "invalid-signature", "The signature does not verify").field("signature")
            }
            ApplicationError::Expired { .. } => {
                new(422, "application-expired", "The application has expired").field("expires")
            }
            ApplicationError::TooLong { latest, .. } => {
                new(422, "application-too-long", "The application is signed for too long")
                    .field("expires")
                    .limit(latest.into())
            }
            ApplicationError::Open(_) => new(409, "application-open", "Another application is open"),
            ApplicationError::Full | ApplicationError::TooMany => {
                new(429, "too-many-applications", "Too many applications").retry_after(600)
            }
            ApplicationError::NotTheRegistrar => Self::forbidden("not-the-registrar", error),
            ApplicationError::NoChain => Self::no_chain(error),
            ApplicationError::Storage(error) => error.into(),
        }
    }
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Empty => problem(422, "empty", "There is nothing in it", &error).field("body"),
            SecretError::Exists => problem(409, "never-replaced", "Other bytes are stored", &error),
            SecretError::Gap { .. } => {
                problem(409, "epoch-gap", "The epoch is too far from those before it", &error).field("epoch")
            }
            SecretError::NotMember(_) => Self::not_found("member of the company").field("member"),
            SecretError::Storage(error) => error.into(),
        }
    }
}
