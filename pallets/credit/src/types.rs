//! The records of bank transfers and redemptions. Each opens with a layout version, because records stay.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// The layout version that is written now.
pub const RECORD_VERSION: u8 = 1;

/// What the bank calls a transfer.
pub type BankReference = BoundedVec<u8, ConstU32<64>>;

/// The way money went.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum Direction {
    /// From the bank to the chain.
    In,
    /// From the chain to the bank.
    Out,
}

/// A bank transfer that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Transfer<AccountId, Balance, BlockNumber> {
    /// The layout of this record.
    pub version: u8,
    /// In or out.
    pub direction: Direction,
    /// Whose money it is.
    pub account: AccountId,
    /// How much.
    pub amount: Balance,
    /// The block in which it was counted.
    pub at: BlockNumber,
}

/// What was taken back of a credit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Reversal<Balance, BlockNumber> {
    /// The layout of this record.
    pub version: u8,
    /// How much, in all.
    pub amount: Balance,
    /// The block of the last time.
    pub at: BlockNumber,
}

/// The form in which references are compared, if this is one: upper case, printable, no spaces, not empty.
pub(crate) fn normalise(mut reference: BankReference) -> Option<BankReference> {
    if reference.is_empty() || !reference.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    reference.iter_mut().for_each(|byte| byte.make_ascii_uppercase());
    Some(reference)
}
