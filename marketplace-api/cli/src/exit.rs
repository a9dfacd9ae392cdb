//! How the command ends: one failure type, and the exit codes that programs rely on.
//!
//! Promises: every failure says what happened and, where a person can do something, what to do. The codes
//! below never change their meaning.

use serde::Serialize;
use serde_json::json;

/// Exit codes: the numbers that the process ends with. In JSON each is one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// It failed for a reason that has no code of its own (the chain refused, the disk is full).
    Failure = 1,
    /// The command line is not right.
    Usage = 2,
    /// What was given was refused: a file, a value, an agreement not given.
    Refused = 3,
    /// The chain or the service cannot be reached, or is another one than expected.
    Unreachable = 4,
    /// Data did not verify: corrupt, tampered with, or not what was promised.
    Verification = 5,
    /// The order ended with the money back: a dispute was won, or the seller missed the delivery.
    Refunded = 6,
    /// The key file or its passphrase.
    Key = 7,
    /// Stopped by Ctrl-C; running the same command again goes on.
    Interrupted = 130,
}

/// Every code with its meaning, in order. `wonbon help exit-codes` prints this table.
pub const EXIT_CODES: &[(Code, &str)] = &[
    (Code::Failure, "it failed: the chain refused, or the disk, or something without a code of its own"),
    (Code::Usage, "the command line is not right"),
    (Code::Refused, "what was given was refused: a file, a value, a licence that was not accepted"),
    (Code::Unreachable, "the chain or the service cannot be reached, or is another one than expected"),
    (Code::Verification, "data did not verify: corrupt, tampered with, or not what was promised"),
    (
        Code::Refunded,
        "the order ended with the money back: a dispute won, a delivery missed or refused, or a refund taken",
    ),
    (Code::Key, "the key file or its passphrase"),
    (Code::Interrupted, "stopped by Ctrl-C; the same command goes on where it stopped"),
];

impl Code {
    /// The number that the process ends with.
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// What a part of a command comes to.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why the command could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the process ends with.
    pub code: Code,
    /// What a person reads first.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// The chain's or the service's own name of the error, for programs.
    pub name: Option<String>,
    /// What programs get beside the error.
    pub details: Option<Box<serde_json::Value>>,
}

impl Failure {
    /// A failure without advice.
    pub fn new(code: Code, message: impl ToString) -> Failure {
        Failure { code, message: message.to_string(), advice: None, name: None, details: None }
    }

    /// A failure for what was given and cannot be taken.
    pub fn refused(message: impl ToString) -> Failure {
        Failure::new(Code::Refused, message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Failure {
        self.advice = Some(advice.into());
        self
    }

    /// Adds the error's own name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Failure {
        self.name = Some(name.into());
        self
    }

    /// Adds fields that stand beside the error with `--json`.
    #[must_use]
    pub fn with(mut self, details: serde_json::Value) -> Failure {
        self.details = Some(Box::new(details));
        self
    }

    /// The object that `--json` prints in place of a result.
    pub fn json(&self) -> serde_json::Value {
        let mut value = self.details.as_deref().cloned().unwrap_or_else(|| json!({}));
        value["error"] = json!({ "code": self.code.number(), "kind": self.code, "message": self.message });
        for (name, text) in [("advice", &self.advice), ("name", &self.name)] {
            if let Some(text) = text {
                value["error"][name] = json!(text);
            }
        }
        value
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.message.fmt(formatter)?;
        if let Some(advice) = &self.advice {
            write!(formatter, "\n  {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// What `help exit-codes` prints for programs.
pub fn json() -> serde_json::Value {
    let codes = EXIT_CODES
        .iter()
        .map(|(code, meaning)| json!({ "code": code.number(), "kind": code, "meaning": meaning }));
    json!({ "exit_codes": codes.collect::<Vec<_>>() })
}

/// The same for people.
pub fn help() -> String {
    let mut text = String::from("Exit codes of wonbon:\n\n    0  it worked\n");
    for (code, meaning) in EXIT_CODES {
        text.push_str(&format!("  {:>3}  {meaning}\n", code.number()));
    }
    text.push_str(
        "\nWith --json a failure is one object on standard output:\n  \
         {\"error\": {\"code\": 3, \"kind\": \"refused\", \"message\": \"…\", \"advice\": \"…\", \"name\": \"…\"}}\n\
         where advice and name (the chain's or the service's own name of the error) may be absent.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_documented_ones() {
        let numbers: Vec<u8> = EXIT_CODES.iter().map(|(code, _)| code.number()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 130]);
        for number in numbers {
            assert!(help().contains(&format!("  {number:>3}  ")), "{number} is not in the help");
        }
    }

    #[test]
    fn a_failure_says_what_to_do() {
        let failure = Failure::new(Code::Key, "wrong passphrase").advise("try again").named("decrypt");
        assert_eq!(failure.to_string(), "wrong passphrase\n  try again");
        assert_eq!(
            failure.json().to_string(),
            r#"{"error":{"advice":"try again","code":7,"kind":"key","message":"wrong passphrase","name":"decrypt"}}"#
        );
    }
}
