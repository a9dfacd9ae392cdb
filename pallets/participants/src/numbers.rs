//! What the registrar confirms of a company anew: its name, size class and industry, and its registration number, which
//! can change, move and be taken back.

use crate::{
    types::changed_fields, ByRegistrationNumber, Companies, Config, Error, Event, FormerNumberOf,
    FormerNumbers, Pallet, Participants,
};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::{
    company::RegistrationNumber,
    record::{is_readable, FormerNumber, Profile, Reason, Standing, COMPANY_LAYOUT},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_confirm_identity(account: T::AccountId, confirmed: Profile) -> DispatchResult {
        Self::ensure_valid(&confirmed)?;
        Self::mutate(&account, |participant| {
            ensure!(participant.standing == Standing::Verified, Error::<T>::NotVerified);
            let number = participant.profile.registration_number;
            ensure!(confirmed.registration_number == number, Error::<T>::OtherRegistrationNumber);
            let Profile { name, ksic, size, .. } = confirmed;
            let profile = Profile { name, ksic, size, ..participant.profile.clone() };
            let changed = changed_fields(&participant.profile, &profile);
            ensure!(!changed.is_empty(), Error::<T>::NothingChanged);
            participant.profile = profile;
            Self::deposit_event(Event::IdentityConfirmed { account: account.clone(), changed });
            Ok(())
        })
    }

    pub(crate) fn do_change_number(account: T::AccountId, digits: [u8; 10]) -> DispatchResult {
        let number = RegistrationNumber::new(digits).map_err(|_| Error::<T>::InvalidRegistrationNumber)?;
        Self::mutate(&account, |participant| {
            ensure!(participant.standing == Standing::Verified, Error::<T>::NotVerified);
            let former = core::mem::replace(&mut participant.profile.registration_number, number);
            ensure!(former != number, Error::<T>::SameNumber);
            Self::ensure_number_free(number)?;
            ByRegistrationNumber::<T>::remove(former);
            ByRegistrationNumber::<T>::insert(number, &account);
            Self::note_former_number(&account, former);
            let event =
                Event::NumberChanged { account: account.clone(), former, registration_number: number };
            Self::deposit_event(event);
            Ok(())
        })
    }

    pub(crate) fn do_move_number(from: T::AccountId, to: T::AccountId, reason: Reason) -> DispatchResult {
        ensure!(from != to, Error::<T>::SameParticipant);
        let number =
            Participants::<T>::get(&from).ok_or(Error::<T>::NotRegistered)?.profile.registration_number;
        Self::do_unverify(from, reason)?;
        Self::do_verify(to, number.digits())
    }

    pub(crate) fn do_unverify(account: T::AccountId, reason: Reason) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        Self::mutate(&account, |participant| {
            let number = participant.profile.registration_number;
            ensure!(Self::owns_number(&account, &participant.profile), Error::<T>::NotVerified);
            ByRegistrationNumber::<T>::remove(number);
            Self::note_former_number(&account, number);
            // A suspended one stays so: what it is reinstated to is pending now.
            if participant.standing == Standing::Verified {
                participant.standing = Standing::Pending;
            }
            participant.accredited = false;
            Self::deposit_event(Event::Unverified { account: account.clone(), reason });
            Ok(())
        })
    }

    /// Refuses a number that stands for another participant.
    pub(crate) fn ensure_number_free(number: RegistrationNumber) -> Result<(), DispatchError> {
        ensure!(!ByRegistrationNumber::<T>::contains_key(number), Error::<T>::RegistrationNumberTaken);
        Ok(())
    }

    /// Keeps a number that a company had. An account that acts for itself has its history in the events only.
    fn note_former_number(account: &T::AccountId, number: RegistrationNumber) {
        Companies::<T>::mutate_extant(account, |company| {
            let until = frame_system::Pallet::<T>::block_number();
            let former: FormerNumberOf<T> = FormerNumber { version: COMPANY_LAYOUT, number, until };
            FormerNumbers::<T>::insert(account, company.former_numbers, former);
            company.former_numbers = company.former_numbers.saturating_add(1);
        });
    }
}
