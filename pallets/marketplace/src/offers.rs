//! Rules and offers: what a seller says, and what the rules may not go beyond.
//!
//! Promises: only a verified provider offers, and only what they may sell; rules stay within their limits. The deposit
//! for an offer's record stays, as the record does.

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use sp_runtime::{traits::Zero, DispatchError};
use wonbon_primitives::{
    bounds::MAX_ROYALTIES,
    company::{ParticipantRegistry, Role},
    id::{DatasetId, Digest, OfferId},
    label,
    record::{Offer, OfferState, OFFER_LAYOUT},
    registry::{DatasetInfo, DatasetRegistry},
};

use crate::{
    meter::Meter,
    pallet::{
        CompanyTradeCount, Config, Error, Event, Faults, GenesisLimits, HoldReason, NextOffer, Offers,
        OrdersStopped, Pallet, Rules, UsedKeys,
    },
    types::{BalanceOf, ListingOf, OfferOf, OrderTermsOf, RuleLimits, RuleLimitsOf, RulesOf},
};

impl<T: Config> Pallet<T> {
    /// The terms under which an order would be placed now; its digest is what `place_order` carries.
    pub fn quote(id: OfferId) -> Option<OrderTermsOf<T>> {
        let offer = Offers::<T>::get(id)?;
        Self::terms_of(id, &offer, &Rules::<T>::get()?, &mut Meter::stated(MAX_ROYALTIES)).ok()
    }

    /// What the runtime allows of rules.
    pub(crate) fn runtime_limits() -> RuleLimitsOf<T> {
        RuleLimits {
            min_delivery_window: T::MinDeliveryWindow::get(),
            min_dispute_window: T::MinDisputeWindow::get(),
            max_platform_fee: T::MaxPlatformFee::get(),
        }
    }

    /// What this chain allows of rules: what the runtime does, and what genesis had.
    pub fn limits() -> RuleLimitsOf<T> {
        let limits = Self::runtime_limits();
        GenesisLimits::<T>::get().map_or(limits, |genesis| limits.or(genesis))
    }

    /// Whether rules keep to the limits from which no chain is exempt: an order's reserve pays for the dearest dispute
    /// and locks no more than that takes, a bond and a penalty are worth their names, and no window is endless.
    pub(crate) fn keeps_to_fixed_limits(rules: &RulesOf<T>) -> bool {
        rules.dispute_reserve >= T::MinDisputeReserve::get()
            && rules.dispute_reserve <= T::MaxDisputeReserve::get()
            && rules.bond_share >= T::MinBondShare::get()
            && rules.missed_delivery_share >= T::MinMissedDeliveryShare::get()
            && rules.max_delivery_window <= T::MaxDeliveryWindow::get()
            && rules.max_dispute_window <= T::MaxDisputeWindow::get()
    }

    pub(crate) fn do_set_rules(rules: RulesOf<T>) -> DispatchResult {
        ensure!(rules.is_sound(), Error::<T>::UnsoundRules);
        ensure!(Self::limits().allow(&rules), Error::<T>::RulesBeyondLimits);
        ensure!(Self::keeps_to_fixed_limits(&rules), Error::<T>::RulesBeyondLimits);
        Rules::<T>::put(&rules);
        Self::deposit_event(Event::RulesSet { rules });
        Ok(())
    }

    pub(crate) fn do_stop_orders() -> DispatchResult {
        ensure!(!OrdersStopped::<T>::get(), Error::<T>::NewOrdersStopped);
        OrdersStopped::<T>::put(true);
        Self::deposit_event(Event::NewOrdersStopped);
        Ok(())
    }

    pub(crate) fn do_resume_orders() -> DispatchResult {
        ensure!(OrdersStopped::<T>::take(), Error::<T>::NewOrdersNotStopped);
        Self::deposit_event(Event::NewOrdersResumed);
        Ok(())
    }

    pub(crate) fn do_offer(
        seller: T::AccountId,
        listing: ListingOf<T>,
        parents: &mut Meter,
    ) -> DispatchResult {
        Self::ensure_provider(&seller)?;
        let rules = Self::rules()?;
        let found = Self::dataset_of(&seller, &listing.dataset)?;
        ensure!(T::Datasets::stands(&listing.dataset), Error::<T>::DatasetProvisional);
        ensure!(rules.allows_price(listing.price), Error::<T>::PriceOutOfRange);
        ensure!(
            rules.allows_windows(listing.delivery_window, listing.dispute_window),
            Error::<T>::WindowOutOfRange
        );
        ensure!(!UsedKeys::<T>::contains_key(&seller, listing.key_commitment), Error::<T>::KeyReused);
        ensure!(listing.bond >= rules.bond_for(listing.price), Error::<T>::BondTooSmall);
        Self::ensure_usable(&listing.derivation)?;
        Self::ensure_cleared(&seller, &listing.dataset, parents)?;

        let offer = Offer {
            version: OFFER_LAYOUT,
            dataset: listing.dataset,
            seller: seller.clone(),
            length: found.commitment.length,
            sealed_root: listing.sealed_root,
            key_commitment: listing.key_commitment,
            price: listing.price,
            licence: listing.licence,
            nda: listing.nda,
            delivery_window: listing.delivery_window,
            dispute_window: listing.dispute_window,
            bond: listing.bond,
            open_orders: 0,
            exposure: Zero::zero(),
            state: OfferState::Open,
            offered_at: Self::now(),
            derivation: listing.derivation,
            pause: None,
            leaving: None,
            longest_dispute_window: listing.dispute_window,
            missed: 0,
            refused: 0,
            refunded: 0,
        };
        Self::ensure_not_faulty(&offer)?;
        Self::put_on_hold(HoldReason::Bond, &seller, listing.bond)?;
        Self::put_on_hold(HoldReason::OfferDeposit, &seller, T::OfferDeposit::get())?;

        let id = NextOffer::<T>::get();
        NextOffer::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        Self::list_open(&offer.dataset, id)?;
        UsedKeys::<T>::insert(&seller, offer.key_commitment, id);
        // Zero is stored as well: the proof that a company has no trade is an entry, not an absence.
        CompanyTradeCount::<T>::mutate(&seller, |_| ());
        Self::deposit_event(Event::OfferMade {
            offer: id,
            dataset: offer.dataset,
            seller,
            price: offer.price,
        });
        Offers::<T>::insert(id, offer);
        Ok(())
    }

