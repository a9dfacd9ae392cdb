//! Orders, while they are open and once they are final.

use super::{Derivation, Royalty, Trade};
use crate::{record, words::UnknownWord, AccountId, Hash, OrderId};
use serde::{
    de::{value::Error, IntoDeserializer},
    Deserialize, Serialize,
};
use std::str::FromStr;

/// An order that is not final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Number.
    pub id: u64,
    /// Offer.
    pub offer: u64,
    /// Buyer.
    pub buyer: AccountId,
    /// What it fixes.
    pub terms: OrderTerms,
    /// Digest of all terms, which the buyer signed.
    pub terms_digest: Hash,
    /// The buyer's one-time key.
    pub order_key: Hash,
    /// Nonce from which the buyer derives the secret of that key.
    pub nonce: Hash,
    /// Block in which it was placed.
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

impl Order {
    /// The order with this number.
    pub fn new(id: OrderId, record: &record::Order) -> Self {
        Self {
            id,
            offer: record.offer,
            buyer: record.buyer,
            terms: OrderTerms::from(&record.terms),
            terms_digest: record.terms.digest().into(),
            order_key: record.order_key.0.into(),
            nonce: record.nonce.into(),
            placed_at: record.placed_at,
            deliver_by: record.deliver_by,
            state: OrderState::from(&record.state),
            delivery: Delivery::of(&record.state),
            reserve_left: record.reserve_left,
        }
    }
}

/// What an order fixes, once and for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    pub seller: AccountId,
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
    /// Whether the buyer may sell what they make from the dataset.
    pub derivation: Derivation,
    /// The ancestors' parts of the price.
    pub royalties: Vec<Royalty>,
}

impl From<&crate::OrderTerms> for OrderTerms {
    fn from(terms: &crate::OrderTerms) -> Self {
        Self {
            genesis: terms.genesis.into(),
            offer: terms.offer,
            dataset: terms.dataset.into(),
            length: terms.length,
            sealed_root: terms.sealed_root.into(),
            key_commitment: terms.key_commitment.into(),
            seller: terms.seller,
            price: terms.price,
            platform_fee: terms.platform_fee,
            dispute_reserve: terms.dispute_reserve,
            bond: terms.bond,
            missed_delivery_penalty: terms.missed_delivery_penalty,
            delivery_window: terms.delivery_window,
            dispute_window: terms.dispute_window,
            licence: terms.licence.into(),
            nda: terms.nda.into(),
            derivation: terms.derivation.into(),
            royalties: terms.royalties.iter().map(Royalty::from).collect(),
        }
    }
}

/// A key, readable by the buyer of one order alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

impl Delivery {
    fn of(state: &record::OrderState) -> Option<Self> {
        match state {
            record::OrderState::Placed => None,
            record::OrderState::Delivered { delivery, at, dispute_until } => Some(Self {
                ephemeral: delivery.ephemeral.into(),
                wrapped: delivery.wrapped.into(),
                at: *at,
                dispute_until: *dispute_until,
            }),
        }
    }
}

/// How far an order that is not final is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Paid into escrow, waiting for the key.
    Placed,
    /// The key is delivered; it can be accepted or disputed.
    Delivered,
}

impl From<&record::OrderState> for OrderState {
    fn from(state: &record::OrderState) -> Self {
        match state {
            record::OrderState::Placed => Self::Placed,
            record::OrderState::Delivered { .. } => Self::Delivered,
        }
    }
}

impl FromStr for OrderState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let read = Self::deserialize(IntoDeserializer::<Error>::into_deserializer(word));
        read.map_err(|_| UnknownWord::among(&["placed", "delivered"]))
    }
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderStage {
    /// Paid into escrow, waiting for the key.
    Placed,
    /// The key is delivered; it can be accepted or disputed.
    Delivered,
    /// It came to its end, and only its trade is left.
    Final,
}

/// An order while it is open, or how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderView {
    /// Number.
    pub id: u64,
    /// How far it is.
    pub state: OrderStage,
    /// The order, while it is not final.
    pub order: Option<Order>,
    /// Its permanent record, once it is final.
    pub trade: Option<Trade>,
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        let state = match order.state {
            OrderState::Placed => OrderStage::Placed,
            OrderState::Delivered => OrderStage::Delivered,
        };
        Self { id: order.id, state, order: Some(order), trade: None }
    }
}

impl From<Trade> for OrderView {
    fn from(trade: Trade) -> Self {
        Self { id: trade.order, state: OrderStage::Final, order: None, trade: Some(trade) }
    }
}
