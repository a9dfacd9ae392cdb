//! The `wonbon` command, run as a person or a program would run it.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use serde_json::Value;

use crate::{
    process::{Process, Stream},
    programs,
    wait::TRADE,
};

/// Exit codes of the command, as `wonbon help exit-codes` documents them.
pub mod code {
    /// It failed for a reason without a code of its own; the chain refused.
    pub const FAILURE: i32 = 1;
    /// The command line is not right.
    pub const USAGE: i32 = 2;
    /// What was given was refused.
    pub const REFUSED: i32 = 3;
    /// Chain or service not reachable, or another one.
    pub const UNREACHABLE: i32 = 4;
    /// Data did not verify.
    pub const VERIFICATION: i32 = 5;
    /// The money came back.
    pub const REFUNDED: i32 = 6;
    /// Key file or passphrase.
    pub const KEY: i32 = 7;
}

/// The command with what is the same at each call: home, key and addresses.
#[derive(Clone, Debug)]
pub struct Cli {
    folder: PathBuf,
    options: Vec<(&'static str, OsString)>,
}

#[derive(Clone, Debug)]
pub struct Answer {
    /// Exit code; none if it was killed.
    pub code: Option<i32>,
    /// The object on standard output, or null if there is none.
    pub json: Value,
    /// What it wrote on standard error.
    pub notes: String,
    command: String,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Cli {
    /// The command with its home and its logs under `folder`.
    pub fn new(folder: &Path) -> Self {
        let home = folder.join("home");
        Self { folder: folder.to_owned(), options: vec![("--home", home.into())] }
    }

    /// The same with an option that every call gets; a second value for one option replaces the first.
    #[must_use]
    pub fn with(mut self, option: &'static str, value: impl Into<OsString>) -> Self {
        self.options.retain(|(name, _)| *name != option);
        self.options.push((option, value.into()));
        self
    }

    /// The folder of its logs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder where the command keeps its state.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Runs it to its end, which must come within the time that a trade may take.
    pub async fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Answer {
        self.run_within(TRADE, arguments).await
    }

    /// Runs it to its end, which must come within `limit`.
    pub async fn run_within<S: AsRef<OsStr>>(
        &self,
        limit: Duration,
        arguments: impl IntoIterator<Item = S>,
    ) -> Answer {
        self.start(arguments).answer(limit).await
    }

    /// Starts it and leaves it running.
    pub fn start<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Running {
        let arguments: Vec<OsString> =
            arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        let mut command = Command::new(programs::path(programs::COMMAND));
        // What the surroundings set for a person must not change a test.
        for name in ["KEY", "PASSPHRASE_FILE", "CHAIN", "SERVICE", "GENESIS", "HOME", "COMPANY"] {
            command.env_remove(format!("WONBON_{name}"));
        }
        command.args(&arguments).arg("--json");
        for (option, value) in &self.options {
            command.arg(option).arg(value);
        }
        let verb = arguments.first().map_or_else(|| "wonbon".into(), |verb| verb.to_string_lossy());
        let name = format!("{verb}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let shown = arguments.iter().map(|argument| argument.to_string_lossy()).collect::<Vec<_>>().join(" ");
        Running { process: Process::start(&name, command, &self.folder), command: format!("wonbon {shown}") }
    }
}

/// A command that is running.
#[derive(Debug)]
pub struct Running {
    process: Process,
    command: String,
}

impl Running {
    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn kill(&self) {
        self.process.kill();
    }

    /// Returns when it has told an event of this name, old or new (`deliver --json` tells them line by line).
    pub async fn tells(&self, event: &str, limit: Duration) {
        self.tells_after(0, event, limit).await;
    }

    /// The same for lines from the `start`-th on.
    pub async fn tells_after(&self, start: usize, event: &str, limit: Duration) {
        let is_told = |line: &str| {
            let told: Value = serde_json::from_str(line).ok()?;
            (told["event"] == event).then_some(())
        };
        self.process.line_after(start, &format!("the event {event}"), limit, is_told).await;
    }

    /// The answer, once it has ended, which must be within `limit`.
    pub async fn answer(&self, limit: Duration) -> Answer {
        let status = self.process.exited(limit).await;
        let out = self.process.printed(Stream::Out);
        let json = out.lines().rev().find_map(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null);
        Answer {
            code: status.code(),
            json,
            notes: self.process.printed(Stream::Err),
            command: self.command.clone(),
        }
    }
}

impl Answer {
    /// The object of a command that worked.
    ///
    /// # Panics
    /// If it did not work.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.code, Some(0), "{}: {}\n{}", self.command, self.json, self.notes);
        self.json
    }

    /// The error object of a command that failed with `code`.
    ///
    /// # Panics
    /// If it did anything else.
    #[track_caller]
    pub fn failed(self, code: i32) -> Value {
        assert_eq!(self.code, Some(code), "{}: {}\n{}", self.command, self.json, self.notes);
        let error = self.json["error"].clone();
        assert_eq!(error["code"], code, "{}: {}", self.command, self.json);
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
        error
    }

    /// The same, with the error's own name.
    #[track_caller]
    pub fn failed_as(self, code: i32, name: &str) -> Value {
        let error = self.failed(code);
        assert_eq!(error["name"], name, "{error}");
        error
    }
}
