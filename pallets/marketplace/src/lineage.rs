//! Lineage with consequences: who may sell what they made from others' data, and what every sale owes them.
//!
//! Promises: a dataset is offered and sold only by who owns each of its parents or bought the right to derive from it;
//! the royalties of an order are fixed when it is placed, go to who held each ancestor then, and are never more
//! than the price less the platform's fee; a right comes from a paid trade, or from the handover in which an owner kept it,
//! and is never taken away.

use alloc::{collections::BTreeSet, vec};

use frame_support::{dispatch::DispatchResult, ensure};
use wonbon_primitives::{
    bounds::{MAX_LINEAGE, MAX_ROYALTY_TOTAL},
    id::{DatasetId, OrderId},
    record::{Derivation, DeriveRight, RightSource, Royalty, DERIVE_RIGHT_LAYOUT},
    registry::DatasetRegistry,
};

use crate::{
    meter::Meter,
    pallet::{ClearedLineages, Config, DeriveRights, Error, Event, HoldReason, Pallet},
    types::OrderOf,
};

impl<T: Config> Pallet<T> {
    /// Pays the royalties of an order out of its escrow.
    pub(crate) fn pay_royalties(id: OrderId, order: &OrderOf<T>) -> DispatchResult {
        for Royalty { dataset, account, amount } in order.terms.royalties.iter().cloned() {
            Self::pay_from_hold(HoldReason::Escrow, &order.buyer, &account, amount)?;
            Self::deposit_event(Event::RoyaltyPaid { order: id, dataset, account, amount });
        }
        Ok(())
    }

    /// Whether an offer may promise this: a share that no dataset could carry would be a right of no use.
    pub(crate) fn ensure_usable(derivation: &Derivation) -> DispatchResult {
        if let Derivation::Permitted { royalty } = derivation {
            ensure!(royalty.millionths() <= MAX_ROYALTY_TOTAL, Error::<T>::RoyaltyTooHigh);
        }
        Ok(())
    }

    /// Whether `seller`, who owns the dataset, may sell it as what was made from its parents; so many of those as `parents`
    /// states are looked at.
    ///
    /// The answer is kept. It holds until the seller hands a dataset over: a right that was bought stays, and so do
    /// parents and royalties. So orders, which ask as well, look at nothing behind the dataset as a rule.
    pub(crate) fn ensure_cleared(
        seller: &T::AccountId,
        dataset: &DatasetId,
        parents: &mut Meter,
    ) -> DispatchResult {
        let since = T::Datasets::handed_over_by(seller);
        if ClearedLineages::<T>::get(seller, dataset) == Some(since) {
            return Ok(());
        }
        Self::ensure_may_derive(seller, dataset, since, parents)?;
        if parents.done() > 0 {
            ClearedLineages::<T>::insert(seller, dataset, since);
        }
        Ok(())
    }

    /// A parent needs a right to derive, and a royalty of at least what that right asks for; who has it keeps it
    /// also when the parent becomes their own. Without one, a parent of the seller's own is as good as its own
    /// parents: otherwise a step in between, never offered, would rid the data of what it owes. It is not looked
    /// into again if that was done since the seller last handed a dataset over.
    fn ensure_may_derive(
        seller: &T::AccountId,
        dataset: &DatasetId,
        since: u32,
        parents: &mut Meter,
    ) -> DispatchResult {
        let mut seen = BTreeSet::new();
        let mut own = vec![*dataset];
        while let Some(next) = own.pop() {
            // Before they are read.
            let count = T::Datasets::parent_count(&next);
            ensure!(parents.done().saturating_add(count) <= MAX_LINEAGE, Error::<T>::LineageTooLarge);
            parents.take(count).ok_or(Error::<T>::ParentsBeyondBound)?;
            for parent in T::Datasets::parents(&next) {
                let right = DeriveRights::<T>::get(seller, parent.dataset);
                if right.as_ref().is_some_and(|right| right.royalty <= parent.royalty) {
                    continue;
                }
                let parents_owner = T::Datasets::owner(&parent.dataset).ok_or(Error::<T>::Inconsistent)?;
                ensure!(
                    parents_owner == *seller,
                    right.map_or(Error::<T>::NoRightToDerive, |_| Error::<T>::RoyaltyBelowLicence)
                );
                let cleared = ClearedLineages::<T>::get(seller, parent.dataset) == Some(since);
                if !cleared && seen.insert(parent.dataset) {
                    own.push(parent.dataset);
                }
            }
        }
        Ok(())
    }

    /// Gives the buyer of a paid trade the right that its terms promised. The lower royalty wins, and of equal
    /// ones the first.
    pub(crate) fn grant_right(
        buyer: &T::AccountId,
        dataset: &DatasetId,
        trade: u32,
        derivation: &Derivation,
    ) {
        let Derivation::Permitted { royalty } = *derivation else { return };
        let source = RightSource::Trade(trade);
        Self::give_right(buyer, dataset, DeriveRight { version: DERIVE_RIGHT_LAYOUT, royalty, source });
    }

    /// Gives a right, unless the company has one that asks for no more.
    pub(crate) fn give_right(company: &T::AccountId, dataset: &DatasetId, right: DeriveRight) {
        let DeriveRight { royalty, source, .. } = right;
        if DeriveRights::<T>::get(company, dataset).is_some_and(|has| has.royalty <= royalty) {
            return;
        }
        DeriveRights::<T>::insert(company, dataset, right);
        Self::deposit_event(Event::DeriveRightGranted {
            company: company.clone(),
            dataset: *dataset,
            royalty,
            source,
        });
    }
}
