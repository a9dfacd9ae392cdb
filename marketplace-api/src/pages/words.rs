//! How values read on a page: as the model says them, and hashes in short.

use wonbon_model::Hash;

pub(super) use wonbon_model::words::{
    amount::{number, share, won},
    size::bytes,
    time::block_in_korea as time,
};

/// The beginning of a hash, for where the whole is a click away.
pub(super) fn short(hash: impl Into<Hash>) -> String {
    let mut text = hash.into().to_string();
    text.truncate(12);
    text.push('…');
    text
}
