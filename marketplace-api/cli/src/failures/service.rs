//! The marketplace service.

use wonbon_client::service::ServiceError;

use crate::exit::{Code, Failure};

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let message = error.to_string();
        match &error {
            ServiceError::Unreachable { .. } => Failure::new(Code::Unreachable, message)
                .advise("check that it is running, or name another with --service or WONBON_SERVICE"),
            ServiceError::BadAddress(_) => {
                Failure::new(Code::Usage, message).advise("an address looks like http://127.0.0.1:8080")
            }
            ServiceError::Corrupt(_) => Failure::new(Code::Verification, message)
                .advise("nothing of it was used; try again, or use another service"),
            ServiceError::TooLarge { .. } => Failure::new(Code::Refused, message)
                .named("upload-too-large")
                .advise(
                "nothing was announced; ask the operator for room, split the file, or name another service",
            ),
            ServiceError::NoKey => Failure::new(Code::Key, message).advise("say --key"),
            ServiceError::Storage(_) | ServiceError::Unexpected(_) => Failure::new(Code::Failure, message),
            ServiceError::Problem(problem) => {
                let (code, advice) = match (problem.slug(), problem.status) {
                    ("root-mismatch" | "leaf-list-mismatch", _) => {
                        (Code::Verification, Some("the upload was changed on its way; nothing was published"))
                    }
                    (_, 401) => {
                        (Code::Key, Some("check --service and --chain: the service may belong to another chain"))
                    }
                    ("not-an-auditor", _) => {
                        (Code::Failure, Some("take the role `auditor` with `wonbon company update`; the registrar then accredits the company"))
                    }
                    (_, 403) => (
                        Code::Failure,
                        Some("the company must be registered and verified: `wonbon company register`"),
                    ),
                    ("over-quota", _) => (
                        Code::Refused,
                        Some("ask the operator for more room; then the same command goes on with the upload"),
                    ),
                    (_, 413) => (Code::Refused, Some("ask the operator what may be sent")),
                    (_, 500..=599) => (Code::Unreachable, Some("the service has a problem; try again later")),
                    _ => (Code::Failure, None),
                };
                let name = if problem.slug().is_empty() {
                    problem.status.to_string()
                } else {
                    problem.slug().to_owned()
                };
                let failure = Failure::new(code, message).named(name);
                match advice {
                    Some(advice) => failure.advise(advice),
                    None => failure,
                }
            }
        }
    }
}
