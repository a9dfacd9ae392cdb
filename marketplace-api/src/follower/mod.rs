//! Follows the chain: applies every finalized block to the read model, in order, once.
//!
//! It resumes from the block applied last, tries again with growing pauses when the chain is away, and says how
//! it stands in the log and in [`Status`]. If the chain shows another block at a height that was applied (a
//! development chain started anew, a node restored from a backup), the rows that came from the chain are thrown
//! away and rebuilt. While the chain is shorter than what was applied, it is compared at every new block, and counts
//! as not caught up with. A chain with another genesis is refused: that is a mistake in the configuration, unless the
//! service was told no genesis; then it too is followed from the start. Rows of another version of the service are
//! rebuilt as well; rows that cannot be read at all stop it.

mod chain;
mod source;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{
    stream::{self, TryChunksError},
    StreamExt, TryStreamExt,
};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use chain::ChainFollower;
pub use source::ChainSource;

use wonbon_client::chain::{BlockChanges, ChainError, LedgerChange};
use wonbon_model::{BlockRef, Hash};

use crate::{
    kv::KvError,
    locks::Mutex,
    read_model::{comparable, ApplyError, ReadModel},
};

/// Blocks fetched ahead while catching up.
const BLOCKS_AHEAD: usize = 8;
/// Blocks behind from which on several are applied at once.
const CATCHING_UP_FROM_LAG: u32 = 100;
/// Blocks applied at once while catching up.
const BLOCKS_PER_BATCH: usize = 64;
/// How long no block may come until rights are not taken from the read model any more.
const STALE_AFTER: Duration = Duration::from_secs(600);
/// Finalized blocks that the read model may be behind and still count as up to date.
const MAX_LAG: u32 = 10;
/// First pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How the follower stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Genesis hash, once the chain was reached.
    pub genesis: Option<Hash>,
    /// The block applied last.
    pub applied: Option<BlockRef>,
    /// The newest finalized block known.
    pub finalized: Option<BlockRef>,
    /// Whether the chain answered last time.
    pub connected: bool,
    /// When a block was applied last, or the service started.
    pub applied_at: Option<Instant>,
}

impl Progress {
    /// Whether the read model is at most a few blocks behind the chain.
    pub fn is_up_to_date(&self) -> bool {
        self.lag().is_some_and(|lag| lag <= MAX_LAG)
    }

    /// Finalized blocks not yet applied; `None` while the chain is not known, or shorter than what was applied.
    pub fn lag(&self) -> Option<u32> {
        let finalized = self.finalized?.height;
        match self.applied {
            Some(applied) => finalized.checked_sub(applied.height),
            None => Some(finalized.saturating_add(1)),
        }
    }
}

/// How the follower stands, for everyone to read.
#[derive(Clone, Debug)]
pub struct Status(Arc<Mutex<Progress>>);

impl Default for Status {
    fn default() -> Self {
        let progress = Progress { applied_at: Some(Instant::now()), ..Progress::default() };
        Self(Arc::new(Mutex::new(progress)))
    }
}

impl Status {
    /// How far it is at this moment.
    pub fn progress(&self) -> Progress {
        self.0.lock().clone()
    }

    /// The genesis hash, once known.
    pub fn genesis(&self) -> Option<Hash> {
        self.progress().genesis
    }

    /// Whether blocks stopped coming so long ago that what the read model says of rights may be out of date.
    pub(crate) fn is_stale(&self) -> bool {
        self.progress().applied_at.is_none_or(|at| at.elapsed() > STALE_AFTER)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.0.lock());
    }
}

/// Why the follower could not go on.
#[derive(Debug, Error)]
pub enum Trouble {
    /// The node gave no block, or one that cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The rows, or a block that does not follow.
    #[error(transparent)]
    Apply(ApplyError),
}

impl<E: Into<ApplyError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Apply(error.into())
    }
}

/// Takes finalized blocks from a chain to the read model.
pub struct Follower {
    source: Arc<dyn ChainSource>,
    read_model: ReadModel,
    status: Status,
    expected_genesis: Option<Hash>,
    /// Told which metadata documents the datasets of each block name.
    named: mpsc::UnboundedSender<Hash>,
}

impl Follower {
    /// A follower of this source into this read model.
    pub fn new(
        source: Arc<dyn ChainSource>,
        read_model: ReadModel,
        status: Status,
        expected_genesis: Option<Hash>,
        named: mpsc::UnboundedSender<Hash>,
    ) -> Self {
        Self { source, read_model, status, expected_genesis, named }
    }

