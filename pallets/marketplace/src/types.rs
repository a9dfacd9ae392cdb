//! What the pallet stores beside the permanent records of `wonbon_primitives::record`: rules, offers, orders.
//!
//! Every record opens with a layout version byte, so that a reader of an old state knows whether it understands
//! what it reads.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::fungible::Inspect;
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use sp_runtime::{serde, traits::AtLeast32BitUnsigned, Debug, Permill};
use wonbon_primitives::{
    delivery::{Delivery, OrderKey},
    id::{DatasetId, Digest, OfferId},
    record::{Amount, Derivation, Moment, Royalties, Trade},
    terms::OrderTerms,
};

use crate::Config;

/// Layout of the offers and orders that this code writes.
pub const RECORD_VERSION: u8 = 1;

/// Longest window that rules may allow, in blocks: about a year of two-second blocks. It bounds how long
/// money can lie in escrow, whatever the council decides.
pub const MAX_WINDOW: u32 = 1 << 24;

/// Money of the pallet's currency.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;
/// [`RuleSet`] of a runtime.
pub type RulesOf<T> = RuleSet<BalanceOf<T>, BlockNumberFor<T>>;
/// [`Offer`] of a runtime.
pub type OfferOf<T> = Offer<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Order`] of a runtime.
pub type OrderOf<T> = Order<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`OrderTerms`] of a runtime.
pub type OrderTermsOf<T> =
    OrderTerms<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Trade`] of a runtime.
