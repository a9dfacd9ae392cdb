//! How checking a certificate ends, in one word.

use serde::Serialize;

/// What a certificate is found to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It proves what it says.
    Valid,
    /// It proves what it says, and there is something to know before relying on it.
    ValidWithWarnings,
    /// It does not prove what it says.
    Invalid,
    /// This program cannot read it.
    Unreadable,
}
