//! What a company does on the market.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// One role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Role {
    /// Registers and offers datasets.
    Provider,
    /// Orders datasets.
    Consumer,
    /// Checks trades and origins, and sees who downloaded what, once accredited.
    Auditor,
    /// Attests, once accredited.
    Inspector,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Provider, Self::Consumer, Self::Auditor, Self::Inspector];

    /// Whether a company has the role's rights only when the registrar has accredited it.
    pub const fn needs_accreditation(self) -> bool {
        matches!(self, Self::Auditor | Self::Inspector)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Provider => 1,
            Self::Consumer => 2,
            Self::Auditor => 4,
            Self::Inspector => 8,
        }
    }
}

/// A set of roles, one bit for each; may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Default, Encode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Roles(u8);

impl Roles {
    /// No role.
    pub const EMPTY: Self = Self(0);
    /// Every role.
    pub const ALL: Self = Self(0b1111);

    /// The set of these bits; `None` if a bit stands for no role.
    pub fn from_bits(bits: u8) -> Option<Self> {
        (bits & !Self::ALL.0 == 0).then_some(Self(bits))
    }

    /// One bit for each role: provider 1, consumer 2, auditor 4, inspector 8.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set with one more role.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// Whether the role is in the set.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether every role of the set is in the other.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The roles of the set that count only with an accreditation.
    #[must_use]
    pub fn needing_accreditation(self) -> Self {
        self.iter().filter(|role| role.needs_accreditation()).collect()
    }

    /// Whether there is no role.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl From<Role> for Roles {
    fn from(role: Role) -> Self {
        Self::EMPTY.with(role)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl Decode for Roles {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::from_bits(u8::decode(input)?).ok_or_else(|| Error::from("unknown role"))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().collect::<Vec<_>>()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Roles {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Roles {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(<Vec<Role> as serde::Deserialize>::deserialize(from)?.into_iter().collect())
    }
}
