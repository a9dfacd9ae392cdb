//! A state that is grown, read and written through the node's backend, one block after another.
//!
//! Keys are made from their number, so that none has to be kept.

use super::stopwatch::Stopwatch;
use crate::types::Backend;
use codec::Encode;
use sc_client_api::{
    backend::{Backend as _, BlockImportOperation as _, NewBlockState, TrieCacheContext},
    HeaderBackend as _,
};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sp_runtime::{
    traits::{Block as BlockT, Header as _},
    StateVersion, Storage,
};
use sp_state_machine::Backend as _;
use std::{path::PathBuf, time::Duration};
use wonbon_runtime::{opaque::Block, Hash};

type Header = <Block as BlockT>::Header;

/// How long the values are: what a trade touches, from a counter to the record of an order.
const VALUE_LENGTHS: [usize; 8] = [8, 16, 52, 80, 128, 225, 287, 480];
/// Storage items that share the first 32 bytes of their keys.
const ITEMS: u64 = 24;
/// New keys of a block while the state grows.
const GROWTH: u32 = 50_000;
/// As in the node, if it is not told otherwise.
const CACHE: usize = 1 << 30;
const CANONICALIZATION_DELAY: u64 = 4_096;

/// A database and the block that its state is of.
pub(super) struct State {
    backend: Backend,
    header: Header,
    keys: u32,
    random: Random,
    stopwatch: Stopwatch,
}

impl State {
    /// A new database, with a genesis that has one key.
    pub(super) fn make(path: PathBuf) -> Result<Self, String> {
        let backend = backend(path, Some(CACHE))?;
        let mut operation = backend.begin_operation().map_err(text)?;
        let mut genesis = Storage::default();
        genesis.top.insert(key(0), value(0, 0));
        let root = operation.set_genesis_state(genesis, true, StateVersion::V1).map_err(text)?;
        let header = Header::new(0, Hash::default(), root, Hash::default(), Default::default());
        operation
            .set_block_data(header.clone(), Some(Vec::new()), None, None, NewBlockState::Final, true)
            .map_err(text)?;
        backend.commit_operation(operation).map_err(text)?;
        Ok(Self { backend, header, keys: 1, random: Random(1), stopwatch: Stopwatch::Clock })
    }

    /// A database that was made before, with so many keys; with a cache of the trie, as a node has it, or without.
    pub(super) fn open(path: PathBuf, keys: u32, cached: bool, stopwatch: Stopwatch) -> Result<Self, String> {
        let backend = backend(path, cached.then_some(CACHE))?;
        let best = backend.blockchain().info().best_hash;
        let header =
            backend.blockchain().header(best).map_err(text)?.ok_or("the best block has no header")?;
        Ok(Self { backend, header, keys, random: Random(2), stopwatch })
    }

    /// Adds keys until there are so many.
    pub(super) fn grow_to(&mut self, keys: u32) -> Result<(), String> {
        while self.keys < keys {
            let end = keys.min(self.keys.saturating_add(GROWTH));
            let added = (self.keys..end).map(|number| (key(number), value(number, 0))).collect();
            self.block(added)?;
            self.keys = end;
        }
        Ok(())
    }

    /// Reads so many values, and says how long that took.
    pub(super) fn read(&mut self, count: u32) -> Result<Duration, String> {
        let keys: Vec<_> = (0..count).map(|_| key(self.random.below(self.keys))).collect();
        let state = self.backend.state_at(self.header.hash(), TrieCacheContext::Trusted).map_err(text)?;
        let start = self.stopwatch.now()?;
        for key in &keys {
            state.storage(key).map_err(text)?.ok_or("a key has no value")?;
        }
        Ok(self.stopwatch.now()?.saturating_sub(start))
    }

