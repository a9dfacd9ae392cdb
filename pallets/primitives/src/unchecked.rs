//! What calls carry: the bytes of the checked types, before anybody looked at them.
//!
//! Whoever holds a [`RegistrationNumber`] or a [`Share`] holds a valid one, because no other can be decoded. A
//! call must not take one, though: a transaction that cannot be decoded is refused before it has a sender, and
//! all that its author learns is that the runtime trapped. So calls take the types here, which have the same
//! encoding, check them first, and refuse them by name.

use crate::{
    bounds::ParentsBound,
    company::{Ksic, Region, RegistrationNumber, Roles, SizeClass},
    dataset::Relation,
    record::{Derivation, Name, Parent, ParentList, Profile},
    share::{MoreThanWhole, Share},
    BoundedVec, DatasetId,
};
use alloc::vec::Vec;
use bounded_collections::ConstU32;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// A [`Profile`] whose fields may be no profile's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct UncheckedProfile {
    /// See [`Profile::name`]; what a readable name is, the chain checks of a [`Profile`] too.
    pub name: Name,
    /// Ten ASCII digits, see [`RegistrationNumber`].
    pub registration_number: [u8; 10],
    /// An industry's code in ASCII, see [`Ksic`].
    pub ksic: BoundedVec<u8, ConstU32<6>>,
    /// See [`Profile::size`].
    pub size: SizeClass,
    /// See [`Profile::region`].
    pub region: Region,
    /// One bit for each role, see [`Roles`].
    pub roles: u8,
}

/// What of a profile is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadProfile {
    /// The registration number is not ten digits with the right check digit.
    RegistrationNumber,
    /// There is no such industry.
    Ksic,
    /// A bit stands for no role.
    Roles,
}

impl UncheckedProfile {
    /// Looks at every field.
    pub fn check(self) -> Result<Profile, BadProfile> {
        Ok(Profile {
            name: self.name,
            registration_number: RegistrationNumber::new(self.registration_number)
                .map_err(|_| BadProfile::RegistrationNumber)?,
            ksic: Ksic::new(&self.ksic).map_err(|_| BadProfile::Ksic)?,
            size: self.size,
            region: self.region,
            roles: Roles::from_bits(self.roles).ok_or(BadProfile::Roles)?,
        })
    }
}

impl From<Profile> for UncheckedProfile {
    fn from(profile: Profile) -> Self {
        Self {
            name: profile.name,
            registration_number: *profile.registration_number.digits(),
            ksic: BoundedVec::truncate_from(profile.ksic.as_bytes().to_vec()),
            size: profile.size,
            region: profile.region,
            roles: profile.roles.bits(),
        }
    }
}

/// A [`Parent`] whose royalty may be more than the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct UncheckedParent {
    /// See [`Parent::dataset`].
    pub dataset: DatasetId,
    /// See [`Parent::relation`].
    pub relation: Relation,
    /// In millionths, see [`Parent::royalty`].
    pub royalty: u32,
}

/// What a dataset is said to be made from.
pub type UncheckedParents = BoundedVec<UncheckedParent, ParentsBound>;

/// Looks at the royalty of each.
pub fn check_parents(parents: UncheckedParents) -> Result<ParentList, MoreThanWhole> {
    let checked = parents.into_iter().map(|UncheckedParent { dataset, relation, royalty }| {
        Ok(Parent { dataset, relation, royalty: Share::try_from(royalty)? })
    });
    // Both lists have one bound.
    Ok(BoundedVec::truncate_from(checked.collect::<Result<Vec<_>, _>>()?))
}

impl From<Parent> for UncheckedParent {
    fn from(Parent { dataset, relation, royalty }: Parent) -> Self {
        Self { dataset, relation, royalty: royalty.millionths() }
    }
}

/// The parents as a call carries them.
pub fn unchecked_parents(parents: ParentList) -> UncheckedParents {
    // Both lists have one bound.
    BoundedVec::truncate_from(parents.into_iter().map(UncheckedParent::from).collect())
}

/// A [`Derivation`] whose royalty may be more than the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum UncheckedDerivation {
    /// See [`Derivation::Forbidden`].
    Forbidden,
    /// See [`Derivation::Permitted`].
    Permitted {
        /// In millionths.
        royalty: u32,
    },
}

impl UncheckedDerivation {
    /// Looks at the royalty.
    pub fn check(self) -> Result<Derivation, MoreThanWhole> {
        Ok(match self {
            Self::Forbidden => Derivation::Forbidden,
            Self::Permitted { royalty } => Derivation::Permitted { royalty: royalty.try_into()? },
        })
    }
}

impl From<Derivation> for UncheckedDerivation {
    fn from(derivation: Derivation) -> Self {
        match derivation {
            Derivation::Forbidden => Self::Forbidden,
            Derivation::Permitted { royalty } => Self::Permitted { royalty: royalty.millionths() },
        }
    }
}
