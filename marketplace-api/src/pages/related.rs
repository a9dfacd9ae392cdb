//! What is related to a dataset, as lines of its page: royalties, versions, handovers.

use wonbon_model::json::{Handover, RoyaltyShare};

use super::{company_href, dataset_href, name, title, words};
use crate::catalogue::{self, Catalogue, DatasetDetail};

/// A line with a link.
pub(super) struct Line {
    pub(super) before: String,
    pub(super) link: String,
    pub(super) href: String,
    pub(super) after: String,
}

/// The royalties that each sale pays.
pub(super) fn royalties(catalogue: Catalogue<'_>, detail: &DatasetDetail) -> catalogue::Result<Vec<Line>> {
    let line = |royalty: &RoyaltyShare| {
        Ok(Line {
            before: words::share(royalty.share),
            link: title(catalogue, royalty.dataset)?,
            href: dataset_href(royalty.dataset),
            after: String::new(),
        })
    };
    detail.royalties.iter().map(line).collect()
}

/// The versions, older first: the one that it is a version of, and those that are versions of it.
pub(super) fn versions(catalogue: Catalogue<'_>, detail: &DatasetDetail) -> catalogue::Result<Vec<Line>> {
    let mut lines = Vec::new();
    if let Some(older) = detail.version_of {
        lines.push(Line {
            before: "이전 버전 Continues".to_owned(),
            link: title(catalogue, older)?,
            href: dataset_href(older),
            after: "온전한 블록은 그대로 Its whole blocks are proved unchanged".to_owned(),
        });
    }
    for version in &detail.versions {
        lines.push(Line {
            before: format!("새 버전 Continued by, version {}", u64::from(version.index) + 1),
            link: title(catalogue, version.version)?,
            href: dataset_href(version.version),
            after: String::new(),
        });
    }
    Ok(lines)
}

/// How it went from owner to owner.
pub(super) fn handovers(catalogue: Catalogue<'_>, detail: &DatasetDetail) -> catalogue::Result<Vec<Line>> {
    let line = |handover: &Handover| {
        Ok(Line {
            before: format!("{} →", name(catalogue, handover.from)?),
            link: name(catalogue, handover.to)?,
            href: company_href(handover.to),
            after: words::time(handover.at, handover.time_ms),
        })
    };
    detail.handovers.iter().map(line).collect()
}
