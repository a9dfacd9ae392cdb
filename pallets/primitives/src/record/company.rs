//! Companies that act through people, and those people.

use super::Amount;
use crate::{bounds::AdminsBound, company::RegistrationNumber, membership::MemberRoles, BoundedVec, Digest};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A company without a key of its own. Its profile and standing are its [`super::Participant`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Company<AccountId, Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// Its number, from which its account follows.
    #[codec(compact)]
    pub index: u32,
    /// When it was established.
    #[codec(compact)]
    pub established_at: BlockNumber,
    /// How many members it has.
    #[codec(compact)]
    pub members: u32,
    /// Those of them who are admins, in the order in which they became so.
    pub admins: BoundedVec<AccountId, AdminsBound>,
    /// How many memberships there ever were: the generation of the next.
    #[codec(compact)]
    pub memberships: u32,
    /// How many registration numbers it had before the present one.
    #[codec(compact)]
    pub former_numbers: u32,
    /// What is on hold for the accounts of those who ever were its members.
    #[codec(compact)]
    pub deposit: Balance,
    /// How often it was recovered.
    #[codec(compact)]
    pub recoveries: u32,
    /// When that was last.
    pub recovered_at: Option<BlockNumber>,
}

/// A person, or a machine, who acts for a company.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Member<Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// What they may do.
    pub roles: MemberRoles,
    /// Won a day, see [`crate::membership::Joining::day_limit`].
    #[codec(compact)]
    pub day_limit: Balance,
    /// X25519 public key, to which the company's secrets are encrypted.
    pub key: [u8; 32],
    /// Which of the company's memberships this is: a transaction names it, so that none outlives a membership.
    #[codec(compact)]
    pub generation: u32,
    /// When they joined.
    #[codec(compact)]
    pub joined_at: BlockNumber,
}

/// What a member's calls took of the company's money on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Spending<Balance: Amount> {
    /// The day, counted from 1970-01-01, in Korea.
    #[codec(compact)]
    pub day: u32,
    /// Won.
    #[codec(compact)]
    pub amount: Balance,
}

/// A new admin for a company that lost its keys, who comes in when nobody objects.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Recovery<AccountId, Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// Who is to become admin.
    pub admin: AccountId,
    /// What they will be allowed to do.
    pub roles: MemberRoles,
    /// Won a day.
    #[codec(compact)]
    pub day_limit: Balance,
    /// Their X25519 public key.
    pub key: [u8; 32],
    /// When the registrar proposed it.
    #[codec(compact)]
    pub proposed_at: BlockNumber,
    /// From when it can be completed.
    #[codec(compact)]
    pub due_at: BlockNumber,
    /// Whether a member objected: then only the council's large majority completes it.
    pub objected: bool,
}

/// A registration number that a company does not have any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct FormerNumber<BlockNumber: Amount> {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// The number.
    pub number: RegistrationNumber,
    /// Until when it was the company's.
    #[codec(compact)]
    pub until: BlockNumber,
}

/// An epoch of a company's secrets. The secret itself is with the members alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct SecretEpoch<BlockNumber: Amount> {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// Commitment to the secret, by which members know it.
    pub commitment: Digest,
    /// How many of the company's memberships had ended when it began: once more have, the next is due.
    #[codec(compact)]
    pub ended: u32,
    /// When it began.
    #[codec(compact)]
    pub begun_at: BlockNumber,
}

/// Whoever does the registrar's daily work: establishing and verifying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Clerk {
    /// Layout of this record, [`super::COMPANY_LAYOUT`].
    pub version: u8,
    /// How many decisions a day.
    #[codec(compact)]
    pub daily: u32,
    /// The day of the last one, as in [`Spending::day`].
    #[codec(compact)]
    pub day: u32,
    /// How many there were on that day.
    #[codec(compact)]
    pub decided: u32,
}
