//! Withdrawing datasets and handing them over.

use crate::{
    Config, DatasetOf, Datasets, Error, Event, HandedOver, Handovers, HoldReason, Pallet,
    ParticipantRegistry, PendingHandovers,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{traits::Saturating, DispatchError, DispatchResult};
use wonbon_primitives::{
    record::{handover_entry, is_readable, withdrawal_entry, Handover, Reason, Withdrawal, DATASET_LAYOUT},
    DatasetId,
};

impl<T: Config> Pallet<T> {
    /// Withdrawing asks for no standing: it only narrows what can be done with the dataset.
    pub(crate) fn do_withdraw(who: T::AccountId, id: DatasetId, reason: Reason) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        let mut dataset = Self::owned(&who, &id)?;
        let withdrawal = Withdrawal { at: Self::moment(), reason: reason.clone(), position: dataset.records };
        Self::extend(&mut dataset, withdrawal_entry(&id, &withdrawal))?;
        dataset.withdrawn = Some(withdrawal);
        Datasets::<T>::insert(id, dataset);
        if PendingHandovers::<T>::take(id).is_some() {
            Self::deposit_event(Event::HandoverCancelled { dataset: id, by: who });
        }
        Self::deposit_event(Event::DatasetWithdrawn { dataset: id, reason });
        Ok(())
    }

    pub(crate) fn do_propose_handover(who: T::AccountId, id: DatasetId, to: T::AccountId) -> DispatchResult {
        Self::owned(&who, &id)?;
        ensure!(to != who, Error::<T>::HandoverToSelf);
        Self::ensure_both_verified(&who, &to)?;
        ensure!(!PendingHandovers::<T>::contains_key(id), Error::<T>::HandoverPending);
        PendingHandovers::<T>::insert(id, &to);
        Self::deposit_event(Event::HandoverProposed { dataset: id, from: who, to });
        Ok(())
    }

    pub(crate) fn do_accept_handover(who: T::AccountId, id: DatasetId) -> DispatchResult {
        let mut dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let to = PendingHandovers::<T>::take(id).ok_or(Error::<T>::NoHandover)?;
        ensure!(to == who, Error::<T>::NotTheRecipient);
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
            version: DATASET_LAYOUT,
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
        Self::deposit_event(Event::HandedOver { dataset: id, from, to });
        Ok(())
    }

    pub(crate) fn do_cancel_handover(who: T::AccountId, id: DatasetId) -> DispatchResult {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let to = PendingHandovers::<T>::take(id).ok_or(Error::<T>::NoHandover)?;
        ensure!(who == dataset.owner || who == to, Error::<T>::NotTheOwner);
        Self::deposit_event(Event::HandoverCancelled { dataset: id, by: who });
        Ok(())
    }

    /// The dataset, if `who` owns it and it is not withdrawn.
    pub(crate) fn owned(who: &T::AccountId, id: &DatasetId) -> Result<DatasetOf<T>, DispatchError> {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(dataset.owner == *who, Error::<T>::NotTheOwner);
        ensure!(dataset.withdrawn.is_none(), Error::<T>::DatasetWithdrawn);
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
