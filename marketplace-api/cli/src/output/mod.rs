//! What people and programs read: one result on standard output, everything else on standard error.
//!
//! Promises: with `--json` exactly one JSON object goes to standard output (`deliver`: one a line for each event);
//! without it, text that lines up for Korean too. Progress, notes and warnings go to standard error, and never to
//! standard output.

pub mod object;
pub mod progress;
pub mod table;

use std::io::{IsTerminal, Write};

use serde::Serialize;

use crate::exit::{Code, Failure, Result};

/// Where results and notes go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// Results go out as JSON, one document each.
    pub json: bool,
    /// No notes and no progress.
    pub quiet: bool,
}

impl Output {
    /// Prints the result of the command: `text` for people, `value` for programs.
    pub fn result(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        let json = || {
            serde_json::to_string(value)
                .map_err(|error| Failure::new(Code::Failure, format!("cannot write the result: {error}")))
        };
        let line = if self.json { json()? } else { text().trim_end().to_owned() };
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            // The reader of a pipe went away; that is its choice.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|error| {
                Failure::new(Code::Failure, format!("cannot write to standard output: {error}"))
            }),
        }
    }

    /// The same as names with a text each, for people.
    pub fn fields(&self, value: &impl Serialize, lines: &[(&str, String)]) -> Result<()> {
        self.result(value, || table::fields(lines))
    }

    /// Says what is being done.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.say(text.as_ref());
        }
    }

    /// Warns. Quiet does not silence this.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.say(&format!("warning: {}", text.as_ref()));
    }

    fn say(&self, text: &str) {
        // A closed standard error is no reason to fail.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether bars and questions make sense.
    pub fn interactive(&self) -> bool {
        std::io::stderr().is_terminal() && std::io::stdin().is_terminal()
    }

    /// A progress bar over `length` bytes; invisible off a terminal and when quiet.
    pub fn bar(&self, what: &str, length: u64) -> progress::Bar {
        progress::Bar::new(what, length, progress::BYTES_BAR, self.shows_progress())
    }

    /// The same over things that are counted.
    pub fn count(&self, what: &str, length: u64) -> progress::Bar {
        progress::Bar::new(what, length, progress::COUNT_BAR, self.shows_progress())
    }

    fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}
