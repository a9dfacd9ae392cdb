//! People who act for companies: what a member may do, what a member and an applicant sign, and a company's account.
//!
//! A company has no key. Its account is a hash of its number on one chain, which nobody can sign for; members sign, and
//! the chain lets a member's call stand under the company if the member's roles permit it.

use crate::{label, Digest};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// A kind of thing that a member may do in the company's name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum MemberRole {
    /// Decides on members and the profile, and hands datasets over.
    Admin,
    /// Orders, accepts and disputes.
    Buy,
    /// Announces, registers, offers, answers draws.
    Sell,
    /// Delivers keys, and nothing else that costs more than its fee.
    Deliver,
    /// Attests.
    Attest,
    /// Redeems credit to the company's bank account.
    Money,
}

impl MemberRole {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Admin, Self::Buy, Self::Sell, Self::Deliver, Self::Attest, Self::Money];

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of roles of a member, one bit for each; never empty.
#[derive(Clone, Copy, PartialEq, Eq, Encode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct MemberRoles(u8);

impl MemberRoles {
    /// Every role.
    pub const ALL: Self = Self(0b11_1111);

    /// The set of these bits; `None` if there is none, or a bit stands for no role.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits == 0 || bits & !Self::ALL.0 != 0 {
            return None;
        }
        Some(Self(bits))
    }

    /// One bit for each role: admin 1, buy 2, sell 4, deliver 8, attest 16, money 32.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with one more role.
    #[must_use]
    pub const fn with(self, role: MemberRole) -> Self {
        Self(self.0 | role.bit())
    }

    /// Whether the role is in the set.
    pub const fn contains(self, role: MemberRole) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether the two sets share a role.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The roles of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = MemberRole> {
        MemberRole::ALL.into_iter().filter(move |role| self.contains(*role))
    }

    /// The set of these roles; `None` of none.
    pub fn of(roles: impl IntoIterator<Item = MemberRole>) -> Option<Self> {
        Self::from_bits(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

impl From<MemberRole> for MemberRoles {
    fn from(role: MemberRole) -> Self {
        Self(role.bit())
    }
}

impl Decode for MemberRoles {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::from_bits(u8::decode(input)?).ok_or_else(|| Error::from("no set of member roles"))
    }
}

impl fmt::Debug for MemberRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().collect::<Vec<_>>()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MemberRoles {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MemberRoles {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::of(<Vec<MemberRole> as serde::Deserialize>::deserialize(from)?)
            .ok_or_else(|| serde::de::Error::custom("a member has at least one role"))
    }
}

/// The account of the company with this number (counted from 0) on the chain with this first block.
pub fn company_account(genesis: &Digest, index: u32) -> Digest {
    label::hash(label::COMPANY, &[genesis, &index.to_le_bytes()])
}

/// What a person becomes a member with: what they may do, how much of the company's money a day, their key for secrets,
/// and until when they can be taken on.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Joining<Balance, BlockNumber> {
    /// One bit for each role, see [`MemberRoles`]; what is no set of roles is refused by name.
    pub roles: u8,
    /// Won a day (in Korea) that fees, escrow, bonds and deposits of their calls may take together.
    pub day_limit: Balance,
    /// X25519 public key, to which the company's secrets are encrypted.
    pub key: [u8; 32],
    /// How many of the account's memberships, in whatever company, had ended: what was signed before does not take
    /// anybody on again.
    pub ended: u32,
    /// The last block in which it is taken.
    pub expires: BlockNumber,
}

impl<Balance: Encode, BlockNumber: Encode> Joining<Balance, BlockNumber> {
    /// What the new member of a company signs. The accounts are in their SCALE encoding.
    pub fn digest(&self, genesis: &Digest, company: &[u8], member: &[u8]) -> Digest {
        label::hash(label::JOINING, &[genesis, company, member, &self.encode()])
    }

    /// What the first member of a company that is not there yet signs: the company's profile with it.
    pub fn application_digest(&self, genesis: &Digest, profile: &[u8], applicant: &[u8]) -> Digest {
        label::hash(label::APPLICATION, &[genesis, profile, applicant, &self.encode()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_bits_and_never_none() {
        assert_eq!(MemberRoles::from_bits(0), None);
        assert_eq!(MemberRoles::from_bits(64), None);
        let bits: Vec<u8> = MemberRole::ALL.into_iter().map(|role| MemberRoles::from(role).bits()).collect();
        assert_eq!(bits, [1, 2, 4, 8, 16, 32]);
        assert_eq!(MemberRoles::of(MemberRole::ALL), Some(MemberRoles::ALL));
        assert_eq!(MemberRoles::of([]), None);
        assert!(MemberRoles::decode(&mut &[0u8][..]).is_err());
        let two = MemberRoles::from(MemberRole::Buy).with(MemberRole::Sell);
        assert_eq!(MemberRoles::decode(&mut &two.encode()[..]).unwrap(), two);
        assert!(two.meets(MemberRole::Sell.into()) && !two.meets(MemberRole::Money.into()));
    }

    #[test]
    fn whatever_is_signed_differs_in_every_part() {
        let joining = Joining { roles: 2, day_limit: 5u128, key: [3; 32], ended: 0, expires: 9u32 };
        let genesis = [1; 32];
        let signed = joining.digest(&genesis, b"company", b"member");
        let others = [
            joining.digest(&[2; 32], b"company", b"member"),
            joining.digest(&genesis, b"other", b"member"),
            joining.digest(&genesis, b"company", b"other"),
            joining.application_digest(&genesis, b"company", b"member"),
            Joining { roles: 3, ..joining }.digest(&genesis, b"company", b"member"),
            Joining { day_limit: 6, ..joining }.digest(&genesis, b"company", b"member"),
            Joining { key: [4; 32], ..joining }.digest(&genesis, b"company", b"member"),
            Joining { ended: 1, ..joining }.digest(&genesis, b"company", b"member"),
            Joining { expires: 8, ..joining }.digest(&genesis, b"company", b"member"),
        ];
        assert!(others.iter().all(|other| *other != signed));
        assert_ne!(company_account(&genesis, 0), company_account(&genesis, 1));
        assert_ne!(company_account(&genesis, 0), company_account(&[2; 32], 0));
    }
}
