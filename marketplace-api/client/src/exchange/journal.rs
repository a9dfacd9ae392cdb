//! Journals: what a procedure has to know again after a crash, one small file each.

use super::ExchangeError;
use crate::files;
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;
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

/// A journal, if it can be read, and where it is.
pub(super) type Entry<T> = (PathBuf, Result<T, ExchangeError>);

/// The journals of a folder; none if there is no folder. One that cannot be read does not hide the others.
pub(super) fn list<T: DeserializeOwned>(folder: &Path) -> Result<Vec<Entry<T>>, ExchangeError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ExchangeError::file(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(ExchangeError::file(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let journal = read(&path);
            found.push((path, journal));
        }
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    Ok(found)
}

/// Whether a journal that cannot be read as a whole has these fields: one of a newer version, say.
pub(super) fn mentions(path: &Path, fields: &[(&str, Value)]) -> bool {
    let json = std::fs::read(path).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    json.is_some_and(|json| fields.iter().all(|(name, value)| json.get(name) == Some(value)))
}

/// Removes a file that may be gone.
pub(super) fn remove(path: &Path) -> Result<(), ExchangeError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ExchangeError::file(path)(error)),
        _ => Ok(()),
    }
}

pub(super) fn other_version(path: &Path) -> ExchangeError {
    ExchangeError::Journal { path: path.to_owned(), reason: "it is of another version".to_owned() }
}

fn broken(path: &Path, error: &serde_json::Error) -> ExchangeError {
    ExchangeError::Journal { path: path.to_owned(), reason: error.to_string() }
}
