//! How many bytes an account may keep with the service.
//!
//! What is stored is counted in the state, in the same batch as the row of what is stored; what is being uploaded is
//! reserved in memory and counted again from the upload folder after a restart.

use std::{collections::HashMap, future::Future, sync::Arc};

use wonbon_model::AccountId;

use super::StorageError;
use crate::{
    kv::{Batch, KvError, KvStore},
    locks::Mutex,
    state::{
        row::{encode, fetch, Kind},
        State,
    },
};

/// The bytes are more than the account may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{used} of {limit} bytes are in use")]
pub struct OverQuota {
    /// Bytes that the account may keep.
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
    state: State,
    /// Bytes of objects on their way in. The lock also orders changes of the counters in the state.
    reserved: Mutex<HashMap<AccountId, u64>>,
}

/// Bytes set aside for an object on its way in, until this goes.
#[derive(Debug)]
pub(crate) struct Reserved {
    quota: Arc<Quota>,
    account: AccountId,
    bytes: u64,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut reserved = self.quota.reserved.lock();
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
    pub fn new(limit: u64, state: State) -> Self {
        Self { limit, state, reserved: Mutex::default() }
    }

    /// Runs work with the lock held, where it may block.
    async fn locked<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>, &mut HashMap<AccountId, u64>, &dyn KvStore) -> Result<R, KvError>
            + Send
            + 'static,
    ) -> Result<R, KvError> {
        let quota = self.clone();
        self.state.run(move |kv| work(&quota, &mut quota.reserved.lock(), kv)).await
    }

    /// How many bytes there are left for an account.
    pub(crate) async fn room(self: &Arc<Self>, account: AccountId) -> Result<u64, KvError> {
        self.locked(move |quota, reserved, kv| Ok(quota.limit.saturating_sub(used(reserved, kv, account)?)))
            .await
    }

    /// Sets bytes aside for an object.
    pub(crate) async fn reserve(
        self: &Arc<Self>,
        account: AccountId,
        bytes: u64,
    ) -> Result<Reserved, StorageError> {
        let bytes = bytes.max(LEAST_BYTES);
        let reserve = self.locked(move |quota, reserved, kv| {
            let used = used(reserved, kv, account)?;
            if used.saturating_add(bytes) > quota.limit {
                return Ok(Err(OverQuota { limit: quota.limit, used }));
            }
            *reserved.entry(account).or_default() += bytes;
            Ok(Ok(Reserved { quota: quota.clone(), account, bytes }))
        });
        Ok(reserve.await??)
    }

    /// Sets bytes aside for an upload found at the start, whatever the quota is now.
    pub(crate) fn restore(self: &Arc<Self>, account: AccountId, bytes: u64) -> Reserved {
        let bytes = bytes.max(LEAST_BYTES);
        *self.reserved.lock().entry(account).or_default() += bytes;
        Reserved { quota: self.clone(), account, bytes }
    }

    /// Stores an object for an account if there is room for it, and counts it. To be run
    /// [to its end](crate::task::run_to_completion): bytes that are stored and not counted are in no quota.
    pub(crate) async fn keep(
        self: &Arc<Self>,
        account: AccountId,
        bytes: u64,
        put: impl Future<Output = Result<(), StorageError>>,
    ) -> Result<(), StorageError> {
        let _reserved = self.reserve(account, bytes).await?;
        put.await?;
        Ok(self.store(account, bytes, Batch::new()).await?)
    }

    /// Writes a batch that stores bytes for an account, and counts them. Not checked against the quota: what is
    /// stored was reserved before.
    pub(crate) async fn store(
        self: &Arc<Self>,
        account: AccountId,
        bytes: u64,
        batch: Batch,
    ) -> Result<(), KvError> {
        self.count(account, batch, move |stored| stored.saturating_add(bytes.max(LEAST_BYTES))).await
    }

    /// Writes a batch that removes bytes of an account, and gives them back.
    pub(crate) async fn remove(
        self: &Arc<Self>,
        account: AccountId,
        bytes: u64,
        batch: Batch,
    ) -> Result<(), KvError> {
        self.count(account, batch, move |stored| stored.saturating_sub(bytes.max(LEAST_BYTES))).await
    }

    async fn count(
        self: &Arc<Self>,
        account: AccountId,
        mut batch: Batch,
        change: impl FnOnce(u64) -> u64 + Send + 'static,
    ) -> Result<(), KvError> {
        self.locked(move |_, _, kv| {
            let stored = change(stored(kv, account)?);
            batch.put(Kind::StoredBytes.key(&[&account]), encode(&stored));
            kv.write(batch)
        })
        .await
    }
}

fn stored(kv: &dyn KvStore, account: AccountId) -> Result<u64, KvError> {
    Ok(fetch(kv, &Kind::StoredBytes.key(&[&account]))?.unwrap_or_default())
}

/// What an account keeps and what is on its way in. With the lock held, or an object that arrives in between is in
/// neither.
fn used(reserved: &HashMap<AccountId, u64>, kv: &dyn KvStore, account: AccountId) -> Result<u64, KvError> {
    let held = reserved.get(&account).copied().unwrap_or_default();
    Ok(stored(kv, account)?.saturating_add(held))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::MemoryStore;

    fn quota(limit: u64) -> Arc<Quota> {
        Arc::new(Quota::new(limit, State::new(Arc::new(MemoryStore::new()))))
    }

    #[tokio::test]
    async fn a_short_object_counts_for_a_page() {
        let (quota, account) = (quota(3 * LEAST_BYTES), AccountId([0; 32]));
        let reserve = || async { quota.reserve(account, 1).await };
        let (first, second) = (reserve().await.unwrap(), reserve().await.unwrap());
        quota.store(account, 1, Batch::new()).await.unwrap();
        drop(first);
        let third = reserve().await.unwrap();
        let used = match reserve().await {
            Err(StorageError::OverQuota(over)) => over.used,
            other => panic!("{other:?}"),
        };
        assert_eq!(used, 3 * LEAST_BYTES);
        quota.remove(account, 1, Batch::new()).await.unwrap();
        drop((second, third, reserve().await.unwrap()));
        assert!(quota.reserved.lock().is_empty());
    }

    #[tokio::test]
    async fn what_is_not_stored_is_not_counted() {
        let (quota, account) = (quota(2 * LEAST_BYTES), AccountId([0; 32]));
        let keep = |bytes, stored| {
            let quota = quota.clone();
            async move { quota.keep(account, bytes, async { stored }).await }
        };
        let refused = Err(StorageError::Failed("full".into()));
        assert!(matches!(keep(LEAST_BYTES, refused).await, Err(StorageError::Failed(_))));
        keep(LEAST_BYTES, Ok(())).await.unwrap();
        let too_much = keep(LEAST_BYTES + 1, Ok(())).await;
        assert!(matches!(too_much, Err(StorageError::OverQuota(OverQuota { used: LEAST_BYTES, .. }))));
        keep(LEAST_BYTES, Ok(())).await.unwrap();
        assert!(quota.reserved.lock().is_empty());
    }
}
