//! What is left for good of an order that came to its end.

use super::{Amount, Moment, Royalties};
use crate::{share::Share, DatasetId, Digest, OfferId, OrderId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Whether who bought a copy may sell what they make from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Derivation {
    /// They may not.
    Forbidden,
    /// They may, and owe at least this share of each sale of what they make, and of what others make from that.
    Permitted {
        /// The least royalty.
        royalty: Share,
    },
}

/// What gave a company its right to derive.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum RightSource {
    /// The dataset's trade with this number, by which it bought a copy.
    Trade(#[codec(compact)] u32),
    /// The dataset's handover with this number, by which it gave the dataset away and kept the right.
    Handover(#[codec(compact)] u32),
}

/// A company's right to sell what it makes from a dataset that it bought, or held.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct DeriveRight {
    /// Layout of this record, [`super::DERIVE_RIGHT_LAYOUT`].
    pub version: u8,
    /// The least royalty that is owed for it.
    pub royalty: Share,
    /// What gave it.
    pub source: RightSource,
}

/// What one ancestor's owner gets of one sale.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Royalty<AccountId, Balance: Amount> {
    /// The ancestor.
    pub dataset: DatasetId,
    /// Who held it when the order was placed.
    pub account: AccountId,
    /// What they get.
    #[codec(compact)]
    pub amount: Balance,
}

/// How an order ended.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum Outcome {
    /// The buyer accepted; the seller was paid.
    Accepted,
    /// The dispute window passed without a dispute; the seller was paid.
    Lapsed,
    /// No key came in time; the buyer was refunded, and paid the penalty if one was due.
    Missed,
    /// The key was proved not to be the one committed to; the buyer was refunded.
    WrongKey,
    /// This block was proved not to be the dataset's; the buyer was refunded.
    BadBlock(u64),
    /// Someone else proved a block of the same sealing wrong; the buyer was refunded.
    Faulted,
    /// The seller refused to deliver; the buyer was refunded. Since layout 2.
    Refused,
    /// The seller proposed to pay a delivered order back, and the buyer took it. Since layout 2.
    Refunded,
}

impl Outcome {
    /// Whether the seller was paid.
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Accepted | Self::Lapsed)
    }

    /// The block that was proved wrong, if that is how it ended.
    pub fn bad_block(&self) -> Option<u64> {
        match self {
            Self::BadBlock(block) => Some(*block),
            _ => None,
        }
    }
}

/// The permanent record of one order that came to its end. The dataset and the trade's number among the
/// dataset's trades are its storage key.
///
/// What was handed over is the sealing of the offer; `terms` fixes it with everything else that was agreed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Trade<AccountId, Balance: Amount, BlockNumber: Amount> {
    /// Layout of this record, [`super::TRADE_LAYOUT`]; 1 of a trade that was made under that and is read as it was.
    pub version: u8,
    /// Number of the order, which is gone from the open ones.
    #[codec(compact)]
    pub order: OrderId,
    /// The offer that it took.
    #[codec(compact)]
    pub offer: OfferId,
    /// Who sold.
    pub seller: AccountId,
    /// Who bought.
    pub buyer: AccountId,
    /// The price agreed, and paid if the outcome says so.
    #[codec(compact)]
    pub price: Balance,
    /// The platform's part of the price, paid if the price was.
    #[codec(compact)]
    pub platform_fee: Balance,
    /// The ancestors' parts of the price, paid if the price was.
    pub royalties: Royalties<AccountId, Balance>,
    /// Hash of the licence text that the buyer accepted.
    pub licence: Digest,
    /// Hash of the confidentiality agreement that the buyer accepted.
    pub nda: Digest,
    /// Whether the buyer may sell what they make from it.
    pub derivation: Derivation,
    /// Digest of all terms.
    pub terms: Digest,
    /// When the order was placed.
    #[codec(compact)]
    pub placed_at: BlockNumber,
    /// When the key was delivered.
    pub delivered_at: Option<BlockNumber>,
    /// When it ended.
    pub ended: Moment<BlockNumber>,
    /// How it ended.
    pub outcome: Outcome,
    /// Its place in the dataset's hash chain.
    #[codec(compact)]
    pub position: u32,
}
