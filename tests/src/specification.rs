//! The specification of a chain of its own, as a consortium makes one: from a form, by the node's own command.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::programs;

/// The form of a network of //Alice to //Dave, validators and council, whose sessions have so many blocks; `more` are
/// further lines of it. With the usual length of sessions a change of the validators takes twenty minutes.
pub fn form(session_blocks: u32, more: &str) -> String {
    let names = crate::network::NAMES.map(|name| {
        let (first, rest) = name.split_at(1);
        format!("//{}{rest}", first.to_uppercase())
    });
    let council: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let validators: Vec<String> = names.iter().map(|name| format!("{{ account = {name:?} }}")).collect();
    format!(
        "name = \"Wonbon for a test\"\nid = \"wonbon_sessions_of_{session_blocks}\"\ntype = \"local\"\n\
         council = [{}]\nvalidators = [{}]\nsession-blocks = {session_blocks}\nfee-money = 1000000\n{more}\n",
        council.join(", "),
        validators.join(", "),
    )
}

/// Has the node make a raw specification of a form, and returns its path in `folder`. From the state a node starts at
/// once; from values it would compile its runtime first, four times here.
///
/// # Panics
/// If the node does not make one.
pub fn from_form(form: &str, folder: &Path) -> PathBuf {
    let specification = folder.join("specification.json");
    let (code, said) = make(form, folder, &specification);
    assert_eq!(code, Some(0), "{said}");
    specification
}

/// The exit code and what was said when the node was given this form.
pub fn make(form: &str, folder: &Path, output: &Path) -> (Option<i32>, String) {
    let path = folder.join("form.toml");
    fs::write(&path, form).expect("a file can be written");
    let mut command = Command::new(programs::path(programs::NODE));
    command.args(["chain-spec", "new"]).arg(&path).arg("--output").arg(output);
    let done = command.stdin(Stdio::null()).output().expect("the node starts");
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

/// What a node says that is started with these options and ends at once.
pub fn refusal(options: &[&str]) -> String {
    let mut command = Command::new(programs::path(programs::NODE));
    let done = command.args(options).stdin(Stdio::null()).output().expect("the node starts");
    assert!(!done.status.success(), "{command:?} succeeded");
    String::from_utf8_lossy(&done.stderr).into_owned()
}
