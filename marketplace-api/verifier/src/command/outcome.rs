//! What the command says in the end, and the exit code that goes with it.
//!
//! Whoever wrote a refused file may have written a part of the message about it. So every message is printed by
//! [`report::brief`], and JSON by [`print_json`].

use serde_json::{json, Value};
use std::{
    fmt::{Display, Write as _},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use wonbon_verifier::{
    report::{self, brief, is_shown, plain, Extras},
    Refusal, Report, Verdict,
};

/// The exit code of a certificate that is valid, with something to know before relying on it.
const WARNED_EXIT: u8 = 5;
/// The exit code if nothing is wrong but that it could not be said.
const NOT_WRITTEN_EXIT: u8 = 4;

/// Why there is nothing proved.
pub(crate) struct Failure {
    code: u8,
    /// What that says about the certificate.
    found: Option<Verdict>,
    /// What kind it is, as JSON.
    verdict: Value,
    path: Option<PathBuf>,
    message: String,
}

impl Failure {
    fn new(
        code: u8,
        found: Option<Verdict>,
        verdict: Value,
        path: Option<&Path>,
        what: impl Display,
    ) -> Self {
        let what = brief(&what.to_string());
        let message = match path {
            Some(path) => format!("{}: {what}", plain(&path.to_string_lossy())),
            None => what,
        };
        Self { code, found, verdict, path: path.map(Path::to_owned), message }
    }

    /// What was asked for makes no sense.
    pub(crate) fn usage(what: impl Display) -> Self {
        Self::new(2, None, json!({ "verdict": "usage" }), None, what)
    }

    /// A file cannot be read.
    pub(crate) fn file(path: &Path, what: impl Display) -> Self {
        let verdict = json!({ "verdict": Verdict::Unreadable, "reason": "file" });
        Self::new(3, Some(Verdict::Unreadable), verdict, Some(path), what)
    }

    /// The page cannot be written.
    pub(crate) fn page(path: &Path, what: impl Display) -> Self {
        let verdict = json!({ "verdict": "unwritten", "reason": "page" });
        Self::new(NOT_WRITTEN_EXIT, None, verdict, Some(path), what)
    }

    /// A file is refused: the certificate, or what was given beside it.
    pub(crate) fn refused(path: &Path, refusal: impl Into<Refusal>) -> Self {
        let refusal = refusal.into();
        let code = match refusal {
            Refusal::Invalid(_) => 1,
            Refusal::Unreadable(_) => 3,
        };
        let verdict =
            serde_json::to_value(&refusal).unwrap_or_else(|_| json!({ "verdict": refusal.verdict() }));
        Self::new(code, Some(refusal.verdict()), verdict, Some(path), refusal)
    }

    /// The page that says so; `None` if it was not the certificate that failed.
    pub(crate) fn html(&self) -> Option<String> {
        self.found.map(|verdict| report::html_of_refused(verdict, &self.message))
    }

    /// Says it on standard error.
    pub(crate) fn complain(&self) {
        complain(&self.message);
    }

    fn json(&self) -> Value {
        let mut value = self.verdict.clone();
        for member in value.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
            if let Value::String(text) = member {
                *text = brief(text);
            }
        }
        if let Some(path) = &self.path {
            value["path"] = path.to_string_lossy().into();
        }
        value["message"] = self.message.as_str().into();
        value
    }
}

/// Prints how the check ended, and gives the exit code.
pub(crate) fn print(checked: &Result<(Report, Extras), Failure>, json: bool) -> ExitCode {
    let (code, printed) = match checked {
        Ok((report, extras)) => {
            let (verdict, matches) = (report.verdict(), extras.file_matches);
            let printed = if json {
                let mut printed = json!({ "verdict": verdict, "file_matches": matches, "report": report });
                if let Some(sample) = &extras.sample {
                    printed["sample"] = json!(sample);
                }
                print_json(&printed)
            } else {
                print_text(report::text(report, extras).trim_end())
            };
            (if verdict == Verdict::Valid { 0 } else { WARNED_EXIT }, printed)
        }
        Err(failure) => {
            let printed = if json { print_json(&failure.json()) } else { Ok(()) };
            failure.complain();
            (failure.code, printed)
        }
    };
    match printed {
        // Who closes the pipe has read what they wanted. Otherwise nobody may be told that all is well by an exit
        // code alone, if the claims did not arrive.
        Err(error) if checked.is_ok() && error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("cannot write: {error}"));
            ExitCode::from(NOT_WRITTEN_EXIT)
        }
        _ => ExitCode::from(code),
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
    print_text(&out)
}

fn print_text(text: &str) -> io::Result<()> {
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
        (false, Err(error)) if error.kind() != ErrorKind::BrokenPipe => ExitCode::from(NOT_WRITTEN_EXIT),
        (false, _) => ExitCode::SUCCESS,
    }
}
