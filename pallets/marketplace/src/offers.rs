//! Rules and offers: what a seller says, and the bond that stands behind it.
//!
//! Promises: an open offer's bond covers the bonds of its open orders; a bond goes back when its offer is
//! closed and has no open order, and not before. The deposit for the record stays, as the record does.

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use sp_runtime::{
    traits::{CheckedAdd, CheckedSub, Zero},
    DispatchError,
};
use wonbon_primitives::{
    bounds::MAX_ROYALTIES,
    company::ParticipantRegistry,
    id::{DatasetId, Digest, OfferId, OrderId},
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

    /// Whether an order's reserve pays for the dearest dispute. No chain is exempt.
    pub(crate) fn pays_disputes(rules: &RulesOf<T>) -> bool {
        rules.dispute_reserve >= T::MinDisputeReserve::get()
    }

    pub(crate) fn do_set_rules(rules: RulesOf<T>) -> DispatchResult {
        ensure!(rules.is_sound(), Error::<T>::UnsoundRules);
        ensure!(Self::limits().allow(&rules), Error::<T>::RulesBeyondLimits);
        ensure!(Self::pays_disputes(&rules), Error::<T>::RulesBeyondLimits);
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
        ensure!(T::Participants::is_verified(&seller), Error::<T>::NotVerified);
        let rules = Self::rules()?;
        let found = Self::dataset_of(&seller, &listing.dataset)?;
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
        };
        Self::ensure_not_faulty(&offer)?;
        Self::put_on_hold(HoldReason::Bond, &seller, listing.bond)?;
        Self::put_on_hold(HoldReason::OfferDeposit, &seller, T::OfferDeposit::get())?;

        let id = NextOffer::<T>::get();
        NextOffer::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
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
        ensure!(T::Participants::is_verified(&seller), Error::<T>::NotVerified);
        let rules = Self::rules()?;
        ensure!(rules.allows_price(price), Error::<T>::PriceOutOfRange);
        let needed = offer
            .exposure
            .checked_add(&rules.bond_share_of(price))
            .ok_or(Error::<T>::Overflow)?
            .max(rules.bond_floor);
        ensure!(offer.bond >= needed, Error::<T>::BondTooSmall);
        offer.price = price;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::PriceSet { offer: id, price });
        Ok(())
    }

    pub(crate) fn do_add_bond(seller: T::AccountId, id: OfferId, amount: BalanceOf<T>) -> DispatchResult {
        let mut offer = Self::open_offer_of(&seller, id)?;
        Self::put_on_hold(HoldReason::Bond, &seller, amount)?;
        offer.bond = offer.bond.checked_add(&amount).ok_or(Error::<T>::Overflow)?;
        Offers::<T>::insert(id, offer);
        Self::deposit_event(Event::BondAdded { offer: id, amount });
        Ok(())
    }

    pub(crate) fn do_withdraw_offer(seller: T::AccountId, id: OfferId) -> DispatchResult {
        Self::close(id, Self::open_offer_of(&seller, id)?)
    }

    /// Closes an offer that takes no orders any more.
    pub(crate) fn do_close_offer(id: OfferId, parents: &mut Meter) -> DispatchResult {
        let offer = Self::open_offer(id)?;
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

    /// Looks behind a dataset for its owner, so that it need not be done all at once when it is offered.
    pub(crate) fn do_clear_lineage(dataset: &DatasetId, parents: &mut Meter) -> DispatchResult {
        let owner = T::Datasets::owner(dataset).ok_or(Error::<T>::NoSuchDataset)?;
        Self::ensure_cleared(&owner, dataset, parents)
    }

    fn close(id: OfferId, mut offer: OfferOf<T>) -> DispatchResult {
        offer.state = OfferState::Withdrawn;
        Self::deposit_event(Event::OfferWithdrawn { offer: id });
        Self::save_offer(id, offer)
    }

    /// Stores an offer, and gives its bond back if nothing can need it any more.
    pub(crate) fn save_offer(id: OfferId, mut offer: OfferOf<T>) -> DispatchResult {
        if offer.state != OfferState::Open && offer.open_orders == 0 && !offer.bond.is_zero() {
            let amount = core::mem::replace(&mut offer.bond, Zero::zero());
            Self::release(HoldReason::Bond, &offer.seller, amount)?;
            Self::deposit_event(Event::BondReleased { offer: id, amount });
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

    fn open_offer_of(seller: &T::AccountId, id: OfferId) -> Result<OfferOf<T>, DispatchError> {
        let offer = Offers::<T>::get(id).ok_or(Error::<T>::NoSuchOffer)?;
        ensure!(offer.seller == *seller, Error::<T>::NotTheSeller);
        ensure!(offer.state == OfferState::Open, Error::<T>::OfferNotOpen);
        Ok(offer)
    }

    fn open_offer(id: OfferId) -> Result<OfferOf<T>, DispatchError> {
        let offer = Offers::<T>::get(id).ok_or(Error::<T>::NoSuchOffer)?;
        ensure!(offer.state == OfferState::Open, Error::<T>::OfferNotOpen);
        Ok(offer)
    }
}
