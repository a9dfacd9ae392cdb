//! The state of the chain at one block: datasets, where they come from, what was said and done about them.

use super::error::Result;
use super::storage_key::{key, Name};
use super::View;
use codec::Decode;
use wonbon_model::{
    AccountId, Announcement, BlockNumber, DatasetFacts, DatasetId, Digest, EntryKey, Keyed, Parent,
    RoyaltyShare,
};

impl View {
    /// The announcements of an account that are open, by commitment.
    pub async fn announcements(&self, account: &AccountId) -> Result<Vec<(Digest, Announcement)>> {
        self.walk_below(("Provenance", "Announcements"), vec![key(account)]).await
    }

    /// Blocks from an announcement to the one whose hash draws the leaves that its registration shows. The registration
    /// comes in a later one.
    pub fn announcement_delay(&self) -> Result<BlockNumber> {
        self.constant(("Provenance", "AnnouncementDelay"))
    }

    /// Blocks after an announcement in which it can be used.
    pub fn announcement_lifetime(&self) -> Result<BlockNumber> {
        self.constant(("Provenance", "AnnouncementLifetime"))
    }

    /// What a dataset was made from.
    pub async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.parent_count);
        self.list(("Provenance", "Parents"), dataset, count).await
    }

    /// What was made from a dataset.
    pub async fn children(&self, dataset: &DatasetId) -> Result<Vec<DatasetId>> {
        let count = self.child_count(dataset).await?.unwrap_or_default();
        self.list(("Provenance", "Children"), dataset, count).await
    }

    /// The royalties that a dataset carries, through all generations, in the chain's order.
    pub async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>> {
        Ok(self.royalty_shares(dataset).await?.unwrap_or_default().into_inner())
    }

    /// A dataset with what stands beside it; `None` if it is not registered.
    pub async fn dataset_facts(&self, id: &DatasetId) -> Result<Option<DatasetFacts>> {
        let Some(record) = self.dataset(id).await? else { return Ok(None) };
        Ok(Some(DatasetFacts {
            parents: self.parents(id).await?,
            royalties: self.royalties(id).await?,
            attestations: self
                .entries_of(("Provenance", "Attestations"), id, record.attestation_count)
                .await?,
            versions: self.entries_of(("Provenance", "Versions"), id, record.version_count).await?,
            handovers: self.entries_of(("Provenance", "Handovers"), id, record.handover_count).await?,
            handover_to: self.pending_handover(id).await?,
            dataset: Keyed::new(*id, record),
        }))
    }

    /// A dataset's records of one kind, in the chain's order.
    pub(super) async fn entries_of<R: Decode>(
        &self,
        kind: Name,
        id: &DatasetId,
        count: u32,
    ) -> Result<Vec<Keyed<EntryKey, R>>> {
        let records = self.list(kind, id, count).await?.into_iter().zip(0..);
        Ok(records.map(|(record, index)| Keyed::new(EntryKey::new(*id, index), record)).collect())
    }
}
