//! Whole maps of the chain, entry by entry: for readers who want everything of a kind and not one thing.
//!
//! Entries come in the order of the storage, which is that of hashes. At most one page of them is in memory.

use super::view::{decode, pruned_or_node, Keys};
use super::{ChainError, ProxyDefinition, View};
use codec::{Decode, DecodeAll};
use wonbon_model::{AccountId, Balance, DatasetId, Handover, Trade};

/// Bytes of a dataset's id, the hash before an index, and the index, at the end of a storage key.
const DATASET_AND_INDEX: usize = 32 + 8 + 4;

impl View {
    /// Every trade that is final.
    pub async fn each_trade(
        &self,
        visit: impl FnMut(DatasetId, u32, Trade) + Send,
    ) -> Result<(), ChainError> {
        self.each("Marketplace", "Trades", visit).await
    }

    /// Every handover of a dataset.
    pub async fn each_handover(
        &self,
        visit: impl FnMut(DatasetId, u32, Handover) + Send,
    ) -> Result<(), ChainError> {
        self.each("Provenance", "Handovers", visit).await
    }

    /// Every account that others may act for, with its delegates.
    pub async fn delegations(&self) -> Result<Vec<(AccountId, Vec<ProxyDefinition>)>, ChainError> {
        let found: Vec<(AccountId, (Vec<ProxyDefinition>, Balance))> = self.walk("Proxy", "Proxies").await?;
        Ok(found.into_iter().map(|(account, (delegates, _))| (account, delegates)).collect())
    }

    async fn each<V: Decode>(
        &self,
        pallet: &'static str,
        name: &'static str,
        mut visit: impl FnMut(DatasetId, u32, V) + Send,
    ) -> Result<(), ChainError> {
        let failed = |error| pruned_or_node(self.block(), error);
        let mut entries = self.entry(pallet, name)?.iter(Keys::new()).await.map_err(failed)?;
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(failed)?;
            let (dataset, index) = dataset_and_index(entry.key_bytes())
                .ok_or_else(|| ChainError::undecodable(format!("{pallet}.{name}"), "the key is too short"))?;
            visit(dataset, index, decode(pallet, name, entry.value())?);
        }
        Ok(())
    }
}

/// What the hashers that keep their input leave at the end of a key of a map by dataset and index.
fn dataset_and_index(key: &[u8]) -> Option<(DatasetId, u32)> {
    let end = key.get(key.len().checked_sub(DATASET_AND_INDEX)?..)?;
    let (dataset, rest) = end.split_at_checked(32)?;
    let index = u32::decode_all(&mut rest.get(8..)?).ok()?;
    Some((DatasetId(dataset.try_into().ok()?), index))
}

#[cfg(test)]
mod tests {
    use super::dataset_and_index;
    use wonbon_model::DatasetId;

    #[test]
    fn the_end_of_a_key_is_read() {
        let key = [&[9; 32][..], &[8; 16], &[7; 32], &[6; 8], &[5, 1, 0, 0]].concat();
        assert_eq!(dataset_and_index(&key), Some((DatasetId([7; 32]), 261)));
        assert_eq!(dataset_and_index(&key[..43]), None);
        assert_eq!(dataset_and_index(&[]), None);
    }
}
