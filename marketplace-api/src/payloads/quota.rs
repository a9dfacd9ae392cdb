//! How many bytes an account may keep with the service.
//!
//! What is stored is counted in the read model, in the same batch as the row of what is stored; what is being
//! uploaded is reserved in memory and counted again from the upload folder after a restart.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    model::Account,
    read_model::{
        ledger::{Batch, Ledger, LedgerError, Table},
        row::{decode, encode, ServiceKind},
    },
};

/// The bytes are more than the account may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{used} of {limit} bytes are in use")]
pub struct OverQuota {
    /// The quota.
    pub limit: u64,
    /// What the account uses already.
    pub used: u64,
}

/// Least that an object counts for: what its files and rows take, however short it is.
const LEAST_BYTES: u64 = 4096;

/// The quota of every account. Every call is about one object.
#[derive(Debug)]
pub struct Quota {
    limit: u64,
    /// Bytes of uploads in progress. The lock also orders changes of the counters in the read model.
    reserved: Mutex<HashMap<Account, u64>>,
}

impl Quota {
    /// The same quota for every account.
    pub fn new(limit: u64) -> Self {
        Self { limit, reserved: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Account, u64>> {
        self.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stored(ledger: &dyn Ledger, account: Account) -> Result<u64, LedgerError> {
        let row = ledger.get(Table::Service, &ServiceKind::StoredBytes.key(&[&account]))?;
        row.map_or(Ok(0), |row| decode(&row))
    }

    /// Sets bytes aside for an upload.
    pub(crate) fn reserve(
        &self,
        ledger: &dyn Ledger,
        account: Account,
        bytes: u64,
    ) -> Result<Result<(), OverQuota>, LedgerError> {
        let bytes = bytes.max(LEAST_BYTES);
        let mut reserved = self.lock();
        let entry = reserved.entry(account).or_default();
        let used = Self::stored(ledger, account)?.saturating_add(*entry);
        if used.saturating_add(bytes) > self.limit {
            return Ok(Err(OverQuota { limit: self.limit, used }));
        }
        *entry += bytes;
        Ok(Ok(()))
    }

    /// Sets bytes aside for an upload found at the start, whatever the quota is now.
    pub(crate) fn restore(&self, account: Account, bytes: u64) {
        *self.lock().entry(account).or_default() += bytes.max(LEAST_BYTES);
    }

    /// Gives back what was set aside.
    pub(crate) fn release(&self, account: Account, bytes: u64) {
        let mut reserved = self.lock();
        if let Some(entry) = reserved.get_mut(&account) {
            *entry = entry.saturating_sub(bytes.max(LEAST_BYTES));
            if *entry == 0 {
                reserved.remove(&account);
            }
        }
    }

    /// Writes a batch that stores bytes for an account, and counts them. Not checked against the quota: what is
    /// stored was reserved before.
    pub(crate) fn store(
        &self,
        ledger: &dyn Ledger,
        account: Account,
        bytes: u64,
        mut batch: Batch,
    ) -> Result<(), LedgerError> {
        let _ordered = self.lock();
        let stored = Self::stored(ledger, account)?.saturating_add(bytes.max(LEAST_BYTES));
        batch.put(ServiceKind::StoredBytes.key(&[&account]), encode(&stored));
        ledger.write(batch)
    }

    /// Writes a batch that removes bytes of an account, and gives them back.
    pub(crate) fn remove(
        &self,
        ledger: &dyn Ledger,
        account: Account,
        bytes: u64,
        mut batch: Batch,
    ) -> Result<(), LedgerError> {
        let _ordered = self.lock();
        let stored = Self::stored(ledger, account)?.saturating_sub(bytes.max(LEAST_BYTES));
        batch.put(ServiceKind::StoredBytes.key(&[&account]), encode(&stored));
        ledger.write(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_model::MemoryLedger;

    #[test]
    fn a_short_object_counts_for_a_page() {
        let (ledger, quota, account) = (MemoryLedger::new(), Quota::new(3 * LEAST_BYTES), Account::default());
        for _ in 0..2 {
            quota.reserve(&ledger, account, 1).unwrap().unwrap();
        }
        quota.store(&ledger, account, 1, Batch::new(Table::Service)).unwrap();
        quota.release(account, 1);
        quota.reserve(&ledger, account, 1).unwrap().unwrap();
        let refused = quota.reserve(&ledger, account, 1).unwrap().unwrap_err();
        assert_eq!(refused.used, 3 * LEAST_BYTES);
        quota.remove(&ledger, account, 1, Batch::new(Table::Service)).unwrap();
        quota.reserve(&ledger, account, 1).unwrap().unwrap();
    }
}
