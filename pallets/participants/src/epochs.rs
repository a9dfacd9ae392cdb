//! The epochs of a company's secrets: which there are, and the commitment to the secret of each.
//!
//! Members share the secrets themselves; the chain says only which is which, so that no member takes another for the
//! company's, and of two admins who begin an epoch at once one does.

use crate::{
    Companies, Config, Error, Event, HoldReason, Pallet, Recoveries, SecretEpochCount, SecretEpochOf,
    SecretEpochs,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, Get},
};
use sp_runtime::{traits::Saturating, DispatchResult};
use wonbon_primitives::{
    record::{SecretEpoch, COMPANY_LAYOUT},
    Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_begin_epoch(company: T::AccountId, epoch: u32, commitment: Digest) -> DispatchResult {
        let mut record = Companies::<T>::get(&company).ok_or(Error::<T>::NoCompany)?;
        // Whoever stole an admin's key is not to choose the secret of what comes after the recovery.
        ensure!(!Recoveries::<T>::contains_key(&company), Error::<T>::RecoveryOpen);
        let newest = SecretEpochCount::<T>::get(&company);
        ensure!(newest.checked_add(1) == Some(epoch), Error::<T>::OtherEpoch);
        let deposit = T::EpochDeposit::get();
        T::Currency::hold(&HoldReason::Membership.into(), &company, deposit)?;
        record.deposit = record.deposit.saturating_add(deposit);
        let begun: SecretEpochOf<T> = SecretEpoch {
            version: COMPANY_LAYOUT,
            commitment,
            ended: record.memberships.saturating_sub(record.members),
            begun_at: frame_system::Pallet::<T>::block_number(),
        };
        SecretEpochs::<T>::insert(&company, epoch, begun);
        SecretEpochCount::<T>::insert(&company, epoch);
        Companies::<T>::insert(&company, record);
        Self::deposit_event(Event::EpochBegun { company, epoch, commitment });
        Ok(())
    }
}
