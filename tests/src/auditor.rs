//! An auditor: somebody with an empty folder, the program that checks certificates, and what they were given.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use wonbon_verifier::{Certificate, TrustAnchor};

use crate::{programs, scratch::Scratch};

/// Exit codes of `wonbon-verify`.
pub mod code {
    /// The certificate is valid.
    pub const VALID: i32 = 0;
    /// It is not, or the file is not the dataset.
    pub const INVALID: i32 = 1;
    /// The command line is not right.
    pub const USAGE: i32 = 2;
    /// A file cannot be read as what it should be.
    pub const UNREADABLE: i32 = 3;
    /// The page or what is proved cannot be written.
    pub const UNWRITTEN: i32 = 4;
    /// The certificate is valid, but with warnings.
    pub const WARNED: i32 = 5;
}

#[derive(Debug)]
pub struct Auditor {
    folder: Scratch,
}

/// What the program said.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub code: Option<i32>,
    /// The object on standard output.
    pub json: Value,
    /// What it wrote on standard error.
    pub notes: String,
}

impl Auditor {
    /// With an empty folder.
    #[allow(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        Self { folder: Scratch::new("auditor") }
    }

    /// Gives them a copy of a file under another name, and returns its path.
    pub fn takes(&self, file: &Path, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::copy(file, &path).expect("a file can be copied");
        path
    }

    /// Gives them a file with these bytes.
    pub fn writes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// The bytes of a file of theirs.
    pub fn reads(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).expect("the file is there")
    }

    /// Checks a certificate in their folder, with `--json`; arguments name files there. The program has nothing
    /// of the surroundings: no variables, no other folder. What it finds valid, smoldot must find valid too.
    pub fn checks(&self, certificate: &str, arguments: &[&str]) -> Verdict {
        let before = self.names();
        let mut command = Command::new(programs::path(programs::VERIFIER));
        command.arg(certificate).args(arguments).arg("--json");
        command.env_clear().current_dir(self.folder.path()).stdin(Stdio::null());
        let done = command.output().expect("wonbon-verify starts");
        assert_eq!(self.names(), before, "wonbon-verify wrote something");
        let notes = String::from_utf8_lossy(&done.stderr).into_owned();
        let json = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|error| panic!("{command:?}: no object: {error}\n{notes}"));
        let verdict = Verdict { code: done.status.code(), json, notes };
        if matches!(verdict.code, Some(code::VALID | code::WARNED)) {
            self.asks_another(certificate, arguments, &verdict.json["report"]["finality"]["anchors"]);
        }
        verdict
    }

    /// Asks another code base about a valid certificate, from the anchor at which trust begins.
    fn asks_another(&self, certificate: &str, arguments: &[&str], uses: &Value) {
        let start = uses.as_array().into_iter().flatten().find(|anchor| anchor["role"] == "start");
        let start = &start.expect("trust begins at one of the anchors")["block"]["number"];
        let trusted = arguments.windows(2).filter(|pair| pair[0] == "--trust");
        let anchor = trusted
            .map(|pair| TrustAnchor::from_json(&self.reads(pair[1])).expect("the anchor was read"))
            .find(|anchor| *start == anchor.block.number)
            .expect("the report names an anchor that was given");
        let certificate = Certificate::read(&self.reads(certificate)).expect("the certificate was read");
        if let Err(objection) = wonbon_second_opinion::check(&certificate, &anchor) {
            panic!("wonbon-verify finds the certificate valid, and smoldot does not: {objection}");
        }
    }

    fn names(&self) -> Vec<OsString> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder is there");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("it can be listed").file_name()).collect();
        names.sort();
        names
    }
}

impl Verdict {
    /// The report about a valid certificate.
    ///
    /// # Panics
    /// If it is not valid.
    #[track_caller]
    pub fn valid(self) -> Value {
        assert_eq!(self.code, Some(code::VALID), "{}\n{}", self.json, self.notes);
        assert_eq!(self.json["verdict"], "valid");
        self.json["report"].clone()
    }

    /// The report about a certificate that is valid, but with warnings.
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    pub fn warned(self) -> Value {
        assert_eq!(self.code, Some(code::WARNED), "{}\n{}", self.json, self.notes);
        assert_eq!(self.json["verdict"], "valid_with_warnings");
        self.json["report"].clone()
    }

    /// Checks that it is refused with this exit code and verdict, for this reason.
    ///
    /// # Panics
    /// If it is anything else.
    #[track_caller]
    pub fn refused(self, code: i32, reason: &str) -> Value {
        assert_eq!(self.code, Some(code), "{}\n{}", self.json, self.notes);
        let verdict = if code == code::INVALID { "invalid" } else { "unreadable" };
        assert_eq!((&self.json["verdict"], &self.json["reason"]), (&verdict.into(), &reason.into()));
        assert!(!self.notes.is_empty(), "a refusal says why");
        self.json
    }
}
