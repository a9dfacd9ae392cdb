//! What stands beside a dataset on its page: the fair sample, royalties, versions, handovers.

use super::{company_href, dataset_href, name, words};
use crate::{
    http::{
        views::{DatasetDetail, DrawState, DrawView},
        App,
    },
    kv::{KvError, KvStore},
    model::{Dataset, Handover, Hash},
    read_model::queries,
};

/// A line with a link.
pub(super) struct Line {
    pub(super) before: String,
    pub(super) link: String,
    pub(super) href: String,
    pub(super) after: String,
}

/// The fair sample in words.
pub(super) struct Draw {
    pub(super) text: String,
    pub(super) bad: bool,
    /// Where the sample is, if it was answered.
    pub(super) href: Option<String>,
    /// How many unanswered draws its owner holds, if any.
    pub(super) held: Option<String>,
    /// How many of those that its registrant registered were never answered, if any.
    pub(super) registered: Option<String>,
}

pub(super) fn draw(kv: &dyn KvStore, dataset: &Dataset, view: &DrawView) -> Result<Draw, KvError> {
    let blocks = words::number(view.blocks.into());
    let text = match (view.state, view.ruled_out) {
        (DrawState::Waiting, _) => {
            "아직 추첨되지 않았습니다. The chain has not drawn the blocks of the fair sample yet.".to_owned()
        }
        (DrawState::Unanswered, _) => {
            "추첨되었으나 소유자가 공개하지 않았습니다. The chain drew blocks; the owner has not shown them."
                .to_owned()
        }
        (DrawState::Claimed, _) => {
            let shown = words::number(view.shown.into());
            format!(
                "소유자는 추첨된 {shown}개 블록을 공개했다고 하나, 이 서비스에는 그 파일이 없습니다. The owner says that \
                 {shown} of the drawn blocks are shown; this service has no such file, and nothing is ruled out."
            )
        }
        (DrawState::Answered, Some(0)) => {
            format!("모든 블록({blocks})을 공개했습니다. All {blocks} blocks are shown.")
        }
        (DrawState::Answered, ruled_out) => {
            let shown = words::number(view.shown.into());
            let share = words::share(coarse(ruled_out.unwrap_or(1_000_000)));
            format!(
                "체인이 추첨한 {shown}개 블록(전체 {blocks}개)을 공개했습니다. 이 블록들이 온전하면, 불량 블록이 {share} 이상일 \
                 가능성은 99 % 신뢰도로 배제됩니다. {shown} of {blocks} blocks are shown, drawn by the chain. If they are \
                 good, they rule out with 99 % confidence that {share} or more of all blocks are bad."
            )
        }
    };
    Ok(Draw {
        text,
        bad: matches!(view.state, DrawState::Unanswered | DrawState::Claimed),
        href: (view.state == DrawState::Answered)
            .then(|| format!("/v1/datasets/{}/samples/fair", dataset.id)),
        held: unanswered(queries::held_unanswered(kv, dataset.owner)?),
        registered: unanswered(queries::registered_unanswered(kv, dataset.registrant)?),
    })
}

/// A share that is ruled out, to a tenth of a per cent: rounded up, so that what is said stays true.
fn coarse(millionths: u32) -> u32 {
    millionths.div_ceil(1000).saturating_mul(1000)
}

/// How many draws are unanswered, if any.
pub(super) fn unanswered(draws: queries::UnansweredDraws) -> Option<String> {
    let more = if draws.more { "+" } else { "" };
    (draws.count > 0).then(|| format!("{}{more}", words::number(draws.count.into())))
}

/// Its title, or the beginning of its id.
fn title(kv: &dyn KvStore, app: &App, id: Hash) -> Result<String, KvError> {
    Ok(app.title(kv, id)?.unwrap_or_else(|| words::short(id)))
}

/// The royalties that each sale pays.
pub(super) fn royalties(kv: &dyn KvStore, app: &App, detail: &DatasetDetail) -> Result<Vec<Line>, KvError> {
    let line = |royalty: &crate::model::RoyaltyShare| {
        Ok(Line {
            before: words::share(royalty.share),
            link: title(kv, app, royalty.dataset)?,
            href: dataset_href(royalty.dataset),
            after: String::new(),
        })
    };
    detail.royalties.iter().map(line).collect()
}

/// The versions, older first: the one that it is a version of, and those that are versions of it.
pub(super) fn versions(kv: &dyn KvStore, app: &App, detail: &DatasetDetail) -> Result<Vec<Line>, KvError> {
    let mut lines = Vec::new();
    if let Some(older) = detail.version_of {
        lines.push(Line {
            before: "이전 버전 Continues".to_owned(),
            link: title(kv, app, older)?,
            href: dataset_href(older),
            after: "온전한 블록은 그대로 Its whole blocks are proved unchanged".to_owned(),
        });
    }
    for version in &detail.versions {
        lines.push(Line {
            before: format!("새 버전 Continued by, version {}", version.index.saturating_add(1)),
            link: title(kv, app, version.version)?,
            href: dataset_href(version.version),
            after: String::new(),
        });
    }
    Ok(lines)
}

/// How it went from owner to owner.
pub(super) fn handovers(kv: &dyn KvStore, handovers: &[Handover]) -> Result<Vec<Line>, KvError> {
    let line = |handover: &Handover| {
        Ok(Line {
            before: format!("{} →", name(kv, handover.from)?),
            link: name(kv, handover.to)?,
            href: company_href(handover.to),
            after: words::time(handover.at, Some(handover.time_ms)),
        })
    };
    handovers.iter().map(line).collect()
}
