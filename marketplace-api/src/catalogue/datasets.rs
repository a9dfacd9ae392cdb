//! Datasets, with what was said and done about them.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{
    json::{self, Draw},
    metadata::{Format, Metadata},
    AccountId, Dataset, DatasetId, Hash, Keyed, Method,
};

use super::{Catalogue, SampleNotes};
use crate::{
    documents::Documents,
    kv::KvError,
    read_model::{
        self,
        queries::{self, Page, PageRequest},
    },
    samples::{SampleError, Samples},
    search::{ranking::Keep, Question},
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
    /// Whether its registration is provisional: an earlier announcement could still displace it.
    pub provisional: bool,
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
    #[serde(flatten)]
    #[schema(inline)]
    #[allow(missing_docs)]
    pub facts: json::DatasetFacts,
    #[serde(flatten)]
    #[schema(inline)]
    #[allow(missing_docs)]
    pub received: json::RoyaltiesReceived,
    /// Its metadata document, if it is stored here.
    pub document: Option<Metadata>,
    /// Its samples, as far as they are stored here.
    pub samples: SampleNotes,
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
        let applied = read_model::applied(self.kv)?.map_or(0, |block| block.height);
        Ok(DatasetView {
            owner_name: self.name(dataset.owner)?,
            provisional: found.record.is_provisional_at(applied),
            title,
            rows,
            format,
            draw,
            dataset,
        })
    }

    /// A page of datasets, newest first; with a question the best matches first.
    pub fn datasets(
        &self,
        filter: &DatasetFilter,
        question: Option<&Question>,
        request: &PageRequest,
    ) -> Result<Page<DatasetView>, KvError> {
        let (kv, &DatasetFilter { owner, method }) = (self.kv, filter);
        let wanted = |found: &Keyed<_, Dataset>| method.is_none_or(|method| found.record.method == method);
        let about = |found: &Keyed<_, Dataset>| Ok(Some((Hash(found.record.metadata), found.record.owner)));
        let list = |window: &_, keep: &Keep<'_, _, _>| queries::datasets(kv, owner, window, keep);
        let page = self.ranked(question, request, wanted, about, list)?;
        page.try_map(|dataset| self.dataset(&dataset))
    }

    /// A dataset with what the chain has of it; [`DatasetDetail::add_stored`] adds what the store has. `None` if it is not
    /// registered.
    pub fn dataset_detail(&self, id: DatasetId) -> Result<Option<DatasetDetail>, KvError> {
        let Some(facts) = queries::dataset_facts(self.kv, id, MAX_LISTED)? else { return Ok(None) };
        Ok(Some(DatasetDetail {
            view: self.dataset(&facts.dataset)?,
            facts: json::DatasetFacts::new(&facts),
            received: queries::received_for(self.kv, id)?,
            document: None,
            samples: SampleNotes::default(),
        }))
    }
}

impl DatasetDetail {
    /// Adds what the store has of the dataset.
    pub async fn add_stored(&mut self, documents: &Documents, samples: &Samples) -> Result<(), SampleError> {
        self.document = documents.metadata(self.view.dataset.metadata).await?;
        self.samples = SampleNotes::find(samples, self.view.dataset.id, &self.view.draw).await?;
        if self.samples.fair.is_some() {
            self.view.draw.confirm();
        }
        Ok(())
    }
}
