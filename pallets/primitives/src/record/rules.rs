//! What governance decides for all offers, and what follows from it for one order.
//!
//! Chain and tools compute the terms of an order with the same code and compare digests: a buyer pays under nothing
//! that they did not see.

use super::{Amount, Offer, OrderTerms, Royalties, Royalty, RoyaltyShare};
use crate::{share::Share, DatasetId, Digest, OfferId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Longest window that rules may allow, in blocks: about a year of two-second blocks. It bounds how long
/// money can lie in escrow, whatever the council decides.
pub const MAX_WINDOW: u32 = 1 << 24;

/// Money that shares are taken of: an unsigned integer of at most 128 bits.
pub trait Money: Amount + Copy + Ord + From<u32> + TryFrom<u128> + TryInto<u128> {
    /// In 128 bits.
    fn wide(self) -> u128 {
        self.try_into().unwrap_or(u128::MAX)
    }

    /// A share of it, rounded down, and so never more than it.
    fn part(self, share: Share) -> Self {
        share.of(self.wide()).try_into().unwrap_or(self)
    }
}

impl<N: Amount + Copy + Ord + From<u32> + TryFrom<u128> + TryInto<u128>> Money for N {}

/// What governance decides for all offers. An order copies what concerns it into its terms, so a change
/// touches later orders only.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rules<Balance, BlockNumber> {
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
    pub bond_share: Share,
    /// The platform's share of a price.
    pub platform_fee: Share,
    /// Set aside in each escrow so that no buyer is too poor to dispute, and paid to a buyer whose dispute
    /// held, out of the bond.
    pub dispute_reserve: Balance,
    /// What a missed delivery costs the seller, as a share of the order's bond.
    pub missed_delivery_share: Share,
    /// Highest price.
    pub max_price: Balance,
}

impl<Balance: Money, BlockNumber: Copy + Ord + From<u32>> Rules<Balance, BlockNumber> {
    /// Whether the rules agree with each other: windows are not empty, not inverted and at most
    /// [`MAX_WINDOW`], and the bond of the cheapest order pays for the dispute that takes it.
    pub fn is_sound(&self) -> bool {
        let (shortest, longest) = (BlockNumber::from(1), BlockNumber::from(MAX_WINDOW));
        let window = |min: BlockNumber, max: BlockNumber| min >= shortest && min <= max && max <= longest;
        let nothing = Balance::from(0);
        window(self.min_delivery_window, self.max_delivery_window)
            && window(self.min_dispute_window, self.max_dispute_window)
            && self.bond_floor > nothing
            && self.bond_floor >= self.dispute_reserve
            && self.max_price > nothing
    }

    /// Whether an offer may ask this price.
    pub fn allows_price(&self, price: Balance) -> bool {
        price > Balance::from(0) && price <= self.max_price
    }

    /// Whether an offer may have these windows.
    pub fn allows_windows(&self, delivery: BlockNumber, dispute: BlockNumber) -> bool {
        (self.min_delivery_window..=self.max_delivery_window).contains(&delivery)
            && (self.min_dispute_window..=self.max_dispute_window).contains(&dispute)
    }

    /// The part of a price that a bond must cover, rounded down.
    pub fn bond_share_of(&self, price: Balance) -> Balance {
        price.part(self.bond_share)
    }

    /// Bond behind one order at this price.
    pub fn bond_for(&self, price: Balance) -> Balance {
        self.bond_share_of(price).max(self.bond_floor)
    }

    /// The platform's part of a price, rounded down, and so never above it.
    pub fn fee_for(&self, price: Balance) -> Balance {
        price.part(self.platform_fee)
    }

    /// What a missed delivery costs, given the order's bond, rounded down.
    pub fn penalty_for(&self, order_bond: Balance) -> Balance {
        order_bond.part(self.missed_delivery_share)
    }

    /// The terms that an order of this offer would fix now.
    ///
    /// `owed` are the royalties that the dataset carries, in the chain's order, and `holder` says who holds an
    /// ancestor now; it is asked about those only that get anything. `None` if it does not know one, or if the parts
    /// are more than an order can have: the chain keeps neither.
    pub fn terms_of<AccountId: Clone>(
        &self,
        genesis: Digest,
        id: OfferId,
        offer: &Offer<AccountId, Balance, BlockNumber>,
        owed: impl IntoIterator<Item = RoyaltyShare>,
        holder: impl FnMut(&DatasetId) -> Option<AccountId>,
    ) -> Option<OrderTerms<AccountId, Balance, BlockNumber>> {
        let bond = self.bond_for(offer.price);
        let platform_fee = self.fee_for(offer.price);
        let rest = offer.price.wide().checked_sub(platform_fee.wide())?;
        Some(OrderTerms {
            genesis,
            offer: id,
            dataset: offer.dataset,
            length: offer.length,
            sealed_root: offer.sealed_root,
            key_commitment: offer.key_commitment,
            seller: offer.seller.clone(),
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
            royalties: royalties(rest, owed, holder)?,
        })
    }
}

/// Each ancestor's part of what a sale brings after the platform's fee; parts of nothing are left out.
fn royalties<AccountId, Balance: Money>(
    rest: u128,
    owed: impl IntoIterator<Item = RoyaltyShare>,
    mut holder: impl FnMut(&DatasetId) -> Option<AccountId>,
) -> Option<Royalties<AccountId, Balance>> {
    let mut royalties = Royalties::default();
    for RoyaltyShare { dataset, share } in owed {
        let amount = share.of(rest);
        if amount > 0 {
            let (account, amount) = (holder(&dataset)?, amount.try_into().ok()?);
            royalties.try_push(Royalty { dataset, account, amount }).ok()?;
        }
    }
    Some(royalties)
}
