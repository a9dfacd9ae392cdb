//! What can go wrong with the service, and what to do then.

use wonbon_client::service::{Problem, ServiceError};

use crate::exit::{Code, Failure};

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let failure = |code| Failure::new(code, error.to_string());
        match &error {
            ServiceError::Unreachable { .. } => failure(Code::Unreachable)
                .advise("check that it is running, or name another with --service or WONBON_SERVICE"),
            ServiceError::BadAddress(_) => {
                failure(Code::Usage).advise("an address looks like http://127.0.0.1:8080")
            }
            ServiceError::Corrupt(_) => failure(Code::Verification)
                .advise("nothing of it was used; try again, or use another service"),
            ServiceError::TooLarge { .. } => failure(Code::Refused).named("upload-too-large").advise(
                "nothing was announced; ask the operator for room, split the file, or name another service",
            ),
            ServiceError::NoKey => failure(Code::Key).advise("say --key"),
            ServiceError::Storage(_) | ServiceError::Unexpected(_) => failure(Code::Failure),
            ServiceError::Problem(problem) => {
                let (code, advice) = about(problem);
                let name = match problem.slug() {
                    "" => problem.status.to_string(),
                    slug => slug.to_owned(),
                };
                Failure { advice: advice.map(str::to_owned), ..failure(code).named(name) }
            }
        }
    }
}

/// The code of a refusal, and what to do about it.
fn about(problem: &Problem) -> (Code, Option<&'static str>) {
    let (code, advice) = match (problem.slug(), problem.status) {
        ("root-mismatch" | "leaf-list-mismatch", _) => {
            (Code::Verification, "the upload was changed on its way; nothing was published")
        }
        (_, 401) => (Code::Key, "check --service and --chain: the service may belong to another chain"),
        ("not-an-auditor", _) => (
            Code::Failure,
            "take the role `auditor` with `wonbon company update`; the registrar then accredits the company",
        ),
        ("not-a-member", _) => (
            Code::Failure,
            "`wonbon company members` shows who acts for the company; an admin takes members on with `wonbon company add`",
        ),
        (_, 403) => (Code::Failure, "the company must be registered and verified: `wonbon company register`"),
        ("over-quota", _) => {
            (Code::Refused, "ask the operator for more room; then the same command goes on with the upload")
        }
        (_, 413) => (Code::Refused, "ask the operator what may be sent"),
        (_, 500..=599) => (Code::Unreachable, "the service has a problem; try again later"),
        _ => return (Code::Failure, None),
    };
    (code, Some(advice))
}
