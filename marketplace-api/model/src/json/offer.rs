//! Offers.

use super::{Derivation, OfferState, Word};
use crate::{record, AccountId, Hash, OfferId};

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
    }
}
