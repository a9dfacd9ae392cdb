//! Companies that act through people, and those people.

use super::{MemberRole, Word};
use crate::{record, text, AccountId, Hash};

forms! {
    /// A company that acts through people: who may decide for it, and how often its keys were lost.
    Company(account: AccountId, record: &record::Company) {
        /// Its account, which has no key.
        account: AccountId = account;
        /// Its number among such companies, from 0.
        index: u32 = record.index;
        /// Block in which it was established.
        established_at: u32 = record.established_at;
        /// How many members it has.
        members: u32 = record.members;
        /// The members who are admins.
        admins: Vec<AccountId> = record.admins.to_vec();
        /// How many registration numbers it had before the present one.
        former_numbers: u32 = record.former_numbers;
        /// Won on hold for the accounts of those who ever were its members.
        deposit: u128 = record.deposit;
        /// How often a new admin came in because its keys were lost.
        recoveries: u32 = record.recoveries;
        /// Block of the last recovery.
        recovered_at: Option<u32> = record.recovered_at;
    }

    /// A person, or a machine, who acts for a company.
    Member(account: AccountId, record: &record::Member) {
        /// The account whose key signs.
        account: AccountId = account;
        /// What they may do in the company's name.
        roles: Vec<MemberRole> = record.roles.iter().map(Word).collect();
        /// Won a day, in Korea, that their calls may take of the company's money.
        day_limit: u128 = record.day_limit;
        /// X25519 public key, to which the company's secrets are encrypted for them.
        key: Hash = record.key.into();
        /// Which of the company's memberships it is.
        generation: u32 = record.generation;
        /// Block in which they joined.
        joined_at: u32 = record.joined_at;
    }

    /// A new admin who is proposed for a company that lost its keys.
    Recovery(company: AccountId, record: &record::Recovery) {
        /// The company.
        company: AccountId = company;
        /// Who is to become admin.
        admin: AccountId = record.admin;
        /// Won a day that their calls may take then.
        day_limit: u128 = record.day_limit;
        /// Their X25519 public key.
        key: Hash = record.key.into();
        /// Block in which it was proposed.
        proposed_at: u32 = record.proposed_at;
        /// Block from which it can be completed.
        due_at: u32 = record.due_at;
        /// Whether a member objected: then only the council's large majority completes it.
        objected: bool = record.objected;
    }

    /// A registration number that a company does not have any more.
    FormerNumber(record: &record::FormerNumber) {
        /// Business registration number (사업자등록번호), ten digits.
        registration_number: String = text(record.number.digits());
        /// Block until which it was the company's.
        until: u32 = record.until;
    }

    /// Somebody who does the registrar's daily work.
    Clerk(account: AccountId, record: &record::Clerk) {
        /// The account.
        account: AccountId = account;
        /// How many decisions they may take a day.
        daily: u32 = record.daily;
    }
}
