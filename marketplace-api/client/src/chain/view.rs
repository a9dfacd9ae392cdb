//! Reading the state of the chain at one block. What is read stands in the files of its subject: companies, accounts,
//! datasets, trading.

use super::storage_key::{key, shown, Keys, Name};
use super::{Chain, ChainError, ProvedState, Result, Unproved};
use codec::{Decode, DecodeAll, Encode};
use futures::{stream, StreamExt, TryStreamExt};
use std::sync::Arc;
use subxt::client::{OnlineClientAtBlock, OnlineClientAtBlockImpl};
use subxt::config::SubstrateConfig;
use subxt::dynamic::Value;
use subxt::storage::{dynamic, StorageEntry, StorageValue};
use subxt::Metadata;
use wonbon_model::BlockRef;

/// Entries of a list that are asked for at once.
const MAX_READS_AT_ONCE: usize = 16;

/// The client of subxt at a block.
pub(super) type At = OnlineClientAtBlock<SubstrateConfig>;

pub(super) type OpenEntry<'a> = StorageEntry<
    'a,
    SubstrateConfig,
    OnlineClientAtBlockImpl<SubstrateConfig>,
    subxt::storage::DynamicAddress<Keys, Value>,
>;

/// The state at one block. What is not there is `None`; a read that fails is an error, never `None`.
#[derive(Clone)]
pub struct View {
    block: BlockRef,
    at: At,
    /// Where values are proved by, instead of the node's word.
    proved: Option<(Chain, Arc<ProvedState>)>,
}

impl View {
    pub(super) fn new(block: BlockRef, at: At) -> Self {
        Self { block, at, proved: None }
    }

    pub(super) fn proved_by(self, chain: Chain, state: Arc<ProvedState>) -> Self {
        Self { proved: Some((chain, state)), ..self }
    }

    pub(super) fn client(&self) -> &At {
        &self.at
    }

    pub(super) fn metadata(&self) -> &Metadata {
        self.at.metadata_ref()
    }

    /// The block whose state this is.
    pub fn block(&self) -> BlockRef {
        self.block
    }

    /// The block's time in milliseconds since 1970.
    pub async fn time_ms(&self) -> Result<u64> {
        Ok(self.read(("Timestamp", "Now"), vec![]).await?.unwrap_or_default())
    }

    pub(super) async fn read<V: Decode>(&self, name: Name, keys: Keys) -> Result<Option<V>> {
        if let Some((chain, state)) = &self.proved {
            let key = chain.inner.compiled.storage_key(name, keys)?;
            let value = state.value(chain, key).await?;
            return value.map(|bytes| decode_bytes(name, &bytes)).transpose();
        }
        let value = self.entry(name)?.try_fetch(keys).await;
        match value.map_err(|error| pruned_or_node(self.block, error))? {
            Some(value) => decode(name, &value).map(Some),
            None => Ok(None),
        }
    }

    /// Has these entries proved together, if values are proved at all: reading them then asks nobody.
    pub(super) async fn announce(&self, entries: impl IntoIterator<Item = (Name, Keys)>) -> Result<()> {
        let Some((chain, state)) = &self.proved else { return Ok(()) };
        state.prove(chain, chain.storage_keys(entries)?).await
    }

    /// Has these entries proved with the next state that is asked for.
    pub(super) fn want_next(&self, entries: impl IntoIterator<Item = (Name, Keys)>) -> Result<()> {
        if let Some((chain, state)) = &self.proved {
            state.want(&chain.storage_keys(entries)?);
        }
        Ok(())
    }

    /// What proves the values, if anything does.
    pub(super) fn proved_state(&self) -> Option<&ProvedState> {
        self.proved.as_ref().map(|(_, state)| &**state)
    }

    /// The values of a double map below one key, for the indices from 0.
    pub(super) async fn list<V: Decode>(&self, name: Name, first: impl Encode, count: u32) -> Result<Vec<V>> {
        let first = key(first);
        self.announce((0..count).map(|index| (name, vec![first.clone(), key(index)]))).await?;
        let entry = |index| {
            let keys = vec![first.clone(), key(index)];
            async move {
                self.read(name, keys).await?.ok_or_else(|| {
                    ChainError::undecodable(shown(name), format!("entry {index} of {count} is missing"))
                })
            }
        };
        stream::iter(0..count).map(entry).buffered(MAX_READS_AT_ONCE).try_collect().await
    }

    /// Every entry of a map, sorted by key. The key must stand at the end of the storage key.
    pub(super) async fn walk<K: Decode + Ord, V: Decode>(&self, name: Name) -> Result<Vec<(K, V)>> {
        self.walk_below(name, Keys::new()).await
    }

    /// The same below the first keys of a map that has several.
    pub(super) async fn walk_below<K: Decode + Ord, V: Decode>(
        &self,
        name: Name,
        first: Keys,
    ) -> Result<Vec<(K, V)>> {
        let mut found: Vec<(K, V)> = match &self.proved {
            Some((chain, state)) => {
                // The node may leave entries out, and only that: what it lists is proved.
                let prefix = chain.inner.compiled.storage_prefix(name, first)?;
                let listed = chain.keys_below(&prefix, self.block).await?;
                state.prove(chain, listed.clone()).await?;
                let mut found = Vec::new();
                for bytes in listed {
                    let value = state.known(&bytes).flatten();
                    let value =
                        value.ok_or_else(|| Unproved::List(format!("an entry of {}", shown(name))))?;
                    found.push((key_end(name, &bytes)?, decode_bytes(name, &value)?));
                }
                found
            }
            None => {
                let failed = |error| pruned_or_node(self.block, error);
                let mut entries = self.entry(name)?.iter(first).await.map_err(failed)?;
                let mut found = Vec::new();
                while let Some(entry) = entries.next().await {
                    let entry = entry.map_err(failed)?;
                    found.push((key_end(name, entry.key_bytes())?, decode(name, entry.value())?));
                }
                found
            }
        };
        found.sort_by(|(one, _), (two, _)| one.cmp(two));
        Ok(found)
    }

    pub(super) fn entry(&self, name: Name) -> Result<OpenEntry<'_>> {
        self.at
            .storage()
            .entry(dynamic::<Keys, Value>(name.0, name.1))
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))
    }

    pub(super) fn constant<V: Decode>(&self, name: Name) -> Result<V> {
        let bytes = self
            .at
            .constants()
            .entry_bytes(name)
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))?;
        decode_bytes(name, &bytes)
    }
}

/// What stands at the end of a storage key, in as many bytes as the type has.
pub(super) fn key_end<K: Decode>(name: Name, key: &[u8]) -> Result<K> {
    let end = key.len().checked_sub(size_of::<K>()).map(|start| &key[start..]);
    let key = end.and_then(|mut end| K::decode_all(&mut end).ok());
    key.ok_or_else(|| ChainError::undecodable(shown(name), "the key is too short"))
}

pub(super) fn decode<V: Decode>(name: Name, value: &StorageValue<'_, Value>) -> Result<V> {
    decode_bytes(name, value.bytes())
}

fn decode_bytes<V: Decode>(name: Name, bytes: &[u8]) -> Result<V> {
    V::decode_all(&mut &bytes[..]).map_err(|error| ChainError::undecodable(shown(name), error))
}

/// Tells a pruned state from other failures of a node, which only its text does.
pub(super) fn pruned_or_node(block: BlockRef, error: impl std::fmt::Display) -> ChainError {
    let text = error.to_string();
    if text.contains("State already discarded") || text.contains("UnknownBlock: State") {
        ChainError::StatePruned(block)
    } else {
        ChainError::Node(text)
    }
}
