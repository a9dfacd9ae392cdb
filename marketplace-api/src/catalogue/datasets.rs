//! Datasets, with what was said and done about them.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_primitives::{bounds::MAX_PARENTS, content::block_count};

use super::{Catalogue, SamplesView, Stored};
use crate::{
    documents::Metadata,
    kv::KvError,
    model::{Account, Dataset, Handover, Hash, Method, Parent, RoyaltyShare, Version},
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
    pub dataset: Dataset,
    /// Name of the owner.
    pub owner_name: Option<String>,
    /// Title, if its metadata document is stored here.
    pub title: Option<String>,
    /// Rows, if known.
    pub rows: Option<u64>,
    /// Format, if known.
    pub format: Option<String>,
    /// The fair sample.
    pub draw: DrawView,
}

/// Whether the fair sample was drawn and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawState {
    /// Not drawn yet.
    Waiting,
    /// Drawn; the owner has not shown the blocks.
    Unanswered,
    /// The owner says on the chain that drawn blocks are shown; this service has no such file.
    Claimed,
    /// The owner has shown some of the drawn blocks: this service has the file and has checked it.
    Answered,
}

/// The fair sample of a dataset: blocks that the chain drew, and that the owner may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DrawView {
    /// Whether it was drawn and answered.
    pub state: DrawState,
    /// The seed, once drawn.
    pub seed: Option<Hash>,
    /// Blocks of the dataset.
    pub blocks: u64,
    /// Blocks that the owner answered for.
    pub shown: u32,
    /// SHA-256 of the file that the owner answered for.
    pub digest: Option<Hash>,
    /// The smallest share of bad blocks, in millionths, that the checked answer rules out with 99 % confidence; 0 if
    /// every block is shown.
    pub ruled_out: Option<u32>,
}

/// A dataset with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DatasetDetail {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub view: DatasetView,
    /// What it was made from.
    pub parents: Vec<Parent>,
    /// The royalties that each sale of it pays, through all generations.
    pub royalties: Vec<RoyaltyShare>,
    /// The dataset that it is a new version of.
    pub version_of: Option<Hash>,
    /// Its new versions, the first of them.
    pub versions: Vec<Version>,
    /// How it went from owner to owner, the first handovers.
    pub handovers: Vec<Handover>,
    /// Account to which a handover of ownership is proposed.
    pub handover_to: Option<Account>,
    /// Its metadata document, if it is stored here.
    pub document: Option<Metadata>,
    /// Its samples, as far as they are stored here.
    pub samples: SamplesView,
}

/// Which datasets to list.
#[derive(Clone, Debug, Default)]
pub struct DatasetFilter {
    /// Who owns them.
    pub owner: Option<Account>,
    /// How they were made.
    pub method: Option<Method>,
}

impl Catalogue<'_> {
    /// The fair sample of a dataset as the chain has it: an answer is a claim until the file was found.
    pub(super) fn draw(&self, dataset: &Dataset) -> Result<DrawView, KvError> {
        let seed = queries::seed(self.kv, dataset.registered_at)?;
        let answer = dataset.sample.as_ref();
        Ok(DrawView {
            state: match (answer, seed) {
                (Some(_), _) => DrawState::Claimed,
                (None, Some(_)) => DrawState::Unanswered,
                (None, None) => DrawState::Waiting,
            },
            seed,
            blocks: block_count(dataset.length),
            shown: answer.map_or(0, |answer| answer.blocks),
            digest: answer.map(|answer| answer.digest),
            ruled_out: None,
        })
    }

    /// A dataset as a list shows it.
    pub fn dataset(&self, dataset: Dataset) -> Result<DatasetView, KvError> {
        let summary = self.search.summary(dataset.metadata);
        let (title, rows, format) =
            summary.map_or((None, None, None), |known| (Some(known.title), known.rows, known.format));
        let draw = self.draw(&dataset)?;
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
        let has_method = |dataset: &Dataset| method.is_none_or(|method| dataset.method == method);
        let page = match question {
            None => queries::datasets(kv, owner, request, |dataset| Ok(has_method(dataset)))?,
            Some(question) => {
                let found = self.search.find(question)?;
                let score = |dataset: &Dataset| {
                    if !has_method(dataset) {
                        return Ok(None);
                    }
                    let name = self.name(dataset.owner)?;
                    Ok(found.score(dataset.metadata, name.as_deref()))
                };
                let key = |dataset: &Dataset| queries::dataset_key(owner, dataset);
                ranking::page(request, key, score, |window, keep| queries::datasets(kv, owner, window, keep))?
            }
        };
        page.try_map(|dataset| self.dataset(dataset))
    }

    /// A dataset with what the chain has of it; [`DatasetDetail::add`] adds what the store has. `None` if it is not
    /// registered.
    pub fn dataset_detail(&self, id: Hash) -> Result<Option<DatasetDetail>, KvError> {
        let kv = self.kv;
        let Some(dataset) = queries::dataset(kv, id)? else { return Ok(None) };
        let page = PageRequest { after: None, limit: MAX_LISTED };
        let parents = queries::parents(kv, id, MAX_PARENTS as usize)?;
        let version_of = parents.iter().find(|parent| parent.relation == "new_version_of");
        Ok(Some(DatasetDetail {
            view: self.dataset(dataset)?,
            version_of: version_of.map(|parent| parent.parent),
            royalties: queries::royalties(kv, id)?,
            versions: queries::versions(kv, id, &page)?.items,
            handovers: queries::handovers(kv, id, &page)?.items,
            handover_to: queries::pending_handover(kv, id)?,
            parents,
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
