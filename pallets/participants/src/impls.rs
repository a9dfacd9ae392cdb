//! The rules of the participants pallet, and the invariants that they keep.

use crate::{
    types::changed_fields, ByRegistrationNumber, Config, Count, Error, Event, HoldReason, Pallet,
    ParticipantOf, Participants,
};
use frame_support::{
    ensure,
    traits::{
        fungible::{InspectHold, MutateHold},
        Get,
    },
};
use sp_runtime::{DispatchError, DispatchResult, TryRuntimeError};
use wonbon_primitives::{
    company::{ParticipantRegistry, Role},
    record::{is_readable, Participant, Profile, Reason, Standing, PARTICIPANT_LAYOUT},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(who: T::AccountId, profile: Profile) -> DispatchResult {
        ensure!(!Participants::<T>::contains_key(&who), Error::<T>::AlreadyRegistered);
        Self::ensure_valid(&profile)?;
        let registration_number = profile.registration_number;
        ensure!(
            !ByRegistrationNumber::<T>::contains_key(registration_number),
            Error::<T>::RegistrationNumberTaken
        );
        let count = Count::<T>::get().checked_add(1).ok_or(Error::<T>::TooManyParticipants)?;

        let deposit = T::RegistrationDeposit::get();
        T::Currency::hold(&HoldReason::Registration.into(), &who, deposit)?;
        let now = frame_system::Pallet::<T>::block_number();
        let participant = Participant {
            version: PARTICIPANT_LAYOUT,
            profile,
            standing: Standing::Pending,
            accredited: false,
            registered_at: now,
            changed_at: now,
            deposit,
        };
        Participants::<T>::insert(&who, participant);
        Count::<T>::put(count);
        Self::deposit_event(Event::Registered { account: who, registration_number });
        Ok(())
    }

    pub(crate) fn do_update_profile(who: T::AccountId, profile: Profile) -> DispatchResult {
        Self::ensure_valid(&profile)?;
        Self::mutate(&who, |participant| {
            ensure!(
                profile.registration_number == participant.profile.registration_number,
                Error::<T>::RegistrationNumberFixed
            );
            let changed = changed_fields(&participant.profile, &profile);
            ensure!(!changed.is_empty(), Error::<T>::NothingChanged);
            participant.profile = profile;
            Self::deposit_event(Event::ProfileUpdated { account: who.clone(), changed });
            // Who gives up the inspector's role gives up the accreditation: taking the role again must not
            // bring back what the registrar granted under other circumstances.
            if participant.accredited && !participant.profile.roles.contains(Role::Inspector) {
                participant.accredited = false;
                Self::deposit_event(Event::AccreditationRevoked { account: who.clone() });
            }
            Ok(())
        })
    }

    pub(crate) fn do_verify(account: T::AccountId) -> DispatchResult {
        Self::mutate(&account, |participant| {
            match participant.standing {
                Standing::Pending => (),
                Standing::Verified => return Err(Error::<T>::AlreadyVerified.into()),
                Standing::Suspended => return Err(Error::<T>::ParticipantSuspended.into()),
            }
            let registration_number = participant.profile.registration_number;
            ensure!(
                !ByRegistrationNumber::<T>::contains_key(registration_number),
                Error::<T>::RegistrationNumberTaken
            );
            ByRegistrationNumber::<T>::insert(registration_number, &account);
            participant.standing = Standing::Verified;
            Self::deposit_event(Event::Verified { account: account.clone(), registration_number });
            Ok(())
        })
    }

    pub(crate) fn do_suspend(account: T::AccountId, reason: Reason) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        Self::mutate(&account, |participant| {
            ensure!(participant.standing != Standing::Suspended, Error::<T>::ParticipantSuspended);
            participant.standing = Standing::Suspended;
            Self::deposit_event(Event::Suspended { account: account.clone(), reason });
            Ok(())
        })
    }

    pub(crate) fn do_reinstate(account: T::AccountId) -> DispatchResult {
        Self::mutate(&account, |participant| {
            ensure!(participant.standing == Standing::Suspended, Error::<T>::NotSuspended);
            // The number is claimed by verification and by nothing else, so it remembers the standing.
            let was_verified = Self::owns_number(&account, &participant.profile);
            let standing = if was_verified { Standing::Verified } else { Standing::Pending };
            participant.standing = standing;
            Self::deposit_event(Event::Reinstated { account: account.clone(), standing });
            Ok(())
        })
    }

    pub(crate) fn do_accredit(account: T::AccountId) -> DispatchResult {
        Self::mutate(&account, |participant| {
            ensure!(participant.standing == Standing::Verified, Error::<T>::NotVerified);
            ensure!(participant.profile.roles.contains(Role::Inspector), Error::<T>::NotAnInspector);
            ensure!(!participant.accredited, Error::<T>::AlreadyAccredited);
            participant.accredited = true;
            Self::deposit_event(Event::Accredited { account: account.clone() });
            Ok(())
        })
    }

    pub(crate) fn do_revoke_accreditation(account: T::AccountId) -> DispatchResult {
        Self::mutate(&account, |participant| {
            ensure!(participant.accredited, Error::<T>::NotAccredited);
            participant.accredited = false;
            Self::deposit_event(Event::AccreditationRevoked { account: account.clone() });
            Ok(())
        })
    }

    /// Change a participant's record and note when.
    fn mutate(
        account: &T::AccountId,
        change: impl FnOnce(&mut ParticipantOf<T>) -> DispatchResult,
    ) -> DispatchResult {
        Participants::<T>::try_mutate(account, |slot| {
            let participant = slot.as_mut().ok_or(Error::<T>::NotRegistered)?;
            change(participant)?;
            participant.changed_at = frame_system::Pallet::<T>::block_number();
            Ok(())
        })
    }

    /// Whether the registrar confirmed `account` for the number in `profile`.
    fn owns_number(account: &T::AccountId, profile: &Profile) -> bool {
        ByRegistrationNumber::<T>::get(profile.registration_number).is_some_and(|owner| owner == *account)
    }

    /// Refuse a profile with a malformed field. Number, industry and roles check themselves when decoded.
    fn ensure_valid(profile: &Profile) -> Result<(), DispatchError> {
        ensure!(is_readable(&profile.name), Error::<T>::InvalidName);
        ensure!(!profile.roles.is_empty(), Error::<T>::NoRole);
        Ok(())
    }

    /// Check what must hold of the storage between any two blocks.
    ///
    /// # Invariants
    ///
    /// - `Count` is the number of `Participants`.
    /// - Every record has a known layout and a valid profile, and did not change before it was made nor in
    ///   the future.
    /// - The deposit in each record is what its account has on hold for it.
    /// - Every verified participant owns its registration number; no pending one does. Every entry of
    ///   `ByRegistrationNumber` belongs to a participant with that number.
    /// - An accredited participant has the inspector's role and was verified.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut count = 0u32;
        for (account, participant) in Participants::<T>::iter() {
            count = count.saturating_add(1);
            ensure!(participant.version == PARTICIPANT_LAYOUT, "participant of an unknown layout");
            Self::ensure_valid(&participant.profile)?;
            ensure!(
                participant.registered_at <= participant.changed_at && participant.changed_at <= now,
                "participant changed before it registered, or in the future"
            );
            ensure!(
                T::Currency::balance_on_hold(&HoldReason::Registration.into(), &account)
                    == participant.deposit,
                "a participant's deposit is not what is on hold"
            );
            let owns_number = Self::owns_number(&account, &participant.profile);
            match participant.standing {
                Standing::Pending => ensure!(!owns_number, "a pending participant owns a number"),
                Standing::Verified => ensure!(owns_number, "a verified participant lost its number"),
                Standing::Suspended => (),
            }
            ensure!(
                !participant.accredited
                    || (owns_number && participant.profile.roles.contains(Role::Inspector)),
                "accredited, and no verified inspector"
            );
        }
        ensure!(Count::<T>::get() == count, "the count of participants is wrong");

        for (number, account) in ByRegistrationNumber::<T>::iter() {
            let participant = Participants::<T>::get(&account).ok_or("a number without a participant")?;
            ensure!(participant.profile.registration_number == number, "a number of another participant");
        }
        Ok(())
    }
}

impl<T: Config> ParticipantRegistry<T::AccountId> for Pallet<T> {
    fn is_verified(account: &T::AccountId) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| participant.standing == Standing::Verified)
    }

    fn is_inspector(account: &T::AccountId) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| {
            participant.standing == Standing::Verified
                && participant.accredited
                && participant.profile.roles.contains(Role::Inspector)
        })
    }

    fn has_role(account: &T::AccountId, role: Role) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| {
            participant.standing == Standing::Verified && participant.profile.roles.contains(role)
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &T::AccountId) {
        crate::benchmarking::insert_verified::<T>(who);
    }
}
