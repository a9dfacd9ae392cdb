//! Offers, orders and trades, as the service keeps and shows them. Amounts are whole won.
//!
//! A record is complete: whoever holds it needs no other record to understand it.

use codec::{Decode, Encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Hash, OfferState, OrderState, Outcome};

/// Whether who bought a copy may sell what he makes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// He may not.
    Forbidden,
    /// He may, and owes at least this royalty.
    Permitted {
        /// The least share, in millionths, of each sale of what he makes and of what others make from that.
        royalty: u32,
    },
}

/// What one ancestor's owner gets of one sale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Royalty {
    /// The ancestor.
    pub dataset: Hash,
    /// Who held it when the order was placed.
    pub account: Account,
    /// What he gets, in won.
    pub amount: u128,
}

/// A sealing of a dataset for sale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Offer {
    /// Number.
    pub id: u64,
    /// Dataset.
    pub dataset: Hash,
    /// Seller.
    pub seller: Account,
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
    /// Block.
    pub offered_at: u32,
    /// Whether a buyer may sell what he makes from the dataset.
    pub derivation: Derivation,
}

/// What an order fixes, once and for all.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct OrderTerms {
    /// Genesis hash of the chain.
    pub genesis: Hash,
    /// Offer.
    pub offer: u64,
    /// Dataset.
    pub dataset: Hash,
    /// Bytes.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Commitment to the content key.
    pub key_commitment: Hash,
    /// Seller.
    pub seller: Account,
    /// Price in won.
    pub price: u128,
    /// Fee of the platform, in won.
    pub platform_fee: u128,
    /// Won set aside for the fee of a dispute.
    pub dispute_reserve: u128,
    /// Part of the seller's bond behind this order, in won.
    pub bond: u128,
    /// What a missed delivery pays the buyer, in won.
    pub missed_delivery_penalty: u128,
    /// Blocks in which the key must be delivered.
    pub delivery_window: u32,
    /// Blocks in which the delivery can be disputed.
    pub dispute_window: u32,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Hash,
    /// Whether the buyer may sell what he makes from the dataset.
    pub derivation: Derivation,
    /// The ancestors' parts of the price.
    pub royalties: Vec<Royalty>,
}

/// A key, readable by the buyer of one order alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Delivery {
    /// E, a Ristretto point.
    pub ephemeral: Hash,
    /// The content key under the mask.
    pub wrapped: Hash,
    /// Block of the delivery.
    pub at: u32,
    /// Last block in which it can be disputed.
    pub dispute_until: u32,
}

/// An order that is not final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Order {
    /// Number.
    pub id: u64,
    /// Offer.
    pub offer: u64,
    /// Buyer.
    pub buyer: Account,
    /// What it fixes.
    pub terms: OrderTerms,
    /// The buyer's one-time key.
    pub order_key: Hash,
    /// Nonce from which the buyer derives the secret of that key.
    pub nonce: Hash,
    /// Block.
    pub placed_at: u32,
    /// Last block in which the key can be delivered.
    pub deliver_by: u32,
    /// How far it is.
    pub state: OrderState,
    /// The key, once delivered.
    pub delivery: Option<Delivery>,
    /// Won left of the dispute reserve.
    pub reserve_left: u128,
}

/// The permanent record of an order that is final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Trade {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's trades.
    pub index: u32,
    /// Order.
    pub order: u64,
    /// Offer.
    pub offer: u64,
    /// Seller.
    pub seller: Account,
    /// Buyer.
    pub buyer: Account,
    /// Price in won.
    pub price: u128,
    /// Fee of the platform, in won, paid if the price was.
    pub platform_fee: u128,
    /// The ancestors' parts of the price, paid if the price was.
    pub royalties: Vec<Royalty>,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Hash,
    /// Whether the buyer may sell what he makes from the dataset.
    pub derivation: Derivation,
    /// Digest of all terms.
    pub terms: Hash,
    /// Block of the order.
    pub placed_at: u32,
    /// Block of the delivery.
    pub delivered_at: Option<u32>,
    /// Block in which it became final.
    pub final_at: u32,
    /// That block's time in milliseconds since 1970.
    pub final_time_ms: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The bad block, where that is the outcome.
    pub bad_block: Option<u64>,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

impl Trade {
    /// The ancestors' parts of the price together, in won.
    pub fn royalties_paid(&self) -> u128 {
        self.royalties.iter().fold(0, |sum, part| sum.saturating_add(part.amount))
    }
}

/// A company's right to sell what it makes from a dataset that it bought.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct DeriveRight {
    /// Company.
    pub company: Account,
    /// Dataset.
    pub dataset: Hash,
    /// The least royalty that is owed for it, in millionths.
    pub royalty: u32,
    /// Position, among the dataset's trades, of the trade that gave it.
    pub trade: u32,
}
