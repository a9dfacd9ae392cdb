//! The storage engine: sled 0.34, fenced in here. No other module names it.
//!
//! A store is a folder. A batch goes through `apply_batch`, which the engine recovers as a whole or not at all, and is
//! flushed before [`KvStore::write`] returns: what was acknowledged survives `kill -9`. The engine locks its folder, so
//! that a second service cannot open it.

// The one module that may.
#![allow(clippy::disallowed_types)]

use std::path::Path;

use super::{bounds, Batch, Direction, KvError, KvStore, Row};

/// Bytes of the cache of one store. The engine's own default of 1 GiB is far more than the rows need.
const CACHE_BYTES: u64 = 32 << 20;

/// Rows in a folder.
pub struct SledStore {
    engine: sled::Db,
    rows: sled::Tree,
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SledStore").finish_non_exhaustive()
    }
}

fn failed(error: sled::Error) -> KvError {
    KvError::Engine(error.to_string())
}

impl SledStore {
    /// Opens the folder, making it if it is not there.
    pub fn open(folder: &Path) -> Result<Self, KvError> {
        let engine = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .open()
            .map_err(failed)?;
        let rows = engine.open_tree("rows").map_err(failed)?;
        Ok(Self { engine, rows })
    }

    /// Rows of another table in the same folder, if there is one: an earlier version kept several.
    pub(crate) fn earlier_table(&self, name: &str) -> Result<Option<Self>, KvError> {
        if !self.engine.tree_names().iter().any(|found| found == name.as_bytes()) {
            return Ok(None);
        }
        let rows = self.engine.open_tree(name).map_err(failed)?;
        Ok(Some(Self { engine: self.engine.clone(), rows }))
    }

    /// Removes such a table, if it is there.
    pub(crate) fn drop_earlier_table(&self, name: &str) -> Result<(), KvError> {
        if self.engine.drop_tree(name).map_err(failed)? {
            self.engine.flush().map_err(failed)?;
        }
        Ok(())
    }
}

impl KvStore for SledStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        Ok(self.rows.get(key).map_err(failed)?.map(|value| value.to_vec()))
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError> {
        let Some(range) = bounds(prefix, after, direction) else { return Ok(Vec::new()) };
        let range = self.rows.range::<Vec<u8>, _>(range);
        let owned = |row: sled::Result<(sled::IVec, sled::IVec)>| {
            row.map(|(key, value)| (key.to_vec(), value.to_vec())).map_err(failed)
        };
        match direction {
            Direction::Ascending => range.take(limit).map(owned).collect(),
            Direction::Descending => range.rev().take(limit).map(owned).collect(),
        }
    }

    fn write(&self, batch: Batch) -> Result<(), KvError> {
        let mut changes = sled::Batch::default();
        for (key, value) in batch.changes {
            match value {
                Some(value) => changes.insert(key, value),
                None => changes.remove(key),
            }
        }
        self.rows.apply_batch(changes).map_err(failed)?;
        self.engine.flush().map_err(failed)?;
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, KvError> {
        self.engine.size_on_disk().map_err(failed)
    }
}
