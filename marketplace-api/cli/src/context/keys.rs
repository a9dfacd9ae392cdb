//! Which key a command signs with, and how it is unlocked.

use std::path::PathBuf;

use wonbon_client::keys::{KeyFile, Keypair};
use wonbon_model::AccountId;

use super::Context;
use crate::exit::{Code, Failure, Result};

/// Which key is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// A well-known account of development chains, by path.
    Dev(String),
    /// A key file, which asks for a passphrase.
    File(PathBuf),
}

impl KeyChoice {
    /// Whose key it is, without its passphrase.
    pub fn account(&self) -> Result<AccountId> {
        match self {
            KeyChoice::Dev(path) => Ok(dev_key(path)?.account()),
            KeyChoice::File(path) => Ok(KeyFile::read(path)?.account()),
        }
    }
}

impl Context {
    /// Which key the options mean.
    pub fn key_choice(&self) -> Result<KeyChoice> {
        self.choose_key(&self.global.key)
    }

    /// Which key `text` means: `dev:Alice`, a path, or the name of a key in the home folder.
    pub fn choose_key(&self, text: &str) -> Result<KeyChoice> {
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
    pub fn account(&self) -> Result<AccountId> {
        self.key_choice()?.account()
    }

    /// The key itself, acting for its own account; asks for the passphrase if need be. Whether a development key fits the chain is checked
    /// when the chain is connected (see `Context::signer`).
    pub fn unlock(&self) -> Result<Keypair> {
        match self.key_choice()? {
            KeyChoice::Dev(path) => dev_key(&path),
            KeyChoice::File(path) => {
                let file = KeyFile::read(&path)?;
                let passphrase = self.passphrase(&format!("Passphrase for {}: ", path.display()))?;
                Ok(file.open(&passphrase)?)
            }
        }
    }
}

/// The key of a development path.
fn dev_key(path: &str) -> Result<Keypair> {
    Keypair::dev(path).map_err(|error| Failure::new(Code::Key, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_chosen_by_name_file_or_development_path() {
        let context = Context::of(&[]);
        let file = |path: &str| KeyChoice::File(PathBuf::from(path));
        assert_eq!(context.key_choice().unwrap(), file("/h/keys/default.json"));
        assert_eq!(context.choose_key("seller").unwrap(), file("/h/keys/seller.json"));
        assert_eq!(context.choose_key("./k").unwrap(), file("./k"));
        assert_eq!(context.choose_key("k.json").unwrap(), file("k.json"));
        assert_eq!(context.choose_key("dev:Alice").unwrap(), KeyChoice::Dev("//Alice".into()));
        assert_eq!(context.choose_key("").unwrap_err().code, Code::Usage);
        assert_eq!(context.choose_key("a b").unwrap_err().code, Code::Usage);
    }
}
