//! What can go wrong with a key file or its passphrase, and what to do then.

use wonbon_client::keys::KeyFileError;

use crate::exit::{Code, Failure};

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let advice = match &error {
            KeyFileError::Exists(_) => "choose another name",
            KeyFileError::Missing(_) => {
                "make one with `wonbon key new`, choose another with --key, or use --key dev:NAME on a development chain"
            }
            KeyFileError::Io { .. } => "check the disk and the permissions",
            KeyFileError::Malformed(_) => "check --key; if the file is damaged, restore it from your backup",
            KeyFileError::ShortPassphrase => "choose one of several words; nothing was written",
            KeyFileError::Open { .. } => {
                "make it yours alone (chmod 600 FILE); if it was open to others for long, move to a new key"
            }
            KeyFileError::WrongPassphrase(_) => "try again; a damaged file looks the same as a wrong passphrase",
        };
        Failure::new(Code::Key, error.to_string()).advise(advice)
    }
}
