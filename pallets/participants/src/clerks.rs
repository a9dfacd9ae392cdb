//! Who decides: the registrar, and in daily work a clerk, so many times a day.

use crate::{Clerks, Config, Error, Event, Members, Pallet};
use frame_support::{ensure, traits::EnsureOrigin};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::record::{Clerk, COMPANY_LAYOUT};

impl<T: Config> Pallet<T> {
    /// Refuses whoever is neither the registrar nor a clerk who may decide once more today, and not on a
    /// `company` of their own.
    pub(crate) fn ensure_decides(origin: OriginFor<T>, company: &T::AccountId) -> Result<(), DispatchError> {
        let Err(origin) = T::RegistrarOrigin::try_origin(origin) else { return Ok(()) };
        let who = ensure_signed(origin)?;
        // Whoever is no clerk learns what everybody else does who is not the registrar.
        let mut clerk = Clerks::<T>::get(&who).ok_or(DispatchError::BadOrigin)?;
        let own = *company == who || Members::<T>::contains_key(company, &who);
        ensure!(!own, Error::<T>::OwnCompany);
        let today = Self::today();
        let before = if clerk.day == today { clerk.decided } else { 0 };
        ensure!(before < clerk.daily, Error::<T>::ClerkLimit);
        (clerk.day, clerk.decided) = (today, before.saturating_add(1));
        Clerks::<T>::insert(who, clerk);
        Ok(())
    }

    pub(crate) fn do_appoint_clerk(account: T::AccountId, daily: u32) -> DispatchResult {
        Clerks::<T>::try_mutate(&account, |slot| {
            ensure!(slot.is_none_or(|clerk| clerk.daily != daily), Error::<T>::NothingChanged);
            // What was decided today counts on.
            let before = slot.map_or((0, 0), |clerk| (clerk.day, clerk.decided));
            *slot = Some(Clerk { version: COMPANY_LAYOUT, daily, day: before.0, decided: before.1 });
            Self::deposit_event(Event::ClerkAppointed { account: account.clone(), daily });
            Ok(())
        })
    }

    pub(crate) fn do_dismiss_clerk(account: T::AccountId) -> DispatchResult {
        ensure!(Clerks::<T>::take(&account).is_some(), Error::<T>::NotClerk);
        Self::deposit_event(Event::ClerkDismissed { account });
        Ok(())
    }
}
