//! How the files are read and written: JSON, in which a bad member is named.

use super::BadFile;
use crate::keys::secret_box::json_file;
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;

/// A member's name, with dots, and whether what stands there is one.
pub(super) type Part = (&'static str, fn(Value) -> Result<(), String>);

/// Whether a value reads as this type.
pub(super) fn is<T: DeserializeOwned>(value: Value) -> Result<(), String> {
    serde_json::from_value::<T>(value).map(drop).map_err(|error| error.to_string())
}

/// Reads a file. Members that are unknown, missing or there twice are refused by name, and so is one of these parts that
/// cannot be read.
pub(super) fn read<T: DeserializeOwned>(json: &[u8], parts: &[Part]) -> Result<T, BadFile> {
    serde_json::from_slice(json).map_err(|error| {
        let whole: Value = serde_json::from_slice(json).unwrap_or_default();
        let wrong = parts.iter().find_map(|(name, is_read)| {
            let value = whole.pointer(&format!("/{}", name.replace('.', "/")))?;
            Some((*name, is_read(value.clone()).err()?))
        });
        match wrong {
            Some((name, reason)) => BadFile::field(name, reason),
            None => BadFile::Malformed(error.to_string()),
        }
    })
}

/// The bytes of a file.
pub(super) fn written(text: &impl Serialize) -> Result<Vec<u8>, BadFile> {
    json_file(text).map_err(|error| BadFile::Malformed(error.to_string()))
}

pub(super) fn check_format(found: &str, expected: &str) -> Result<(), BadFile> {
    match found == expected {
        true => Ok(()),
        false => Err(BadFile::field("format", format!("{found:?}, not {expected:?}"))),
    }
}
