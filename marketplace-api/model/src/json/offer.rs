//! Offers.

use super::{Derivation, OfferState, Word};
use crate::{record, AccountId, Hash, OfferId};
use serde::Serialize;

/// A sealing of a dataset for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// Number.
    pub id: u64,
    /// Dataset.
    pub dataset: Hash,
    /// Seller.
    pub seller: AccountId,
    /// Bytes of the dataset, and of its sealed payload.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Commitment to the content key.
    pub key_commitment: Hash,
    /// Price in won.
    pub price: u128,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement (비밀유지협약).
    pub nda: Hash,
    /// Blocks in which the key must be delivered.
    pub delivery_window: u32,
    /// Blocks in which a delivery can be disputed.
    pub dispute_window: u32,
    /// Bond held now, in won.
    pub bond: u128,
    /// Orders not yet final.
    pub open_orders: u32,
    /// Part of the bond that open orders claim, in won.
    pub exposure: u128,
    /// Whether it can be ordered.
    pub state: OfferState,
    /// Block in which it was made.
    pub offered_at: u32,
    /// Whether a buyer may sell what they make from the dataset.
    pub derivation: Derivation,
}

impl Offer {
    /// The offer with this number.
    pub fn new(id: OfferId, record: &record::Offer) -> Self {
        Self {
            id,
            dataset: record.dataset.into(),
            seller: record.seller,
            length: record.length,
            sealed_root: record.sealed_root.into(),
            key_commitment: record.key_commitment.into(),
            price: record.price,
            licence: record.licence.into(),
            nda: record.nda.into(),
            delivery_window: record.delivery_window,
            dispute_window: record.dispute_window,
            bond: record.bond,
            open_orders: record.open_orders,
            exposure: record.exposure,
            state: Word(record.state),
            offered_at: record.offered_at,
            derivation: record.derivation.into(),
        }
    }
}
