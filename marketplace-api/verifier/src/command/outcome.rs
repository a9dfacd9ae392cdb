//! What the command says in the end, and the exit code that goes with it.
//!
//! Whoever wrote a refused file may have written a part of the message about it. So every message is printed by
//! [`brief`], and JSON by [`print_json`].

use serde_json::{json, Value};
use std::{
    fmt::{Display, Write as _},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use wonbon_verifier::{
    report::{self, is_shown, plain, Extras},
    Refusal, Report,
};

/// The longest reason that is printed, in characters. Our own are shorter.
const LONGEST: usize = 300;
/// The exit code if nothing is wrong but that it could not be said.
const UNWRITTEN: u8 = 4;

/// How the check ended.
pub(crate) enum Outcome {
    /// The certificate is valid; so is what was given beside it.
    Valid(Box<(Report, Extras)>),
    /// It is not, or nobody can tell.
    Failed(Failure),
}

/// Why there is nothing proved.
pub(crate) enum Failure {
    /// What was asked for makes no sense.
    Usage(String),
    /// A file cannot be read.
    File(PathBuf, String),
    /// The page cannot be written.
    Page(PathBuf, String),
    /// A file is refused: the certificate, or what was given beside it.
    Refused(PathBuf, Box<Refusal>),
}

impl Failure {
    pub(crate) fn usage(what: impl Display) -> Self {
        Self::Usage(what.to_string())
    }

    pub(crate) fn file(path: &Path, what: impl Display) -> Self {
        Self::File(path.to_owned(), what.to_string())
    }

    pub(crate) fn page(path: &Path, what: impl Display) -> Self {
        Self::Page(path.to_owned(), what.to_string())
    }

    pub(crate) fn refused(path: &Path, refusal: impl Into<Refusal>) -> Self {
        Self::Refused(path.to_owned(), Box::new(refusal.into()))
    }

    fn code(&self) -> u8 {
        match self {
            Self::Refused(_, refusal) => match **refusal {
                Refusal::Invalid(_) => 1,
                Refusal::Unreadable(_) => 3,
            },
            Self::Usage(_) => 2,
            Self::File(..) => 3,
            Self::Page(..) => UNWRITTEN,
        }
    }

    fn path(&self) -> Option<&Path> {
        match self {
            Self::Usage(_) => None,
            Self::File(path, _) | Self::Page(path, _) | Self::Refused(path, _) => Some(path),
        }
    }

    fn message(&self) -> String {
        let what = match self {
            Self::Usage(what) | Self::File(_, what) | Self::Page(_, what) => brief(what),
            Self::Refused(_, refusal) => brief(&refusal.to_string()),
        };
        match self.path() {
            Some(path) => format!("{}: {what}", plain(&path.to_string_lossy())),
            None => what,
        }
    }

    fn json(&self) -> Value {
        let mut value = match self {
            Self::Usage(_) => json!({ "verdict": "usage" }),
            Self::File(..) => json!({ "verdict": "unreadable", "reason": "file" }),
            Self::Page(..) => json!({ "verdict": "unwritten", "reason": "page" }),
            Self::Refused(_, refusal) => {
                serde_json::to_value(refusal).unwrap_or_else(|_| json!({ "verdict": "invalid" }))
            }
        };
        for member in value.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
            if let Value::String(text) = member {
                *text = brief(text);
            }
        }
        if let Some(path) = self.path() {
            value["path"] = path.to_string_lossy().into();
        }
        value["message"] = self.message().into();
        value
    }
}

impl Outcome {
    /// Prints it, and gives the exit code.
    pub(crate) fn print(&self, json: bool) -> ExitCode {
        let (code, printed) = match self {
            Self::Valid(checked) => {
                let (report, extras) = &**checked;
                let matches = extras.file_matches;
                let printed = if json {
                    print_json(&json!({ "verdict": "valid", "file_matches": matches, "report": report }))
                } else {
                    print(report::text(report, extras).trim_end())
                };
                (0, printed)
            }
            Self::Failed(failure) => {
                let printed = if json { print_json(&failure.json()) } else { Ok(()) };
                complain(&failure.message());
                (failure.code(), printed)
            }
        };
        match printed {
            // Who closes the pipe has read what he wanted. Otherwise nobody may be told that all is well by an exit
            // code alone, if the claims did not arrive.
            Err(error) if code == 0 && error.kind() != ErrorKind::BrokenPipe => {
                complain(&format!("cannot write: {error}"));
                ExitCode::from(UNWRITTEN)
            }
            _ => ExitCode::from(code),
        }
    }
}

/// A text of someone else's: of one line, with nothing hidden in it, and not too long.
fn brief(text: &str) -> String {
    let text = plain(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Prints JSON in which whatever a terminal should not get is escaped. It reads back as the same.
fn print_json(value: &Value) -> io::Result<()> {
    let json = value.to_string();
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_shown(&character) {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}").expect("writing to a string does not fail");
        }
    }
    print(&out)
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

fn complain(message: &str) {
    // A closed standard error is no reason to fail in another way.
    let _ = writeln!(io::stderr(), "wonbon-verify: {message}");
}

/// What clap says: help and version are no failures, anything else is one of usage.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if std::env::args_os().any(|argument| argument == "--json") && error.use_stderr() {
        let text = error.to_string();
        let what = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        // The exit code says it too.
        let _ = print_json(&json!({ "verdict": "usage", "message": what }));
    }
    let printed = error.print();
    match (error.use_stderr(), printed) {
        (true, _) => ExitCode::from(2),
        (false, Err(error)) if error.kind() != ErrorKind::BrokenPipe => ExitCode::from(UNWRITTEN),
        (false, _) => ExitCode::SUCCESS,
    }
}
