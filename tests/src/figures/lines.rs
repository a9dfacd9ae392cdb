//! Lines of Rust that somebody has to maintain: outside tests and generated weights, without comments and blank lines.
//!
//! Counted are the files that git tracks. Left out are tests and what only they use: folders and modules of tests, mocks,
//! fakes, suites for engines, fuzz targets, examples and this crate.

use std::{fs, path::Path, process::Command};

use super::report::{Figure, Target};

/// What the first release had, before the house had floors.
const FIRST_RELEASE: f64 = 44_184.0;

/// Folders that hold nothing but tests and their tools.
const TEST_FOLDERS: [&str; 6] = ["tests", "fuzz", "benches", "examples", "fake", "second-opinion"];
/// Files of tests, of what only they use, and of generated weights.
const TEST_FILES: [&str; 5] = ["conformance.rs", "tests.rs", "mock.rs", "testing.rs", "weights.rs"];

/// Counts the lines of the repository that this program was built from.
pub fn measure() -> Figure {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tracked = Command::new("git")
        .arg("-C")
        .arg(&repository)
        .args(["ls-files", "*.rs"])
        .output()
        .expect("git is installed");
    let names = String::from_utf8(tracked.stdout).expect("our files have names in ASCII");
    let counted: Vec<_> = names.lines().filter(|name| is_counted(name)).collect();
    let lines: usize = counted
        .iter()
        .map(|name| fs::read_to_string(repository.join(name)).map_or(0, |text| lines_of(&text)))
        .sum();
    Figure {
        name: "lines of Rust outside tests and generated files",
        value: lines as f64,
        unit: "lines",
        target: Target::Below(FIRST_RELEASE),
        detail: format!("in {} files; the first release had {FIRST_RELEASE:.0}", counted.len()),
    }
}

fn is_counted(name: &str) -> bool {
    let mut parts: Vec<_> = name.split('/').collect();
    let file = parts.pop().unwrap_or_default();
    !TEST_FILES.contains(&file) && !parts.iter().any(|part| TEST_FOLDERS.contains(part))
}

/// Lines of code in a file that rustfmt wrote: without blank lines, comments and what is behind `#[cfg(test)]`.
fn lines_of(text: &str) -> usize {
    let mut count = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim();
        if code.starts_with("#[cfg(test)]") {
            let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
            let item = lines.by_ref().find(|line| !line.trim_start().starts_with('#'));
            if item.is_some_and(|item| item.ends_with('{')) {
                lines.by_ref().find(|line| *line == end);
            }
        } else if !code.is_empty() && !code.starts_with("//") {
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{is_counted, lines_of};

    #[test]
    fn only_code_counts() {
        let text =
            "//! Doc.\n\nuse a;\n\n/// Doc.\nfn f() {\n    // Why.\n    g();\n}\n\n#[cfg(test)]\nmod fake;\n\
                    #[cfg(test)]\n#[allow(x)]\nmod tests {\n    fn t() {}\n}\nfn h() {}\n";
        assert_eq!(lines_of(text), 5);
        assert!(is_counted("pallets/credit/src/lib.rs"));
        for left_out in ["pallets/credit/src/weights.rs", "tests/src/cli.rs", "a/tests/x.rs", "a/src/mock.rs"]
        {
            assert!(!is_counted(left_out));
        }
    }
}
