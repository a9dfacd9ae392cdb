//! Data that lies beside the repository: templates, shapes, test vectors.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// A file of the shared data, `None` after saying that it is not there.
pub(crate) fn file(name: &str, test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("WONBON_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = folder.join("data").join(name);
    if !path.exists() {
        say(test, &format!("{} is not there (WONBON_SHARED names its folder)", path.display()));
        return None;
    }
    Some(path)
}

/// Says that a tool is missing and its work skipped. Where `WONBON_NO_SKIP` is set, as in CI, tools were installed and
/// nothing may be; data that lies beside the repository cannot be installed, and may be missing there too.
pub(crate) fn skip(test: &str, why: &str) {
    assert!(std::env::var_os("WONBON_NO_SKIP").is_none(), "{test} may not be skipped here: {why}");
    say(test, why);
}

/// Past the test harness, which keeps what passing tests print.
fn say(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
