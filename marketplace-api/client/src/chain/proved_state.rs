//! Values that a proof shows, under the state root of a finalized header.

use super::compiled::last_upgrade;
use super::{Chain, ChainError, Unproved};
use codec::DecodeAll;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wonbon_model::{BlockRef, Digest};
use wonbon_verifier::claims::StorageReader;
use wonbon_verifier::{keys, proof::ProofReader};

/// Most keys that are proved in the next state because they were wanted of the last.
const MAX_KEYS_CARRIED_OVER: usize = 64;

/// Storage values by their keys; absent ones are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvedValues(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl ProvedValues {
    /// Reads these keys of a block's state from the nodes of a proof; `Err` if it does not lead to the root or leaves a
    /// key open.
    pub fn check(
        block: BlockRef,
        root: Digest,
        nodes: Vec<Vec<u8>>,
        keys: &[Vec<u8>],
    ) -> Result<Self, Unproved> {
        let mut reader = ProofReader::from_nodes(nodes, root);
        let mut values = BTreeMap::new();
        for key in keys {
            values.insert(key.clone(), reader.read(key).map_err(|_| Unproved::NotCovered(block.height))?);
        }
        Ok(Self(values))
    }

    fn get(&self, key: &[u8]) -> Option<&Option<Vec<u8>>> {
        self.0.get(key)
    }

    /// The value of a key that was read and is there.
    pub(crate) fn value(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key).and_then(Option::as_deref)
    }
}

/// What is known of a state.
#[derive(Debug, Default)]
struct Known {
    values: ProvedValues,
    /// What was asked for last, the newest at the end: of the next state the same will be wanted.
    wanted: Vec<Vec<u8>>,
}

/// The proved state of one finalized block. Values that were proved once are kept.
#[derive(Debug)]
pub struct ProvedState {
    block: BlockRef,
    root: Digest,
    time_ms: u64,
    runtime: (u32, String),
    known: Mutex<Known>,
}

impl ProvedState {
    /// Of a header with this state root; `values` has the first block's hash, the runtime and the time.
    pub(crate) fn new(
        block: BlockRef,
        root: Digest,
        values: ProvedValues,
        genesis: Digest,
    ) -> Result<Self, ChainError> {
        let value = |key: Vec<u8>| values.value(&key);
        // GRANDPA signs without the genesis hash: the same keys may serve another chain.
        let first = value(keys::block_hash(0)).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        match first {
            Some(first) if first == genesis => {}
            Some(found) => return Err(ChainError::OtherChain { expected: genesis, found }),
            None => return Err(ChainError::undecodable("the first block's hash", "it is not in the state")),
        }
        let runtime = value(keys::last_runtime_upgrade()).and_then(last_upgrade);
        let runtime =
            runtime.ok_or_else(|| ChainError::undecodable("the runtime's version", "not in the state"))?;
        let time = value(keys::now()).and_then(|bytes| u64::decode_all(&mut &bytes[..]).ok());
        let time_ms = time.ok_or_else(|| ChainError::undecodable("the block's time", "not in the state"))?;
        let known = Known { values, wanted: Vec::new() };
        Ok(Self { block, root, time_ms, runtime, known: Mutex::new(known) })
    }

    /// Height and hash of the block.
    pub fn block(&self) -> BlockRef {
        self.block
    }

    /// Its time in milliseconds since 1970.
    pub fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// Version and name of the chain's runtime.
    pub fn runtime(&self) -> (u32, &str) {
        (self.runtime.0, &self.runtime.1)
    }

    /// The keys that were wanted last: who follows something wants the same of the next state.
    pub(crate) fn wanted(&self) -> Vec<Vec<u8>> {
        self.lock().wanted.clone()
    }

    /// Has these keys asked for with the next state, whether or not they are known of this one: that costs no request of
    /// its own.
    pub(crate) fn want(&self, keys: &[Vec<u8>]) {
        let mut known = self.lock();
        let wanted = &mut known.wanted;
        wanted.retain(|key| !keys.contains(key));
        wanted.extend_from_slice(keys);
        let surplus = wanted.len().saturating_sub(MAX_KEYS_CARRIED_OVER);
        wanted.drain(..surplus);
    }

    /// Takes the values of these keys from the nodes of another proof of this state.
    pub(crate) fn add(&self, nodes: Vec<Vec<u8>>, keys: &[Vec<u8>]) -> Result<(), Unproved> {
        let found = ProvedValues::check(self.block, self.root, nodes, keys)?;
        self.lock().values.0.extend(found.0);
        Ok(())
    }

    /// The value of a key if it was proved before.
    pub(super) fn known(&self, key: &[u8]) -> Option<Option<Vec<u8>>> {
        self.lock().values.get(key).cloned()
    }

    /// Has a node prove these keys, as far as they are not yet.
    pub(super) async fn prove(&self, chain: &Chain, mut keys: Vec<Vec<u8>>) -> Result<(), ChainError> {
        // A long list is read once; what somebody follows is short.
        if keys.len() <= MAX_KEYS_CARRIED_OVER {
            self.want(&keys);
        }
        keys.retain(|key| self.known(key).is_none());
        if keys.is_empty() {
            return Ok(());
        }
        let found = chain.ask_nodes(|| self.ask(chain, &keys)).await?;
        self.lock().values.0.extend(found.0);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<ProvedValues, ChainError> {
        let nodes = chain.read_proof(keys, self.block).await?;
        Ok(ProvedValues::check(self.block, self.root, nodes, keys)?)
    }

    /// The value of a key, proved.
    pub(super) async fn value(&self, chain: &Chain, key: Vec<u8>) -> Result<Option<Vec<u8>>, ChainError> {
        self.prove(chain, vec![key.clone()]).await?;
        Ok(self.known(&key).flatten())
    }
}
