//! The records of the participants pallet. Every stored record opens with a layout byte, so that a reader
//! from another release can tell a record that it does not understand from a wrong one.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{fungible::Inspect, ConstU32},
    BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use wonbon_primitives::{
    bounds::{NameBound, ReasonBound},
    company::{Ksic, Region, RegistrationNumber, Roles, SizeClass},
};

/// The layout that this release writes in the first byte of a [`Participant`].
pub const RECORD_VERSION: u8 = 1;

/// How many fields of a profile can change.
pub const PROFILE_FIELDS: u32 = 5;

/// A company's name, in UTF-8.
pub type Name = BoundedVec<u8, NameBound>;

/// Why a company was suspended, in UTF-8.
pub type Reason = BoundedVec<u8, ReasonBound>;

/// The fields that an update changed, in the order of their declaration.
pub type ChangedFields = BoundedVec<ProfileField, ConstU32<PROFILE_FIELDS>>;

/// Money, as the runtime's currency counts it.
pub type BalanceOf<T> =
    <<T as crate::Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The participant record of a runtime.
pub type ParticipantOf<T> = Participant<BalanceOf<T>, BlockNumberFor<T>>;

/// What a company says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Profile {
    /// The company's name: UTF-8, not blank, no control characters, no space at either end.
    pub name: Name,
    /// Business registration number (사업자등록번호). It identifies the company and never changes.
    pub registration_number: RegistrationNumber,
    /// Main industry (KSIC, 한국표준산업분류).
    pub ksic: Ksic,
    /// Size class.
    pub size: SizeClass,
    /// Where its seat is.
    pub region: Region,
    /// What it wants to do here. The inspector's role needs accreditation as well.
    pub roles: Roles,
}

/// A field of a [`Profile`] that a company can change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum ProfileField {
    /// [`Profile::name`].
    Name,
    /// [`Profile::ksic`].
    Ksic,
    /// [`Profile::size`].
    Size,
    /// [`Profile::region`].
    Region,
    /// [`Profile::roles`].
    Roles,
}

/// Where a participant stands with the registrar.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
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
    /// Layout of this record, [`RECORD_VERSION`].
    pub version: u8,
    /// What the company says about itself.
    pub profile: Profile,
    /// Where it stands with the registrar.
    pub standing: Standing,
    /// Whether the registrar has accredited it as an inspector.
    pub accredited: bool,
    /// When it registered.
    pub registered_at: BlockNumber,
    /// When its profile, standing or accreditation last changed.
    pub changed_at: BlockNumber,
    /// What is on hold for this record.
    pub deposit: Balance,
}

impl Profile {
    /// The fields in which `self` and `new` differ.
    pub fn changed_fields(&self, new: &Self) -> ChangedFields {
        let fields = [
            (self.name != new.name, ProfileField::Name),
            (self.ksic != new.ksic, ProfileField::Ksic),
            (self.size != new.size, ProfileField::Size),
            (self.region != new.region, ProfileField::Region),
            (self.roles != new.roles, ProfileField::Roles),
        ];
        let changed = fields.into_iter().filter_map(|(differs, field)| differs.then_some(field)).collect();
        BoundedVec::truncate_from(changed)
    }

    /// Whether the name is text that a person can read as a name.
    pub fn name_is_valid(&self) -> bool {
        is_readable(&self.name)
    }
}

/// Whether `bytes` are UTF-8 text that is not blank, has no control characters and no space at either end.
pub(crate) fn is_readable(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes)
        .is_ok_and(|text| !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control))
}
