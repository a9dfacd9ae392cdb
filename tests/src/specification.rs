//! The specification of a chain of its own: the local network's, changed, with its whole state.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::programs;

/// Writes a raw specification of the local network whose sessions have so many blocks, and returns its path in
/// `folder`. With the preset's own length a change of the validators takes twenty minutes.
///
/// # Panics
/// If the node does not make one.
pub fn with_sessions_of(blocks: u32, folder: &Path) -> PathBuf {
    let mut readable: Value =
        serde_json::from_slice(&export(OsStr::new("local"), &[])).expect("a specification is JSON");
    // Sessions of another length are another chain, which must not be taken for the preset's.
    readable["id"] = format!("wonbon_sessions_of_{blocks}").into();
    let length = &mut readable["genesis"]["runtimeGenesis"]["patch"]["consortium"]["sessionLength"];
    assert!(length.is_u64(), "the preset sets the length of its sessions");
    *length = blocks.into();
    let path = folder.join("readable.json");
    fs::write(&path, readable.to_string()).expect("a file can be written");
    // From the state a node starts at once; from values it would compile its runtime first, four times here.
    let raw = export(path.as_os_str(), &["--raw"]);
    let path = folder.join("specification.json");
    fs::write(&path, raw).expect("a file can be written");
    path
}

fn export(chain: &OsStr, options: &[&str]) -> Vec<u8> {
    let mut command = Command::new(programs::path(programs::NODE));
    command.arg("export-chain-spec").arg("--chain").arg(chain).args(options).stdin(Stdio::null());
    let done = command.output().expect("the node starts");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}
