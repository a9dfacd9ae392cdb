//! Orders, while they are open and once they are final.

use super::{Derivation, OrderStage, OrderState, Royalty, Trade, Word};
use crate::{record, words, AccountId, Hash, OrderId};
use serde::Serialize;

forms! {
    /// An order that is not final.
    Order(id: OrderId, record: &record::Order) {
        /// Its number, counted from 0 over the whole chain.
        id: u64 = id;
        /// Number of the offer that it takes.
        offer: u64 = record.offer;
        /// Who buys.
        buyer: AccountId = record.buyer;
        /// What it fixes.
        terms: OrderTerms = OrderTerms::new(&record.terms);
        /// Digest of all terms, which the buyer signed.
        terms_digest: Hash = record.terms.digest().into();
        /// The buyer's one-time key.
        order_key: Hash = record.order_key.0.into();
        /// Nonce from which the buyer derives the secret of that key.
        nonce: Hash = record.nonce.into();
        /// Block in which it was placed.
        placed_at: u32 = record.placed_at;
        /// Last block in which the key can be delivered.
        deliver_by: u32 = record.deliver_by;
        /// How far it is.
        state: OrderState = Word((&record.state).into());
        /// The key, once delivered.
        delivery: Option<Delivery> = Delivery::of(&record.state);
        /// Won left of the dispute reserve.
        reserve_left: u128 = record.reserve_left;
        /// Block in which the seller proposed to pay the delivered order back.
        refund_proposed: Option<u32> = record.refund_proposed;
    }

    /// What an order fixes, once and for all.
    OrderTerms(terms: &crate::OrderTerms) {
        /// Genesis hash of the chain.
        genesis: Hash = terms.genesis.into();
        /// Number of the offer.
        offer: u64 = terms.offer;
        /// Root of the dataset.
        dataset: Hash = terms.dataset.into();
        /// Bytes of the dataset.
        length: u64 = terms.length;
        /// Root of the sealed payload.
        sealed_root: Hash = terms.sealed_root.into();
        /// Commitment to the content key.
        key_commitment: Hash = terms.key_commitment.into();
        /// Who sells.
        seller: AccountId = terms.seller;
        /// Price in won.
        price: u128 = terms.price;
        /// Fee of the platform, in won.
        platform_fee: u128 = terms.platform_fee;
        /// Won set aside for the fee of a dispute.
        dispute_reserve: u128 = terms.dispute_reserve;
        /// Part of the seller's bond behind this order, in won.
        bond: u128 = terms.bond;
        /// What a missed delivery pays the buyer, in won.
        missed_delivery_penalty: u128 = terms.missed_delivery_penalty;
        /// Blocks in which the key must be delivered.
        delivery_window: u32 = terms.delivery_window;
        /// Blocks in which the delivery can be disputed.
        dispute_window: u32 = terms.dispute_window;
        /// SHA-256 of the licence text.
        licence: Hash = terms.licence.into();
        /// SHA-256 of the non-disclosure agreement.
        nda: Hash = terms.nda.into();
        /// Whether the buyer may sell what they make from the dataset.
        derivation: Derivation = terms.derivation.into();
        /// The ancestors' parts of the price.
        royalties: Vec<Royalty> = terms.royalties.iter().map(Royalty::new).collect();
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

/// An order while it is open, or how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderView {
    /// Its number, counted from 0 over the whole chain.
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
        let state = Word(words::OrderStage::Open(order.state.0));
        Self { id: order.id, state, order: Some(order), trade: None }
    }
}

impl From<Trade> for OrderView {
    fn from(trade: Trade) -> Self {
        Self { id: trade.order, state: Word(words::OrderStage::Final), order: None, trade: Some(trade) }
    }
}
