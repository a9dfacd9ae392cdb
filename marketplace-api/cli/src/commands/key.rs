//! `wonbon key`: make, show and list account keys.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;
use wonbon_client::files::folder_of;
use wonbon_client::keys::file::Cost;
use wonbon_client::keys::{KeyFile, Keypair};
use wonbon_model::AccountId;
use wonbon_primitives::OsRng;

use crate::context::keys::KeyChoice;
use crate::context::{made_folder, Context};
use crate::exit::{Code, Failure, Result};
use crate::output::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a new key, in a file that a passphrase protects
    New(Named),
    /// Show the account of a key; needs no passphrase
    Show(Named),
    /// List the keys in the home folder
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Its name in the home folder, or a file [default: that of --key]
    #[arg(id = "name", value_name = "KEY")]
    key: Option<String>,
}

pub(crate) fn run(context: &Context, command: Key) -> Result<()> {
    match command {
        Key::New(Named { key }) => new(context, choice(context, key)?),
        Key::Show(Named { key }) => show(context, choice(context, key)?),
        Key::List => list(context),
    }
}

fn choice(context: &Context, key: Option<String>) -> Result<KeyChoice> {
    context.choose_key(key.as_ref().unwrap_or(&context.global.key))
}

fn new(context: &Context, key: KeyChoice) -> Result<()> {
    let path = match key {
        KeyChoice::File(path) => path,
        KeyChoice::Dev(path) => {
            return Err(Failure::new(Code::Usage, format!("{path} exists on every development chain"))
                .advise("use it as it is, with --key dev:NAME"))
        }
    };
    if path.exists() {
        return Err(Failure::new(Code::Key, format!("{} exists already", path.display()))
            .advise("a key file is never overwritten; choose another name"));
    }
    made_folder(folder_of(&path))?;
    let passphrase = context.new_passphrase()?;
    let key = Keypair::generate(&mut OsRng);
    KeyFile::seal(&key, &passphrase, Cost::default())?.create(&path)?;
    let account = key.account();
    context
        .out
        .note("Keep this file and its passphrase safe: nobody can restore them, and without them the money is lost.");
    print(context, &account, Some(&path))
}

fn show(context: &Context, key: KeyChoice) -> Result<()> {
    let account = key.account()?;
    match &key {
        KeyChoice::Dev(_) => print(context, &account, None),
        KeyChoice::File(path) => print(context, &account, Some(path)),
    }
}

fn print(context: &Context, account: &AccountId, file: Option<&Path>) -> Result<()> {
    let known = || "development key: everybody knows it".to_owned();
    let from = file.map_or_else(known, |path| path.display().to_string());
    let value = json!({ "account": account.to_string(), "file": file });
    context.out.fields(&value, &[("account", account.to_string()), ("file", from)])
}

fn list(context: &Context) -> Result<()> {
    let folder = context.home()?.join("keys");
    let mut keys = Vec::new();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => Some(entries),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Failure::new(Code::Key, format!("cannot read {}: {error}", folder.display())));
        }
    };
    for entry in entries.into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            match KeyFile::read(&path) {
                Ok(file) => keys.push((name, file.account().to_string(), path)),
                Err(error) => context.out.warn(error.to_string()),
            }
        }
    }
    keys.sort();
    let value: Vec<_> = keys
        .iter()
        .map(|(name, account, path)| json!({ "name": name, "account": account, "file": path }))
        .collect();
    context.out.result(&json!({ "keys": value }), || {
        if keys.is_empty() {
            return format!("There is no key in {}. Make one with `wonbon key new`.", folder.display());
        }
        let rows = keys.iter().map(|(name, account, _)| [name.clone(), account.clone()]);
        Table::new(["NAME", "ACCOUNT"], rows).to_string()
    })
}
