//! What every command works with: the options, where things are kept, and how to reach chain and service.
//!
//! Promises: nothing is opened before it is needed (`hash` needs no key, `search` no chain); a passphrase
//! comes from a terminal or a file and never from an argument or the environment.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::Arc;

use tokio::sync::Notify;
use wonbon_client::home::FileHome;
use wonbon_client::keys::{KeyFile, Keypair};
use wonbon_model::AccountId;
use zeroize::Zeroizing;

use crate::args::Global;
use crate::exit::{Code, Failure};
use crate::output::Output;

/// The work of one run of the command.
#[derive(Clone, Debug)]
pub struct Context {
    /// The options.
    pub global: Global,
    /// Where results and notes go.
    pub out: Output,
    /// Set by Ctrl-C; work on threads looks at it.
    pub stop: Arc<AtomicBool>,
    /// See [`Context::handle_interrupts`].
    armed: Arc<Notify>,
}

/// Which key is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// A well-known account of development chains, by path.
    Dev(String),
    /// An encrypted file.
    File(PathBuf),
}

impl Context {
    /// A context for these options.
    pub fn new(global: Global) -> Context {
        let out = Output { json: global.json, quiet: global.quiet };
        Context { global, out, stop: Arc::default(), armed: Arc::default() }
    }

    /// From here on Ctrl-C is a request to stop in good order. Before, while questions are asked and nothing is
    /// under way, it simply ends the process, which also lets the shell restore the terminal.
    pub fn handle_interrupts(&self) {
        self.armed.notify_one();
    }

    /// Returns once [`Context::handle_interrupts`] was called.
    pub async fn interrupts_handled(&self) {
        self.armed.notified().await;
    }

    /// The home folder; made when something is first written to it.
    pub fn home(&self) -> Result<PathBuf, Failure> {
        if let Some(home) = &self.global.home {
            return Ok(home.clone());
        }
        let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        set("XDG_DATA_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".local/share")))
            .map(|base| base.join("wonbon"))
            .ok_or_else(|| Failure::new(Code::Usage, "there is no home folder").advise("say --home DIR"))
    }

    /// What the client's procedures keep in the home folder.
    pub fn file_home(&self) -> Result<FileHome, Failure> {
        Ok(FileHome::new(self.home()?))
    }

    /// A folder inside the home folder, made if need be, for the owner only.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.home()?.join(name);
        wonbon_client::files::private_folder(&path).map_err(|error| {
            Failure::new(Code::Failure, format!("cannot make the folder {}: {error}", path.display()))
        })?;
        Ok(path)
    }

    /// Which key the options mean.
    pub fn key_choice(&self) -> Result<KeyChoice, Failure> {
        self.choose_key(&self.global.key)
    }

    /// Which key `text` means: `dev:Alice`, a path, or the name of a key in the home folder.
    pub fn choose_key(&self, text: &str) -> Result<KeyChoice, Failure> {
        if let Some(name) = text.strip_prefix("dev:") {
            let path = if name.starts_with("//") { name.to_owned() } else { format!("//{name}") };
            return Ok(KeyChoice::Dev(path));
        }
        if text.contains('/') || text.contains('\\') || text.ends_with(".json") {
            return Ok(KeyChoice::File(PathBuf::from(text)));
        }
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || text.starts_with('.') || !text.chars().all(plain) {
            return Err(Failure::new(
                Code::Usage,
                format!("\"{text}\" is neither a file nor the name of a key"),
            )
            .advise(
                "a name has letters, digits, - and _; a file has a / in it; dev:Alice is a development key",
            ));
        }
        Ok(KeyChoice::File(self.home()?.join("keys").join(format!("{text}.json"))))
    }

    /// Whose key it is, without its passphrase.
    pub fn account(&self) -> Result<AccountId, Failure> {
        match self.key_choice()? {
            KeyChoice::Dev(path) => Ok(dev_key(&path)?.account()),
            KeyChoice::File(path) => Ok(KeyFile::read(&path)?.account()),
        }
    }

    /// The key itself; asks for the passphrase if need be. Whether a development key fits the chain is checked
    /// when the chain is connected (see `Context::signer`).
    pub fn unlock(&self) -> Result<Keypair, Failure> {
        match self.key_choice()? {
            KeyChoice::Dev(path) => dev_key(&path),
            KeyChoice::File(path) => {
                let file = KeyFile::read(&path)?;
                let passphrase = self.passphrase(&format!("Passphrase for {}: ", path.display()))?;
                Ok(file.open(&passphrase)?)
            }
        }
    }

