//! Keys in files under a passphrase, as people have them.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use wonbon_client::keys::{
    file::{Cost, KeyFile},
    Keypair,
};

use crate::cli::Cli;

/// The passphrase of every key file of these tests.
pub const PASSPHRASE: &str = "a passphrase for tests only";

/// The command with a key that is put into a file of `folder`.
///
/// # Panics
/// If the files cannot be written.
pub fn signing_with(cli: &Cli, folder: &Path, name: &str, key: &Keypair) -> Cli {
    let path = folder.join(format!("{name}.json"));
    let file = KeyFile::seal(key, PASSPHRASE, Cost::default()).expect("the passphrase is long enough");
    file.create(&path).expect("a file can be written");
    knowing_the_passphrase(cli.clone(), folder).with("--key", &path)
}

/// The command with the passphrase, in a file of `folder` that nobody else can read.
///
/// # Panics
/// If the file cannot be written.
pub fn knowing_the_passphrase(cli: Cli, folder: &Path) -> Cli {
    let path = folder.join("passphrase");
    fs::write(&path, format!("{PASSPHRASE}\n")).expect("a file can be written");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("a file can be made private");
    cli.with("--passphrase-file", &path)
}
