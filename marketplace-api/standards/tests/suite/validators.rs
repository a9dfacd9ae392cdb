//! Running the tools of others: Python packages in a virtual environment that `WONBON_VALIDATORS` names.
//!
//! `scripts/validators.sh` makes one. Each tool is shown broken documents too: a check that cannot fail is none.

use crate::shared::skip;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The documents that a tool looks at, in a folder of their own.
pub(crate) struct Documents {
    folder: tempfile::TempDir,
    files: Vec<(PathBuf, bool)>,
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), files: Vec::new() }
    }

    /// A document that the tool must accept.
    pub(crate) fn good(&mut self, name: &str, content: impl AsRef<[u8]>) {
        self.add(name, content, true);
    }

    /// A document that the tool must refuse.
    pub(crate) fn broken(&mut self, name: &str, content: impl AsRef<[u8]>) {
        self.add(name, content, false);
    }

    /// Something beside the documents.
    pub(crate) fn beside(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), content).unwrap();
    }

    fn add(&mut self, name: &str, content: impl AsRef<[u8]>, good: bool) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        self.files.push((path, good));
    }

    /// Runs a script of `tests/validators` over all documents, compares its verdicts with what was expected, and
    /// returns what it said about each by its name; `None` where there is no tool.
    pub(crate) fn check(&self, test: &str, script: &str, arguments: &[&Path]) -> Option<Value> {
        let Some(environment) = std::env::var_os("WONBON_VALIDATORS") else {
            skip(test, "WONBON_VALIDATORS names no virtual environment (scripts/validators.sh makes one)");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators").join(script);
        let output = Command::new(Path::new(&environment).join("bin/python"))
            .arg("-I")
            .arg(script)
            .args(arguments)
            .args(self.files.iter().map(|(path, _)| path))
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", Path::new(&environment).display()));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // Some packages print before the verdicts, which are the last line.
        let printed = String::from_utf8(output.stdout).unwrap();
        let verdicts: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
        let mut said = serde_json::json!({});
        for (path, good) in &self.files {
            let verdict = &verdicts[path.to_str().unwrap()];
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!(verdict["good"], *good, "{name}: {}", verdict["why"]);
            said[name] = verdict.clone();
        }
        Some(said)
    }
}
