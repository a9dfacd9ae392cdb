//! The state of the chain at one block: datasets, where they come from, what was said and done about them.

use super::view::key;
use super::{ChainError, View};
use wonbon_model::{
    AccountId, Announcement, Attestation, BlockNumber, Dataset, DatasetId, Digest, Handover, Parent,
    RoyaltyShare, RoyaltyShares, Version,
};

impl View {
    /// An announcement that is open.
    pub async fn announcement(
        &self,
        account: &AccountId,
        commitment: &Digest,
    ) -> Result<Option<Announcement>, ChainError> {
        self.read("Provenance", "Announcements", vec![key(account), key(commitment)]).await
    }

    /// The announcements of an account that are open, by commitment.
    pub async fn announcements(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(Digest, Announcement)>, ChainError> {
        self.walk_below("Provenance", "Announcements", vec![key(account)]).await
    }

    /// Blocks that lie between an announcement and its registration, at least.
    pub fn announcement_delay(&self) -> Result<BlockNumber, ChainError> {
        self.constant("Provenance", "AnnouncementDelay")
    }

    /// A dataset; `None` if it is not registered.
    pub async fn dataset(&self, dataset: &DatasetId) -> Result<Option<Dataset>, ChainError> {
        self.read("Provenance", "Datasets", vec![key(dataset)]).await
    }

    /// What a dataset was made from.
    pub async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.parent_count);
        self.list("Provenance", "Parents", dataset, count).await
    }

    /// What was made from a dataset.
    pub async fn children(&self, dataset: &DatasetId) -> Result<Vec<DatasetId>, ChainError> {
        let count = self.read("Provenance", "ChildCount", vec![key(dataset)]).await?.unwrap_or_default();
        self.list("Provenance", "Children", dataset, count).await
    }

    /// An attestation of a dataset, by its number there.
    pub async fn attestation(
        &self,
        dataset: &DatasetId,
        index: u32,
    ) -> Result<Option<Attestation>, ChainError> {
        self.read("Provenance", "Attestations", vec![key(dataset), key(index)]).await
    }

    /// What was attested about a dataset.
    pub async fn attestations(&self, dataset: &DatasetId) -> Result<Vec<Attestation>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.attestation_count);
        self.list("Provenance", "Attestations", dataset, count).await
    }

    /// A new version of a dataset.
    pub async fn version(&self, dataset: &DatasetId, index: u32) -> Result<Option<Version>, ChainError> {
        self.read("Provenance", "Versions", vec![key(dataset), key(index)]).await
    }

    /// What was registered as a new version of a dataset, in order.
    pub async fn versions(&self, dataset: &DatasetId) -> Result<Vec<Version>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.version_count);
        self.list("Provenance", "Versions", dataset, count).await
    }

    /// The royalties that a dataset carries, through all generations, in the chain's order.
    pub async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>, ChainError> {
        let found: Option<RoyaltyShares> = self.read("Provenance", "Royalties", vec![key(dataset)]).await?;
        Ok(found.unwrap_or_default().into_inner())
    }

    /// That a dataset was handed over.
    pub async fn handover(&self, dataset: &DatasetId, index: u32) -> Result<Option<Handover>, ChainError> {
        self.read("Provenance", "Handovers", vec![key(dataset), key(index)]).await
    }

    /// How a dataset went from owner to owner.
    pub async fn handovers(&self, dataset: &DatasetId) -> Result<Vec<Handover>, ChainError> {
        let count = self.dataset(dataset).await?.map_or(0, |record| record.handover_count);
        self.list("Provenance", "Handovers", dataset, count).await
    }

    /// To whom a dataset is being handed over.
    pub async fn pending_handover(&self, dataset: &DatasetId) -> Result<Option<AccountId>, ChainError> {
        self.read("Provenance", "PendingHandovers", vec![key(dataset)]).await
    }

    /// The seed of the fair samples of what was registered in a block; `None` while they are not drawn.
    pub async fn seed(&self, registered_at: BlockNumber) -> Result<Option<Digest>, ChainError> {
        self.read("Provenance", "Seeds", vec![key(registered_at)]).await
    }

    /// Blocks that lie between a registration and the draw of its fair sample.
    pub fn draw_delay(&self) -> Result<BlockNumber, ChainError> {
        self.constant("Provenance", "DrawDelay")
    }
}
