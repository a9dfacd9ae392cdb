//! Who may go on: how many of something an account has at a time, and one after the other for the same key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, MutexGuard, PoisonError, Weak},
};

use tokio::sync::OwnedMutexGuard;
use wonbon_model::AccountId;

/// A mutex that is taken although a holder panicked: each of them leaves whole values behind.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of something each key has, such as each account, up to a bound.
#[derive(Clone, Debug)]
pub struct Counts<K> {
    limit: usize,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Copy + Eq + Hash> Counts<K> {
    /// At most so many of one key at a time.
    pub fn new(limit: usize) -> Self {
        Self { limit, counts: Arc::default() }
    }

    /// Counts one more until the guard goes; `None` if the key has as many as it may.
    pub fn begin(&self, key: K) -> Option<Running<K>> {
        let mut counts = self.counts.lock();
        let count = counts.entry(key).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Running { counts: self.counts.clone(), key })
    }
}

/// One that counts for its key.
#[derive(Debug)]
pub struct Running<K: Eq + Hash = AccountId> {
    counts: Arc<Mutex<HashMap<K, usize>>>,
    key: K,
}

impl<K: Eq + Hash> Drop for Running<K> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock();
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
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
            let mut locks = self.0.lock();
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
        let counts = Counts::new(2);
        let [one, other] = [1, 2].map(|byte| AccountId([byte; 32]));
        let held = [counts.begin(one), counts.begin(one)];
        assert!(held.iter().all(Option::is_some));
        assert!(counts.begin(one).is_none());
        assert!(counts.begin(other).is_some());
        drop(held);
        assert!(counts.counts.lock().is_empty());
    }

    #[test]
    fn an_address_has_a_bound_of_its_own() {
        let peers = Counts::new(2);
        let [one, other] = [1, 2].map(|last| std::net::IpAddr::from([10, 0, 0, last]));
        let first = peers.begin(one).unwrap();
        let _second = peers.begin(one).unwrap();
        assert!(peers.begin(one).is_none());
        assert!(peers.begin(other).is_some());
        drop(first);
        assert!(peers.begin(one).is_some());
        assert_eq!(peers.counts.lock().len(), 1);
    }

    #[test]
    fn the_same_key_waits_and_another_does_not() {
        let locks = KeyedMutex::default();
        let held = locks.lock(1).now_or_never().unwrap();
        assert!(locks.lock(1).now_or_never().is_none());
        assert!(locks.lock(2).now_or_never().is_some());
        drop(held);
        assert!(locks.lock(1).now_or_never().is_some());
        assert_eq!(locks.0.lock().len(), 1, "those that nobody holds are forgotten");
    }
}
