//! How many draws the companies behind a dataset left unanswered.

use wonbon_model::AccountId;

use super::words;
use crate::{
    catalogue::{self, Catalogue},
    read_model::queries::{self, UnansweredDraws},
};

/// How many draws the companies behind a dataset left unanswered; `None` for none.
pub(super) struct Unanswered {
    /// Of the datasets that its owner, or the company, holds.
    pub(super) held: Option<String>,
    /// Of those that its registrant registered, whoever holds them now.
    pub(super) registered: Option<String>,
}

impl Unanswered {
    pub(super) fn count(
        catalogue: Catalogue<'_>,
        owner: AccountId,
        registrant: AccountId,
    ) -> catalogue::Result<Self> {
        let held = unanswered(queries::held_unanswered(catalogue.kv, owner)?);
        let registered = unanswered(queries::registered_unanswered(catalogue.kv, registrant)?);
        Ok(Self { held, registered })
    }
}

/// How many draws are unanswered, if any.
fn unanswered(draws: UnansweredDraws) -> Option<String> {
    let more = if draws.more { "+" } else { "" };
    (draws.count > 0).then(|| format!("{}{more}", words::number(draws.count)))
}