pub type TradeOf<T> = Trade<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Royalties`] of a runtime.
pub type RoyaltiesOf<T> = Royalties<<T as frame_system::Config>::AccountId, BalanceOf<T>>;
/// [`Moment`] of a runtime.
pub type MomentOf<T> = Moment<BlockNumberFor<T>>;
/// [`RuleLimits`] of a runtime.
pub type RuleLimitsOf<T> = RuleLimits<BlockNumberFor<T>>;
/// [`Listing`] of a runtime.
pub type ListingOf<T> = Listing<BalanceOf<T>, BlockNumberFor<T>>;

/// What governance decides for all offers. An order copies what concerns it into its terms, so a change
/// touches later orders only.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(crate = "sp_runtime::serde")]
pub struct RuleSet<Balance, BlockNumber> {
    /// Shortest time, in blocks, that an offer may give its seller to deliver.
    pub min_delivery_window: BlockNumber,
    /// Longest such time.
    pub max_delivery_window: BlockNumber,
    /// Shortest time, in blocks, that an offer may give a buyer to check and dispute.
    pub min_dispute_window: BlockNumber,
    /// Longest such time.
    pub max_dispute_window: BlockNumber,
    /// Least bond behind an order, whatever its price.
    pub bond_floor: Balance,
    /// Bond behind an order as a share of its price.
    pub bond_share: Permill,
    /// The platform's share of a price.
    pub platform_fee: Permill,
    /// Set aside in each escrow so that no buyer is too poor to dispute, and paid to a buyer whose dispute
    /// held, out of the bond.
    pub dispute_reserve: Balance,
    /// What a missed delivery costs the seller, as a share of the order's bond.
    pub missed_delivery_share: Permill,
    /// Highest price.
    pub max_price: Balance,
}

impl<Balance, BlockNumber> RuleSet<Balance, BlockNumber>
where
    Balance: AtLeast32BitUnsigned + Copy,
    BlockNumber: AtLeast32BitUnsigned + Copy,
{
    /// Whether the rules agree with each other: windows are not empty, not inverted and at most
    /// [`MAX_WINDOW`], and the bond of the cheapest order pays for the dispute that takes it.
    pub fn is_sound(&self) -> bool {
        let longest = BlockNumber::from(MAX_WINDOW);
        let window = |min: BlockNumber, max: BlockNumber| !min.is_zero() && min <= max && max <= longest;
        window(self.min_delivery_window, self.max_delivery_window)
            && window(self.min_dispute_window, self.max_dispute_window)
            && !self.bond_floor.is_zero()
            && self.bond_floor >= self.dispute_reserve
            && !self.max_price.is_zero()
    }

    /// Whether the rules keep to what no decision may go beyond.
    pub fn is_within(&self, limits: &RuleLimits<BlockNumber>) -> bool {
        self.min_delivery_window >= limits.min_delivery_window
            && self.min_dispute_window >= limits.min_dispute_window
            && self.platform_fee <= limits.max_platform_fee
    }

    /// Whether an offer may ask this price.
    pub fn allows_price(&self, price: Balance) -> bool {
        !price.is_zero() && price <= self.max_price
    }

    /// Whether an offer may have these windows.
    pub fn allows_windows(&self, delivery: BlockNumber, dispute: BlockNumber) -> bool {
        (self.min_delivery_window..=self.max_delivery_window).contains(&delivery)
            && (self.min_dispute_window..=self.max_dispute_window).contains(&dispute)
    }

    /// The part of a price that a bond must cover, rounded down.
    pub fn bond_share_of(&self, price: Balance) -> Balance {
        self.bond_share.mul_floor(price)
    }

    /// Bond behind one order at this price.
    pub fn bond_for(&self, price: Balance) -> Balance {
        self.bond_share_of(price).max(self.bond_floor)
    }

    /// The platform's part of a price, rounded down, and so never above it.
    pub fn fee_for(&self, price: Balance) -> Balance {
        self.platform_fee.mul_floor(price)
    }

    /// What a missed delivery costs, given the order's bond, rounded down.
    pub fn penalty_for(&self, order_bond: Balance) -> Balance {
        self.missed_delivery_share.mul_floor(order_bond)
    }
}

/// What governance may not go beyond, however many vote for it: the time that a party has to act, and the
/// platform's share.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct RuleLimits<BlockNumber> {
    /// Least value of the shortest time to deliver.
    pub min_delivery_window: BlockNumber,
    /// Least value of the shortest time to dispute.
    pub min_dispute_window: BlockNumber,
    /// Greatest value of the platform's share of a price.
    pub max_platform_fee: Permill,
}

impl<BlockNumber: Ord + Copy> RuleLimits<BlockNumber> {
    /// The limits that allow what one of the two allows.
    pub fn or(self, other: Self) -> Self {
        Self {
            min_delivery_window: self.min_delivery_window.min(other.min_delivery_window),
            min_dispute_window: self.min_dispute_window.min(other.min_dispute_window),
            max_platform_fee: self.max_platform_fee.max(other.max_platform_fee),
        }
    }
}

/// What a seller says when he makes an offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing<Balance, BlockNumber> {
    /// What is sold.
    pub dataset: DatasetId,
    /// Root of the sealed payload.
    pub sealed_root: Digest,
    /// Commitment to the content key.
    pub key_commitment: Digest,
    /// Price of one copy.
    pub price: Balance,
    /// Hash of the licence text.
    pub licence: Digest,
    /// Hash of the confidentiality agreement.
    pub nda: Digest,
    /// Blocks the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks the buyer has to dispute.
    pub dispute_window: BlockNumber,
    /// Bond put down at once.
    pub bond: Balance,
    /// Whether a buyer may sell what he makes from it.
    pub derivation: Derivation,
}

/// Where an offer stands.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum OfferState {
    /// It takes orders.
    Open,
    /// Its seller took it back, or could not sell the dataset any more.
    Withdrawn,
    /// A block of its sealing was proved to be wrong.
    Faulted,
}

/// A sealing of a dataset, for sale. The record stays when the offer is closed; its bond does not.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Offer<AccountId, Balance, BlockNumber> {
    /// Layout of this record.
    pub version: u8,
    /// What is sold.
    pub dataset: DatasetId,
    /// Who sells it.
    pub seller: AccountId,
    /// Bytes of the payload, plain and sealed alike.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Digest,
    /// Commitment to the content key.
    pub key_commitment: Digest,
    /// Price of one copy.
    pub price: Balance,
    /// Hash of the licence text.
    pub licence: Digest,
    /// Hash of the confidentiality agreement.
    pub nda: Digest,
    /// Blocks the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks the buyer has to dispute.
    pub dispute_window: BlockNumber,
    /// Bond on hold now.
    pub bond: Balance,
    /// Orders that are not final.
    pub open_orders: u32,
    /// Sum of these orders' bonds.
    pub exposure: Balance,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub offered_at: BlockNumber,
    /// Whether a buyer may sell what he makes from it.
    pub derivation: Derivation,
}

/// How far an order has come. A final order is no order any more but a [`Trade`], for good.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum OrderState<BlockNumber> {
    /// Paid into escrow, waiting for the key.
    Placed,
    /// The key is on the chain, readable by the buyer alone.
    Delivered {
        /// The key.
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
    /// Layout of this record.
    pub version: u8,
    /// The offer that it took.
    pub offer: OfferId,
    /// Who pays.
    pub buyer: AccountId,
    /// Everything that a later check reads, as it was when the order was placed.
    pub terms: OrderTerms<AccountId, Balance, BlockNumber>,
    /// The buyer's one-time key.
    pub order_key: OrderKey,
    /// From this and his secret the buyer derives the order key's secret again, on any machine.
    pub nonce: [u8; 32],
    /// When it was placed.
    pub placed_at: BlockNumber,
    /// Last block at which a delivery is taken; the order can be expired after it.
    pub deliver_by: BlockNumber,
    /// How far it has come.
    pub state: OrderState<BlockNumber>,
    /// What is left of the dispute reserve in escrow.
    pub reserve_left: Balance,
}
