//! Journals: what a procedure has to know again after a crash, one small file each.

use super::ExchangeError;
use crate::files;
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

/// Writes a journal in one step.
pub(super) fn write(path: &Path, journal: &impl Serialize) -> Result<(), ExchangeError> {
    if let Some(folder) = path.parent() {
        files::private_folder(folder).map_err(ExchangeError::file(folder))?;
    }
    let mut json = serde_json::to_vec_pretty(journal).map_err(|error| broken(path, &error))?;
    json.push(b'\n');
    files::replace(path, &json).map_err(ExchangeError::file(path))
}

/// Reads a journal.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, ExchangeError> {
    let json = std::fs::read(path).map_err(ExchangeError::file(path))?;
    serde_json::from_slice(&json).map_err(|error| broken(path, &error))
}

/// The journals of a folder; none if there is no folder.
pub(super) fn list<T: DeserializeOwned>(folder: &Path) -> Result<Vec<(PathBuf, T)>, ExchangeError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ExchangeError::file(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(ExchangeError::file(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            found.push((path.clone(), read(&path)?));
        }
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    Ok(found)
}

/// Removes a file that may be gone.
pub(super) fn remove(path: &Path) -> Result<(), ExchangeError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ExchangeError::file(path)(error)),
        _ => Ok(()),
    }
}

fn broken(path: &Path, error: &serde_json::Error) -> ExchangeError {
    ExchangeError::Journal { path: path.to_owned(), reason: error.to_string() }
}
