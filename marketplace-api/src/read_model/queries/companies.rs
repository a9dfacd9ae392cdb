//! Companies that act through people, from either side: who acts for a company, and for whom an account acts.

use wonbon_model::{
    AccountId, Clerk, Company, CompanyFacts, FormerNumber, Keyed, Member, RegistrationNumber,
};

use super::{page, PageRequest, Records, Result};
use crate::{
    kv::{row::tail, Direction, KvError, KvStore},
    read_model::row::{decode, fetch, Kind},
};

/// What a company is that acts through people, with the first `limit` of its former numbers; `None` of an account that
/// acts for itself.
pub fn company_facts(kv: &dyn KvStore, account: AccountId, limit: usize) -> Result<Option<CompanyFacts>> {
    let found: Option<Company> = fetch(kv, &Kind::Company.key(&[&account]))?;
    let Some(record) = found else { return Ok(None) };
    let former = kv.scan(&Kind::FormerNumber.key(&[&account]), None, Direction::Ascending, limit)?;
    let former: Result<Vec<FormerNumber>> = former.iter().map(|(_, value)| decode(value)).collect();
    let recovery = fetch(kv, &Kind::Recovery.key(&[&account]))?;
    Ok(Some(CompanyFacts { record, recovery, former_numbers: former? }))
}

/// Somebody who acts for a company.
pub fn member(kv: &dyn KvStore, company: AccountId, member: AccountId) -> Result<Option<Member>> {
    fetch(kv, &Kind::Member.key(&[&company, &member]))
}

/// Those who act for a company, by account.
pub fn members(
    kv: &dyn KvStore,
    company: AccountId,
    request: &PageRequest,
) -> Records<(AccountId, AccountId), Member> {
    page(kv, &Kind::Member.key(&[&company]), Direction::Ascending, request, |key, value| {
        Ok(Some(Keyed::new((company, AccountId(tail(key)?)), decode(value)?)))
    })
}

/// What an account is a member of, by company.
pub fn memberships(
    kv: &dyn KvStore,
    account: AccountId,
    request: &PageRequest,
) -> Records<(AccountId, AccountId), Member> {
    page(kv, &Kind::CompanyByMember.key(&[&account]), Direction::Ascending, request, |key, _| {
        let company = AccountId(tail(key)?);
        let found = member(kv, company, account)?.ok_or(KvError::Corrupt("a member is missing"))?;
        Ok(Some(Keyed::new((company, account), found)))
    })
}

/// Whether an account acts for any company.
pub fn is_member_anywhere(kv: &dyn KvStore, account: AccountId) -> Result<bool> {
    Ok(!kv.scan(&Kind::CompanyByMember.key(&[&account]), None, Direction::Ascending, 1)?.is_empty())
}

/// Whether an account does the registrar's daily work.
pub fn is_clerk(kv: &dyn KvStore, account: AccountId) -> Result<bool> {
    Ok(fetch::<Clerk>(kv, &Kind::Clerk.key(&[&account]))?.is_some())
}

/// Most companies of one founder that are looked at.
const MAX_FOUNDED: usize = 256;

/// The company with this registration number that was established with an account as its first member, since a block.
pub fn founded_since(
    kv: &dyn KvStore,
    founder: AccountId,
    number: &RegistrationNumber,
    since: u32,
) -> Result<Option<AccountId>> {
    let rows = kv.scan(&Kind::Established.key(&[&founder]), None, Direction::Ascending, MAX_FOUNDED)?;
    for (key, value) in rows {
        let (at, claimed): (u32, RegistrationNumber) = decode(&value)?;
        if at >= since && claimed == *number {
            return Ok(Some(AccountId(tail(&key)?)));
        }
    }
    Ok(None)
}