    /// Makes a block that changes so many values, and says how long that took.
    pub(super) fn write(&mut self, count: u32) -> Result<Duration, String> {
        let generation = self.header.number().saturating_add(1);
        let changed: std::collections::BTreeMap<_, _> = (0..count)
            .map(|_| self.random.below(self.keys))
            .map(|number| (key(number), value(number, generation)))
            .collect();
        self.block(changed.into_iter().collect())
    }

    /// Makes a block with these values in its state, final at once, and says how long that took: from the state root on,
    /// after the values that they replace were read.
    fn block(&mut self, values: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Duration, String> {
        let parent = self.header.hash();
        let state = self.backend.state_at(parent, TrieCacheContext::Trusted).map_err(text)?;
        for (key, _) in &values {
            state.storage(key).map_err(text)?;
        }
        let start = self.stopwatch.now()?;
        let delta = values.iter().map(|(key, value)| (key.as_slice(), Some(value.as_slice())));
        let (root, transaction) = state.storage_root(delta, StateVersion::V1);
        let number = self.header.number().saturating_add(1);
        let header = Header::new(number, Hash::default(), root, parent, Default::default());
        let mut operation = self.backend.begin_operation().map_err(text)?;
        self.backend.begin_state_operation(&mut operation, parent).map_err(text)?;
        operation
            .set_block_data(header.clone(), Some(Vec::new()), None, None, NewBlockState::Final, true)
            .map_err(text)?;
        operation.update_db_storage(transaction).map_err(text)?;
        self.backend.commit_operation(operation).map_err(text)?;
        self.header = header;
        Ok(self.stopwatch.now()?.saturating_sub(start))
    }
}

/// The node's backend, with a cache of the trie of so many bytes.
fn backend(path: PathBuf, cache: Option<usize>) -> Result<Backend, String> {
    let settings = DatabaseSettings {
        trie_cache_maximum_size: cache,
        state_pruning: Some(PruningMode::ArchiveCanonical),
        source: DatabaseSource::ParityDb { path },
        blocks_pruning: BlocksPruning::KeepFinalized,
        pruning_filters: Vec::new(),
        metrics_registry: None,
    };
    Backend::new(settings, CANONICALIZATION_DELAY).map_err(text)
}

/// The key of a number: an item's 32 bytes, then a hash of 16 and the 32 bytes that were hashed, as in a map of accounts.
fn key(number: u32) -> Vec<u8> {
    let item = sp_io::hashing::twox_128(&(u64::from(number) % ITEMS).encode());
    let within = sp_io::hashing::blake2_256(&number.encode());
    [&item[..], &item[..], &sp_io::hashing::blake2_128(&within)[..], &within[..]].concat()
}

/// The value of a number in a generation: always as long.
fn value(number: u32, generation: u32) -> Vec<u8> {
    let place = usize::try_from(number).unwrap_or_default() % VALUE_LENGTHS.len();
    let seed = sp_io::hashing::blake2_256(&(number, generation).encode());
    seed.iter().copied().cycle().take(VALUE_LENGTHS[place]).collect()
}

/// Numbers that are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ (mixed >> 31);
        u32::try_from(mixed % u64::from(end.max(1))).unwrap_or_default()
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_from_the_files() {
        let path = std::env::temp_dir().join(format!("wonbon-bench-storage-{}", std::process::id()));
        let mut state = State::make(path.clone()).unwrap();
        state.grow_to(3_000).unwrap();
        state.write(500).unwrap();
        let root = *state.header.state_root();
        drop(state);
        let mut state = State::open(path.clone(), 3_000, false, Stopwatch::Processor).unwrap();
        assert_eq!(*state.header.state_root(), root);
        state.read(2_000).unwrap();
        state.write(500).unwrap();
        assert_ne!(*state.header.state_root(), root);
        drop(state);
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn keys_and_values_are_those_of_their_number() {
        assert_eq!((key(7).len(), key(7)), (80, key(7)));
        assert_ne!(key(7), key(8));
        assert_eq!(value(3, 1).len(), value(3, 2).len());
        assert_ne!(value(3, 1), value(3, 2));
    }
}
