//! The records that the pallets keep: those that stay for good are `wonbon-primitives`' own.

use super::{AccountId, Balance, BlockNumber, DatasetId, Digest, OfferId, OrderTerms};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use wonbon_primitives::delivery::{Delivery, OrderKey};
use wonbon_primitives::record;

pub use wonbon_primitives::record::{
    AttestationKind, Derivation, DeriveRight, Name, Outcome, Parent, ParentList, Profile, Reason, Revoker,
    RoyaltyShare, RoyaltyShares, Standing, Version,
};

/// When something happened: the block, and its time.
pub type Moment = record::Moment<BlockNumber>;
/// A company.
pub type Participant = record::Participant<Balance, BlockNumber>;
/// A dataset. Its id is the key of the record.
pub type Dataset = record::Dataset<AccountId, Balance, BlockNumber>;
/// That a dataset was withdrawn.
pub type Withdrawal = record::Withdrawal<BlockNumber>;
/// An owner's answer to the fair sample's draw.
pub type SampleAnswer = record::SampleAnswer<BlockNumber>;
/// That a dataset went from one owner to another.
pub type Handover = record::Handover<AccountId, BlockNumber>;
/// An inspector's attestation.
pub type Attestation = record::Attestation<AccountId, Balance, BlockNumber>;
/// That an attestation was revoked.
pub type Revocation = record::Revocation<BlockNumber>;
/// What one ancestor's owner gets of one sale.
pub type Royalty = record::Royalty<AccountId, Balance>;
/// The royalties of one sale.
pub type Royalties = record::Royalties<AccountId, Balance>;
/// The permanent record of a trade.
pub type Trade = record::Trade<AccountId, Balance, BlockNumber>;

/// An announced commitment to a dataset.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Announcement {
    /// Layout.
    pub version: u8,
    /// When.
    pub at: BlockNumber,
    /// What is held for it.
    pub deposit: Balance,
}

/// Whether an offer takes orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum OfferState {
    /// It does.
    Open,
    /// The seller withdrew it.
    Withdrawn,
    /// A bad block was proved.
    Faulted,
}

/// An offer of a dataset.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Offer {
    /// Layout.
    pub version: u8,
    /// What is offered.
    pub dataset: DatasetId,
    /// Who offers.
    pub seller: AccountId,
    /// Bytes, plain and sealed.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Digest,
    /// Commitment to the content key.
    pub key_commitment: Digest,
    /// Price.
    pub price: Balance,
    /// Hash of the licence.
    pub licence: Digest,
    /// Hash of the non-disclosure text.
    pub nda: Digest,
    /// Blocks that the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks that the buyer has to dispute.
    pub dispute_window: BlockNumber,
    /// What is held of the seller's money.
    pub bond: Balance,
    /// Orders that are not final.
    pub open_orders: u32,
    /// The sum of the bonds of those orders.
    pub exposure: Balance,
    /// Whether it takes orders.
    pub state: OfferState,
    /// When it was made.
    pub offered_at: BlockNumber,
    /// Whether a buyer may sell what he makes from the dataset.
    pub derivation: Derivation,
}

/// How far an order is.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum OrderState {
    /// Paid into escrow; the seller is to deliver.
    Placed,
    /// The key is on the chain.
    Delivered {
        /// The wrapped key.
        delivery: Delivery,
        /// When.
        at: BlockNumber,
        /// The last block in which a dispute is taken.
        dispute_until: BlockNumber,
    },
}

/// An order that is not final.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Order {
    /// Layout.
    pub version: u8,
    /// The offer.
    pub offer: OfferId,
    /// Who buys.
    pub buyer: AccountId,
    /// Everything that was agreed.
    pub terms: OrderTerms,
    /// The buyer's one-time key.
    pub order_key: OrderKey,
    /// What the buyer derives the key's secret from.
    pub nonce: Digest,
    /// When it was placed.
    pub placed_at: BlockNumber,
    /// The last block in which a delivery is taken.
    pub deliver_by: BlockNumber,
    /// How far it is.
    pub state: OrderState,
    /// What is left of the dispute reserve.
    pub reserve_left: Balance,
}

