//! The bond behind an offer: what it must cover, what it loses, and how it comes back.
//!
//! Promises: a bond covers the bonds of its open orders, and no order is covered by what was said to leave; it goes back
//! when its offer is closed and has no open order; of an offer that goes on, only what covers no order leaves, and not before
//! every order that was delivered when that was announced is settled or disputed.

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use sp_runtime::traits::{CheckedAdd, CheckedSub, Saturating, Zero};
use wonbon_primitives::{
    id::{OfferId, OrderId},
    record::LeavingBond,
};

use crate::{
    pallet::{Config, Error, Event, HoldReason, Offers, Pallet},
    types::{BalanceOf, OfferOf, RulesOf},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_bond(seller: T::AccountId, id: OfferId, amount: BalanceOf<T>) -> DispatchResult {
        let mut offer = Self::open_offer_of(&seller, id)?;
        Self::put_down(id, &mut offer, amount)?;
        Offers::<T>::insert(id, offer);
        Ok(())
    }

    /// Takes more bond for an offer, which the caller stores.
    pub(crate) fn put_down(id: OfferId, offer: &mut OfferOf<T>, amount: BalanceOf<T>) -> DispatchResult {
        Self::put_on_hold(HoldReason::Bond, &offer.seller, amount)?;
        offer.bond = offer.bond.checked_add(&amount).ok_or(Error::<T>::Overflow)?;
        Self::deposit_event(Event::BondAdded { offer: id, amount });
        Ok(())
    }

    /// What of an offer's bond covers orders: all but what is to leave.
    pub(crate) fn covering_bond(offer: &OfferOf<T>) -> BalanceOf<T> {
        let leaving = offer.leaving.as_ref().map_or_else(Zero::zero, |leaving| leaving.amount);
        offer.bond.saturating_sub(leaving)
    }

    /// Whether the bond covers one more order at this price, beside the open ones.
    pub(crate) fn ensure_covers_another(
        offer: &OfferOf<T>,
        rules: &RulesOf<T>,
        price: BalanceOf<T>,
    ) -> DispatchResult {
        let needed = offer
            .exposure
            .checked_add(&rules.bond_share_of(price))
            .ok_or(Error::<T>::Overflow)?
            .max(rules.bond_floor);
        ensure!(Self::covering_bond(offer) >= needed, Error::<T>::BondTooSmall);
        Ok(())
    }

    /// Says that a part of the bond is to leave, in place of what was said before; nothing takes that back.
    pub(crate) fn do_release_bond(seller: T::AccountId, id: OfferId, amount: BalanceOf<T>) -> DispatchResult {
        let mut offer = Self::offer_by(&seller, id)?;
        let surplus = offer.bond.saturating_sub(offer.exposure);
        ensure!(amount <= surplus, Error::<T>::BondNotFree);
        let window = offer.dispute_window.max(offer.longest_dispute_window);
        let stays_until = Self::now().checked_add(&window).ok_or(Error::<T>::Overflow)?;
        offer.leaving = (!amount.is_zero()).then_some(LeavingBond { amount, stays_until });
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::BondLeaving { offer: id, amount, stays_until });
        Ok(())
    }

    /// Gives back what was said to leave, as far as no order needs it.
    pub(crate) fn do_take_bond(seller: T::AccountId, id: OfferId) -> DispatchResult {
        let mut offer = Self::offer_by(&seller, id)?;
        let leaving = offer.leaving.take().ok_or(Error::<T>::NoBondLeaving)?;
        ensure!(Self::now() > leaving.stays_until, Error::<T>::TooEarly);
        let amount = leaving.amount.min(offer.bond.saturating_sub(offer.exposure));
        offer.bond = offer.bond.checked_sub(&amount).ok_or(Error::<T>::Inconsistent)?;
        Self::release(HoldReason::Bond, &seller, amount)?;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::BondReleased { offer: id, amount });
        Ok(())
    }

    /// Stores an offer, and gives its bond back if nothing can need it any more.
    pub(crate) fn save_offer(id: OfferId, mut offer: OfferOf<T>) -> DispatchResult {
        if offer.state.is_closed() && offer.open_orders == 0 {
            offer.leaving = None;
            if !offer.bond.is_zero() {
                let amount = core::mem::replace(&mut offer.bond, Zero::zero());
                Self::release(HoldReason::Bond, &offer.seller, amount)?;
                Self::deposit_event(Event::BondReleased { offer: id, amount });
            }
        }
        Offers::<T>::insert(id, offer);
        Ok(())
    }

    /// Takes up to `amount` out of a bond: to the buyer what is due to them, the rest to the treasury.
    pub(crate) fn slash(
        order: OrderId,
        id: OfferId,
        offer: &mut OfferOf<T>,
        buyer: &T::AccountId,
        amount: BalanceOf<T>,
        due: BalanceOf<T>,
    ) -> DispatchResult {
        let amount = amount.min(offer.bond);
        if amount.is_zero() {
            return Ok(());
        }
        let to_buyer = due.min(amount);
        let to_treasury = amount.checked_sub(&to_buyer).ok_or(Error::<T>::Inconsistent)?;
        offer.bond = offer.bond.checked_sub(&amount).ok_or(Error::<T>::Inconsistent)?;
        Self::pay_from_hold(HoldReason::Bond, &offer.seller, buyer, to_buyer)?;
        Self::pay_from_hold(HoldReason::Bond, &offer.seller, &T::Treasury::get(), to_treasury)?;
        Self::deposit_event(Event::BondSlashed { offer: id, order, to_buyer, to_treasury });
        Ok(())
    }
}
