//! Companies, with what those are that act through people, how many draws of fair samples they left unanswered, and what
//! royalties they got.

use serde::Serialize;
use utoipa::ToSchema;

use wonbon_model::{json, AccountId};

use super::Catalogue;
use crate::{kv::KvError, read_model::queries};

/// A company with what is to be known before dealing with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParticipantDetail {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub participant: json::Participant,
    #[serde(flatten)]
    #[schema(inline)]
    #[allow(missing_docs)]
    pub draws: json::CompanyDraws,
    #[serde(flatten)]
    #[schema(inline)]
    #[allow(missing_docs)]
    pub royalties: json::RoyaltiesReceived,
    /// What it is if it acts through people; `null` of an account that acts for itself.
    pub company: Option<json::Company>,
}

/// Most former registration numbers that stand with a company.
const MAX_FORMER_NUMBERS: usize = 100;

impl Catalogue<'_> {
    /// A company; `None` if the account is not registered.
    pub fn participant(&self, account: AccountId) -> Result<Option<ParticipantDetail>, KvError> {
        let Some(record) = queries::participant(self.kv, account)? else { return Ok(None) };
        let held = queries::held_unanswered(self.kv, account)?;
        let registered = queries::registered_unanswered(self.kv, account)?;
        let facts = queries::company_facts(self.kv, account, MAX_FORMER_NUMBERS)?;
        Ok(Some(ParticipantDetail {
            participant: json::Participant::new(account, &record),
            draws: json::CompanyDraws {
                unanswered_draws: held.count,
                more_unanswered_draws: held.more,
                registered_unanswered_draws: registered.count,
                more_registered_unanswered_draws: registered.more,
            },
            royalties: queries::received_by(self.kv, account)?,
            company: facts.as_ref().map(json::Company::new),
        }))
    }
}
