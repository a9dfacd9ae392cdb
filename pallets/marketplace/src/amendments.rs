//! What a seller changes of an offer without sealing anew: its terms for later orders, and whether it takes orders.
//!
//! Promises: no open order changes, as each has its own copy of its terms; whoever signed the old terms orders under them
//! or not at all; a sealing of which a block was proved wrong is never for sale again.

use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::traits::Zero;
use wonbon_primitives::{id::OfferId, record::OfferState};

use crate::{
    meter::Meter,
    pallet::{Config, Error, Event, Offers, Pallet},
    types::{AmendmentOf, BalanceOf},
};

impl<T: Config> Pallet<T> {
    /// Changes the terms for later orders. A withdrawn offer may be amended too, to be reopened under other terms.
    pub(crate) fn do_amend(seller: T::AccountId, id: OfferId, to: AmendmentOf<T>) -> DispatchResult {
        let mut offer = Self::offer_by(&seller, id)?;
        ensure!(offer.state != OfferState::Faulted, Error::<T>::FaultySealing);
        Self::ensure_provider(&seller)?;
        ensure!(
            Self::rules()?.allows_windows(to.delivery_window, to.dispute_window),
            Error::<T>::WindowOutOfRange
        );
        Self::ensure_usable(&to.derivation)?;
        offer.licence = to.licence;
        offer.nda = to.nda;
        offer.delivery_window = to.delivery_window;
        offer.dispute_window = to.dispute_window;
        offer.derivation = to.derivation;
        if offer.open_orders == 0 {
            offer.longest_dispute_window = to.dispute_window;
        }
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::OfferAmended { offer: id, terms: to });
        Ok(())
    }

    /// Lets an offer that a missed delivery paused take orders again. A delivery missed from now on costs its penalty.
    pub(crate) fn do_resume_offer(seller: T::AccountId, id: OfferId) -> DispatchResult {
        let mut offer = Self::offer_by(&seller, id)?;
        ensure!(offer.state == OfferState::Paused, Error::<T>::OfferNotPaused);
        Self::ensure_provider(&seller)?;
        offer.state = OfferState::Open;
        offer.pause = None;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::OfferResumed { offer: id });
        Ok(())
    }

    /// Opens a withdrawn offer again, with so much more bond. Its sealing, its
    /// key and its deposit are still there; the seller must be able to sell the dataset as for a new offer.
    pub(crate) fn do_reopen_offer(
        seller: T::AccountId,
        id: OfferId,
        bond: BalanceOf<T>,
        parents: &mut Meter,
    ) -> DispatchResult {
        let mut offer = Self::offer_by(&seller, id)?;
        Self::ensure_not_faulty(&offer)?;
        ensure!(offer.state == OfferState::Withdrawn, Error::<T>::OfferNotWithdrawn);
        Self::ensure_provider(&seller)?;
        Self::dataset_of(&seller, &offer.dataset)?;
        Self::ensure_cleared(&seller, &offer.dataset, parents)?;
        if !bond.is_zero() {
            Self::put_down(id, &mut offer, bond)?;
        }
        let rules = Self::rules()?;
        Self::ensure_covers_another(&offer, &rules, offer.price)?;
        Self::list_open(&offer.dataset, id)?;
        offer.state = OfferState::Open;
        offer.pause = None;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::OfferReopened { offer: id });
        Ok(())
    }
}
