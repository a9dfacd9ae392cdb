//! Credit that is to be paid out by a bank.

use crate::Digest;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A request for money to be paid out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Redemption<AccountId, Balance, BlockNumber> {
    /// Layout of this record, [`super::REDEMPTION_LAYOUT`].
    pub version: u8,
    /// Whose money it is.
    pub account: AccountId,
    /// How much, on hold.
    pub amount: Balance,
    /// Where it is to be paid, see [`crate::payee::Payee::digest`]. The bank account itself is told to the issuer and to
    /// nobody else.
    pub payee: Digest,
    /// The block of the request.
    pub requested_at: BlockNumber,
    /// The last block in which the issuer confirms it.
    pub lapses_after: BlockNumber,
}