/// Parts per million.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode, TypeInfo)]
pub struct Permill(pub u32);

impl Permill {
    /// This share of an amount, rounded down, as the marketplace rounds.
    pub fn of(self, amount: Balance) -> Balance {
        const MILLION: Balance = 1_000_000;
        let parts = Balance::from(self.0);
        (amount / MILLION).saturating_mul(parts).saturating_add(amount % MILLION * parts / MILLION)
    }
}

/// The rules of the marketplace.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Rules {
    /// Shortest delivery window.
    pub min_delivery_window: BlockNumber,
    /// Longest delivery window.
    pub max_delivery_window: BlockNumber,
    /// Shortest dispute window.
    pub min_dispute_window: BlockNumber,
    /// Longest dispute window.
    pub max_dispute_window: BlockNumber,
    /// Least bond.
    pub bond_floor: Balance,
    /// Share of the price that each open order takes of the bond.
    pub bond_share: Permill,
    /// The platform's share of the price.
    pub platform_fee: Permill,
    /// What is held from the buyer for a dispute.
    pub dispute_reserve: Balance,
    /// Share of an order's bond that a missed delivery costs.
    pub missed_delivery_share: Permill,
    /// Highest price.
    pub max_price: Balance,
}

impl Rules {
    /// The bond behind one order at this price.
    pub fn bond_for(&self, price: Balance) -> Balance {
        self.bond_share.of(price).max(self.bond_floor)
    }

    /// The platform's part of a price.
    pub fn fee_for(&self, price: Balance) -> Balance {
        self.platform_fee.of(price)
    }

    /// What a missed delivery costs, given the order's bond.
    pub fn penalty_for(&self, order_bond: Balance) -> Balance {
        self.missed_delivery_share.of(order_bond)
    }

    /// The terms that an order of this offer would fix now. The chain computes the same and compares digests.
    ///
    /// `ancestors` has, for each royalty that the dataset carries, in the chain's order, its share and who holds
    /// the ancestor; `None` if their parts are more than the chain allows, which it never writes.
    pub fn terms_of(
        &self,
        genesis: Digest,
        id: OfferId,
        offer: &Offer,
        ancestors: &[(RoyaltyShare, AccountId)],
    ) -> Option<OrderTerms> {
        let bond = self.bond_for(offer.price);
        let platform_fee = self.fee_for(offer.price);
        let rest = offer.price.saturating_sub(platform_fee);
        Some(OrderTerms {
            genesis,
            offer: id,
            dataset: offer.dataset,
            length: offer.length,
            sealed_root: offer.sealed_root,
            key_commitment: offer.key_commitment,
            seller: offer.seller,
            price: offer.price,
            platform_fee,
            dispute_reserve: self.dispute_reserve,
            bond,
            missed_delivery_penalty: self.penalty_for(bond),
            delivery_window: offer.delivery_window,
            dispute_window: offer.dispute_window,
            licence: offer.licence,
            nda: offer.nda,
            derivation: offer.derivation,
            royalties: royalties(rest, ancestors)?,
        })
    }
}

/// Each ancestor's part of what a sale brings after the platform's fee; parts of nothing are left out.
fn royalties(amount: Balance, ancestors: &[(RoyaltyShare, AccountId)]) -> Option<Royalties> {
    let parts = ancestors.iter().map(|(royalty, account)| Royalty {
        dataset: royalty.dataset,
        account: *account,
        amount: royalty.share.of(amount),
    });
    parts.filter(|part| part.amount > 0).collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down_and_do_not_overflow() {
        assert_eq!(Permill(1).of(999_999), 0);
        assert_eq!(Permill(1).of(1_000_000), 1);
        assert_eq!(Permill(333_333).of(10), 3);
        assert_eq!(Permill(1_000_000).of(Balance::MAX), Balance::MAX);
    }
}
