//! How an offer ends: its seller takes it back, anyone closes one that can sell nothing any more, or the withdrawal of
//! its dataset withdraws it.
//!
//! Promises: the open and paused offers of a dataset stand in one bounded list, so that whatever concerns all of them is
//! bounded work; a closed offer takes no order; its bond goes back with its last order.

use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;
use wonbon_primitives::{
    id::{DatasetId, OfferId},
    record::{DeriveRight, OfferState, RightSource, DERIVE_RIGHT_LAYOUT},
    registry::{DatasetMarket, Stuck},
    share::Share,
};

use crate::{
    meter::Meter,
    pallet::{Config, Error, Event, Offers, OpenOffers, Pallet},
    types::OfferOf,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_withdraw_offer(seller: T::AccountId, id: OfferId) -> DispatchResult {
        Self::close(id, Self::open_offer_of(&seller, id)?)
    }

    /// Closes an offer that takes no orders any more.
    pub(crate) fn do_close_offer(id: OfferId, parents: &mut Meter) -> DispatchResult {
        let offer = Offers::<T>::get(id).ok_or(Error::<T>::NoSuchOffer)?;
        ensure!(!offer.state.is_closed(), Error::<T>::OfferNotOpen);
        if Self::dataset_of(&offer.seller, &offer.dataset).is_ok() {
            let cleared = Self::ensure_cleared(&offer.seller, &offer.dataset, parents);
            let error = cleared.err().ok_or(Error::<T>::OfferStillGood)?;
            // Whoever closes it did not pay for enough: that says nothing of the offer.
            let beyond = DispatchError::from(Error::<T>::ParentsBeyondBound);
            ensure!(error != beyond, beyond);
            ensure!(error != Error::<T>::LineageTooLarge.into(), Error::<T>::OfferStillGood);
            // They gave one of the parents away, or one behind them.
        }
        Self::close(id, offer)
    }

    fn close(id: OfferId, mut offer: OfferOf<T>) -> DispatchResult {
        Self::unlist(&offer.dataset, id);
        offer.state = OfferState::Withdrawn;
        Self::deposit_event(Event::OfferWithdrawn { offer: id });
        Self::save_offer(id, offer)
    }

    /// Notes that an offer is open.
    pub(crate) fn list_open(dataset: &DatasetId, id: OfferId) -> DispatchResult {
        OpenOffers::<T>::try_mutate(dataset, |open| {
            open.try_push(id).map_err(|_| Error::<T>::TooManyOpenOffers.into())
        })
    }

    /// Notes that an offer is closed; of one that is closed already, nothing.
    pub(crate) fn unlist(dataset: &DatasetId, id: OfferId) {
        OpenOffers::<T>::mutate_exists(dataset, |open| {
            if let Some(ids) = open {
                ids.retain(|at| *at != id);
                if ids.is_empty() {
                    *open = None;
                }
            }
        });
    }

    /// Closes all open offers of a dataset that was withdrawn.
    fn close_all(dataset: &DatasetId) -> Result<u32, DispatchError> {
        let mut closed = 0u32;
        for id in OpenOffers::<T>::take(dataset) {
            Self::close(id, Offers::<T>::get(id).ok_or(Error::<T>::Inconsistent)?)?;
            closed = closed.saturating_add(1);
        }
        Ok(closed)
    }
}

impl<T: Config> DatasetMarket<T::AccountId> for Pallet<T> {
    fn withdraw_offers(dataset: &DatasetId) -> Result<u32, Stuck> {
        Self::close_all(dataset).map_err(|_| Stuck)
    }

    fn keep_right(company: &T::AccountId, dataset: &DatasetId, royalty: Share, handover: u32) {
        let source = RightSource::Handover(handover);
        Self::give_right(company, dataset, DeriveRight { version: DERIVE_RIGHT_LAYOUT, royalty, source });
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_offer(seller: &T::AccountId, dataset: &DatasetId) {
        crate::benchmarking::insert_offer::<T>(seller, dataset);
    }
}
