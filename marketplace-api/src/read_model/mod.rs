//! The read model: what the service keeps of the chain.
//!
//! Rows hold the chain's records as they are, in SCALE, under the chain's keys; indices beside them point there.
//!
//! Promises: each block is applied once, whole, with its number and hash, and is on disk when it counts as
//! applied; all of it, the folder included, can be thrown away and is rebuilt from the chain; what one
//! [`ReadModel::read`] finds stood on the chain after one and the same block. The engine blocks, so the async side goes
//! through [`ReadModel`].

mod apply;
pub mod queries;
pub(crate) mod row;
mod royalties;

use std::sync::{Arc, PoisonError, RwLock};

use wonbon_client::chain::BlockChanges;
use wonbon_model::{BlockRef, Hash};

pub use apply::ApplyError;
pub(crate) use apply::{applied, comparable, hash_at, prepare};

use crate::kv::{on_blocking_threads, KvError, KvStore};

/// The read model from the async side. Clones share one engine.
#[derive(Clone, Debug)]
pub struct ReadModel {
    kv: Arc<dyn KvStore>,
    /// What makes a snapshot, since engines give none: held by every [`read`](Self::read) while it looks, and by the
    /// follower while its batch, made before, goes to the engine. Nobody takes it twice, so that nobody waits for
    /// themselves; both sides hold it briefly, and one writer cannot keep the readers out.
    snapshot: Arc<RwLock<()>>,
}

impl ReadModel {
    /// Takes an engine, and finishes a reset that a crash cut off.
    pub fn new(kv: Arc<dyn KvStore>) -> Result<Self, KvError> {
        if apply::finish_reset(&*kv)? {
            tracing::info!("finished throwing away a read model of another history");
        }
        Ok(Self { kv, snapshot: Arc::default() })
    }

    /// Asks one question of bounded length. Whatever it reads of the chain stood there after one and the same block:
    /// no block is applied before it is answered. So it looks at a bounded number of rows and waits for nothing else.
    pub async fn read<R: Send + 'static, E: From<KvError> + Send + 'static>(
        &self,
        question: impl FnOnce(&dyn KvStore) -> Result<R, E> + Send + 'static,
    ) -> Result<R, E> {
        let snapshot = self.snapshot.clone();
        self.run(move |kv| {
            let _unchanged = snapshot.read().unwrap_or_else(PoisonError::into_inner);
            question(kv)
        })
        .await
    }

    /// Runs a piece of blocking work against the engine, which may take long: blocks may be applied meanwhile, and work
    /// that reads much goes by the block that it began with.
    pub async fn run<R: Send + 'static, E: From<KvError> + Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KvStore) -> Result<R, E> + Send + 'static,
    ) -> Result<R, E> {
        on_blocking_threads(&self.kv, work).await
    }

    /// The block applied last.
    pub async fn applied(&self) -> Result<Option<BlockRef>, KvError> {
        self.run(applied).await
    }

    /// The hash applied at a height, if it is recent enough to be known.
    pub async fn hash_at(&self, number: u32) -> Result<Option<Hash>, KvError> {
        self.run(move |kv| hash_at(kv, number)).await
    }

    /// Applies consecutive blocks at once: all of them or, after an error, none. `false` if all were applied before.
    pub async fn apply_all(&self, blocks: Vec<BlockChanges>) -> Result<bool, ApplyError> {
        let snapshot = self.snapshot.clone();
        self.run(move |kv| {
            let Some(batch) = prepare(kv, &blocks)? else { return Ok(false) };
            let _alone = snapshot.write().unwrap_or_else(PoisonError::into_inner);
            kv.write(batch)?;
            Ok(true)
        })
        .await
    }

    /// Throws away everything that came from the chain.
    pub async fn reset(&self) -> Result<(), KvError> {
        let snapshot = self.snapshot.clone();
        self.run(move |kv| {
            let _alone = snapshot.write().unwrap_or_else(PoisonError::into_inner);
            apply::reset(kv)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use wonbon_client::chain::LedgerChange;
    use wonbon_model::{AccountId, Standing};

    use super::*;
    use crate::{
        kv::{MemoryStore, SledStore},
        testing::{self, Put as _},
    };

    const COMPANIES: u8 = 16;

    /// Every company, as of a block that changes all of them.
    fn changes(block: u32) -> Vec<LedgerChange> {
        let company = |number: u8| {
            let mut company = testing::participant(AccountId([number; 32]), "한빛정밀", Standing::Verified);
            company.record.changed_at = block;
            company.put()
        };
        (0..COMPANIES).map(company).collect()
    }

    /// Readers look at every company while a writer thread changes all of them with each block.
    async fn readers_see_whole_blocks(kv: Arc<dyn KvStore>, blocks: u32) {
        let read_model = ReadModel::new(kv.clone()).unwrap();
        read_model.apply_all(vec![testing::next_block(&*kv, changes(0))]).await.unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let reader = || {
            let (read_model, done) = (read_model.clone(), done.clone());
            tokio::spawn(async move {
                let mut reads = 0u32;
                while !done.load(Ordering::Relaxed) {
                    let look = |kv: &dyn KvStore| {
                        let mut seen = vec![applied(kv)?.map(|block| block.height)];
                        for number in 0..COMPANIES {
                            std::thread::yield_now();
                            let company = queries::participant(kv, AccountId([number; 32]))?;
                            seen.push(company.map(|company| company.changed_at));
                        }
                        Ok::<_, KvError>(seen)
                    };
                    let seen = read_model.read(look).await.unwrap();
                    assert!(seen.iter().all(|block| *block == seen[0]), "{seen:?}");
                    reads += 1;
                }
                reads
            })
        };
        let readers = [reader(), reader(), reader()];
        for block in 1..=blocks {
            let next = testing::next_block(&*kv, changes(block));
            assert!(read_model.apply_all(vec![next]).await.unwrap());
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.await.unwrap() > 0, "a reader was kept out");
        }
        assert_eq!(read_model.applied().await.unwrap().map(|block| block.height), Some(blocks));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_question_sees_one_block() {
        readers_see_whole_blocks(Arc::new(MemoryStore::new()), 500).await;
        let folder = tempfile::tempdir().unwrap();
        readers_see_whole_blocks(Arc::new(SledStore::open(folder.path()).unwrap()), 50).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_question_sees_all_of_a_history_or_nothing() {
        let kv: Arc<dyn KvStore> = Arc::new(MemoryStore::new());
        let read_model = ReadModel::new(kv.clone()).unwrap();
        for _ in 0..100 {
            read_model.apply_all(vec![testing::next_block(&*kv, changes(0))]).await.unwrap();
            let look = |kv: &dyn KvStore| {
                let companies = (0..COMPANIES).map(|number| {
                    std::thread::yield_now();
                    queries::participant(kv, AccountId([number; 32]))
                });
                companies.filter_map(Result::transpose).collect::<Result<Vec<_>, KvError>>()
            };
            let (reset, found) = tokio::join!(read_model.reset(), read_model.read(look));
            reset.unwrap();
            assert!([0, usize::from(COMPANIES)].contains(&found.unwrap().len()));
        }
    }
}
