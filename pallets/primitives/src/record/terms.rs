//! What an order fixes. A buyer signs the digest of all that is agreed, so that nothing else can be put under their
//! order.

use super::{Amount, Derivation, Royalties, Royalty};
use crate::{label, Commitment, DatasetId, Digest, OfferId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Everything that deliver, accept, dispute, settle and expire read later, apart from the order's own progress.
///
/// Plaintext and sealed payload have the same `length`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OrderTerms<AccountId, Balance: Amount, BlockNumber> {
    /// Genesis hash of the chain that the order is on.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub genesis: Digest,
    /// Number of the offer that is taken.
    pub offer: OfferId,
    /// The dataset: root of the plaintext.
    pub dataset: DatasetId,
    /// Length in bytes of plaintext and sealed payload.
    pub length: u64,
    /// Root of the sealed payload.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub sealed_root: Digest,
    /// Commitment to the content key.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub key_commitment: Digest,
    /// Who sells.
    pub seller: AccountId,
    /// What the buyer pays.
    pub price: Balance,
    /// The platform's share of the price.
    pub platform_fee: Balance,
    /// What is held from the buyer beside the price, so that they can always pay for a dispute.
    pub dispute_reserve: Balance,
    /// The part of the seller's bond that stands behind this order.
    pub bond: Balance,
    /// What the buyer gets out of the bond if the key is not delivered in time.
    pub missed_delivery_penalty: Balance,
    /// Blocks that the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks that the buyer has to dispute after the delivery.
    pub dispute_window: BlockNumber,
    /// Hash of the licence text.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub licence: Digest,
    /// Hash of the non-disclosure text.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub nda: Digest,
    /// Whether the buyer may sell what they make from the dataset.
    pub derivation: Derivation,
    /// Everyone else's share of the price: who held each ancestor when the order was placed, and what they get.
    pub royalties: Royalties<AccountId, Balance>,
}

impl<AccountId, Balance, BlockNumber> OrderTerms<AccountId, Balance, BlockNumber>
where
    AccountId: Encode,
    Balance: Amount + Copy + Encode,
    BlockNumber: Encode,
    Royalty<(), Balance>: Encode,
{
    /// The digest that `place_order` carries: everything that is agreed.
    ///
    /// It names each ancestor and its part of the price, not who holds it: a handover of an ancestor is no change of
    /// the terms. Who is paid is looked up when the order is placed, and stays.
    pub fn digest(&self) -> Digest {
        let Self { genesis, offer, dataset, length, sealed_root, key_commitment, .. } = self;
        let Self { seller, price, platform_fee, dispute_reserve, bond, missed_delivery_penalty, .. } = self;
        let Self { delivery_window, dispute_window, licence, nda, derivation, royalties, .. } = self;
        let parts: Vec<Royalty<(), Balance>> = royalties
            .iter()
            .map(|royalty| Royalty { dataset: royalty.dataset, account: (), amount: royalty.amount })
            .collect();
        let goods = (genesis, offer, dataset, length, sealed_root, key_commitment);
        let money = (seller, price, platform_fee, dispute_reserve, bond, missed_delivery_penalty);
        let conditions = (delivery_window, dispute_window, licence, nda, derivation);
        label::hash(label::TERMS, &[&(goods, money, conditions, parts).encode()])
    }
}

impl<AccountId, Balance: Amount, BlockNumber> OrderTerms<AccountId, Balance, BlockNumber> {
    /// Commitment to the plaintext.
    pub fn plain(&self) -> Commitment {
        Commitment { root: self.dataset.0, length: self.length }
    }

    /// Commitment to the sealed payload.
    pub fn sealed(&self) -> Commitment {
        Commitment { root: self.sealed_root, length: self.length }
    }
}
