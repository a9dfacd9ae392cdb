//! The `wonbon-verify` command: exit codes, what is printed, and that it wants an anchor.

use crate::{
    data::certified,
    synthetic::{digest, finality::Validators, sample::Sample},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// A folder with a certificate in both encodings, its anchor, and its data if it has any.
pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) sample: Sample,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sample = certified(&folder.path().join("data"), 10_000);
        Self::with(folder, sample)
    }

    pub(crate) fn of(sample: Sample) -> Self {
        Self::with(tempfile::tempdir().unwrap(), sample)
    }

    fn with(folder: TempDir, sample: Sample) -> Self {
        let (certificate, claims) = sample.make().unwrap();
        let desk = Self { folder, sample };
        desk.write("cert", certificate.encode());
        desk.write("cert.json", certificate.to_json(&claims));
        desk.write("anchor.json", desk.sample.anchor(0).to_json());
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wonbon-verify"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs with `--json`; the exit code and the one object printed.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let printed = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)));
        (output.status.code().unwrap(), printed)
    }
}

#[test]
fn a_valid_certificate() {
    let desk = Desk::new();
    for certificate in ["cert", "cert.json"] {
        let output = desk.run(&[certificate, "--trust", "anchor.json", "--file", "data"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let first = text.lines().next().unwrap();
        assert!(first.starts_with("As of block 150, at 2026-01-01T00:05:00.000Z"), "{first}");
        assert!(text.contains("open orders are not part of it"), "{text}");
        assert!(text.contains(&desk.sample.dataset.to_string()));

        let (code, value) = desk.json(&[certificate, "--trust", "anchor.json"]);
        assert_eq!(code, 0);
        assert_eq!(value["verdict"], "valid");
        assert_eq!(value["file_matches"], false);
        assert_eq!(value["report"]["claims"]["chain"]["block"]["number"], 150);
        assert_eq!(value["report"]["finality"]["hand_offs"], 1);
        assert_eq!(value["report"]["finality"]["anchors"][0]["role"], "start");
    }
}

/// A later anchor of other validators: who signed has been replaced since.
fn with_warnings(desk: &Desk) -> [&'static str; 5] {
    let mut later = desk.sample.anchor_at(900, digest(1), 1);
    later.set_id = 9;
    later.authorities = Validators::new(4, 9).authorities();
    desk.write("replaced.json", later.to_json());
    ["cert", "--trust", "anchor.json", "--trust", "replaced.json"]
}

#[test]
fn a_certificate_with_warnings() {
    let desk = Desk::new();
    let arguments = with_warnings(&desk);
    let (code, value) = desk.json(&arguments);
    assert_eq!((code, &value["verdict"]), (5, &"valid_with_warnings".into()), "{value}");
    assert_eq!(value["report"]["warnings"][0]["warning"], "validators_replaced");
    let output = desk.run(&[&arguments[..], &["--file", "data", "--html", "page.html"]].concat());
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("VALID WITH WARNINGS: ") && text.contains("WARNING: signed by validators"),
        "{text}"
    );
    assert!(fs::read_to_string(desk.path("page.html")).unwrap().contains("Valid with warnings"));
    // What is worse has the code.
    desk.write("other", [0; 10_000]);
    let (code, _) = desk.json(&[&arguments[..], &["--file", "other"]].concat());
    assert_eq!(code, 1);
    let (code, _) = desk.json(&[&arguments[..], &["--html", "no/such/folder/page.html"]].concat());
    assert_eq!(code, 4);
}

#[test]
fn a_page_says_why_a_certificate_is_refused() {
    let desk = Desk::new();
    desk.write("page.html", "an older page, of a valid certificate");
    let mut forged = desk.sample.certificate();
    forged.claims_digest[0] ^= 1;
    desk.write("forged", forged.encode());
    desk.write("text", "<b>not a certificate");
    desk.write("other", [0; 10_000]);
    for (asked, code, verdict, why) in [
        ("forged", 1, "무효", "forged: invalid: the certificate&#39;s claims"),
        ("text", 3, "판독 불가", "text: unreadable: it is not a certificate"),
        ("missing", 3, "판독 불가", "missing: "),
        ("cert --file other", 1, "무효", "other: invalid: the file&#39;s root is"),
    ] {
        let asked: Vec<_> = asked.split(' ').collect();
        let arguments = [&asked[..], &["--trust", "anchor.json", "--html", "page.html"]].concat();
        assert_eq!(desk.run(&arguments).status.code(), Some(code), "{arguments:?}");
        let page = fs::read_to_string(desk.path("page.html")).unwrap();
        assert!(page.contains(verdict) && page.contains(why), "{page}");
    }
    // A page that cannot be written does not make it less refused.
    let output = desk.run(&["forged", "--trust", "anchor.json", "--html", "no/such/folder/page.html"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("page.html: ") && said.contains("forged: invalid: "), "{said}");
    // What was asked for was not right, so nothing was found.
    let before = fs::read(desk.path("page.html")).unwrap();
    assert_eq!(desk.run(&["cert", "--html", "page.html"]).status.code(), Some(2));
    assert_eq!(fs::read(desk.path("page.html")).unwrap(), before);
}

#[test]
fn the_page_is_written() {
    let desk = Desk::new();
    let output = desk.run(&["cert", "--trust", "anchor.json", "--html", "page.html"]);
    assert_eq!(output.status.code(), Some(0));
    let page = fs::read_to_string(desk.path("page.html")).unwrap();
    assert!(page.to_lowercase().starts_with("<!doctype html>") && page.contains("<svg"), "{page}");
    let names = || fs::read_dir(desk.path("")).unwrap().count();
    let before = names();
    let (code, value) = desk.json(&["cert", "--trust", "anchor.json", "--html", "no/such/folder/page.html"]);
    assert_eq!((code, &value["verdict"]), (4, &"unwritten".into()));
    // Over an older one, and where there is a folder.
    desk.write("page.html", "an older page");
    assert_eq!(desk.run(&["cert", "--trust", "anchor.json", "--html", "page.html"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(desk.path("page.html")).unwrap(), page);
    assert_eq!(desk.run(&["cert", "--trust", "anchor.json", "--html", "."]).status.code(), Some(4));
    assert_eq!(names(), before, "nothing is left lying about");
}

#[test]
fn the_page_takes_no_inputs_place() {
    let desk = Desk::new();
    desk.write("document", "{}");
    std::os::unix::fs::symlink("data", desk.path("link")).unwrap();
    let all = ["cert", "--trust", "anchor.json", "--file", "data", "--metadata", "document", "--html"]
        .map(str::to_owned);
    for input in ["cert", "./anchor.json", "data", "link", "document"] {
        let before = fs::read(desk.path(input)).unwrap();
        let arguments: Vec<&str> = all.iter().map(String::as_str).chain([input]).collect();
        let (code, value) = desk.json(&arguments);
        assert_eq!((code, &value["verdict"]), (2, &"usage".into()), "{input}");
        assert!(value["message"].as_str().unwrap().contains("--html would write over"), "{value}");
        assert_eq!(fs::read(desk.path(input)).unwrap(), before);
    }
}

#[test]
fn a_reader_who_has_enough_and_a_full_disk() {
    let desk = Desk::new();
    desk.write("garbage", "garbage");
    with_warnings(&desk);
    let run_with = |file: &str, anchors: &[&str], to: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wonbon-verify"));
        command.current_dir(desk.path("")).args([file, "--json"]);
        command.args(anchors.iter().flat_map(|anchor| ["--trust", *anchor]));
        let mut child = command.stdout(to).stderr(Stdio::null()).spawn().unwrap();
        // If it is a pipe, it is closed before anything is written.
        drop(child.stdout.take());
        child.wait().unwrap().code()
    };
    let run = |file: &str, to: Stdio| run_with(file, &["anchor.json"], to);
    let warned = |to: Stdio| run_with("cert", &["anchor.json", "replaced.json"], to);
    assert_eq!(run("cert", Stdio::piped()), Some(0));
    assert_eq!(warned(Stdio::piped()), Some(5));
    assert_eq!(run("garbage", Stdio::piped()), Some(3));
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        assert_eq!(run("cert", full.try_clone().unwrap().into()), Some(4));
        assert_eq!(warned(full.try_clone().unwrap().into()), Some(4));
        assert_eq!(run("garbage", full.into()), Some(3));
    }
}

#[test]
fn data_is_a_regular_file() {
    let desk = Desk::new();
    let line = r#"cat data | "$0" cert --trust anchor.json --file /dev/stdin"#;
    let output = Command::new("sh")
        .current_dir(desk.path(""))
        .args(["-c", line, env!("CARGO_BIN_EXE_wonbon-verify")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("/dev/stdin") && said.contains("not a regular file"), "{said}");
}

#[test]
fn without_an_anchor_it_says_how_to_get_one() {
    let desk = Desk::new();
    let output = desk.run(&["cert"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--trust") && said.contains("wonbon trust-anchor"), "{said}");
    let (code, value) = desk.json(&["cert"]);
    assert_eq!((code, &value["verdict"]), (2, &Value::from("usage")));
}

#[test]
fn the_command_line() {
    let desk = Desk::new();
    for wrong in [&[][..], &["cert", "--nonsense"], &["cert", "--trust"], &["cert", "extra"]] {
        assert_eq!(desk.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    for help in ["--help", "--version"] {
        assert_eq!(desk.run(&[help]).status.code(), Some(0));
    }
    let help = String::from_utf8(desk.run(&["--help"]).stdout).unwrap();
    assert!(help.contains("Exit codes:") && help.contains("\n  5  valid, but with warnings"), "{help}");
}

#[test]
fn several_anchors() {
    let desk = Desk::new();
    desk.write("later.json", desk.sample.anchor(1).to_json());
    let (code, value) = desk.json(&["cert", "--trust", "anchor.json", "--trust", "later.json"]);
    assert_eq!(code, 0);
    assert_eq!(value["report"]["finality"]["anchors"][1]["role"], "passed");
    // Two of different chains cannot both be meant.
    let mut other = desk.sample.anchor_at(9, digest(1), 0);
    other.genesis = digest(9).into();
    desk.write("other.json", other.to_json());
    let (code, _) = desk.json(&["cert", "--trust", "anchor.json", "--trust", "other.json"]);
    assert_eq!(code, 2);
    let (code, value) = desk.json(&["cert", "--trust", "other.json"]);
    assert_eq!((code, &value["verdict"], &value["reason"]), (1, &"invalid".into(), &"other_chain".into()));
}

#[test]
fn invalid_certificates_say_why() {
    let desk = Desk::new();
    let mut forged = desk.sample.certificate();
    let last = forged.justification.len() - 2;
    forged.justification[last] ^= 1;
    desk.write("forged", forged.encode());
    let (code, value) = desk.json(&["forged", "--trust", "anchor.json"]);
    assert_eq!((code, &value["verdict"]), (1, &"invalid".into()));
    assert_eq!(value["reason"], "unknown_voter");
    assert!(value["message"].as_str().unwrap().contains("not in set 1"), "{value}");
    let output = desk.run(&["forged", "--trust", "anchor.json"]);
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("invalid: "));
}

#[test]
fn one_bit_of_the_file() {
    let desk = Desk::new();
    let mut bytes = fs::read(desk.path("data")).unwrap();
    bytes[7_000] ^= 8;
    desk.write("data", bytes);
    let (code, value) = desk.json(&["cert", "--trust", "anchor.json", "--file", "data"]);
    assert_eq!((code, &value["verdict"], &value["reason"]), (1, &"invalid".into(), &"file_root".into()));
    // It is the data that is wrong, and not the certificate.
    assert_eq!(value["path"], "data");
    assert!(value["message"].as_str().unwrap().starts_with("data: "), "{value}");
    desk.write("document", "{}");
    let (code, value) = desk.json(&["cert", "--trust", "anchor.json", "--metadata", "document"]);
    assert_eq!((code, &value["reason"], &value["path"]), (1, &"other_metadata".into(), &"document".into()));
}

#[test]
fn unreadable_files() {
    let desk = Desk::new();
    let genuine = fs::read(desk.path("cert")).unwrap();
    desk.write("cut", &genuine[..200]);
    desk.write("newer", [&genuine[..6], &[9], &genuine[7..]].concat());
    desk.write("text", "not a certificate");
    desk.write("empty", "");
    for (file, reason) in [
        ("cut", "damaged"),
        ("newer", "version"),
        ("text", "not_a_certificate"),
        ("empty", "not_a_certificate"),
        ("missing", "file"),
        (".", "file"),
    ] {
        let (code, value) = desk.json(&[file, "--trust", "anchor.json"]);
        assert_eq!(
            (code, &value["verdict"], &value["reason"]),
            (3, &"unreadable".into(), &reason.into()),
            "{file}"
        );
    }
    for anchor in ["text", "empty", "missing", "cert"] {
        let (code, value) = desk.json(&["cert", "--trust", anchor]);
        assert_eq!((code, &value["verdict"]), (3, &"unreadable".into()), "{anchor}");
    }
    let (code, _) = desk.json(&["cert", "--trust", "anchor.json", "--file", "missing"]);
    assert_eq!(code, 3);
}

#[test]
fn a_file_without_end_is_read_to_the_limit() {
    let desk = Desk::new();
    if Path::new("/dev/zero").exists() {
        let (code, value) = desk.json(&["/dev/zero", "--trust", "anchor.json"]);
        assert_eq!((code, &value["reason"]), (3, &"too_large".into()));
        let (code, _) = desk.json(&["cert", "--trust", "/dev/zero"]);
        assert_eq!(code, 3);
    }
}

/// What the command prints, for a person and for a program, against `tests/golden/command`.
#[test]
fn golden_command() {
    let golden = wonbon_golden::Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/command"));
    for (name, sample) in [("full", Sample::full()), ("small", Sample::small())] {
        let desk = Desk::of(sample);
        let arguments = ["cert", "--trust", "anchor.json"];
        golden.json(&format!("{name}.json"), &desk.json(&arguments).1);
        golden.text(&format!("{name}.txt"), &String::from_utf8(desk.run(&arguments).stdout).unwrap());
    }
    let desk = Desk::of(Sample::small());
    let mut changed = fs::read(desk.path("cert")).unwrap();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    desk.write("changed", changed);
    desk.write("nothing", "");
    let refusals = [
        &["changed", "--trust", "anchor.json"][..],
        &["nothing", "--trust", "anchor.json"],
        &["missing", "--trust", "anchor.json"],
        &["cert", "--trust", "cert"],
    ];
    let refusals = refusals.map(|arguments| {
        let (code, value) = desk.json(arguments);
        serde_json::json!({ "arguments": arguments, "code": code, "object": value })
    });
    golden.json("refusals.json", &refusals);
}
