//! The types that are this pallet's own: which fields an update changed, and the records of
//! `wonbon_primitives::record` with a runtime's money and block numbers in them.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{fungible::Inspect, ConstU32},
    BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use wonbon_primitives::{
    membership::Joining,
    record::{Company, FormerNumber, Member, Participant, Profile, Recovery, SecretEpoch, Spending},
};

/// How many fields of a profile can change.
pub const PROFILE_FIELDS: u32 = 5;

/// The fields that an update changed, in the order of their declaration.
pub type ChangedFields = BoundedVec<ProfileField, ConstU32<PROFILE_FIELDS>>;

/// Money, as the runtime's currency counts it.
pub type BalanceOf<T> =
    <<T as crate::Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The participant record of a runtime.
pub type ParticipantOf<T> = Participant<BalanceOf<T>, BlockNumberFor<T>>;

/// The company record of a runtime.
pub type CompanyOf<T> = Company<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// The member record of a runtime.
pub type MemberOf<T> = Member<BalanceOf<T>, BlockNumberFor<T>>;
/// What members sign on a runtime.
pub type JoiningOf<T> = Joining<BalanceOf<T>, BlockNumberFor<T>>;
/// What members spent on a runtime.
pub type SpendingOf<T> = Spending<BalanceOf<T>>;
/// The recovery record of a runtime.
pub type RecoveryOf<T> = Recovery<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// The record of a number that a company had, of a runtime.
pub type FormerNumberOf<T> = FormerNumber<BlockNumberFor<T>>;
/// The record of an epoch of a company's secrets, of a runtime.
pub type SecretEpochOf<T> = SecretEpoch<BlockNumberFor<T>>;

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

impl ProfileField {
    /// Whether the registrar confirms it together with the registration number.
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Self::Name | Self::Ksic | Self::Size)
    }
}

/// The fields in which two profiles of one company differ.
pub(crate) fn changed_fields(old: &Profile, new: &Profile) -> ChangedFields {
    let fields = [
        (old.name != new.name, ProfileField::Name),
        (old.ksic != new.ksic, ProfileField::Ksic),
        (old.size != new.size, ProfileField::Size),
        (old.region != new.region, ProfileField::Region),
        (old.roles != new.roles, ProfileField::Roles),
    ];
    let changed = fields.into_iter().filter_map(|(differs, field)| differs.then_some(field)).collect();
    BoundedVec::truncate_from(changed)
}
