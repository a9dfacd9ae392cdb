//! The records that the pallets keep.

use super::{AccountId, Balance, BlockNumber, DatasetId, Digest, OfferId, OrderId, OrderTerms};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use wonbon_primitives::bounds::{NameBound, ReasonBound};
use wonbon_primitives::company::{Ksic, Region, RegistrationNumber, Roles, SizeClass};
use wonbon_primitives::dataset::{Method, Relation};
use wonbon_primitives::delivery::{Delivery, OrderKey};
use wonbon_primitives::BoundedVec;

/// A name, UTF-8.
pub type Name = BoundedVec<u8, NameBound>;
/// A reason, UTF-8.
pub type Reason = BoundedVec<u8, ReasonBound>;

/// What a company says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Profile {
    /// Name.
    pub name: Name,
    /// Business registration number.
    pub registration_number: RegistrationNumber,
    /// Industry.
    pub ksic: Ksic,
    /// Size.
    pub size: SizeClass,
    /// Where it is.
    pub region: Region,
    /// What it does here.
    pub roles: Roles,
}

/// Where a participant stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum Standing {
    /// Registered, not yet verified.
    Pending,
    /// Verified by the registrar.
    Verified,
    /// Suspended by the registrar.
    Suspended,
}

/// A company.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Participant {
    /// Layout.
    pub version: u8,
    /// What it says about itself.
    pub profile: Profile,
    /// Where it stands.
    pub standing: Standing,
    /// Whether it may attest.
    pub accredited: bool,
    /// When it registered.
    pub registered_at: BlockNumber,
    /// When the record last changed.
    pub changed_at: BlockNumber,
    /// What is held for the record.
    pub deposit: Balance,
}

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

/// That a dataset was withdrawn.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Withdrawal {
    /// When.
    pub at: BlockNumber,
    /// Why.
    pub reason: Reason,
}

/// A dataset. Its id is the key of the record.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Dataset {
    /// Layout.
    pub version: u8,
    /// Who registered it first here.
    pub registrant: AccountId,
    /// Who owns it now.
    pub owner: AccountId,
    /// Bytes.
    pub length: u64,
    /// Hash of the metadata document.
    pub metadata: Digest,
    /// How it was made.
    pub method: Method,
    /// When it was registered.
    pub registered_at: BlockNumber,
    /// How many parents it has.
    pub parent_count: u32,
    /// Whether, when and why it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
    /// How many entries its hash chain has.
    pub records: u32,
    /// Head of its hash chain.
    pub head: Digest,
    /// What is held for the record.
    pub deposit: Balance,
}

/// What a dataset was made from.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Parent {
    /// The older dataset.
    pub dataset: DatasetId,
    /// How the younger came from it.
    pub relation: Relation,
}

/// What an inspector attests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum AttestationKind {
    /// The data's quality.
    Quality,
    /// The smart-factory level of its source.
    SmartFactoryLevel,
    /// That the processing was as stated.
    Processing,
}

/// Who took an attestation back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum Revoker {
    /// The inspector who made it.
    Inspector,
    /// The authority.
    Authority,
}

/// That an attestation was revoked.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Revocation {
    /// By whom.
    pub by: Revoker,
    /// When.
    pub at: BlockNumber,
    /// Why.
    pub reason: Reason,
}

/// An inspector's attestation.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Attestation {
    /// Layout.
    pub version: u8,
    /// Who attests.
    pub inspector: AccountId,
    /// What.
    pub kind: AttestationKind,
    /// Hash of the document.
    pub document: Digest,
    /// When.
    pub at: BlockNumber,
    /// Whether it was revoked.
    pub revoked: Option<Revocation>,
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

/// How an order ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum Outcome {
    /// The buyer accepted.
    Accepted,
    /// The dispute window passed.
    Lapsed,
    /// The seller did not deliver.
    Missed,
    /// The delivered key was proved wrong.
    WrongKey,
    /// A block was proved bad.
    BadBlock(u64),
    /// Another order proved the sealing bad.
    Faulted,
}

/// The permanent record of a trade.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Trade {
    /// Layout.
    pub version: u8,
    /// The order.
    pub order: OrderId,
    /// The offer.
    pub offer: OfferId,
    /// Who sold.
    pub seller: AccountId,
    /// Who bought.
    pub buyer: AccountId,
    /// Price.
    pub price: Balance,
    /// The platform's share.
    pub platform_fee: Balance,
    /// Root of the sealed payload.
    pub sealed_root: Digest,
    /// Commitment to the content key.
    pub key_commitment: Digest,
    /// Hash of the licence.
    pub licence: Digest,
    /// Hash of the non-disclosure text.
    pub nda: Digest,
    /// Digest of the terms.
    pub terms: Digest,
    /// When it was ordered.
    pub placed_at: BlockNumber,
    /// When the key was delivered.
    pub delivered_at: Option<BlockNumber>,
    /// When it became final.
    pub final_at: BlockNumber,
    /// How.
    pub outcome: Outcome,
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
    pub fn terms_of(&self, genesis: Digest, id: OfferId, offer: &Offer) -> OrderTerms {
        let bond = self.bond_for(offer.price);
        OrderTerms {
            genesis,
            offer: id,
            dataset: offer.dataset,
            length: offer.length,
            sealed_root: offer.sealed_root,
            key_commitment: offer.key_commitment,
            seller: offer.seller,
            price: offer.price,
            platform_fee: self.fee_for(offer.price),
            dispute_reserve: self.dispute_reserve,
            bond,
            missed_delivery_penalty: self.penalty_for(bond),
            delivery_window: offer.delivery_window,
            dispute_window: offer.dispute_window,
            licence: offer.licence,
            nda: offer.nda,
        }
    }
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
