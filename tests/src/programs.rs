//! Where the binaries under test are: beside the running executable's profile folder, so that a test never
//! takes another build's, or in the folder that `WONBON_BIN_DIR` names.

use std::{env, path::PathBuf};

pub const NODE: &str = "wonbon-node";
pub const SERVICE: &str = "marketplace-api";
pub const COMMAND: &str = "wonbon";
pub const VERIFIER: &str = "wonbon-verify";

/// The path of the binary `name`.
///
/// # Panics
/// If it is not there, saying how to build it.
pub fn path(name: &str) -> PathBuf {
    let folder = folder();
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "there is no {name} in {}; build it first: cargo build --release --workspace --bins \
         (or set WONBON_BIN_DIR to the folder that has it)",
        folder.display()
    );
    path
}

fn folder() -> PathBuf {
    if let Some(folder) = env::var_os("WONBON_BIN_DIR") {
        return folder.into();
    }
    let executable = env::current_exe().expect("the running executable has a path");
    let folder = executable.parent().expect("an executable lies in a folder");
    // Tests run from target/PROFILE/deps, programs from target/PROFILE.
    match folder.file_name() {
        Some(name) if name == "deps" => folder.parent().expect("deps lies in the profile's folder").into(),
        _ => folder.into(),
    }
}
