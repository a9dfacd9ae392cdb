//! Companies that act through people, and those people.

use super::{MemberRole, Word};
use crate::{record, text, AccountId, CompanyFacts, Hash};

forms! {
    /// What a company is that acts through people. Who it is, its participant says.
    Company(facts: &CompanyFacts) {
        /// Its number, counted from 0, from which its account follows.
        index: u32 = facts.record.index;
        /// Block in which it was established.
        established_at: u32 = facts.record.established_at;
        /// How many members it has.
        members: u32 = facts.record.members;
        /// Those of them who are admins.
        admins: Vec<AccountId> = facts.record.admins.to_vec();
        /// Won on hold for the accounts of those who ever were its members.
        deposit: u128 = facts.record.deposit;
        /// How often it got a new admin because its keys were lost.
        recoveries: u32 = facts.record.recoveries;
        /// Block in which that was last.
        recovered_at: Option<u32> = facts.record.recovered_at;
        /// The new admin that is proposed for it, if one is.
        recovery: Option<Recovery> = facts.recovery.as_ref().map(Recovery::new);
        /// The registration numbers that it had before, oldest first.
        former_numbers: Vec<FormerNumber> = facts.former_numbers.iter().map(FormerNumber::new).collect();
    }

    /// A new admin for a company that lost its keys, who comes in when nobody objects.
    Recovery(record: &record::Recovery) {
        /// Who is to become admin.
        admin: AccountId = record.admin;
        /// Block in which the registrar proposed it.
        proposed_at: u32 = record.proposed_at;
        /// Block from which it can be completed.
        due_at: u32 = record.due_at;
        /// Whether a member objected: then only a large majority of the council completes it.
        objected: bool = record.objected;
    }

    /// A registration number that a company does not have any more.
    FormerNumber(record: &record::FormerNumber) {
        /// Ten digits.
        registration_number: String = text(record.number.digits());
        /// Block until which it was the company's.
        until: u32 = record.until;
    }

    /// A person, or a machine, who acts for a company.
    Member(key: (AccountId, AccountId), record: &record::Member) {
        /// The company.
        company: AccountId = key.0;
        /// The account whose key signs.
        member: AccountId = key.1;
        /// What they may do.
        roles: Vec<MemberRole> = record.roles.iter().map(Word).collect();
        /// Won a day of the company's money that their calls may take.
        day_limit: u128 = record.day_limit;
        /// X25519 public key, to which the company's secrets are encrypted.
        key: Hash = record.key.into();
        /// Which of the company's memberships this is.
        generation: u32 = record.generation;
        /// Block in which they joined.
        joined_at: u32 = record.joined_at;
    }
}
