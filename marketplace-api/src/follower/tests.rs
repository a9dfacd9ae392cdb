//! Tests of the follower against a chain made of a list.

use std::sync::Mutex;

use async_trait::async_trait;
use tokio::sync::watch;
use wonbon_model::{text, AccountId, DatasetId, Standing};

use super::*;
use crate::{
    kv::{Batch, Direction, KvStore, MemoryStore},
    read_model::queries,
    testing::{self, fingerprint, Put as _},
};

fn company(block: u32, name: &str) -> LedgerChange {
    testing::participant(AccountId([block as u8; 32]), name, Standing::Verified).put()
}

/// A chain whose blocks have hashes made of their number and its history.
struct ListChain {
    history: Mutex<u8>,
    blocks: watch::Sender<u32>,
    failing: Mutex<u32>,
}

impl ListChain {
    fn new(history: u8, height: u32) -> Arc<Self> {
        let history = Mutex::new(history);
        Arc::new(Self { history, blocks: watch::Sender::new(height), failing: Mutex::new(0) })
    }

    fn hash(&self, number: u32) -> Hash {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        // Every history begins with the same block.
        hash[4] = if number == 0 { 0 } else { *self.history.lock().unwrap() };
        Hash(hash)
    }

    fn reference(&self, number: u32) -> BlockRef {
        BlockRef { height: number, hash: self.hash(number).0 }
    }

    fn fail(&self) -> Result<(), ChainError> {
        let mut failing = self.failing.lock().unwrap();
        if *failing == 0 {
            return Ok(());
        }
        *failing -= 1;
        Err(ChainError::Node("the test says so".into()))
    }
}

#[async_trait]
impl ChainSource for ListChain {
    async fn genesis(&self) -> Result<Hash, ChainError> {
        self.fail()?;
        Ok(self.hash(0))
    }

    async fn finalized(&self) -> Result<BlockRef, ChainError> {
        Ok(self.reference(*self.blocks.borrow()))
    }

    async fn finalized_after(&self, number: u32) -> Result<BlockRef, ChainError> {
        let mut blocks = self.blocks.subscribe();
        let height = *blocks.wait_for(|height| *height != number).await.unwrap();
        Ok(self.reference(height))
    }

    async fn block(&self, number: u32) -> Result<BlockChanges, ChainError> {
        self.fail()?;
        Ok(BlockChanges {
            acts: Vec::new(),
            block: self.reference(number),
            parent: if number == 0 { [0; 32] } else { self.hash(number - 1).0 },
            time_ms: u64::from(number) * 2000,
            events: Vec::new(),
            changes: vec![company(
                number,
                &format!("{} of history {}", number, self.history.lock().unwrap()),
            )],
        })
    }
}

struct Following {
    status: Status,
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), Trouble>>,
}

fn follow(chain: &Arc<ListChain>, read_model: &ReadModel, genesis: Option<Hash>) -> Following {
    let status = Status::default();
    let follower = Follower::new(
        chain.clone(),
        read_model.clone(),
        status.clone(),
        genesis,
        mpsc::unbounded_channel().0,
    );
    let cancel = CancellationToken::new();
    let task = tokio::spawn(follower.run(cancel.clone()));
    Following { status, cancel, task }
}

impl Following {
    async fn reaches(&self, number: u32) {
        while self.status.progress().applied.map(|block| block.height) != Some(number) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn stop(self) {
        self.cancel.cancel();
        self.task.await.unwrap().unwrap();
    }
}

async fn rows(read_model: &ReadModel) -> Hash {
    read_model.run(fingerprint).await.unwrap()
}

#[tokio::test]
async fn follows_resumes_and_does_nothing_twice() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 5);
    let following = follow(&chain, &read_model, Some(chain.hash(0)));
    following.reaches(5).await;
    chain.blocks.send_replace(30);
    following.reaches(30).await;
    following.stop().await;
    let once = rows(&read_model).await;

    let following = follow(&chain, &read_model, None);
    following.reaches(30).await;
    assert_eq!(following.status.progress().lag(), Some(0));
    following.stop().await;
    assert_eq!(rows(&read_model).await, once);
}

#[tokio::test]
async fn a_chain_that_is_away_is_tried_again() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 20);
    *chain.failing.lock().unwrap() = 3;
    let following = follow(&chain, &read_model, None);
    following.reaches(20).await;
    assert!(following.status.progress().connected);
    following.stop().await;
}

