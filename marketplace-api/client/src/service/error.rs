//! What can go wrong with a service: no connection, a refusal with problem details, or a wrong answer.

use crate::ports::StorageError;
use serde::Deserialize;
use thiserror::Error;

/// The beginning of every problem type of the service.
const PROBLEM_PREFIX: &str = "urn:wonbon:problem:";

/// RFC 9457 problem details, as the service sends them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Which problem: `urn:wonbon:problem:<slug>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is in general.
    pub title: String,
    /// The HTTP status, also when the body was no problem document.
    pub status: u16,
    /// What it is here.
    pub detail: String,
    /// The field of the request that it is about.
    pub field: Option<String>,
    /// The limit that was passed.
    pub limit: Option<u64>,
}

impl Problem {
    /// The last part of the type, such as `root-mismatch`; empty if the answer had no problem details.
    pub fn slug(&self) -> &str {
        self.kind.strip_prefix(PROBLEM_PREFIX).unwrap_or("")
    }
}

/// Why something with the service failed.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ServiceError {
    /// The service cannot be reached at its address, also not after several attempts; the reason is that of the last.
    #[error("the service {url} cannot be reached: {reason}")]
    Unreachable { url: String, reason: String },
    /// The address is none.
    #[error("not the address of a service: {0}")]
    BadAddress(String),
    /// The service answered with a refusal.
    #[error("the service refuses ({}): {}", .0.status, described(.0))]
    Problem(Problem),
    /// The service would refuse a package of so many bytes, so it was not begun.
    #[error("the service takes at most {limit} bytes from this account now, and the package has {length}")]
    TooLarge { length: u64, limit: u64 },
    /// The service answered with something that cannot be.
    #[error("the service answered with something unexpected: {0}")]
    Unexpected(String),
    /// What was received is not what was asked for.
    #[error("what the service sent is not what was asked for: {0}")]
    Corrupt(String),
    /// There is no key to sign in with.
    #[error("this needs signing in, and no key was given")]
    NoKey,
    /// What is sent or received cannot be read or written here.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ServiceError {
    /// Whether the service refused with this problem.
    pub fn is_problem(&self, slug: &str) -> bool {
        matches!(self, Self::Problem(problem) if problem.slug() == slug)
    }

    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            _ => None,
        }
    }

    /// Whether the service cannot be reached: no fault of what was asked.
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}

fn described(problem: &Problem) -> String {
    let mut text = match (problem.title.as_str(), problem.detail.as_str()) {
        ("", "") => "no reason given".to_owned(),
        (title, "") => title.to_owned(),
        ("", detail) => detail.to_owned(),
        (title, detail) => format!("{title}: {detail}"),
    };
    if let Some(field) = &problem.field {
        text.push_str(&format!(" (field {field})"));
    }
    if let Some(limit) = problem.limit {
        text.push_str(&format!(" (limit {limit})"));
    }
    text
}
