//! How many bytes an account may keep with the service.
//!
//! What is stored is counted in the read model, in the same batch as the row of what is stored; what is being
//! uploaded is reserved in memory and counted again from the upload folder after a restart.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::StorageError;
use crate::{
    kv::{Batch, KvError, KvStore, Table},
    model::Account,
    read_model::{
        row::{decode, encode, ServiceKind},
        ReadModel,
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
    /// Bytes of objects on their way in. The lock also orders changes of the counters in the read model.
    reserved: Mutex<HashMap<Account, u64>>,
}

/// Bytes set aside for an object on its way in, until this goes.
#[derive(Debug)]
pub(crate) struct Reserved {
    quota: Arc<Quota>,
    account: Account,
    bytes: u64,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut reserved = self.quota.lock();
        if let Some(entry) = reserved.get_mut(&self.account) {
            *entry = entry.saturating_sub(self.bytes);
            if *entry == 0 {
                reserved.remove(&self.account);
            }
        }
    }
}

impl Quota {
    /// The same quota for every account.
    pub fn new(limit: u64) -> Self {
        Self { limit, reserved: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Account, u64>> {
        self.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stored(kv: &dyn KvStore, account: Account) -> Result<u64, KvError> {
        let row = kv.get(Table::Service, &ServiceKind::StoredBytes.key(&[&account]))?;
        row.map_or(Ok(0), |row| decode(&row))
    }

    /// What an account keeps and what is on its way in. With the lock held, or an object that arrives in between is in
    /// neither.
    fn used(reserved: &HashMap<Account, u64>, kv: &dyn KvStore, account: Account) -> Result<u64, KvError> {
        let held = reserved.get(&account).copied().unwrap_or_default();
        Ok(Self::stored(kv, account)?.saturating_add(held))
    }

    /// How many bytes there are left for an account.
    pub(crate) fn room(&self, kv: &dyn KvStore, account: Account) -> Result<u64, KvError> {
        Ok(self.limit.saturating_sub(Self::used(&self.lock(), kv, account)?))
    }

    /// Sets bytes aside for an object.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        kv: &dyn KvStore,
        account: Account,
        bytes: u64,
    ) -> Result<Result<Reserved, OverQuota>, KvError> {
        let bytes = bytes.max(LEAST_BYTES);
        let mut reserved = self.lock();
        let used = Self::used(&reserved, kv, account)?;
        if used.saturating_add(bytes) > self.limit {
            return Ok(Err(OverQuota { limit: self.limit, used }));
        }
        *reserved.entry(account).or_default() += bytes;
        Ok(Ok(Reserved { quota: self.clone(), account, bytes }))
    }

    /// Sets bytes aside for an upload found at the start, whatever the quota is now.
    pub(crate) fn restore(self: &Arc<Self>, account: Account, bytes: u64) -> Reserved {
        let bytes = bytes.max(LEAST_BYTES);
        *self.lock().entry(account).or_default() += bytes;
        Reserved { quota: self.clone(), account, bytes }
    }

    /// Stores an object for an account if there is room for it, and counts it. To be run
    /// [to its end](crate::task::run_to_completion): bytes that are stored and not counted are in no quota.
    pub(crate) async fn keep<E>(
        self: &Arc<Self>,
        read_model: &ReadModel,
        account: Account,
        bytes: u64,
        put: impl Future<Output = Result<(), StorageError>>,
    ) -> Result<(), E>
    where
        E: From<KvError> + From<OverQuota> + From<StorageError> + Send + 'static,
    {
        let quota = self.clone();
        let reserve = move |kv: &dyn KvStore| Ok::<_, E>(quota.reserve(kv, account, bytes)??);
        let _reserved = read_model.run(reserve).await?;
        put.await?;
        let quota = self.clone();
        let count = move |kv: &dyn KvStore| {
            quota.store(kv, account, bytes, Batch::new(Table::Service)).map_err(E::from)
        };
        read_model.run(count).await
    }

    /// Writes a batch that stores bytes for an account, and counts them. Not checked against the quota: what is
    /// stored was reserved before.
    pub(crate) fn store(
        &self,
        kv: &dyn KvStore,
        account: Account,
        bytes: u64,
        mut batch: Batch,
    ) -> Result<(), KvError> {
        let _ordered = self.lock();
        let stored = Self::stored(kv, account)?.saturating_add(bytes.max(LEAST_BYTES));
        batch.put(ServiceKind::StoredBytes.key(&[&account]), encode(&stored));
        kv.write(batch)
    }

    /// Writes a batch that removes bytes of an account, and gives them back.
    pub(crate) fn remove(
        &self,
        kv: &dyn KvStore,
        account: Account,
        bytes: u64,
        mut batch: Batch,
    ) -> Result<(), KvError> {
        let _ordered = self.lock();
        let stored = Self::stored(kv, account)?.saturating_sub(bytes.max(LEAST_BYTES));
        batch.put(ServiceKind::StoredBytes.key(&[&account]), encode(&stored));
        kv.write(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kv::MemoryStore, samples::SampleError};

    #[test]
    fn a_short_object_counts_for_a_page() {
        let kv = MemoryStore::new();
        let (quota, account) = (Arc::new(Quota::new(3 * LEAST_BYTES)), Account::default());
        let reserve = || quota.reserve(&kv, account, 1).unwrap();
        let (first, second) = (reserve().unwrap(), reserve().unwrap());
        quota.store(&kv, account, 1, Batch::new(Table::Service)).unwrap();
        drop(first);
        let third = reserve().unwrap();
        assert_eq!(reserve().unwrap_err().used, 3 * LEAST_BYTES);
        quota.remove(&kv, account, 1, Batch::new(Table::Service)).unwrap();
        drop((second, third, reserve().unwrap()));
        assert!(quota.lock().is_empty());
    }

    #[tokio::test]
    async fn what_is_not_stored_is_not_counted() {
        let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        let (quota, account) = (Arc::new(Quota::new(2 * LEAST_BYTES)), Account::default());
        let keep = |bytes, stored| {
            let (quota, read_model) = (quota.clone(), read_model.clone());
            async move { quota.keep::<SampleError>(&read_model, account, bytes, async { stored }).await }
        };
        let refused = Err(StorageError::Failed("full".into()));
        assert!(matches!(keep(LEAST_BYTES, refused).await, Err(SampleError::Storage(_))));
        keep(LEAST_BYTES, Ok(())).await.unwrap();
        let too_much = keep(LEAST_BYTES + 1, Ok(())).await;
        assert!(matches!(too_much, Err(SampleError::OverQuota(OverQuota { used: LEAST_BYTES, .. }))));
        keep(LEAST_BYTES, Ok(())).await.unwrap();
        assert!(quota.lock().is_empty());
    }
}