#[tokio::test]
async fn another_history_is_rebuilt_wherever_it_parted() {
    for (old, new) in [(30, 40), (30, 3), (2000, 1500), (3000, 2), (1030, 3000)] {
        let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        let chain = ListChain::new(1, old);
        let following = follow(&chain, &read_model, None);
        following.reaches(old).await;
        following.stop().await;

        let fresh = ListChain::new(2, new);
        let following = follow(&fresh, &read_model, None);
        following.reaches(new).await;
        following.stop().await;
        let found = read_model.run(|kv| queries::participant(kv, AccountId([2; 32]))).await.unwrap();
        let name = text(&found.unwrap().profile.name);
        assert!(name.ends_with("of history 2"), "{name}");

        let clean = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        let following = follow(&fresh, &clean, None);
        following.reaches(new).await;
        following.stop().await;
        assert_eq!(rows(&read_model).await, rows(&clean).await, "after {old} then {new}");
    }
}

#[tokio::test]
async fn another_history_that_is_still_short_is_found_at_its_first_block_that_differs() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 30);
    let following = follow(&chain, &read_model, None);
    following.reaches(30).await;
    following.stop().await;

    // Nothing but the block that every history begins with: that it is another cannot be known yet.
    let fresh = ListChain::new(2, 0);
    let following = follow(&fresh, &read_model, None);
    while following.status.progress().finalized.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let progress = following.status.progress();
    assert_eq!((progress.applied, progress.lag()), (Some(chain.reference(30)), None), "not caught up with");
    fresh.blocks.send_replace(1);
    following.reaches(1).await;
    assert_eq!(following.status.progress().applied, Some(fresh.reference(1)));
    fresh.blocks.send_replace(40);
    following.reaches(40).await;
    assert_eq!(following.status.progress().lag(), Some(0));
    following.stop().await;
}

#[tokio::test]
async fn a_chain_that_begins_anew_while_it_is_waited_for_is_noticed() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 30);
    let following = follow(&chain, &read_model, None);
    following.reaches(30).await;
    *chain.history.lock().unwrap() = 2;
    chain.blocks.send_replace(3);
    following.reaches(3).await;
    assert_eq!(following.status.progress().applied, Some(chain.reference(3)));
    following.stop().await;
}

#[tokio::test]
async fn a_node_that_is_behind_is_waited_for() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 2500);
    let following = follow(&chain, &read_model, None);
    following.reaches(2500).await;
    following.stop().await;
    let before = rows(&read_model).await;

    for behind in [0, 1, 700, 1500, 2499] {
        let node = ListChain::new(1, behind);
        let following = follow(&node, &read_model, None);
        following.reaches(2500).await;
        assert_eq!(rows(&read_model).await, before, "with a node at {behind}");
        node.blocks.send_replace(2500);
        following.stop().await;
    }
}

#[tokio::test]
async fn another_chain_is_refused() {
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let chain = ListChain::new(1, 5);
    let following = follow(&chain, &read_model, Some(Hash([9; 32])));
    assert!(matches!(following.task.await.unwrap(), Err(Trouble::Chain(ChainError::OtherChain { .. }))));
}

/// A read model at block 5, whose rows were then changed.
async fn damaged(change: impl Fn(&mut Vec<u8>)) -> (Arc<ListChain>, ReadModel, Hash) {
    let kv = Arc::new(MemoryStore::new());
    let read_model = ReadModel::new(kv.clone()).unwrap();
    let chain = ListChain::new(1, 5);
    let following = follow(&chain, &read_model, None);
    following.reaches(5).await;
    following.stop().await;
    let before = rows(&read_model).await;
    let mut batch = Batch::new();
    for (key, mut value) in kv.scan(&[], None, Direction::Ascending, 1000).unwrap() {
        change(&mut value);
        batch.put(key, value);
    }
    kv.write(batch).unwrap();
    (chain, read_model, before)
}

#[tokio::test]
async fn rows_of_another_version_are_rebuilt() {
    let (chain, read_model, before) = damaged(|row| row[0] = 200).await;
    let following = follow(&chain, &read_model, None);
    following.reaches(5).await;
    following.stop().await;
    assert_eq!(rows(&read_model).await, before);
}

#[tokio::test]
async fn damaged_rows_stop_the_follower() {
    let (chain, read_model, _) = damaged(|row| row.truncate(1)).await;
    let following = follow(&chain, &read_model, None);
    assert!(matches!(
        following.task.await.unwrap(),
        Err(Trouble::Apply(ApplyError::Kv(KvError::Corrupt(_))))
    ));
}

#[test]
fn the_documents_that_blocks_name_are_told() {
    let (named, mut names) = mpsc::unbounded_channel();
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    let follower = Follower::new(ListChain::new(1, 0), read_model, Status::default(), None, named);
    let dataset =
        |byte| testing::dataset(DatasetId([byte; 32]), AccountId([0; 32]), 1, Hash([byte + 100; 32])).put();
    let changes = [7, 8].map(dataset);
    let kv = MemoryStore::new();
    follower.tell_named(&changes.map(|change| testing::next_block(&kv, vec![company(1, "x"), change])));
    drop(follower);
    let told: Vec<_> = std::iter::from_fn(|| names.try_recv().ok()).collect();
    assert_eq!(told, [Hash([107; 32]), Hash([108; 32])]);
}
