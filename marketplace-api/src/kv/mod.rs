//! What the service wants from a storage engine, and nothing more.
//!
//! Two ordered tables of bytes. A batch is of one table, is all or nothing, and is on disk when [`KvStore::write`]
//! returns, if the engine has a disk. Calls block: the async side reaches an engine only through
//! [`crate::read_model::ReadModel`].

mod memory;
mod sled_store;

pub use memory::MemoryStore;
pub use sled_store::SledStore;

use std::ops::Bound;

use thiserror::Error;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// What came from the chain: can be thrown away and rebuilt.
    Chain,
    /// What only this service knows: payloads, tokens, audit records.
    Service,
}

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

/// Changes to one table that happen together or not at all. The last change of a key counts.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Table.
    pub table: Table,
    /// Keys with their new values; `None` removes.
    pub changes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
    /// No change yet.
    pub fn new(table: Table) -> Self {
        Self { table, changes: Vec::new() }
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
    #[error("the read model holds an unreadable row: {0}")]
    Corrupt(&'static str),
    /// The row was written by another version of the service.
    #[error("the read model holds a row of layout {found}, this service knows layout {known}")]
    Layout {
        /// What the row says.
        found: u8,
        /// What is understood.
        known: u8,
    },
}

/// An ordered store of bytes.
pub trait KvStore: Send + Sync + 'static {
    /// The value of a key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, KvError>;

    /// At most `limit` rows whose keys begin with `prefix`, in order, beginning behind `after`.
    fn scan(
        &self,
        table: Table,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError>;

    /// Makes the changes, all or none, durably.
    fn write(&self, batch: Batch) -> Result<(), KvError>;

    /// Removes every row of a table. Not atomic: a crash may leave some.
    fn clear(&self, table: Table) -> Result<(), KvError>;

    /// Bytes on disk, 0 for an engine without one.
    fn size_on_disk(&self) -> Result<u64, KvError>;
}

/// Both ends of a range of keys.
type Ends = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// The bounds of a scan as a pair for a `BTreeMap`-like range; `None` if nothing can be in it.
pub(super) fn bounds(prefix: &[u8], after: Option<&[u8]>, direction: Direction) -> Option<Ends> {
    use Bound::{Excluded, Included, Unbounded};
    let end = successor(prefix).map_or(Unbounded, Excluded);
    // A cursor outside the prefix leaves nothing to read.
    if after.is_some_and(|after| !after.starts_with(prefix)) {
        return None;
    }
    Some(match (after, direction) {
        (None, _) => (Included(prefix.to_vec()), end),
        (Some(after), Direction::Ascending) => {
            let mut next = after.to_vec();
            next.push(0);
            (Included(next), end)
        }
        (Some(after), Direction::Descending) if after == prefix => return None,
        (Some(after), Direction::Descending) => (Included(prefix.to_vec()), Excluded(after.to_vec())),
    })
}

/// The smallest key greater than every key with this prefix.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}
