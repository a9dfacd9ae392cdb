//! Companies, as they stand on the chain.

use super::Name;
use crate::company::{Ksic, Region, RegistrationNumber, Role, Roles, SizeClass};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a company says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Profile {
    /// The company's name: UTF-8, not blank, no control characters, no space at either end.
    pub name: Name,
    /// Business registration number (사업자등록번호). It identifies the company; the registrar alone
    /// changes it.
    pub registration_number: RegistrationNumber,
    /// Main industry (KSIC, 한국표준산업분류).
    pub ksic: Ksic,
    /// Size class.
    pub size: SizeClass,
    /// Where its seat is.
    pub region: Region,
    /// What it wants to do here. Auditors and inspectors need accreditation as well.
    pub roles: Roles,
}

/// Where a participant stands with the registrar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Standing {
    /// Registered; the registrar has not confirmed who it is.
    Pending,
    /// The registrar has confirmed that the account speaks for the company.
    Verified,
    /// The registrar has taken its rights away for now. What it did before stands.
    Suspended,
}

/// A company with an account here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Participant<Balance, BlockNumber> {
    /// Layout of this record, [`super::PARTICIPANT_LAYOUT`].
    pub version: u8,
    /// What the company says about itself.
    pub profile: Profile,
    /// Where it stands with the registrar.
    pub standing: Standing,
    /// Whether the registrar has accredited it for those of its roles that need it.
    pub accredited: bool,
    /// When it registered.
    pub registered_at: BlockNumber,
    /// When its profile, standing or accreditation last changed.
    pub changed_at: BlockNumber,
    /// What is on hold for this record.
    pub deposit: Balance,
}

impl<Balance, BlockNumber> Participant<Balance, BlockNumber> {
    /// Whether it has the rights of this role now.
    pub fn may_act_as(&self, role: Role) -> bool {
        self.standing == Standing::Verified
            && self.profile.roles.contains(role)
            && (self.accredited || !role.needs_accreditation())
    }
}
