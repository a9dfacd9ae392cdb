//! What the catalogue shows: the chain's records, each with the names, titles and samples that belong to it.
//!
//! Endpoints and pages show the same, so it is put together here, once. A [`Catalogue`] reads from one snapshot of the
//! read model: whatever it gives belongs together. What lies in the store and not in the read model (documents,
//! sample files) goes by hashes that the snapshot names; [`Stored`] is that part.

mod datasets;
mod lineage;
mod offers;
mod orders;
mod participants;
mod samples;

pub use datasets::{DatasetDetail, DatasetFilter, DatasetView};
pub use lineage::{LineageStep, LineageView};
pub use offers::OfferView;
pub use participants::ParticipantDetail;
pub use samples::{confirm, SampleNotes, SampleView, SamplesView, Stored};

use wonbon_model::{text, AccountId, DatasetId, Hash};

use crate::{
    kv::{KvError, KvStore},
    read_model::queries,
    search::SearchIndex,
    state::State,
};

/// What a question to the catalogue gives.
pub type Result<T> = std::result::Result<T, KvError>;

/// The catalogue, out of one snapshot.
#[derive(Clone, Copy)]
pub struct Catalogue<'a> {
    /// The snapshot, for [`queries`].
    pub kv: &'a dyn KvStore,
    state: &'a State,
    search: &'a SearchIndex,
}

impl std::fmt::Debug for Catalogue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

impl<'a> Catalogue<'a> {
    /// Over a snapshot, with the payloads that are stored here and the titles that the search index knows.
    pub fn new(kv: &'a dyn KvStore, state: &'a State, search: &'a SearchIndex) -> Self {
        Self { kv, state, search }
    }

    /// The name under which a company is registered.
    pub fn name(&self, account: AccountId) -> Result<Option<String>> {
        Ok(queries::participant(self.kv, account)?.map(|found| text(&found.profile.name)))
    }

    /// The title of a dataset, if its metadata document is stored here.
    pub fn title(&self, id: DatasetId) -> Result<Option<String>> {
        let found = queries::dataset(self.kv, id)?;
        Ok(found.and_then(|dataset| self.search.summary(Hash(dataset.metadata))).map(|summary| summary.title))
    }
}
