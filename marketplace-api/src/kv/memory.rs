//! The in-memory twin of the storage engine, for tests.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use super::{bounds, Batch, Direction, KvError, KvStore, Row};

/// Rows in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

impl KvStore for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        Ok(self.rows.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError> {
        let Some(range) = bounds(prefix, after, direction) else { return Ok(Vec::new()) };
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        let range = rows.range(range);
        let owned = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
        Ok(match direction {
            Direction::Ascending => range.take(limit).map(owned).collect(),
            Direction::Descending => range.rev().take(limit).map(owned).collect(),
        })
    }

    fn write(&self, batch: Batch) -> Result<(), KvError> {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in batch.changes {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, KvError> {
        Ok(0)
    }
}
