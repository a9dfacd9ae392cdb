//! How a company comes into the register, gets its standing and accreditation, loses them, and goes.

use crate::{
    types::changed_fields, ByRegistrationNumber, Companies, Config, Count, Error, Event, HoldReason, Pallet,
    ParticipantOf, Participants, ProfileField,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::{
    record::{is_readable, Participant, Profile, Reason, Standing, PARTICIPANT_LAYOUT},
    unchecked::{BadProfile, UncheckedProfile},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register(who: T::AccountId, profile: Profile) -> DispatchResult {
        ensure!(!Participants::<T>::contains_key(&who), Error::<T>::AlreadyRegistered);
        Self::ensure_valid(&profile)?;
        let registration_number = profile.registration_number;
        Self::ensure_number_free(registration_number)?;
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
            let confirmed = Self::owns_number(&who, &participant.profile);
            ensure!(
                !confirmed || !changed.iter().any(ProfileField::is_confirmed),
                Error::<T>::NeedsConfirmation
            );
            let before = participant.profile.roles.needing_accreditation();
            let after = profile.roles.needing_accreditation();
            participant.profile = profile;
            Self::deposit_event(Event::ProfileUpdated { account: who.clone(), changed });
            // The registrar granted it for the roles that there were, and for as long as there is one of them.
            if participant.accredited && (after.is_empty() || !after.is_subset(before)) {
                participant.accredited = false;
                Self::deposit_event(Event::AccreditationRevoked { account: who.clone() });
            }
            Ok(())
        })
    }

    pub(crate) fn do_verify(account: T::AccountId, named: &[u8; 10]) -> DispatchResult {
        Self::mutate(&account, |participant| {
            match participant.standing {
                Standing::Pending => (),
                Standing::Verified => return Err(Error::<T>::AlreadyVerified.into()),
                Standing::Suspended => return Err(Error::<T>::ParticipantSuspended.into()),
            }
            let registration_number = participant.profile.registration_number;
            ensure!(registration_number.digits() == named, Error::<T>::OtherRegistrationNumber);
            Self::ensure_number_free(registration_number)?;
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

    pub(crate) fn do_accredit(account: T::AccountId, named: u8) -> DispatchResult {
        Self::mutate(&account, |participant| {
            ensure!(participant.standing == Standing::Verified, Error::<T>::NotVerified);
            ensure!(!participant.accredited, Error::<T>::AlreadyAccredited);
            let roles = participant.profile.roles.needing_accreditation();
            ensure!(!roles.is_empty() && roles.bits() == named, Error::<T>::OtherRoles);
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

    /// Remove a pending record. It owns no number, and nobody but a verified company is referred to.
    pub(crate) fn do_withdraw_registration(who: T::AccountId) -> DispatchResult {
        let participant = Participants::<T>::get(&who).ok_or(Error::<T>::NotRegistered)?;
        ensure!(participant.standing == Standing::Pending, Error::<T>::NotPending);
        ensure!(!Companies::<T>::contains_key(&who), Error::<T>::ActsThroughPeople);
        Participants::<T>::remove(&who);
        Count::<T>::mutate(|count| *count = count.saturating_sub(1));
        let reason = HoldReason::Registration.into();
        T::Currency::release(&reason, &who, participant.deposit, Precision::Exact)?;
        Self::deposit_event(Event::RegistrationWithdrawn { account: who });
        Ok(())
    }

    /// Change a participant's record and note when.
    pub(crate) fn mutate(
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
    pub(crate) fn owns_number(account: &T::AccountId, profile: &Profile) -> bool {
        ByRegistrationNumber::<T>::get(profile.registration_number).is_some_and(|owner| owner == *account)
    }

    /// What a call carried, if its number, industry and roles are such.
    pub(crate) fn checked(profile: UncheckedProfile) -> Result<Profile, Error<T>> {
        profile.check().map_err(|bad| match bad {
            BadProfile::RegistrationNumber => Error::InvalidRegistrationNumber,
            BadProfile::Ksic => Error::InvalidIndustry,
            BadProfile::Roles => Error::InvalidRoles,
        })
    }

    /// Refuse a profile with a name that nobody can read, or without a role.
    pub(crate) fn ensure_valid(profile: &Profile) -> Result<(), DispatchError> {
        ensure!(is_readable(&profile.name), Error::<T>::InvalidName);
        ensure!(!profile.roles.is_empty(), Error::<T>::NoRole);
        Ok(())
    }
}
