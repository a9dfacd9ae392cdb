//! Sealings of datasets that are for sale, and what of a seller's conduct stands with them.

use super::Derivation;
use crate::{DatasetId, Digest};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Where an offer stands.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum OfferState {
    /// It takes orders.
    Open,
    /// Its seller took it back, or could not sell the dataset any more.
    Withdrawn,
    /// A block of its sealing was proved to be wrong.
    Faulted,
    /// A delivery was missed: it takes no orders until its seller resumes it.
    Paused,
}

impl OfferState {
    /// Whether the offer was closed, and not only paused: its bond goes back with its last order.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Faulted)
    }
}

/// That a delivery was missed, until the seller resumes or reopens the offer. It may outlast the offer's closing.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Pause<Balance, BlockNumber> {
    /// When it began.
    pub since: BlockNumber,
    /// The highest penalty of an order missed since: another order of before pays what its own is above that.
    pub penalty: Balance,
}

/// Bond that its seller wants back while the offer goes on.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct LeavingBond<Balance, BlockNumber> {
    /// How much; no new order is covered by it.
    pub amount: Balance,
    /// The last block at which it stays: every order delivered when it was announced is settled or disputed by then.
    pub stays_until: BlockNumber,
}

/// A sealing of a dataset, for sale. The record stays when the offer is closed; its bond does not.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Offer<AccountId, Balance, BlockNumber> {
    /// Layout of this record, [`super::OFFER_LAYOUT`].
    pub version: u8,
    /// What is sold.
    pub dataset: DatasetId,
    /// Who sells it.
    pub seller: AccountId,
    /// Bytes of the payload, plain and sealed alike.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Digest,
    /// Commitment to the content key.
    pub key_commitment: Digest,
    /// Price of one copy.
    pub price: Balance,
    /// Hash of the licence text.
    pub licence: Digest,
    /// Hash of the confidentiality agreement.
    pub nda: Digest,
    /// Blocks the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks the buyer has to dispute.
    pub dispute_window: BlockNumber,
    /// Bond on hold now.
    pub bond: Balance,
    /// Orders that are not final.
    pub open_orders: u32,
    /// Sum of these orders' bonds.
    pub exposure: Balance,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub offered_at: BlockNumber,
    /// Whether buyers may sell what they make from it.
    pub derivation: Derivation,
    /// That a delivery was missed and the offer not resumed since.
    pub pause: Option<Pause<Balance, BlockNumber>>,
    /// What of the bond is to leave.
    pub leaving: Option<LeavingBond<Balance, BlockNumber>>,
    /// The longest dispute window of an open order: terms may have been amended since they were placed.
    pub longest_dispute_window: BlockNumber,
    /// Orders that were not delivered in time.
    pub missed: u32,
    /// Orders that the seller refused.
    pub refused: u32,
    /// Orders that were paid back after delivery, as seller and buyer agreed.
    pub refunded: u32,
}
