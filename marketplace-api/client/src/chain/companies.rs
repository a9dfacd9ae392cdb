//! The state of the chain at one block: companies that act through people, and those people.

use super::error::Result;
use super::storage_key::{key, shown, Name};
use super::{ChainError, Unproved, View};
use crate::keys::Membership;
use wonbon_model::words::time::Time;
use wonbon_model::{AccountId, Balance, Clerk, FormerNumber, Member, MemberRole, SecretEpoch};

const MEMBERS: Name = ("Participants", "Members");
const SECRET_EPOCHS: Name = ("Participants", "SecretEpochs");

/// A member of a company, with their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyMember {
    /// Whose key signs.
    pub account: AccountId,
    /// What they may do.
    pub record: Member,
}

/// What a member's acts may take of their company's money on the day of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayLimit {
    /// In all.
    pub limit: Balance,
    /// What is left of it.
    pub left: Balance,
}

impl View {
    /// Under what somebody acts for a company; `None` if they are no member of it.
    pub async fn membership(&self, company: &AccountId, member: &AccountId) -> Result<Option<Membership>> {
        let record = self.member(company, member).await?;
        Ok(record.map(|record| Membership { company: *company, generation: record.generation }))
    }

    /// What a member may take of their company's money, today in Korea; `None` if they are no member of it.
    pub async fn day_limit(&self, company: &AccountId, member: &AccountId) -> Result<Option<DayLimit>> {
        self.announce([
            (MEMBERS, vec![key(company), key(member)]),
            (("Participants", "Spendings"), vec![key(company), key(member)]),
            (("Timestamp", "Now"), vec![]),
        ])
        .await?;
        let Some(record) = self.member(company, member).await? else { return Ok(None) };
        let today = Time::from_millis(self.time_ms().await?).unwrap_or(Time::LAST).korean_day_number();
        let spending = self.spending(company, member).await?.filter(|spending| spending.day == today);
        let spent = spending.map_or(0, |spending| spending.amount);
        let limit = record.day_limit;
        Ok(Some(DayLimit { limit, left: limit.saturating_sub(spent) }))
    }

    /// Whether the chain keeps an account for ever because it was, or is, a member of some company.
    pub async fn was_member(&self, account: &AccountId) -> Result<bool> {
        Ok(self.ended_count(account).await?.is_some())
    }

    /// The members of a company, in the order in which they joined. The node's list of them is compared with how many
    /// there are.
    pub async fn members(&self, company: &AccountId) -> Result<Vec<CompanyMember>> {
        let count = self.company(company).await?.map_or(0, |record| record.members);
        let found: Vec<(AccountId, Member)> = self.walk_below(MEMBERS, vec![key(company)]).await?;
        if u32::try_from(found.len()) != Ok(count) {
            let what = format!("{} of {} entries of {}", found.len(), count, shown(MEMBERS));
            return Err(Unproved::List(what).into());
        }
        let mut members: Vec<_> =
            found.into_iter().map(|(account, record)| CompanyMember { account, record }).collect();
        members.sort_by_key(|member| member.record.generation);
        Ok(members)
    }

    /// How many memberships of an account, in whatever company, have ended: what it signs to join names this.
    pub async fn ended_memberships(&self, account: &AccountId) -> Result<u32> {
        Ok(self.ended_count(account).await?.unwrap_or_default())
    }

    /// The registration numbers that a company had before its present one, the oldest first.
    pub async fn former_numbers(&self, company: &AccountId) -> Result<Vec<FormerNumber>> {
        let count = self.company(company).await?.map_or(0, |record| record.former_numbers);
        self.list(("Participants", "FormerNumbers"), company, count).await
    }

    /// The epochs of a company's secrets, from the first on.
    pub async fn secret_epochs(&self, company: &AccountId) -> Result<Vec<SecretEpoch>> {
        let count = self.secret_epoch_count(company).await?.unwrap_or_default();
        self.announce((1..=count).map(|epoch| (SECRET_EPOCHS, vec![key(company), key(epoch)]))).await?;
        let mut epochs = Vec::new();
        for epoch in 1..=count {
            let found = self.secret_epoch(company, epoch).await?;
            epochs.push(found.ok_or_else(|| {
                ChainError::undecodable(shown(SECRET_EPOCHS), format!("epoch {epoch} of {count} is missing"))
            })?);
        }
        Ok(epochs)
    }

    /// Who does the registrar's daily work. A node can leave one out.
    pub async fn clerks(&self) -> Result<Vec<(AccountId, Clerk)>> {
        self.walk(("Participants", "Clerks")).await
    }
}

impl CompanyMember {
    /// Whether they have this role.
    pub fn has(&self, role: MemberRole) -> bool {
        self.record.roles.contains(role)
    }
}
