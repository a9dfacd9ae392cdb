//! Attesting and revoking.

use crate::{Attestations, Config, Datasets, Error, Event, HoldReason, Pallet, ParticipantRegistry};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, Get},
};
use sp_runtime::DispatchResult;
use wonbon_primitives::{
    company::Role,
    record::{
        attestation_entry, is_readable, Attestation, AttestationKind, Reason, Revocation, Revoker,
        DATASET_ENTRY_LAYOUT,
    },
    DatasetId, Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_attest(
        inspector: T::AccountId,
        id: DatasetId,
        kind: AttestationKind,
        document: Digest,
    ) -> DispatchResult {
        ensure!(T::Participants::has_role(&inspector, Role::Inspector), Error::<T>::NotAnInspector);
        let mut dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        ensure!(inspector != dataset.owner && inspector != dataset.registrant, Error::<T>::SelfAttestation);
        ensure!(dataset.withdrawn.is_none(), Error::<T>::DatasetWithdrawn);
        Self::ensure_stands(&id, &dataset)?;
        let index = dataset.attestation_count;
        dataset.attestation_count = index.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;

        let deposit = T::AttestationDeposit::get();
        T::Currency::hold(&HoldReason::Attestation.into(), &inspector, deposit)?;
        let attestation = Attestation {
            version: DATASET_ENTRY_LAYOUT,
            inspector: inspector.clone(),
            kind,
            document,
            at: Self::moment(),
            position: dataset.records,
            revoked: None,
            deposit,
        };
        Self::extend(&mut dataset, attestation_entry(&id, index, &attestation))?;
        Datasets::<T>::insert(id, dataset);
        Attestations::<T>::insert(id, index, attestation);
        Self::deposit_event(Event::Attested { dataset: id, index, inspector, kind, document });
        Ok(())
    }

    /// Revoke for `inspector`, or for the authority if there is none.
    ///
    /// An inspector who is suspended or no longer accredited revokes nothing: a stolen key or a grudge must
    /// not take away what stands. The authority can.
    pub(crate) fn do_revoke_attestation(
        inspector: Option<T::AccountId>,
        id: DatasetId,
        index: u32,
        reason: Reason,
    ) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        let mut dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let mut attestation = Attestations::<T>::get(id, index).ok_or(Error::<T>::NoSuchAttestation)?;
        let by = match inspector {
            Some(inspector) => {
                ensure!(attestation.inspector == inspector, Error::<T>::NotTheAttester);
                ensure!(T::Participants::has_role(&inspector, Role::Inspector), Error::<T>::NotAnInspector);
                Revoker::Inspector
            }
            None => Revoker::Authority,
        };
        ensure!(attestation.revoked.is_none(), Error::<T>::AlreadyRevoked);

        let (at, position) = (Self::moment(), dataset.records);
        attestation.revoked = Some(Revocation { by, at, reason: reason.clone(), position });
        Self::extend(&mut dataset, attestation_entry(&id, index, &attestation))?;
        Datasets::<T>::insert(id, dataset);
        Attestations::<T>::insert(id, index, attestation);
        Self::deposit_event(Event::AttestationRevoked { dataset: id, index, by, reason });
        Ok(())
    }
}