    /// Follows until it is cancelled. Fails only where trying again cannot help: on another chain, or
    /// over rows that were damaged.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), Trouble> {
        if let Err(error) = self.remember().await {
            tracing::warn!(%error, "could not read how far the read model is");
        }
        let mut pause = FIRST_PAUSE;
        loop {
            let before = self.status.progress().applied;
            let outcome = tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                outcome = self.follow() => outcome,
            };
            let Err(trouble) = outcome else { continue };
            self.status.update(|progress| progress.connected = false);
            if self.status.progress().applied != before {
                pause = FIRST_PAUSE;
            }
            match trouble {
                Trouble::Chain(ChainError::OtherChain { .. })
                | Trouble::Apply(ApplyError::Kv(KvError::Corrupt(_))) => {
                    return Err(trouble);
                }
                Trouble::Apply(ApplyError::OtherHistory { number, found, expected }) => {
                    tracing::warn!(number, %found, %expected, "the chain has another history: rebuilding the read model");
                    self.rebuild().await;
                }
                Trouble::Apply(ApplyError::Kv(KvError::Layout { found, .. })) => {
                    tracing::warn!(found, "the read model is of another version: rebuilding it");
                    self.rebuild().await;
                }
                trouble => {
                    tracing::warn!(error = %trouble, pause_ms = pause.as_millis() as u64, "not following the chain");
                }
            }
            metrics::counter!("wonbon_follower_failures_total").increment(1);
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Throws away what came from the chain, so that the next try begins at the first block.
    async fn rebuild(&self) {
        if let Err(error) = self.read_model.reset().await {
            tracing::error!(%error, "could not throw away the read model");
        }
        self.status.update(|progress| progress.applied = None);
    }

    /// Takes what the read model knows as the first answer, so that the service works while the chain is away.
    async fn remember(&self) -> Result<(), KvError> {
        let applied = self.read_model.applied().await?;
        let followed = self.read_model.hash_at(0).await?;
        let genesis = self.expected_genesis.or(followed);
        self.status.update(|progress| {
            progress.genesis = genesis;
            progress.applied = applied;
        });
        Ok(())
    }

    /// Checks where both stand, then applies blocks until something fails.
    async fn follow(&self) -> Result<(), Trouble> {
        let genesis = self.source.genesis().await?;
        if let Some(expected) = self.expected_genesis.filter(|expected| *expected != genesis) {
            return Err(ChainError::OtherChain { expected: expected.0, found: genesis.0 }.into());
        }
        let mut finalized = self.source.finalized().await?;
        let mut applied = self.applied_on_this_chain(genesis, finalized).await?;
        self.status.update(|progress| {
            progress.genesis = Some(genesis);
            progress.applied = applied;
            progress.finalized = Some(finalized);
            progress.connected = true;
        });
        tracing::info!(%genesis, applied = applied.map(|block| block.height), finalized = finalized.height, "following the chain");
        loop {
            let first = applied.map_or(0, |block| block.height + 1);
            let at_once = if finalized.height.saturating_sub(first) >= CATCHING_UP_FROM_LAG {
                BLOCKS_PER_BATCH
            } else {
                1
            };
            let mut blocks = stream::iter(first..=finalized.height)
                .map(|number| self.source.block(number))
                .buffered(BLOCKS_AHEAD)
                .try_chunks(at_once);
            while let Some(fetched) = blocks.next().await {
                // Blocks that came before a failure count.
                let (batch, failure) = match fetched {
                    Ok(batch) => (batch, Ok(())),
                    Err(TryChunksError(batch, error)) => (batch, Err(error)),
                };
                let Some(reference) = batch.last().map(|block| block.block) else {
                    failure?;
                    continue;
                };
                let changes: usize = batch.iter().map(|block| block.changes.len()).sum();
                self.tell_named(&batch);
                self.read_model.apply_all(batch).await?;
                applied = Some(reference);
                self.status.update(|progress| {
                    progress.applied = applied;
                    progress.applied_at = Some(Instant::now());
                });
                metrics::gauge!("wonbon_applied_block").set(f64::from(reference.height));
                if changes > 0 {
                    tracing::debug!(number = reference.height, changes, "applied blocks");
                }
                failure?;
            }
            drop(blocks);
            // A chain that is shorter than what was applied is looked at block by block.
            finalized = self.source.finalized_after(finalized.height).await?;
            self.status.update(|progress| progress.finalized = Some(finalized));
            metrics::gauge!("wonbon_finalized_block").set(f64::from(finalized.height));
            if applied.is_some_and(|applied| finalized.height <= applied.height) {
                self.applied_on_this_chain(genesis, finalized).await?;
            }
        }
    }

    /// Tells which documents these blocks name. Before they are applied: a document can be read meanwhile.
    fn tell_named(&self, blocks: &[BlockChanges]) {
        for change in blocks.iter().flat_map(|block| &block.changes) {
            if let LedgerChange::Dataset { record, .. } = change {
                // Whoever listened has stopped, and this follower is about to.
                let _ = self.named.send(Hash(record.metadata));
            }
        }
    }

    /// The block applied last, after checking that the chain has it too as far as the chain reaches.
    async fn applied_on_this_chain(
        &self,
        genesis: Hash,
        finalized: BlockRef,
    ) -> Result<Option<BlockRef>, Trouble> {
        let Some(applied) = self.read_model.applied().await? else { return Ok(None) };
        let number = comparable(applied.height, applied.height.min(finalized.height));
        let expected = match number {
            0 => genesis,
            number if number == finalized.height => Hash(finalized.hash),
            number => Hash(self.source.block(number).await?.block.hash),
        };
        match self.read_model.hash_at(number).await? {
            Some(found) if found == expected => Ok(Some(applied)),
            found => {
                let found = found.unwrap_or_default();
                Err(ApplyError::OtherHistory { number, found, expected }.into())
            }
        }
    }
}

#[cfg(test)]
mod tests;
