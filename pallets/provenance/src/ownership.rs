//! Withdrawing datasets and handing them over, with or without a right to derive that the old owner keeps.
//!
//! Promises: who takes a dataset over agrees to the right that the old owner keeps, and to no other; a withdrawn dataset
//! has no open offer, and can be handed over all the same.

use crate::{
    Config, DatasetOf, Datasets, Error, Event, HandedOver, Handovers, HoldReason, KeptRights, Pallet,
    ParticipantRegistry, PendingHandovers,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{traits::Saturating, DispatchError, DispatchResult};
use wonbon_primitives::{
    bounds::MAX_ROYALTY_TOTAL,
    record::{
        handover_entry, is_readable, withdrawal_entry, Handover, Reason, Withdrawal, DATASET_ENTRY_LAYOUT,
    },
    registry::{DatasetMarket, Stuck},
    share::Share,
    DatasetId,
};

impl<T: Config> Pallet<T> {
    /// Withdrawing asks for no standing: it only narrows what can be done with the dataset.
    ///
    /// Says how many offers were withdrawn with it.
    pub(crate) fn do_withdraw(
        who: T::AccountId,
        id: DatasetId,
        reason: Reason,
    ) -> Result<u32, DispatchError> {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        let mut dataset = Self::owned(&who, &id)?;
        let withdrawal = Withdrawal { at: Self::moment(), reason: reason.clone(), position: dataset.records };
        Self::extend(&mut dataset, withdrawal_entry(&id, &withdrawal))?;
        dataset.withdrawn = Some(withdrawal);
        Datasets::<T>::insert(id, dataset);
        // Whoever was to get it did not agree to a withdrawn one.
        KeptRights::<T>::remove(id);
        if PendingHandovers::<T>::take(id).is_some() {
            Self::deposit_event(Event::HandoverCancelled { dataset: id, by: who });
        }
        Self::deposit_event(Event::DatasetWithdrawn { dataset: id, reason });
        Ok(T::Market::withdraw_offers(&id).map_err(|Stuck| Error::<T>::MarketStuck)?)
    }

    pub(crate) fn do_propose_handover(
        who: T::AccountId,
        id: DatasetId,
        to: T::AccountId,
        keeping: Option<Share>,
    ) -> DispatchResult {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(dataset.owner == who, Error::<T>::NotTheOwner);
        Self::ensure_stands(&id, &dataset)?;
        ensure!(to != who, Error::<T>::HandoverToSelf);
        Self::ensure_both_verified(&who, &to)?;
        ensure!(!PendingHandovers::<T>::contains_key(id), Error::<T>::HandoverPending);
        PendingHandovers::<T>::insert(id, &to);
        Self::deposit_event(Event::HandoverProposed { dataset: id, from: who, to });
        if let Some(royalty) = keeping {
            KeptRights::<T>::insert(id, royalty);
            Self::deposit_event(Event::RightToBeKept { dataset: id, royalty });
        }
        Ok(())
    }

    pub(crate) fn do_accept_handover(
        who: T::AccountId,
        id: DatasetId,
        keeping: Option<Share>,
    ) -> DispatchResult {
        let mut dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let to = PendingHandovers::<T>::take(id).ok_or(Error::<T>::NoHandover)?;
        ensure!(to == who, Error::<T>::NotTheRecipient);
        ensure!(KeptRights::<T>::take(id) == keeping, Error::<T>::OtherRightKept);
        // Again, because either may have been suspended since: a proposal kept ready must not get a dataset
        // out of a suspended account.
        Self::ensure_both_verified(&dataset.owner, &to)?;

        // The record of this handover stays, and the new owner pays for it too.
        let deposit = dataset.deposit.saturating_add(T::RecordDeposit::get());
        let reason = HoldReason::Dataset.into();
        T::Currency::hold(&reason, &to, deposit)?;
        T::Currency::release(&reason, &dataset.owner, dataset.deposit, Precision::BestEffort)?;
        dataset.deposit = deposit;
        let from = core::mem::replace(&mut dataset.owner, to.clone());
        let index = dataset.handover_count;
        dataset.handover_count = index.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        let handover = Handover {
            version: DATASET_ENTRY_LAYOUT,
            from: from.clone(),
            to: to.clone(),
            at: Self::moment(),
            position: dataset.records,
        };
        Self::extend(&mut dataset, handover_entry(&id, index, &handover))?;
        Datasets::<T>::insert(id, dataset);
        Handovers::<T>::insert(id, index, handover);
        let count = HandedOver::<T>::get(&from).checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        HandedOver::<T>::insert(&from, count);
        if let Some(royalty) = keeping {
            T::Market::keep_right(&from, &id, royalty, index);
        }
        Self::deposit_event(Event::HandedOver { dataset: id, from, to });
        Ok(())
    }

    pub(crate) fn do_cancel_handover(who: T::AccountId, id: DatasetId) -> DispatchResult {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let to = PendingHandovers::<T>::take(id).ok_or(Error::<T>::NoHandover)?;
        ensure!(who == dataset.owner || who == to, Error::<T>::NotTheOwner);
        KeptRights::<T>::remove(id);
        Self::deposit_event(Event::HandoverCancelled { dataset: id, by: who });
        Ok(())
    }

    /// A royalty that some dataset can carry.
    pub(crate) fn royalty_to_keep(millionths: u32) -> Result<Share, DispatchError> {
        let royalty = Share::from_millionths(millionths).filter(|_| millionths <= MAX_ROYALTY_TOTAL);
        Ok(royalty.ok_or(Error::<T>::RoyaltyTooHigh)?)
    }

    /// The dataset, if `who` owns it, its registration stands for good and it is not withdrawn.
    pub(crate) fn owned(who: &T::AccountId, id: &DatasetId) -> Result<DatasetOf<T>, DispatchError> {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(dataset.owner == *who, Error::<T>::NotTheOwner);
        ensure!(dataset.withdrawn.is_none(), Error::<T>::DatasetWithdrawn);
        Self::ensure_stands(id, &dataset)?;
        Ok(dataset)
    }

    fn ensure_both_verified(from: &T::AccountId, to: &T::AccountId) -> DispatchResult {
        ensure!(
            T::Participants::is_verified(from) && T::Participants::is_verified(to),
            Error::<T>::NotVerified
        );
        Ok(())
    }
}
