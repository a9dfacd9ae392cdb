//! A dataset as the JSON endpoints show it: with what was said and done about it.

use futures::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_primitives::{bounds::MAX_PARENTS, content::block_count, sample::ruled_out};

use super::name;
use crate::{
    documents::Metadata,
    http::{samples::SamplesView, App, Problem},
    kv::{KvError, KvStore},
    model::{Account, Dataset, Handover, Hash, Parent, RoyaltyShare, Version},
    read_model::queries::{self, PageRequest},
    samples::Samples,
    search::SearchIndex,
};

/// Most versions and handovers that stand with a dataset; their own lists have all.
const LISTED: usize = 100;
/// Samples of a list that are looked for at once.
const AT_ONCE: usize = 16;

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
    /// The owner says on the chain that he has shown drawn blocks; this service has no such file.
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
    /// SHA-256 of the file that he answered for.
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

impl DrawView {
    /// Says that the file which the owner answered for is here.
    fn confirm(&mut self) {
        self.state = DrawState::Answered;
        self.ruled_out = ruled_out(self.shown.into(), self.blocks).map(|share| share.millionths());
    }

    /// Looks for the file that the owner of the dataset answered for. While the storage does not say, it stays a claim:
    /// a list is more than its samples.
    async fn look(&mut self, samples: &Samples, dataset: Hash) {
        let (Some(seed), Some(digest)) = (self.seed, self.digest) else { return };
        match samples.answered(dataset, seed, digest, self.shown).await {
            Ok(Some(_)) => self.confirm(),
            Ok(None) => {}
            Err(error) => tracing::warn!(%dataset, %error, "could not look for a fair sample"),
        }
    }
}

/// The fair sample of a dataset as the chain has it: an answer is a claim until [`App::confirm`] has found the file.
fn draw(kv: &dyn KvStore, dataset: &Dataset) -> Result<DrawView, KvError> {
    let seed = queries::seed(kv, dataset.registered_at)?;
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

/// The fair sample of a dataset by its id.
pub(super) fn draw_of(kv: &dyn KvStore, id: Hash) -> Result<Option<DrawView>, KvError> {
    queries::dataset(kv, id)?.map(|dataset| draw(kv, &dataset)).transpose()
}

pub(crate) fn dataset(
    kv: &dyn KvStore,
    search: &SearchIndex,
    dataset: Dataset,
) -> Result<DatasetView, KvError> {
    let summary = search.summary(dataset.metadata);
    let (title, rows, format) =
        summary.map_or((None, None, None), |known| (Some(known.title), known.rows, known.format));
    let draw = draw(kv, &dataset)?;
    Ok(DatasetView { owner_name: name(kv, dataset.owner)?, title, rows, format, draw, dataset })
}

impl App {
    /// Looks for the files that owners answered for.
    pub(crate) async fn confirm(&self, draws: impl IntoIterator<Item = (Hash, &mut DrawView)>) {
        let looks: Vec<_> =
            draws.into_iter().map(|(dataset, draw)| draw.look(&self.samples, dataset)).collect();
        futures::stream::iter(looks).buffer_unordered(AT_ONCE).collect().await
    }

    /// A dataset with what belongs to it.
    pub(crate) async fn dataset_detail(&self, id: Hash) -> Result<Option<DatasetDetail>, Problem> {
        let search = self.search.clone();
        let read = move |kv: &dyn KvStore| {
            let Some(found) = queries::dataset(kv, id)? else { return Ok(None) };
            let page = PageRequest { after: None, limit: LISTED };
            let parents = queries::parents(kv, id, MAX_PARENTS as usize)?;
            let version_of = parents.iter().find(|parent| parent.relation == "new_version_of");
            Ok::<_, KvError>(Some(DatasetDetail {
                view: dataset(kv, &search, found)?,
                version_of: version_of.map(|parent| parent.parent),
                royalties: queries::royalties(kv, id)?,
                versions: queries::versions(kv, id, &page)?.items,
                handovers: queries::handovers(kv, id, &page)?.items,
                handover_to: queries::pending_handover(kv, id)?,
                parents,
                document: None,
                samples: SamplesView::default(),
            }))
        };
        let Some(mut detail) = self.read_model.run(read).await? else { return Ok(None) };
        detail.document = self.documents.metadata(detail.view.dataset.metadata).await?;
        detail.samples = self.samples_of(id).await?;
        if detail.samples.fair.is_some() {
            detail.view.draw.confirm();
        }
        Ok(Some(detail))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        follower::Status,
        kv::MemoryStore,
        read_model::ReadModel,
        storage::{LocalStorage, Quota},
    };

    #[tokio::test]
    async fn a_store_that_fails_leaves_an_answer_a_claim() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sample-notes"), "no folder").unwrap();
        let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        let (storage, quota) =
            (Arc::new(LocalStorage::open(folder.path()).unwrap()), Arc::new(Quota::new(0)));
        let samples = Samples::new(storage, read_model, quota, Status::default());
        let (dataset, seed, digest) = (Hash([1; 32]), Hash([2; 32]), Hash([3; 32]));
        assert!(samples.answered(dataset, seed, digest, 1).await.is_err());
        let claimed = DrawView {
            state: DrawState::Claimed,
            seed: Some(seed),
            blocks: 9,
            shown: 1,
            digest: Some(digest),
            ruled_out: None,
        };
        let mut draw = claimed.clone();
        draw.look(&samples, dataset).await;
        assert_eq!(draw, claimed);
    }
}
