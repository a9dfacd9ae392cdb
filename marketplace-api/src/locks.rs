//! Who may go on: how many of something an account has at a time, and one after the other for the same key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::OwnedMutexGuard;
use wonbon_model::AccountId;

/// How many of something each account has, at most `LIMIT`.
#[derive(Clone, Debug, Default)]
pub struct PerAccount<const LIMIT: usize>(Counts);

#[derive(Clone, Debug, Default)]
struct Counts(Arc<Mutex<HashMap<AccountId, usize>>>);

impl Counts {
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<const LIMIT: usize> PerAccount<LIMIT> {
    /// Most of one account at a time.
    pub const LIMIT: usize = LIMIT;

    /// Counts one more until the guard goes; `None` if the account has as many as it may.
    pub fn begin(&self, account: AccountId) -> Option<Running> {
        let mut counts = self.0.lock();
        let count = counts.entry(account).or_default();
        if *count >= LIMIT {
            return None;
        }
        *count += 1;
        Some(Running { counts: self.0.clone(), account })
    }
}

/// One that counts for its account.
#[derive(Debug)]
pub struct Running {
    counts: Counts,
    account: AccountId,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut counts = self.counts.lock();
        if let Some(count) = counts.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.account);
            }
        }
    }
}

/// A lock for each key.
#[derive(Debug)]
pub(crate) struct KeyedMutex<K>(Mutex<HashMap<K, Weak<tokio::sync::Mutex<()>>>>);

impl<K> Default for KeyedMutex<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> KeyedMutex<K> {
    /// Waits until nobody else holds the lock of this key.
    pub(crate) async fn lock(&self, key: K) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|_, lock| lock.strong_count() > 0);
            let found = locks.get(&key).and_then(Weak::upgrade);
            found.unwrap_or_else(|| {
                let lock = Arc::default();
                locks.insert(key, Arc::downgrade(&lock));
                lock
            })
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn an_account_has_its_own_count() {
        let counts = PerAccount::<2>::default();
        let [one, other] = [1, 2].map(|byte| AccountId([byte; 32]));
        let held = [counts.begin(one), counts.begin(one)];
        assert!(held.iter().all(Option::is_some));
        assert!(counts.begin(one).is_none());
        assert!(counts.begin(other).is_some());
        drop(held);
        assert!(counts.0.lock().is_empty());
    }

    #[test]
    fn the_same_key_waits_and_another_does_not() {
        let locks = KeyedMutex::default();
        let held = locks.lock(1).now_or_never().unwrap();
        assert!(locks.lock(1).now_or_never().is_none());
        assert!(locks.lock(2).now_or_never().is_some());
        drop(held);
        assert!(locks.lock(1).now_or_never().is_some());
        assert_eq!(locks.0.lock().unwrap().len(), 1, "those that nobody holds are forgotten");
    }
}
