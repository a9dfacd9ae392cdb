//! Who acted for which company in a period.

use wonbon_audit::Period;
use wonbon_model::AccountId;

use super::{blocks_of, is_auditor, AuditError};
use crate::{
    kv::KvStore,
    read_model::queries::{self, ActEntry, Page, PageRequest},
};

/// Which acts an auditor wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct ActFilter {
    /// Of which time.
    pub period: Period,
    /// Only acts for this company.
    pub company: Option<AccountId>,
    /// Only acts by this account.
    pub member: Option<AccountId>,
}

/// A page of the acts of members, oldest first, for auditors.
pub fn acts(
    kv: &dyn KvStore,
    filter: &ActFilter,
    who: AccountId,
    request: PageRequest,
) -> Result<Page<ActEntry>, AuditError> {
    if !is_auditor(kv, who)? {
        return Err(AuditError::NotAnAuditor);
    }
    let Some((first, last)) = blocks_of(kv, &filter.period)? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let after = request.after.unwrap_or_else(|| queries::acts_from(filter.company, first));
    Ok(queries::acts_after(kv, (filter.company, filter.member), after, last, request.limit)?)
}
