//! The fair sample of a dataset: blocks that the chain drew, and that the owner may show.

use crate::{record, words::amount::share, Digest, Hash};
use serde::Serialize;
use wonbon_primitives::{content::block_count, sample::ruled_out};

/// Whether the fair sample was drawn and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DrawState {
    /// Not drawn yet.
    Waiting,
    /// Drawn; the owner has not shown the blocks.
    Unanswered,
    /// The owner says on the chain that the drawn blocks are shown; whoever tells this has not seen the file.
    Claimed,
    /// The owner has shown some of the drawn blocks: whoever tells this has the file and has checked it.
    Answered,
}

/// The fair sample of a dataset: blocks that the chain drew, and that the owner may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = DrawView))]
pub struct Draw {
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

impl Draw {
    /// The fair sample as far as the chain tells: an answer is the owner's claim, and rules nothing out before the
    /// file is [checked](Self::confirm).
    pub fn new(record: &record::Dataset, seed: Option<Digest>) -> Self {
        let answer = record.sample.as_ref();
        Self {
            state: match (answer, seed) {
                (Some(_), _) => DrawState::Claimed,
                (None, Some(_)) => DrawState::Unanswered,
                (None, None) => DrawState::Waiting,
            },
            seed: seed.map(Hash),
            blocks: block_count(record.length),
            shown: answer.map_or(0, |answer| answer.blocks),
            digest: answer.map(|answer| answer.digest.into()),
            ruled_out: None,
        }
    }

    /// Says that the file which the owner answered for was checked.
    pub fn confirm(&mut self) {
        self.state = DrawState::Answered;
        self.ruled_out = ruled_out(self.shown.into(), self.blocks).map(|share| share.millionths());
    }

    /// The share that it rules out, to a tenth of a per cent: rounded up, so that what is said stays true.
    pub fn ruled_out_words(&self) -> String {
        share(self.ruled_out.unwrap_or(1_000_000).div_ceil(1000) * 1000)
    }
}
