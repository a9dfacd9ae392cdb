//! What the catalogue shows: the chain's records, each with the names, titles and samples that belong to it.
//!
//! Endpoints and pages show the same, so it is put together here, once. A [`Catalogue`] reads from one snapshot of the
//! read model: whatever it gives belongs together. What lies in the store and not in the read model (documents,
//! sample files) goes by hashes that the snapshot names; [`DatasetDetail::add_stored`] adds that part.

mod datasets;
mod lineage;
mod offers;
mod orders;
mod participants;
mod samples;

pub use datasets::{DatasetDetail, DatasetFilter, DatasetView};
pub use offers::{CheapestOffer, OfferView};
pub use participants::ParticipantDetail;
pub use samples::{confirm, SampleNotes};

use wonbon_model::{text, AccountId, DatasetId, Hash};

use crate::{
    kv::{KvError, KvStore},
    read_model::queries::{self, Page, PageRequest},
    search::{
        ranking::{self, Keep},
        Question, SearchIndex,
    },
    state::State,
};

/// What a question to the catalogue gives.
pub type Result<T> = std::result::Result<T, KvError>;

/// The catalogue, out of one snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue<'a> {
    /// The snapshot, for [`queries`].
    pub kv: &'a dyn KvStore,
    state: &'a State,
    search: &'a SearchIndex,
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

    /// A page of a list, as far as `wanted` has its items; with a question the best matches first. `about` gives the
    /// metadata and the company that an item is found by.
    fn ranked<T>(
        &self,
        question: Option<&Question>,
        request: &PageRequest,
        wanted: impl Fn(&T) -> bool,
        about: impl Fn(&T) -> Result<Option<(Hash, AccountId)>>,
        list: impl FnOnce(&PageRequest, &Keep<'_, T, KvError>) -> Result<Page<T>>,
    ) -> Result<Page<T>> {
        let Some(question) = question else { return list(request, &|_, item| Ok(wanted(item))) };
        let found = self.search.find(question)?;
        let score = |item: &T| {
            let about = if wanted(item) { about(item)? } else { None };
            let Some((metadata, company)) = about else { return Ok(None) };
            Ok(found.score(metadata, self.name(company)?.as_deref()))
        };
        ranking::page(request, score, list)
    }
}
