//! Orders that end without a sale although nobody cheated: the delivery was missed, the seller refuses it, or both agree to
//! undo it.
//!
//! Promises: the buyer gets everything back that they paid; a missed delivery and a late refusal cost the order's penalty,
//! and several orders that were missed for one reason the highest of theirs; every one of them is counted with the offer.

use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{CheckedDiv, Saturating, Zero},
    DispatchError,
};
use wonbon_primitives::{
    id::OrderId,
    record::{OfferState, OrderState, Outcome, Pause},
};

use crate::{
    pallet::{Config, Error, Event, Offers, Orders, Pallet},
    types::{BalanceOf, OfferOf, OrderOf},
};

impl<T: Config> Pallet<T> {
    /// Ends an order that was not delivered in time, and pauses its offer, so that no buyer runs into the same.
    pub(crate) fn do_expire(id: OrderId) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(order.state == OrderState::Placed, Error::<T>::AlreadyDelivered);
        ensure!(Self::now() > Self::deliver_by(&order), Error::<T>::TooEarly);
        Self::ensure_sealing_unfaulted(&order.terms)?;
        let mut offer = Self::offer_of(&order)?;
        Self::charge_penalty(id, &order, &mut offer)?;
        if offer.pause.is_none_or(|pause| order.placed_at > pause.since) {
            offer.pause = Some(Pause { since: Self::now(), penalty: order.terms.missed_delivery_penalty });
            if offer.state == OfferState::Open {
                offer.state = OfferState::Paused;
                Self::deposit_event(Event::OfferPaused { offer: order.offer, order: id });
            }
        }
        offer.missed = offer.missed.saturating_add(1);
        Self::refund_buyer(id, order, offer, Outcome::Missed)
    }

    /// Ends an order that the seller does not want to deliver: for nothing in the first half of the time to deliver, at the
    /// penalty after it.
    pub(crate) fn do_refuse(seller: T::AccountId, id: OrderId) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(order.terms.seller == seller, Error::<T>::NotTheSeller);
        ensure!(order.state == OrderState::Placed, Error::<T>::AlreadyDelivered);
        ensure!(Self::now() <= Self::deliver_by(&order), Error::<T>::TooLate);
        Self::ensure_sealing_unfaulted(&order.terms)?;
        let mut offer = Self::offer_of(&order)?;
        if Self::now() > Self::refused_free_until(&order) {
            Self::charge_penalty(id, &order, &mut offer)?;
        }
        offer.refused = offer.refused.saturating_add(1);
        Self::refund_buyer(id, order, offer, Outcome::Refused)
    }

    /// Offers the buyer of a delivered order their money back. It stands until the order ends.
    pub(crate) fn do_propose_refund(seller: T::AccountId, id: OrderId) -> DispatchResult {
        let mut order = Self::order(id)?;
        ensure!(order.terms.seller == seller, Error::<T>::NotTheSeller);
        ensure!(matches!(order.state, OrderState::Delivered { .. }), Error::<T>::NotDelivered);
        ensure!(order.refund_proposed.is_none(), Error::<T>::AlreadyProposed);
        order.refund_proposed = Some(Self::now());
        Orders::<T>::insert(id, order);
        Self::deposit_event(Event::RefundProposed { order: id });
        Ok(())
    }

    /// Takes the refund that the seller proposed. All is in escrow still, so all of it goes back to the buyer; nobody was
    /// paid, and no right was given.
    pub(crate) fn do_accept_refund(buyer: T::AccountId, id: OrderId) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(order.buyer == buyer, Error::<T>::NotTheBuyer);
        ensure!(order.refund_proposed.is_some(), Error::<T>::NoRefundProposed);
        Self::ensure_sealing_unfaulted(&order.terms)?;
        let mut offer = Self::offer_of(&order)?;
        offer.refunded = offer.refunded.saturating_add(1);
        Self::refund_buyer(id, order, offer, Outcome::Refunded)
    }

    /// The last block at which a refusal of the order costs nothing.
    pub(crate) fn refused_free_until(order: &OrderOf<T>) -> BlockNumberFor<T> {
        let half = order.terms.delivery_window.checked_div(&2u32.into()).unwrap_or_else(Zero::zero);
        order.placed_at.saturating_add(half)
    }

    /// Takes an order's penalty out of the bond for its buyer.
    ///
    /// Of orders placed before a pause that stands, only what is above the highest penalty paid in it is due: whatever
    /// stopped the seller stopped all of them. With that, a cheap order missed on purpose buys no freedom from the dear
    /// ones.
    fn charge_penalty(id: OrderId, order: &OrderOf<T>, offer: &mut OfferOf<T>) -> Result<(), DispatchError> {
        let full = order.terms.missed_delivery_penalty;
        let due = match &mut offer.pause {
            Some(pause) if order.placed_at <= pause.since => {
                let due: BalanceOf<T> = full.saturating_sub(pause.penalty);
                pause.penalty = pause.penalty.max(full);
                due
            }
            _ => full,
        };
        Self::slash(id, order.offer, offer, &order.buyer, due, due)
    }

    /// The offer of an order, for the books: its bond and its open orders.
    pub(crate) fn offer_of(order: &OrderOf<T>) -> Result<OfferOf<T>, DispatchError> {
        Ok(Offers::<T>::get(order.offer).ok_or(Error::<T>::Inconsistent)?)
    }
}
