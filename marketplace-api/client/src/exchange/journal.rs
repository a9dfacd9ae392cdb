//! Journals: what a procedure has to know again after a crash, one record each in JSON.

use super::{Event, ExchangeError, Observer, Result};
use crate::keys::secret_box::json_file;
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
    let json = json_file(journal);
    let json = json.map_err(|error| StorageError::at(records.place(name))(io::Error::other(error)))?;
    records.replace(name, &json).await
}

/// Reads a journal; `None` if there is none.
pub(super) async fn read<T: DeserializeOwned>(records: &dyn Records, name: &str) -> Result<Option<T>> {
    let Some(json) = records.read(name).await? else { return Ok(None) };
    let place = || records.place(name);
    let journal = serde_json::from_slice(&json);
    journal.map(Some).map_err(|error| ExchangeError::Journal { place: place(), reason: error.to_string() })
}

/// The journals that are `ours`. One that cannot be read is told and left out, unless it has all of the `wanted` fields:
/// then it is an error.
pub(super) async fn read_ours<T: DeserializeOwned>(
    records: &dyn Records,
    observer: &dyn Observer,
    wanted: &[(&str, Value)],
    is_ours: impl Fn(&str, &T) -> Result<bool>,
) -> Result<Vec<T>> {
    let mut ours = Vec::new();
    for name in records.names().await? {
        let Some(read) = read::<T>(records, &name).await.transpose() else { continue };
        match read.and_then(|journal| Ok((is_ours(&name, &journal)?, journal))) {
            Ok((true, journal)) => ours.push(journal),
            Ok((false, _)) => {}
            Err(error) if !wanted.is_empty() && has_fields(records, &name, wanted).await => {
                return Err(error)
            }
            Err(error) => {
                let (path, message) = (records.place(&name), error.to_string());
                observer.event(Event::JournalSkipped { path, message });
            }
        }
    }
    Ok(ours)
}

/// Whether a journal that cannot be read as a whole has these fields: one of a newer version, say.
async fn has_fields(records: &dyn Records, name: &str, fields: &[(&str, Value)]) -> bool {
    let json = records.read(name).await.ok().flatten();
    let json = json.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    json.is_some_and(|json| fields.iter().all(|(name, value)| json.get(name) == Some(value)))
}

pub(super) fn other_version(records: &dyn Records, name: &str) -> ExchangeError {
    ExchangeError::Journal { place: records.place(name), reason: "it is of another version".to_owned() }
}
