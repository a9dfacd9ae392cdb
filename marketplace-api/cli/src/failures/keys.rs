//! Key files and their passphrases.

use wonbon_client::keys::KeyFileError;

use crate::exit::{Code, Failure};

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let advice = match &error {
            KeyFileError::Exists(_) => "choose another name",
            KeyFileError::Missing(_) => {
                "make one with `wonbon key new`, name another with --key, or use --key dev:NAME on a development chain"
            }
            KeyFileError::Io { .. } => "check the disk and the permissions",
            KeyFileError::Malformed(_) => "is --key the right file? take it from your backup if it was damaged",
            KeyFileError::WrongPassphrase(_) => "try again; a file that was changed cannot be told from a wrong passphrase",
        };
        Failure::new(Code::Key, error.to_string()).advise(advice)
    }
}
