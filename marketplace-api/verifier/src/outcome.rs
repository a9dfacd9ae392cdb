//! What the command says in the end, and the exit code that goes with it.

use serde_json::{json, Value};
use std::{
    fmt::Display,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};
use wonbon_verifier::{
    report::{self, Extras},
    Refusal, Report,
};

/// How the check ended.
pub(crate) enum Outcome {
    /// The certificate is valid; so is what was given beside it.
    Valid(Box<(Report, Extras)>),
    /// It is not, or nobody can tell.
    Failed {
        /// Why.
        failure: Failure,
        /// The certificate.
        certificate: PathBuf,
    },
}

/// Why there is nothing proved.
pub(crate) enum Failure {
    /// What was asked for makes no sense.
    Usage(String),
    /// A file cannot be read or written.
    File(PathBuf, String),
    /// The certificate is refused, or the file is not the dataset.
    Refused(Refusal),
}

impl Failure {
    pub(crate) fn usage(what: impl Display) -> Self {
        Self::Usage(what.to_string())
    }

    pub(crate) fn file(path: &Path, what: impl Display) -> Self {
        Self::File(path.to_owned(), what.to_string())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Refused(Refusal::Invalid(_)) => 1,
            Self::Usage(_) => 2,
            Self::Refused(Refusal::Unreadable(_)) | Self::File(..) => 3,
        }
    }

    fn message(&self, certificate: &Path) -> String {
        match self {
            Self::Usage(what) => what.clone(),
            Self::File(path, what) => format!("{}: {what}", path.display()),
            Self::Refused(refusal) => format!("{}: {refusal}", certificate.display()),
        }
    }

    fn json(&self, certificate: &Path) -> Value {
        let mut value = match self {
            Self::Usage(_) => json!({ "verdict": "usage" }),
            Self::File(path, _) => {
                json!({ "verdict": "unreadable", "reason": "file", "path": path.to_string_lossy() })
            }
            Self::Refused(refusal) => {
                serde_json::to_value(refusal).unwrap_or_else(|_| json!({ "verdict": "invalid" }))
            }
        };
        value["message"] = self.message(certificate).into();
        value
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Outcome {
    /// Prints it, and gives the exit code.
    pub(crate) fn print(&self, json: bool) -> ExitCode {
        let (code, printed) = match self {
            Self::Valid(checked) => {
                let (report, extras) = &**checked;
                let text = if json {
                    json!({ "verdict": "valid", "file_matches": extras.file_matches, "report": report })
                        .to_string()
                } else {
                    report::text(report, extras)
                };
                (0, print(text.trim_end()))
            }
            Self::Failed { failure, certificate } => {
                let printed = if json { print(&failure.json(certificate).to_string()) } else { Ok(()) };
                // A closed standard error is no reason to fail in another way.
                let _ = writeln!(std::io::stderr(), "wonbon-verify: {}", failure.message(certificate));
                (failure.code(), printed)
            }
        };
        match printed {
            // Nobody may be told that all is well by an exit code alone, if the claims did not arrive.
            Err(error) if code == 0 => {
                let _ = writeln!(std::io::stderr(), "wonbon-verify: cannot write: {error}");
                ExitCode::from(3)
            }
            _ => ExitCode::from(code),
        }
    }
}

fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// What clap says: help and version are no failures, anything else is one of usage.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if std::env::args_os().any(|argument| argument == "--json") && error.use_stderr() {
        let text = error.to_string();
        let what = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        // The exit code says it too.
        let _ = print(&json!({ "verdict": "usage", "message": what }).to_string());
    }
    let printed = error.print();
    match (error.use_stderr(), printed) {
        (false, Ok(())) => ExitCode::SUCCESS,
        (false, Err(_)) => ExitCode::from(3),
        (true, _) => ExitCode::from(2),
    }
}
