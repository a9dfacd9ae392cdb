//! `wonbon key`: make, show and list account keys.

use clap::Subcommand;
use serde_json::json;
use wonbon_client::keys::file::Cost;
use wonbon_client::keys::{KeyFile, Keypair};
use wonbon_primitives::OsRng;

use crate::context::keys::KeyChoice;
use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::output::table::{fields, Align, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a new key, in a file that a passphrase protects
    New {
        /// Its name in the home folder, or a file [default: that of --key]
        #[arg(id = "name", value_name = "KEY")]
        key: Option<String>,
    },
    /// Show the account of a key; needs no passphrase
    Show {
        /// Its name in the home folder, or a file [default: that of --key]
        #[arg(id = "name", value_name = "KEY")]
        key: Option<String>,
    },
    /// List the keys in the home folder
    List,
}

pub(crate) fn run(context: &Context, command: Key) -> Result<(), Failure> {
    match command {
        Key::New { key } => new(context, key.as_deref()),
        Key::Show { key } => show(context, key.as_deref()),
        Key::List => list(context),
    }
}

fn choice(context: &Context, key: Option<&str>) -> Result<KeyChoice, Failure> {
    key.map_or_else(|| context.key_choice(), |text| context.choose_key(text))
}

fn new(context: &Context, key: Option<&str>) -> Result<(), Failure> {
    let path = match choice(context, key)? {
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
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        wonbon_client::files::private_folder(parent).map_err(|error| {
            Failure::new(Code::Failure, format!("cannot make the folder {}: {error}", parent.display()))
        })?;
    }
    let passphrase = context.new_passphrase()?;
    let key = Keypair::generate(&mut OsRng);
    KeyFile::seal(&key, &passphrase, Cost::default())?.create(&path)?;
    let account = key.account();
    context
        .out
        .note("Keep this file and its passphrase safe: nobody can restore them, and without them the money is lost.");
    context.out.result(&json!({ "account": account.to_string(), "file": path }), || {
        fields(&[("account", account.to_string()), ("file", path.display().to_string())])
    })
}

fn show(context: &Context, key: Option<&str>) -> Result<(), Failure> {
    let (account, file) = match choice(context, key)? {
        KeyChoice::Dev(path) => {
            let key = Keypair::dev(&path).map_err(|error| Failure::new(Code::Key, error.to_string()))?;
            (key.account(), None)
        }
        KeyChoice::File(path) => (KeyFile::read(&path)?.account(), Some(path)),
    };
    context.out.result(&json!({ "account": account.to_string(), "file": file }), || {
        let from = file
            .as_ref()
            .map_or("development key: everybody knows it".to_owned(), |path| path.display().to_string());
        fields(&[("account", account.to_string()), ("file", from)])
    })
}

fn list(context: &Context) -> Result<(), Failure> {
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
        let mut table = Table::new(&[("NAME", Align::Left), ("ACCOUNT", Align::Left)]);
        keys.iter().for_each(|(name, account, _)| table.row([name.clone(), account.clone()]));
        table.to_string()
    })
}
