//! Journals: what a procedure has to know again after a crash, one record each in JSON.

use super::ExchangeError;
use crate::ports::{Records, StorageError};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;
use std::io;

/// Writes a journal in one step.
pub(super) async fn write(
    records: &dyn Records,
    name: &str,
    journal: &(impl Serialize + Sync),
) -> Result<(), StorageError> {
    let json = serde_json::to_vec_pretty(journal);
    let mut json = json.map_err(|error| StorageError::at(records.place(name))(io::Error::other(error)))?;
    json.push(b'\n');
    records.replace(name, &json).await
}

/// Reads a journal; `None` if there is none.
pub(super) async fn read<T: DeserializeOwned>(
    records: &dyn Records,
    name: &str,
) -> Result<Option<T>, ExchangeError> {
    let Some(json) = records.read(name).await? else { return Ok(None) };
    let place = || records.place(name);
    let journal = serde_json::from_slice(&json);
    journal.map(Some).map_err(|error| ExchangeError::Journal { place: place(), reason: error.to_string() })
}

/// A journal by its name, if it can be read.
pub(super) type Entry<T> = (String, Result<T, ExchangeError>);

/// All journals, by name. One that cannot be read does not hide the others.
pub(super) async fn list<T: DeserializeOwned>(records: &dyn Records) -> Result<Vec<Entry<T>>, ExchangeError> {
    let mut found = Vec::new();
    for name in records.names().await? {
        if let Some(journal) = read(records, &name).await.transpose() {
            found.push((name, journal));
        }
    }
    Ok(found)
}

/// Whether a journal that cannot be read as a whole has these fields: one of a newer version, say.
pub(super) async fn mentions(records: &dyn Records, name: &str, fields: &[(&str, Value)]) -> bool {
    let json = records.read(name).await.ok().flatten();
    let json = json.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    json.is_some_and(|json| fields.iter().all(|(name, value)| json.get(name) == Some(value)))
}

pub(super) fn other_version(records: &dyn Records, name: &str) -> ExchangeError {
    ExchangeError::Journal { place: records.place(name), reason: "it is of another version".to_owned() }
}
