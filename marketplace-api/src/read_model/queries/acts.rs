//! Which member acted for which company, in order: what an auditor goes through.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::AccountId;

use super::{Page, Result, MAX_EXAMINED_ROWS};
use crate::{
    kv::{row::number, rows, KvError, KvStore},
    read_model::row::{fetch, Kind},
};

/// That a member acted for a company. What they did, the chain's events of the same extrinsic say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Act)]
pub struct ActEntry {
    /// The block.
    pub at: u32,
    /// Number of the extrinsic in the block.
    pub extrinsic: u32,
    /// The company.
    pub company: AccountId,
    /// Who acted for it.
    pub member: AccountId,
}

/// Where the acts from a block on begin, in the list of one company or of all.
pub fn acts_from(company: Option<AccountId>, block: u32) -> Vec<u8> {
    match company {
        Some(company) => Kind::ActByCompany.key(&[&company, &block]),
        None => Kind::Act.key(&[&block]),
    }
}

/// The acts of one company or of all, by one member or by any, behind a key, up to a block, oldest first, at most `limit`.
pub fn acts_after(
    kv: &dyn KvStore,
    (company, member): (Option<AccountId>, Option<AccountId>),
    after: Vec<u8>,
    last: u32,
    limit: usize,
) -> Result<Page<ActEntry>> {
    let prefix = match company {
        Some(company) => Kind::ActByCompany.key(&[&company]),
        None => Kind::Act.key(&[]),
    };
    let place = prefix.len();
    let (mut items, mut next, mut examined) = (Vec::new(), None, 0);
    for row in rows(kv, prefix, Some(after)) {
        let (key, _) = row?;
        let (at, index) = (number(&key, place)?, number(&key, place + size_of::<u32>())?);
        if at > last {
            break;
        }
        if items.len() == limit || examined == MAX_EXAMINED_ROWS {
            return Ok(Page { items, next });
        }
        examined += 1;
        let found = fetch(kv, &Kind::Act.key(&[&at, &index]))?;
        let (extrinsic, company, by): (u32, AccountId, AccountId) =
            found.ok_or(KvError::Corrupt("an act is missing"))?;
        if member.is_none_or(|member| member == by) {
            items.push(ActEntry { at, extrinsic, company, member: by });
        }
        next = Some(key);
    }
    Ok(Page { items, next: None })
}
