//! Offers.

use super::{Derivation, OfferState, Word};
use crate::{record, AccountId, Hash, OfferId};
use serde::Serialize;

forms! {
    /// A sealing of a dataset for sale.
    Offer(id: OfferId, record: &record::Offer) {
        /// Its number, counted from 0 over the whole chain.
        id: u64 = id;
        /// Root of the dataset on sale.
        dataset: Hash = record.dataset.into();
        /// Who sells it.
        seller: AccountId = record.seller;
        /// Bytes of the dataset, and of its sealed payload.
        length: u64 = record.length;
        /// Root of the sealed payload.
        sealed_root: Hash = record.sealed_root.into();
        /// Commitment to the content key.
        key_commitment: Hash = record.key_commitment.into();
        /// Price in won.
        price: u128 = record.price;
        /// SHA-256 of the licence text.
        licence: Hash = record.licence.into();
        /// SHA-256 of the non-disclosure agreement (비밀유지협약).
        nda: Hash = record.nda.into();
        /// Blocks in which the key must be delivered.
        delivery_window: u32 = record.delivery_window;
        /// Blocks in which a delivery can be disputed.
        dispute_window: u32 = record.dispute_window;
        /// Bond held now, in won.
        bond: u128 = record.bond;
        /// Orders not yet final.
        open_orders: u32 = record.open_orders;
        /// Part of the bond that open orders claim, in won.
        exposure: u128 = record.exposure;
        /// Whether it can be ordered.
        state: OfferState = Word(record.state);
        /// Block in which it was made.
        offered_at: u32 = record.offered_at;
        /// Whether a buyer may sell what they make from the dataset.
        derivation: Derivation = record.derivation.into();
        /// That a delivery was missed, until the seller resumes it.
        pause: Option<Pause> = record.pause.map(|pause| Pause { since: pause.since, penalty: pause.penalty });
        /// What of the bond is to leave; no new order is covered by it.
        leaving_bond: Option<LeavingBond> = record.leaving.map(|leaving| LeavingBond {
            amount: leaving.amount,
            stays_until: leaving.stays_until,
        });
        /// Orders that were not delivered in time.
        missed: u32 = record.missed;
        /// Orders that the seller refused to deliver.
        refused: u32 = record.refused;
        /// Orders that were paid back after delivery, as both agreed.
        refunded: u32 = record.refunded;
    }
}

/// That a delivery was missed: the offer takes no orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pause {
    /// Block in which it began.
    pub since: u32,
    /// The highest penalty, in won, of an order missed since.
    pub penalty: u128,
}

/// Bond that its seller wants back while the offer goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeavingBond {
    /// How much, in won.
    pub amount: u128,
    /// The last block in which it stays.
    pub stays_until: u32,
}
