//! Orders that are not final: money in escrow against a key.

use super::{Amount, Extensions, Money, OrderTerms};
use crate::{
    delivery::{Delivery, OrderKey},
    OfferId,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How far an order has come. A final order is no order any more but a [`super::Trade`], for good.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum OrderState<BlockNumber> {
    /// Paid into escrow, waiting for the key.
    Placed,
    /// The key is on the chain, readable by the buyer alone.
    Delivered {
        /// The content key, masked for the buyer.
        delivery: Delivery,
        /// When it came.
        at: BlockNumber,
        /// Last block at which a dispute is taken; the order can be settled after it.
        dispute_until: BlockNumber,
    },
}

/// Money in escrow against a key.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Order<AccountId, Balance: Amount, BlockNumber> {
    /// Layout of this record, [`super::OFFER_LAYOUT`].
    pub version: u8,
    /// The offer that it took.
    pub offer: OfferId,
    /// Who pays.
    pub buyer: AccountId,
    /// Everything that a later check reads, as it was when the order was placed.
    pub terms: OrderTerms<AccountId, Balance, BlockNumber>,
    /// The buyer's one-time key.
    pub order_key: OrderKey,
    /// From this and their own secret buyers derive the order key's secret again, on any machine.
    pub nonce: [u8; 32],
    /// When it was placed.
    pub placed_at: BlockNumber,
    /// Last block at which a delivery is taken; the order can be expired after it.
    pub deliver_by: BlockNumber,
    /// How far it has come.
    pub state: OrderState<BlockNumber>,
    /// What is left of the dispute reserve in escrow.
    pub reserve_left: Balance,
    /// When the seller proposed to pay a delivered order back.
    pub refund_proposed: Option<BlockNumber>,
}

impl<AccountId, Balance: Amount, BlockNumber: Money> Order<AccountId, Balance, BlockNumber> {
    /// As it is to be read: its windows end where the extensions moved them. The chain keeps what was agreed to.
    #[must_use]
    pub fn extended(mut self, extensions: &Extensions<BlockNumber>) -> Self {
        self.deliver_by = extensions.end_of(self.placed_at, self.deliver_by);
        if let OrderState::Delivered { at, dispute_until, .. } = &mut self.state {
            *dispute_until = extensions.end_of(*at, *dispute_until);
        }
        self
    }
}