    /// A passphrase that exists: from the file, or asked once.
    pub fn passphrase(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        match &self.global.passphrase_file {
            Some(path) => self.passphrase_of(path),
            None => self.ask_secret(prompt),
        }
    }

    /// A new passphrase: from the file, or asked twice.
    pub fn new_passphrase(&self) -> Result<Zeroizing<String>, Failure> {
        if let Some(path) = &self.global.passphrase_file {
            return self.passphrase_of(path);
        }
        let first = self.ask_secret("New passphrase: ")?;
        if first.is_empty() {
            return Err(
                Failure::new(Code::Key, "the passphrase is empty").advise("choose one with several words")
            );
        }
        let second = self.ask_secret("The same again: ")?;
        if *first != *second {
            return Err(Failure::new(Code::Key, "the two passphrases differ")
                .advise("nothing was written; try again"));
        }
        Ok(first)
    }

    fn ask_secret(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|error| {
            Failure::new(Code::Key, format!("cannot ask for a passphrase here: {error}"))
                .advise("run it at a terminal, or say --passphrase-file FILE")
        })
    }

    fn passphrase_of(&self, path: &Path) -> Result<Zeroizing<String>, Failure> {
        let wrong = |reason: String| {
            Failure::new(Code::Key, format!("the passphrase file {}: {reason}", path.display()))
                .advise("it holds the passphrase as its only line, and only you can read it (chmod 600)")
        };
        let about = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
        if about.len() > 4096 {
            return Err(wrong("longer than 4096 bytes".into()));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if about.is_file() && about.permissions().mode() & 0o077 != 0 {
                self.out.warn(format!(
                    "others on this machine can read the passphrase file {}; chmod 600 it",
                    path.display()
                ));
            }
        }
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            return Err(wrong("empty".into()));
        }
        if line.contains('\n') {
            return Err(wrong("more than one line".into()));
        }
        Ok(Zeroizing::new(line.to_owned()))
    }

    /// Asks a yes-or-no question at the terminal; `None` when there is no one to ask.
    pub fn ask(&self, question: &str) -> Option<bool> {
        if !self.out.interactive() {
            return None;
        }
        let mut err = std::io::stderr().lock();
        write!(err, "{question} [y/N] ").and_then(|()| err.flush()).ok()?;
        drop(err);
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "예" | "네"))
    }
}

/// A path as the client's procedures name files.
pub fn name_of(path: &Path) -> Result<&str, Failure> {
    path.to_str()
        .ok_or_else(|| Failure::new(Code::Refused, format!("the path {} is not UTF-8", path.display())))
}

/// The key of a development path.
fn dev_key(path: &str) -> Result<Keypair, Failure> {
    Keypair::dev(path).map_err(|error| Failure::new(Code::Key, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn context(extra: &[&str]) -> Context {
        let line = ["wonbon", "--home", "/h"].iter().chain(extra).chain(&["key", "list"]);
        Context::new(crate::args::Cli::try_parse_from(line).unwrap().global)
    }

    #[test]
    fn keys_are_chosen_by_name_file_or_development_path() {
        let context = context(&[]);
        let file = |path: &str| KeyChoice::File(PathBuf::from(path));
        assert_eq!(context.key_choice().unwrap(), file("/h/keys/default.json"));
        assert_eq!(context.choose_key("seller").unwrap(), file("/h/keys/seller.json"));
        assert_eq!(context.choose_key("./k").unwrap(), file("./k"));
        assert_eq!(context.choose_key("k.json").unwrap(), file("k.json"));
        assert_eq!(context.choose_key("dev:Alice").unwrap(), KeyChoice::Dev("//Alice".into()));
        assert_eq!(context.choose_key("").unwrap_err().code, Code::Usage);
        assert_eq!(context.choose_key("a b").unwrap_err().code, Code::Usage);
    }

    #[test]
    fn passphrase_files_have_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            context(&["--passphrase-file", path.to_str().unwrap()]).new_passphrase()
        };
        assert_eq!(*read("비밀 문구\r\n").unwrap(), "비밀 문구");
        assert_eq!(*read(" x ").unwrap(), " x ");
        assert_eq!(read("").unwrap_err().code, Code::Key);
        assert_eq!(read("a\nb\n").unwrap_err().code, Code::Key);
        assert_eq!(read(&"x".repeat(5000)).unwrap_err().code, Code::Key);
    }
}