    pub(crate) fn do_set_price(seller: T::AccountId, id: OfferId, price: BalanceOf<T>) -> DispatchResult {
        let mut offer = Self::open_offer_of(&seller, id)?;
        Self::ensure_provider(&seller)?;
        let rules = Self::rules()?;
        ensure!(rules.allows_price(price), Error::<T>::PriceOutOfRange);
        Self::ensure_covers_another(&offer, &rules, price)?;
        offer.price = price;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::PriceSet { offer: id, price });
        Ok(())
    }

    /// Looks behind a dataset for its owner, so that it need not be done all at once when it is offered.
    pub(crate) fn do_clear_lineage(dataset: &DatasetId, parents: &mut Meter) -> DispatchResult {
        let owner = T::Datasets::owner(dataset).ok_or(Error::<T>::NoSuchDataset)?;
        Self::ensure_cleared(&owner, dataset, parents)
    }

    /// The terms of an order placed now, if it owes no more royalties than are paid for: each takes a look at who holds its
    /// dataset.
    pub(crate) fn terms_of(
        id: OfferId,
        offer: &OfferOf<T>,
        rules: &RulesOf<T>,
        royalties: &mut Meter,
    ) -> Result<OrderTermsOf<T>, DispatchError> {
        let owed = T::Datasets::royalties(&offer.dataset);
        let mut beyond = false;
        let holder = |dataset: &DatasetId| {
            beyond = beyond || royalties.take(1).is_none();
            if beyond {
                None
            } else {
                T::Datasets::owner(dataset)
            }
        };
        let terms = rules.terms_of(Self::genesis_hash(), id, offer, owed, holder);
        ensure!(!beyond, Error::<T>::RoyaltiesBeyondBound);
        Ok(terms.ok_or(Error::<T>::Inconsistent)?)
    }

    /// The hash of block 0, which the chain never forgets.
    pub(crate) fn genesis_hash() -> Digest {
        frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero()).0
    }

    pub(crate) fn rules() -> Result<RulesOf<T>, DispatchError> {
        Ok(Rules::<T>::get().ok_or(Error::<T>::NoRules)?)
    }

    /// The dataset, if `seller` may sell it.
    pub(crate) fn dataset_of(
        seller: &T::AccountId,
        dataset: &DatasetId,
    ) -> Result<DatasetInfo<T::AccountId>, DispatchError> {
        let found = T::Datasets::offerable(dataset).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(!found.withdrawn, Error::<T>::DatasetWithdrawn);
        ensure!(found.owner == *seller, Error::<T>::NotTheOwner);
        Ok(found)
    }

    /// The name under which a sealing's fault is stored. The dataset is part of it: an offer of another
    /// dataset on the same sealed payload proves nothing about this one.
    pub(crate) fn fault_key(dataset: &DatasetId, sealed_root: &Digest, key_commitment: &Digest) -> Digest {
        label::hash(label::FAULT, &[&dataset.0, sealed_root, key_commitment])
    }

    pub(crate) fn ensure_not_faulty(offer: &OfferOf<T>) -> DispatchResult {
        let key = Self::fault_key(&offer.dataset, &offer.sealed_root, &offer.key_commitment);
        ensure!(!Faults::<T>::contains_key(key), Error::<T>::FaultySealing);
        Ok(())
    }

    /// An offer of `seller`'s, whatever its state.
    pub(crate) fn offer_by(seller: &T::AccountId, id: OfferId) -> Result<OfferOf<T>, DispatchError> {
        let offer = Offers::<T>::get(id).ok_or(Error::<T>::NoSuchOffer)?;
        ensure!(offer.seller == *seller, Error::<T>::NotTheSeller);
        Ok(offer)
    }

    /// An offer of `seller`'s that is not closed; it may be paused.
    pub(crate) fn open_offer_of(seller: &T::AccountId, id: OfferId) -> Result<OfferOf<T>, DispatchError> {
        let offer = Self::offer_by(seller, id)?;
        ensure!(!offer.state.is_closed(), Error::<T>::OfferNotOpen);
        Ok(offer)
    }

    pub(crate) fn ensure_provider(seller: &T::AccountId) -> DispatchResult {
        ensure!(T::Participants::is_verified(seller), Error::<T>::NotVerified);
        ensure!(T::Participants::has_role(seller, Role::Provider), Error::<T>::NotAProvider);
        Ok(())
    }
}
