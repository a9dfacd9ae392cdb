//! Rows: what the service wants from a storage engine, and nothing more.
//!
//! A store is one ordered table of bytes. A batch is all or nothing, and is on disk when [`KvStore::write`] returns, if
//! the engine has a disk. Calls block: the async side goes through [`on_blocking_threads`]. [`conformance`] checks the
//! promises on each engine. The service has two stores: [`crate::read_model`], which can be rebuilt from the chain, and
//! [`crate::state`], which cannot.

pub mod conformance;
mod memory;
pub(crate) mod row;
mod sled_store;

pub use memory::MemoryStore;
pub use sled_store::SledStore;

use std::{fmt, ops::Bound, sync::Arc};

use thiserror::Error;

/// Which way a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Ascending,
    /// Largest key first.
    Descending,
}

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// Changes that happen together or not at all. The last change of a key counts.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Keys with their new values; `None` removes.
    pub changes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.changes.push((key, Some(value)));
    }

    /// Removes a key.
    pub fn remove(&mut self, key: Vec<u8>) {
        self.changes.push((key, None));
    }
}

/// Why the engine could not do it. The text is for the log and never for a client.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KvError {
    /// The engine failed.
    #[error("the storage engine failed: {0}")]
    Engine(String),
    /// A row does not decode, or two rows contradict each other.
    #[error("an unreadable row: {0}")]
    Corrupt(&'static str),
    /// The row was written by another version of the service.
    #[error("a row of layout {found}, where this service knows layout {known}")]
    Layout {
        /// What the row says.
        found: u8,
        /// What is understood.
        known: u8,
    },
}

/// Rows removed at once where all of them go.
const CLEARED_AT_ONCE: usize = 1024;

/// An ordered store of bytes.
pub trait KvStore: Send + Sync + 'static {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, KvError>;

    /// At most `limit` rows whose keys begin with `prefix`, in order, beginning behind `after`.
    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError>;

    /// Makes the changes, all or none, durably.
    fn write(&self, batch: Batch) -> Result<(), KvError>;

    /// Bytes on disk, 0 for an engine without one.
    fn size_on_disk(&self) -> Result<u64, KvError>;

    /// Removes every row, smallest key first: a crash in between leaves the largest.
    fn clear(&self) -> Result<(), KvError> {
        loop {
            let rows = self.scan(&[], None, Direction::Ascending, CLEARED_AT_ONCE)?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut batch = Batch::new();
            rows.into_iter().for_each(|(key, _)| batch.remove(key));
            self.write(batch)?;
        }
    }
}

impl fmt::Debug for dyn KvStore + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not its rows.
        f.write_str("KvStore")
    }
}

/// Rows fetched from the engine at once where all of them are gone through.
const FETCHED_AT_ONCE: usize = 256;

/// Every row whose key begins with `prefix`, smallest key first, beginning behind `after`.
pub fn rows(
    kv: &dyn KvStore,
    prefix: Vec<u8>,
    mut after: Option<Vec<u8>>,
) -> impl Iterator<Item = Result<Row, KvError>> + '_ {
    let mut fetched = Vec::new().into_iter();
    std::iter::from_fn(move || {
        if fetched.as_slice().is_empty() {
            match kv.scan(&prefix, after.as_deref(), Direction::Ascending, FETCHED_AT_ONCE) {
                Ok(rows) => fetched = rows.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        let row: Row = fetched.next()?;
        if fetched.as_slice().is_empty() {
            after = Some(row.0.clone());
        }
        Some(Ok(row))
    })
}

/// Runs a piece of work against a store where it may block.
pub async fn on_blocking_threads<R: Send + 'static, E: From<KvError> + Send + 'static>(
    kv: &Arc<dyn KvStore>,
    work: impl FnOnce(&dyn KvStore) -> Result<R, E> + Send + 'static,
) -> Result<R, E> {
    let kv = kv.clone();
    tokio::task::spawn_blocking(move || work(&*kv))
        .await
        .unwrap_or_else(|error| Err(KvError::Engine(error.to_string()).into()))
}

/// Both ends of a range of keys.
type Ends = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// The bounds of a scan as a pair for a `BTreeMap`-like range; `None` if nothing can be in it.
fn bounds(prefix: &[u8], after: Option<&[u8]>, direction: Direction) -> Option<Ends> {
    use Bound::{Excluded, Included, Unbounded};
    let end = successor(prefix).map_or(Unbounded, Excluded);
    // A cursor outside the prefix leaves nothing to read.
    if after.is_some_and(|after| !after.starts_with(prefix)) {
        return None;
    }
    Some(match (after, direction) {
        (None, _) => (Included(prefix.to_vec()), end),
        (Some(after), Direction::Ascending) => (Included([after, &[0]].concat()), end),
        (Some(after), Direction::Descending) if after == prefix => return None,
        (Some(after), Direction::Descending) => (Included(prefix.to_vec()), Excluded(after.to_vec())),
    })
}

/// The smallest key greater than every key with this prefix.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}
