//! Sealings of datasets that are for sale.

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
}
