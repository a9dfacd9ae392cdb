//! The in-memory twin of the storage engine, for tests and for a service without a disk.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use super::{bounds, Batch, Direction, KvError, KvStore, Row, Table};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// Rows in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    chain: RwLock<Rows>,
    service: RwLock<Rows>,
}

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn table(&self, table: Table) -> &RwLock<Rows> {
        match table {
            Table::Chain => &self.chain,
            Table::Service => &self.service,
        }
    }

    fn read(&self, table: Table) -> RwLockReadGuard<'_, Rows> {
        self.table(table).read().unwrap_or_else(PoisonError::into_inner)
    }

    fn modify(&self, table: Table) -> RwLockWriteGuard<'_, Rows> {
        self.table(table).write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KvStore for MemoryStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        Ok(self.read(table).get(key).cloned())
    }

    fn scan(
        &self,
        table: Table,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError> {
        let Some(range) = bounds(prefix, after, direction) else { return Ok(Vec::new()) };
        let rows = self.read(table);
        let range = rows.range(range);
        let owned = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
        Ok(match direction {
            Direction::Ascending => range.take(limit).map(owned).collect(),
            Direction::Descending => range.rev().take(limit).map(owned).collect(),
        })
    }

    fn write(&self, batch: Batch) -> Result<(), KvError> {
        let mut rows = self.modify(batch.table);
        for (key, value) in batch.changes {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    fn clear(&self, table: Table) -> Result<(), KvError> {
        self.modify(table).clear();
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, KvError> {
        Ok(0)
    }
}
