//! Bytes that a service keeps without looking into them: SCALE, with a layout number first.

use codec::{DecodeAll, Encode};
use thiserror::Error;

/// The bytes are not of a layout that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the bytes are no {what} that this program can read")]
pub struct BadLayout {
    /// What they should be.
    pub what: &'static str,
}

/// The bytes of a value.
pub(super) fn write(layout: u8, value: &impl Encode) -> Vec<u8> {
    let mut bytes = vec![layout];
    value.encode_to(&mut bytes);
    bytes
}

/// The value of bytes, all of which belong to it.
pub(super) fn read<T: DecodeAll>(layout: u8, bytes: &[u8], what: &'static str) -> Result<T, BadLayout> {
    let rest = bytes.strip_prefix(&[layout]).ok_or(BadLayout { what })?;
    T::decode_all(&mut &rest[..]).map_err(|_| BadLayout { what })
}
