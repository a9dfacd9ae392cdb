//! Passphrases: asked for at a terminal, or read from a file.
//!
//! Promises: a passphrase never comes from an argument or the environment.

use std::path::Path;

use wonbon_client::keys::{is_long_enough, KeyFileError};
use zeroize::Zeroizing;

use super::Context;
use crate::exit::{Code, Failure, Result};

impl Context {
    /// A passphrase that exists: from the file, or asked once.
    pub fn passphrase(&self, prompt: &str) -> Result<Zeroizing<String>> {
        match &self.global.passphrase_file {
            Some(path) => self.passphrase_of(path),
            None => self.ask_secret(prompt),
        }
    }

    /// A new passphrase: from the file, or asked twice.
    pub fn new_passphrase(&self) -> Result<Zeroizing<String>> {
        if let Some(path) = &self.global.passphrase_file {
            return self.passphrase_of(path);
        }
        let first = self.ask_secret("New passphrase: ")?;
        // Before the second time: nobody types a passphrase twice that will not do.
        if !is_long_enough(&first) {
            return Err(KeyFileError::ShortPassphrase.into());
        }
        let second = self.ask_secret("The same again: ")?;
        if *first != *second {
            return Err(Failure::new(Code::Key, "the two passphrases differ")
                .advise("nothing was written; try again"));
        }
        Ok(first)
    }

    fn ask_secret(&self, prompt: &str) -> Result<Zeroizing<String>> {
        rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|error| {
            Failure::new(Code::Key, format!("cannot ask for a passphrase here: {error}"))
                .advise("run it at a terminal, or say --passphrase-file FILE")
        })
    }

    fn passphrase_of(&self, path: &Path) -> Result<Zeroizing<String>> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrase_files_have_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Context::of(&["--passphrase-file", path.to_str().unwrap()]).new_passphrase()
        };
        assert_eq!(*read("비밀 문구\r\n").unwrap(), "비밀 문구");
        assert_eq!(*read(" x ").unwrap(), " x ");
        assert_eq!(read("").unwrap_err().code, Code::Key);
        assert_eq!(read("a\nb\n").unwrap_err().code, Code::Key);
        assert_eq!(read(&"x".repeat(5000)).unwrap_err().code, Code::Key);
    }
}
