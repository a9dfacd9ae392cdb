//! Samples of datasets, and the rest of what lies in the store and not in the read model.

use futures::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{json::Draw, Hash};

use crate::samples::{Note, SampleError, Samples};

/// Samples of a list that are looked for at once.
const CONCURRENT_LOOKUPS: usize = 16;

/// The samples of a dataset that are stored here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SamplesView)]
pub struct SampleNotes {
    /// Blocks that the owner chose to show.
    pub chosen: Option<Note>,
    /// Blocks that the chain drew, in the file that the owner answered for.
    pub fair: Option<Note>,
}

impl SampleNotes {
    /// Looks for them. Which file is the fair one, the draw says.
    pub async fn find(samples: &Samples, dataset: Hash, draw: &Draw) -> Result<Self, SampleError> {
        Ok(Self {
            chosen: samples.chosen_note(dataset).await?,
            fair: match (draw.seed, draw.digest) {
                (Some(seed), Some(digest)) => samples.answered(dataset, seed, digest, draw.shown).await?,
                _ => None,
            },
        })
    }
}

/// Looks for the file that the owner of the dataset answered for. While the store does not say, it stays a claim: a
/// list is more than its samples.
async fn look(draw: &mut Draw, samples: &Samples, dataset: Hash) {
    let (Some(seed), Some(digest)) = (draw.seed, draw.digest) else { return };
    match samples.answered(dataset, seed, digest, draw.shown).await {
        Ok(Some(_)) => draw.confirm(),
        Ok(None) => {}
        Err(error) => tracing::warn!(%dataset, %error, "could not look for a fair sample"),
    }
}

/// Looks for the files that owners answered for.
pub async fn confirm(samples: &Samples, draws: impl IntoIterator<Item = (Hash, &mut Draw)>) {
    let looks: Vec<_> = draws.into_iter().map(|(dataset, draw)| look(draw, samples, dataset)).collect();
    futures::stream::iter(looks).buffer_unordered(CONCURRENT_LOOKUPS).collect().await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wonbon_model::json::DrawState;

    use super::*;
    use crate::{
        follower::Status,
        kv::MemoryStore,
        read_model::ReadModel,
        state::State,
        storage::{LocalStorage, Quota},
    };

    #[tokio::test]
    async fn a_store_that_fails_leaves_an_answer_a_claim() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sample-notes"), "no folder").unwrap();
        let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        let storage = Arc::new(LocalStorage::open(folder.path()).unwrap());
        let quota = Arc::new(Quota::new(0, State::new(Arc::new(MemoryStore::new()))));
        let samples = Samples::new(storage, read_model, quota, Status::default());
        let (dataset, seed, digest) = (Hash([1; 32]), Hash([2; 32]), Hash([3; 32]));
        assert!(samples.answered(dataset, seed, digest, 1).await.is_err());
        let claimed = Draw {
            state: DrawState::Claimed,
            seed: Some(seed),
            blocks: 9,
            shown: 1,
            digest: Some(digest),
            ruled_out: None,
        };
        let mut draw = claimed.clone();
        look(&mut draw, &samples, dataset).await;
        assert_eq!(draw, claimed);
    }
}
