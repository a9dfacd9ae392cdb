//! The records of `wonbon_primitives` with a runtime's accounts, money and block numbers in them, what the rules may
//! not go beyond, and what a seller says.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::fungible::Inspect;
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use sp_runtime::Debug;
use wonbon_primitives::{
    id::{DatasetId, Digest},
    record::{Derivation, Moment, Offer, Order, OrderTerms, Rules, Trade},
    share::Share,
};

use crate::Config;

/// Money of the pallet's currency.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;
/// [`Rules`] of a runtime.
pub type RulesOf<T> = Rules<BalanceOf<T>, BlockNumberFor<T>>;
/// [`Offer`] of a runtime.
pub type OfferOf<T> = Offer<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Order`] of a runtime.
pub type OrderOf<T> = Order<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`OrderTerms`] of a runtime.
pub type OrderTermsOf<T> =
    OrderTerms<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Trade`] of a runtime.
pub type TradeOf<T> = Trade<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;
/// [`Moment`] of a runtime.
pub type MomentOf<T> = Moment<BlockNumberFor<T>>;
/// [`RuleLimits`] of a runtime.
pub type RuleLimitsOf<T> = RuleLimits<BlockNumberFor<T>>;
/// [`Listing`] of a runtime.
pub type ListingOf<T> = Listing<BalanceOf<T>, BlockNumberFor<T>>;

/// [`Amendment`] of a runtime.
pub type AmendmentOf<T> = Amendment<BlockNumberFor<T>>;

/// The terms of an offer that its seller may change for later orders.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Amendment<BlockNumber> {
    /// Hash of the licence text.
    pub licence: Digest,
    /// Hash of the confidentiality agreement.
    pub nda: Digest,
    /// Blocks the seller has to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks the buyer has to dispute.
    pub dispute_window: BlockNumber,
    /// Whether buyers may sell what they make from it.
    pub derivation: Derivation,
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
    pub max_platform_fee: Share,
}

impl<BlockNumber: Ord + Copy> RuleLimits<BlockNumber> {
    /// Whether rules keep to them.
    pub fn allow<Balance>(&self, rules: &Rules<Balance, BlockNumber>) -> bool {
        rules.min_delivery_window >= self.min_delivery_window
            && rules.min_dispute_window >= self.min_dispute_window
            && rules.platform_fee <= self.max_platform_fee
    }

    /// The limits that allow what one of the two allows.
    pub fn or(self, other: Self) -> Self {
        Self {
            min_delivery_window: self.min_delivery_window.min(other.min_delivery_window),
            min_dispute_window: self.min_dispute_window.min(other.min_dispute_window),
            max_platform_fee: self.max_platform_fee.max(other.max_platform_fee),
        }
    }
}

/// What sellers say when they make an offer.
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
    /// Whether buyers may sell what they make from it.
    pub derivation: Derivation,
}

/// What buyers say that they agreed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Agreed<Balance> {
    /// The price.
    pub(crate) price: Balance,
    /// The digest of all terms.
    pub(crate) terms: Digest,
    /// Hash of the licence text.
    pub(crate) licence: Digest,
    /// Hash of the confidentiality agreement.
    pub(crate) nda: Digest,
}
