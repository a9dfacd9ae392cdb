//! Compares what tests produce with files of what was produced before: encodings, JSON and pages that must not
//! change unless somebody means it.
//!
//! The expected files stand beside the tests, in a folder `golden`. They are written with `WONBON_BLESS=1` and
//! never otherwise:
//!
//! ```text
//! WONBON_BLESS=1 cargo test -p wonbon-primitives golden
//! git diff
//! ```
//!
//! and `git diff` then shows what changes for everyone who reads those bytes. Objects are compared without regard to
//! the order of their keys, which means nothing in JSON; all else is compared byte for byte.

// What cannot be read or written is a failed test.
#![allow(clippy::panic)]

use serde::Serialize;
use serde_json::Value;
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// The variable that lets the files be written.
pub const BLESS: &str = "WONBON_BLESS";

/// Most lines of each side that a failed comparison shows.
const SHOWN: usize = 30;

/// A folder of expected files.
#[derive(Clone, Copy, Debug)]
pub struct Golden {
    folder: &'static str,
}

impl Golden {
    /// The files in this folder: an absolute path, as `concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")`.
    pub const fn at(folder: &'static str) -> Self {
        Self { folder }
    }

    /// Where a file stands.
    pub fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder).join(name)
    }

    /// Compares a text with what stands in the file.
    #[track_caller]
    pub fn text(&self, name: &str, actual: &str) {
        let path = self.path(name);
        let expected = fs::read_to_string(&path).ok();
        if expected.as_deref() == Some(actual) {
            return;
        }
        if std::env::var_os(BLESS).is_some_and(|value| value == "1") {
            let folder = path.parent().unwrap_or(&path);
            fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            fs::write(&path, actual).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            eprintln!("{BLESS}: wrote {}", path.display());
            return;
        }
        match expected {
            None => panic!("{} is not there; {BLESS}=1 writes it", path.display()),
            Some(expected) => panic!(
                "{} says something else; if that is meant, {BLESS}=1 writes it anew\n{}",
                path.display(),
                difference(&expected, actual)
            ),
        }
    }

    /// Compares JSON: what the value is written as, or a value that was read.
    #[track_caller]
    pub fn json(&self, name: &str, actual: &impl Serialize) {
        let value = serde_json::to_value(actual).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text =
            serde_json::to_string_pretty(&sorted(value)).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.text(name, &(text + "\n"));
    }

    /// Compares bytes, one line `label hexadecimal` for each entry.
    #[track_caller]
    pub fn bytes<L: AsRef<str>>(&self, name: &str, entries: impl IntoIterator<Item = (L, Vec<u8>)>) {
        let mut text = String::new();
        for (label, bytes) in entries {
            let line = writeln!(text, "{} {}", label.as_ref(), hex(&bytes));
            line.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        self.text(name, &text);
    }

    /// The expected entries of a file that [`Self::bytes`] compares, for tests that read the same bytes.
    pub fn read_bytes(&self, name: &str) -> Vec<(String, Vec<u8>)> {
        let path = self.path(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let entry = |line: &str| {
            let (label, digits) = line.split_once(' ')?;
            Some((label.to_owned(), unhex(digits)?))
        };
        let entries = text.lines().map(|line| entry(line).unwrap_or_else(|| panic!("{name}: {line}")));
        entries.collect()
    }
}

/// With the keys of all objects in order, however the value was built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.into_iter().collect();
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            entries.into_iter().map(|(key, value)| (key, sorted(value))).collect()
        }
        Value::Array(array) => array.into_iter().map(sorted).collect(),
        other => other,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// The lines between the first that differs and the last.
fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let side = |mark: char, lines: &[&str]| {
        let lines = &lines[..lines.len() - tail];
        let shown = lines.iter().take(SHOWN).map(|line| format!("{mark} {line}\n"));
        let rest = lines.len().saturating_sub(SHOWN);
        shown.chain((rest > 0).then(|| format!("{mark} … {rest} more lines\n"))).collect::<String>()
    };
    format!("from line {} on:\n{}{}", head + 1, side('-', old), side('+', new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_alone() {
        let shown = difference("a\nb\nc\nd\n", "a\nx\ny\nd\n");
        assert_eq!(shown, "from line 2 on:\n- b\n- c\n+ x\n+ y\n");
        assert_eq!(difference("a\n", "a\nb\n"), "from line 2 on:\n+ b\n");
    }

    #[test]
    fn bytes_are_read_back() {
        assert_eq!(unhex(&hex(&[0, 10, 255])), Some(vec![0, 10, 255]));
        assert_eq!((unhex("0"), unhex("zz")), (None, None));
    }

    #[test]
    fn the_order_of_keys_does_not_count() {
        let read = |text| sorted(serde_json::from_str(text).unwrap_or(Value::Null)).to_string();
        assert_eq!(read(r#"{"b":[{"d":1,"c":2}],"a":3}"#), r#"{"a":3,"b":[{"c":2,"d":1}]}"#);
    }
}
