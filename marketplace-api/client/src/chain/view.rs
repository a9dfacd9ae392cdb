//! Reading the state of the chain at one block. What is read stands in the files of its subject: companies, accounts,
//! datasets, trading.

use super::ChainError;
use codec::{Decode, DecodeAll, Encode};
use futures::{stream, StreamExt, TryStreamExt};
use subxt::client::{OnlineClientAtBlock, OnlineClientAtBlockImpl};
use subxt::config::SubstrateConfig;
use subxt::dynamic::Value;
use subxt::storage::{dynamic, StorageEntry, StorageValue};
use subxt::utils::Static;
use subxt::Metadata;
use wonbon_model::BlockRef;

/// Entries of a list that are asked for at once.
const MAX_READS_AT_ONCE: usize = 16;

/// The client of subxt at a block.
pub(super) type At = OnlineClientAtBlock<SubstrateConfig>;

/// An encoded key: subxt hashes it as the metadata says.
#[derive(Clone)]
pub(super) struct Raw(Vec<u8>);

impl Encode for Raw {
    fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
        out.write(&self.0);
    }
}

impl Decode for Raw {
    fn decode<I: codec::Input>(_: &mut I) -> Result<Self, codec::Error> {
        Err("keys are only encoded".into())
    }
}

pub(super) type Keys = Vec<Static<Raw>>;
pub(super) type OpenEntry<'a> = StorageEntry<
    'a,
    SubstrateConfig,
    OnlineClientAtBlockImpl<SubstrateConfig>,
    subxt::storage::DynamicAddress<Keys, Value>,
>;

pub(super) fn key(part: impl Encode) -> Static<Raw> {
    Static(Raw(part.encode()))
}

/// The state at one block. What is not there is `None`; a read that fails is an error, never `None`.
#[derive(Clone)]
pub struct View {
    block: BlockRef,
    at: At,
}

impl View {
    pub(super) fn new(block: BlockRef, at: At) -> Self {
        Self { block, at }
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
    pub async fn time_ms(&self) -> Result<u64, ChainError> {
        Ok(self.read("Timestamp", "Now", vec![]).await?.unwrap_or_default())
    }

    pub(super) async fn read<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        keys: Keys,
    ) -> Result<Option<V>, ChainError> {
        let value = self.entry(pallet, name)?.try_fetch(keys).await;
        match value.map_err(|error| pruned_or_node(self.block, error))? {
            Some(value) => decode(pallet, name, &value).map(Some),
            None => Ok(None),
        }
    }

    /// The values of a double map below one key, for the indices from 0.
    pub(super) async fn list<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        first: impl Encode,
        count: u32,
    ) -> Result<Vec<V>, ChainError> {
        let first = key(first);
        let entry = |index| {
            let keys = vec![first.clone(), key(index)];
            async move {
                self.read(pallet, name, keys).await?.ok_or_else(|| {
                    ChainError::undecodable(
                        format!("{pallet}.{name}"),
                        format!("entry {index} of {count} is missing"),
                    )
                })
            }
        };
        stream::iter(0..count).map(entry).buffered(MAX_READS_AT_ONCE).try_collect().await
    }

    /// Every entry of a map, sorted by key. The key must stand at the end of the storage key.
    pub(super) async fn walk<K: Decode + Ord, V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<Vec<(K, V)>, ChainError> {
        self.walk_below(pallet, name, Keys::new()).await
    }

    /// The same below the first keys of a map that has several.
    pub(super) async fn walk_below<K: Decode + Ord, V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        first: Keys,
    ) -> Result<Vec<(K, V)>, ChainError> {
        let failed = |error| pruned_or_node(self.block, error);
        let mut entries = self.entry(pallet, name)?.iter(first).await.map_err(failed)?;
        let mut found = Vec::new();
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(failed)?;
            let bytes = entry.key_bytes();
            let key = bytes
                .len()
                .checked_sub(size_of::<K>())
                .and_then(|start| K::decode_all(&mut &bytes[start..]).ok())
                .ok_or_else(|| ChainError::undecodable(format!("{pallet}.{name}"), "the key is too short"))?;
            found.push((key, decode(pallet, name, entry.value())?));
        }
        found.sort_by(|(one, _), (two, _)| one.cmp(two));
        Ok(found)
    }

    pub(super) fn entry(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<OpenEntry<'_>, ChainError> {
        self.at
            .storage()
            .entry(dynamic::<Keys, Value>(pallet, name))
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))
    }

    pub(super) fn constant<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
    ) -> Result<V, ChainError> {
        let bytes = self
            .at
            .constants()
            .entry_bytes((pallet, name))
            .map_err(|error| ChainError::OtherRuntime(vec![error.to_string()]))?;
        V::decode_all(&mut &bytes[..])
            .map_err(|error| ChainError::undecodable(format!("{pallet}.{name}"), error))
    }
}

pub(super) fn decode<V: Decode>(
    pallet: &'static str,
    name: &'static str,
    value: &StorageValue<'_, Value>,
) -> Result<V, ChainError> {
    V::decode_all(&mut value.bytes())
        .map_err(|error| ChainError::undecodable(format!("{pallet}.{name}"), error))
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
