//! Whole maps of the chain, entry by entry: for readers who want everything of a kind and not one thing.
//!
//! Entries come in the order of the storage, which is that of hashes. At most one page of them is in memory.

use super::error::Result;
use super::storage_key::{Keys, Name};
use super::view::{decode, key_end, pruned_or_node};
use super::View;
use codec::Decode;
use wonbon_model::{AccountId, DatasetId, Handover, Member, Trade};

impl View {
    /// Every trade that is final.
    pub async fn each_trade(&self, visit: impl FnMut(DatasetId, u32, Trade) + Send) -> Result<()> {
        self.each(("Marketplace", "Trades"), visit).await
    }

    /// Every handover of a dataset.
    pub async fn each_handover(&self, visit: impl FnMut(DatasetId, u32, Handover) + Send) -> Result<()> {
        self.each(("Provenance", "Handovers"), visit).await
    }

    /// Every company that acts through people, with each of them.
    pub async fn memberships(&self) -> Result<Vec<(AccountId, AccountId)>> {
        // The hash of the second key stands before it.
        type Pair = (AccountId, [u8; 16], AccountId);
        let found: Vec<(Pair, Member)> = self.walk(("Participants", "Members")).await?;
        Ok(found.into_iter().map(|((company, _, member), _)| (company, member)).collect())
    }

    async fn each<V: Decode>(
        &self,
        name: Name,
        mut visit: impl FnMut(DatasetId, u32, V) + Send,
    ) -> Result<()> {
        let failed = |error| pruned_or_node(self.block(), error);
        let mut entries = self.entry(name)?.iter(Keys::new()).await.map_err(failed)?;
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(failed)?;
            // The hasher of the index leaves eight bytes before it.
            let (dataset, _, index): (DatasetId, [u8; 8], u32) = key_end(name, entry.key_bytes())?;
            visit(dataset, index, decode(name, entry.value())?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::key_end;
    use super::super::Result;
    use wonbon_model::DatasetId;

    #[test]
    fn the_end_of_a_key_is_read() {
        let end = |key: &[u8]| -> Result<(DatasetId, [u8; 8], u32)> { key_end(("A", "B"), key) };
        let key = [&[9; 32][..], &[8; 16], &[7; 32], &[6; 8], &[5, 1, 0, 0]].concat();
        assert_eq!(end(&key), Ok((DatasetId([7; 32]), [6; 8], 261)));
        assert!(end(&key[..43]).is_err());
        assert!(end(&[]).is_err());
    }
}
