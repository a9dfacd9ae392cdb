//! Locks between processes: one at a time does the same thing for the same account in the same home.
//!
//! A lock is one that the system holds on an open file, so it ends with the process however that ends. The file stays:
//! removing it would let a third process lock another one of the same name.

use crate::files;
use crate::ports::{Lock, StorageError};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Locks a name in a folder; `None` if another holds it.
pub(super) fn try_lock(folder: &Path, name: &str) -> Result<Option<Lock>, StorageError> {
    let (path, file) = open(folder, name)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
    }
}

/// Locks a name together with others. Whoever is alone does `first` before anybody else comes in.
pub(super) fn share(
    folder: &Path,
    name: &str,
    first: impl FnOnce() -> Result<(), StorageError>,
) -> Result<Lock, StorageError> {
    let (path, file) = open(folder, name)?;
    match file.try_lock() {
        Ok(()) => {
            first()?;
            file.unlock().map_err(failed(&path))?;
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(failed(&path)(error)),
    }
    // Waits for no more than what another does first.
    file.lock_shared().map_err(failed(&path))?;
    Ok(Lock::new(file))
}

pub(super) fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> StorageError {
    StorageError::at(path.display().to_string())
}

fn open(folder: &Path, name: &str) -> Result<(PathBuf, File), StorageError> {
    files::private_folder(folder).map_err(failed(folder))?;
    let path = folder.join(format!(".lock-{name}"));
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(failed(&path))?;
    Ok((path, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_lock_is_held_once_and_ends_with_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        let take = |name| try_lock(folder.path(), name).unwrap();
        let first = take("a");
        assert!(first.is_some());
        assert!(take("a").is_none());
        assert!(take("b").is_some());
        drop(first);
        assert!(take("a").is_some());

        let done = Cell::new(0);
        let share = || {
            share(folder.path(), "c", || {
                done.set(done.get() + 1);
                Ok(())
            })
        };
        let two = (share().unwrap(), share().unwrap());
        assert_eq!(done.get(), 1);
        drop(two);
        share().unwrap();
        assert_eq!(done.get(), 2);
    }
}
