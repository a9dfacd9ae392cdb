//! Datasets, with what was said and done about them.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::metadata::{Format, Metadata};
use wonbon_model::{
    json::{self, Draw},
    AccountId, Dataset, DatasetId, Hash, Keyed, Method, Relation,
};

use super::{Catalogue, SamplesView, Stored};
use crate::{
    kv::KvError,
    read_model::queries::{self, Page, PageRequest},
    search::{ranking, Question},
};

/// Most versions and handovers that stand with a dataset; their own lists have all.
const MAX_LISTED: usize = 100;

/// A dataset in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DatasetView {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub dataset: json::Dataset,
    /// Name of the owner.
    pub owner_name: Option<String>,
    /// Title, if its metadata document is stored here.
    pub title: Option<String>,
    /// Rows, if known.
    pub rows: Option<u64>,
    /// Format, if known.
    pub format: Option<Format>,
    /// The fair sample.
    pub draw: Draw,
}

/// A dataset with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DatasetDetail {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub view: DatasetView,
    /// What it was made from.
    pub parents: Vec<json::Parent>,
    /// The royalties that each sale of it pays, through all generations.
    pub royalties: Vec<json::RoyaltyShare>,
    /// The dataset that it is a new version of.
    pub version_of: Option<Hash>,
    /// Its new versions, the first of them.
    pub versions: Vec<json::Version>,
    /// How it went from owner to owner, the first handovers.
    pub handovers: Vec<json::Handover>,
    /// Account to which a handover of ownership is proposed.
    pub handover_to: Option<AccountId>,
    /// Its metadata document, if it is stored here.
    pub document: Option<Metadata>,
    /// Its samples, as far as they are stored here.
    pub samples: SamplesView,
}

/// Which datasets to list.
#[derive(Clone, Debug, Default)]
pub struct DatasetFilter {
    /// Who owns them.
    pub owner: Option<AccountId>,
    /// How they were made.
    pub method: Option<Method>,
}

impl Catalogue<'_> {
    /// The fair sample of a dataset as the chain has it: an answer is a claim until the file was found.
    pub(super) fn draw(&self, dataset: &Dataset) -> Result<Draw, KvError> {
        Ok(Draw::new(dataset, queries::seed(self.kv, dataset.registered.block)?))
    }

    /// A dataset as a list shows it.
    pub fn dataset(&self, found: &Keyed<DatasetId, Dataset>) -> Result<DatasetView, KvError> {
        let dataset = found.json(json::Dataset::new);
        let summary = self.search.summary(dataset.metadata);
        let (title, rows, format) =
            summary.map_or((None, None, None), |known| (Some(known.title), known.rows, known.format));
        let draw = self.draw(&found.record)?;
        Ok(DatasetView { owner_name: self.name(dataset.owner)?, title, rows, format, draw, dataset })
    }

    /// A page of datasets, newest first; with a question the best matches first.
    pub fn datasets(
        &self,
        filter: &DatasetFilter,
        question: Option<&Question>,
        request: &PageRequest,
    ) -> Result<Page<DatasetView>, KvError> {
        let (kv, &DatasetFilter { owner, method }) = (self.kv, filter);
        let has_method =
            |found: &Keyed<_, Dataset>| method.is_none_or(|method| found.record.method == method);
        let page = match question {
            None => queries::datasets(kv, owner, request, |dataset| Ok(has_method(dataset)))?,
            Some(question) => {
                let found = self.search.find(question)?;
                let score = |dataset: &Keyed<_, Dataset>| {
                    if !has_method(dataset) {
                        return Ok(None);
                    }
                    let name = self.name(dataset.record.owner)?;
                    Ok(found.score(Hash(dataset.record.metadata), name.as_deref()))
                };
                let key = |dataset: &Keyed<_, Dataset>| queries::dataset_key(owner, dataset);
                ranking::page(request, key, score, |window, keep| queries::datasets(kv, owner, window, keep))?
            }
        };
        page.try_map(|dataset| self.dataset(&dataset))
    }

    /// A dataset with what the chain has of it; [`DatasetDetail::add`] adds what the store has. `None` if it is not
    /// registered.
    pub fn dataset_detail(&self, id: DatasetId) -> Result<Option<DatasetDetail>, KvError> {
        let kv = self.kv;
        let Some(record) = queries::dataset(kv, id)? else { return Ok(None) };
        let page = PageRequest { after: None, limit: MAX_LISTED };
        let parents = queries::parents(kv, id)?;
        let version_of = parents.iter().find(|parent| parent.relation == Relation::NewVersionOf);
        let versions = queries::versions(kv, id, &page)?.map(|found| found.json(json::Version::new));
        let handovers = queries::handovers(kv, id, &page)?.map(|found| found.json(json::Handover::new));
        Ok(Some(DatasetDetail {
            view: self.dataset(&Keyed::new(id, record))?,
            parents: json::Parent::of(id, &parents),
            royalties: queries::royalties(kv, id)?.iter().map(json::RoyaltyShare::from).collect(),
            version_of: version_of.map(|parent| parent.dataset.into()),
            versions: versions.items,
            handovers: handovers.items,
            handover_to: queries::pending_handover(kv, id)?,
            document: None,
            samples: SamplesView::default(),
        }))
    }
}

impl DatasetDetail {
    /// Adds what the store has of the dataset.
    pub fn add(&mut self, stored: &Stored) {
        self.document = stored.document.clone();
        self.samples = SamplesView::from(&stored.samples);
        if stored.samples.fair.is_some() {
            self.view.draw.confirm();
        }
    }
}
