//! The fair sample of a dataset in words: whether it was drawn and answered, and what that says.

use wonbon_model::json::{Dataset, Draw, DrawState};

use super::words;
use crate::{
    catalogue::{self, Catalogue},
    read_model::queries::{self, UnansweredDraws},
};

/// How many draws the companies behind a dataset left unanswered; `None` for none.
pub(super) struct Unanswered {
    /// Of the datasets that its owner holds.
    held: Option<String>,
    /// Of those that its registrant registered, whoever holds them now.
    registered: Option<String>,
}

impl Unanswered {
    pub(super) fn count(catalogue: Catalogue<'_>, dataset: &Dataset) -> catalogue::Result<Self> {
        let kv = catalogue.kv;
        Ok(Self {
            held: unanswered(queries::held_unanswered(kv, dataset.owner)?),
            registered: unanswered(queries::registered_unanswered(kv, dataset.registrant)?),
        })
    }
}

/// The fair sample in words.
pub(super) struct FairSample {
    pub(super) text: String,
    pub(super) bad: bool,
    /// Where the sample is, if it was answered.
    pub(super) href: Option<String>,
    /// How many unanswered draws its owner holds, if any.
    pub(super) held: Option<String>,
    /// How many of those that its registrant registered were never answered, if any.
    pub(super) registered: Option<String>,
}

pub(super) fn describe(dataset: &Dataset, view: &Draw, unanswered: Unanswered) -> FairSample {
    let blocks = words::number(view.blocks);
    let text = match (view.state, view.ruled_out) {
        (DrawState::Waiting, _) => {
            "아직 추첨되지 않았습니다. The chain has not drawn the blocks of the fair sample yet.".to_owned()
        }
        (DrawState::Unanswered, _) => {
            "추첨되었으나 소유자가 공개하지 않았습니다. The chain drew blocks; the owner has not shown them."
                .to_owned()
        }
        (DrawState::Claimed, _) => {
            let shown = words::number(view.shown);
            format!(
                "소유자는 추첨된 {shown}개 블록을 공개했다고 하나, 이 서비스에는 그 파일이 없습니다. The owner says that \
                 {shown} of the drawn blocks are shown; this service has no such file, and nothing is ruled out."
            )
        }
        (DrawState::Answered, Some(0)) => {
            format!("모든 블록({blocks})을 공개했습니다. All {blocks} blocks are shown.")
        }
        (DrawState::Answered, ruled_out) => {
            let shown = words::number(view.shown);
            let share = words::share(coarse(ruled_out.unwrap_or(1_000_000)));
            format!(
                "체인이 추첨한 {shown}개 블록(전체 {blocks}개)을 공개했습니다. 이 블록들이 온전하면, 불량 블록이 {share} 이상일 \
                 가능성은 99 % 신뢰도로 배제됩니다. {shown} of {blocks} blocks are shown, drawn by the chain. If they are \
                 good, they rule out with 99 % confidence that {share} or more of all blocks are bad."
            )
        }
    };
    FairSample {
        text,
        bad: matches!(view.state, DrawState::Unanswered | DrawState::Claimed),
        href: (view.state == DrawState::Answered)
            .then(|| format!("/v1/datasets/{}/samples/fair", dataset.id)),
        held: unanswered.held,
        registered: unanswered.registered,
    }
}

/// A share that is ruled out, to a tenth of a per cent: rounded up, so that what is said stays true.
fn coarse(millionths: u32) -> u32 {
    millionths.div_ceil(1000) * 1000
}

/// How many draws are unanswered, if any.
pub(super) fn unanswered(draws: UnansweredDraws) -> Option<String> {
    let more = if draws.more { "+" } else { "" };
    (draws.count > 0).then(|| format!("{}{more}", words::number(draws.count)))
}
