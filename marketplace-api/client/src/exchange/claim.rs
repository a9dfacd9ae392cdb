//! Claims: one process at a time does the same thing for the same account in the same home folder.
//!
//! A claim is a lock that the system holds on an open file, so it ends with the process however that ends. The
//! file stays: removing it would let a third process lock another one of the same name.

use super::ExchangeError;
use crate::files;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held by the one process that may go on.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    _file: File,
}

impl Claim {
    /// Takes the claim of this name in a folder; fails if another holder has it, which is named by `what`.
    pub(super) fn take(folder: &Path, name: &str, what: impl Into<String>) -> Result<Self, ExchangeError> {
        let (path, file) = open(folder, name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _file: file }),
            Err(TryLockError::WouldBlock) => Err(ExchangeError::Busy(what.into())),
            Err(TryLockError::Error(error)) => Err(ExchangeError::File { path, error }),
        }
    }

    /// Takes part in what is done in a folder. Whoever finds himself alone there tidies up first.
    pub(super) fn share(
        folder: &Path,
        name: &str,
        tidy: impl FnOnce() -> Result<(), ExchangeError>,
    ) -> Result<Self, ExchangeError> {
        let (path, file) = open(folder, name)?;
        match file.try_lock() {
            Ok(()) => {
                tidy()?;
                file.unlock().map_err(ExchangeError::file(&path))?;
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(ExchangeError::File { path, error }),
        }
        // Waits for no more than another's tidying.
        file.lock_shared().map_err(ExchangeError::file(&path))?;
        Ok(Self { path, _file: file })
    }

    /// Whether it is the claim of this name.
    pub(super) fn is_of(&self, folder: &Path, name: &str) -> bool {
        self.path == path(folder, name)
    }
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".lock-{name}"))
}

fn open(folder: &Path, name: &str) -> Result<(PathBuf, File), ExchangeError> {
    files::private_folder(folder).map_err(ExchangeError::file(folder))?;
    let path = path(folder, name);
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    match file {
        Ok(file) => Ok((path, file)),
        Err(error) => Err(ExchangeError::File { path, error }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_claim_is_held_once_and_ends_with_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let take = |name| Claim::take(folder.path(), name, "it");
        let first = take("a").unwrap();
        assert!(first.is_of(folder.path(), "a") && !first.is_of(folder.path(), "b"));
        assert!(matches!(take("a"), Err(ExchangeError::Busy(what)) if what == "it"));
        take("b").unwrap();
        drop(first);
        take("a").unwrap();

        let tidied = Cell::new(0);
        let share = || {
            Claim::share(folder.path(), "c", || {
                tidied.set(tidied.get() + 1);
                Ok(())
            })
        };
        let two = (share().unwrap(), share().unwrap());
        assert_eq!(tidied.get(), 1);
        drop(two);
        share().unwrap();
        assert_eq!(tidied.get(), 2);
    }
}
