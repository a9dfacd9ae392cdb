//! The consortium as the session's manager and clock, and what must hold of it.
//!
//! Promise: a validator set is announced if, and only if, it is another than the last one. Each announcement is
//! a hand-off that every later certificate carries.

use crate::{Changed, Config, LastRotation, Members, Pallet, SessionLength};
use alloc::vec::Vec;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::{SessionManager, ShouldEndSession};
use sp_runtime::{SaturatedConversion, TryRuntimeError};
use wonbon_invariants::{ensure_readable, readable};

impl<T: Config> Pallet<T> {
    /// Whether the account is a member, or in a validator set that still applies or is queued.
    pub fn is_validating(account: &T::AccountId) -> bool {
        Members::<T>::get().binary_search(account).is_ok()
            || pallet_session::Validators::<T>::get().contains(account)
            || pallet_session::QueuedKeys::<T>::get().iter().any(|(validator, _)| validator == account)
    }

    /// Checks the invariants of the pallet's state.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure_readable::<Self>(readable!(
            maps: LastRotation<T>;
            values: Members<T>, Changed<T>, SessionLength<T>
        ))?;
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(
            LastRotation::<T>::iter()
                .all(|(account, at)| { at <= now && pallet_session::NextKeys::<T>::contains_key(&account) }),
            "consortium: a rotation from the future, or of an account without keys"
        );
        let members = Members::<T>::get();
        ensure!(!members.is_empty(), "consortium: there is no member");
        ensure!(
            members.iter().zip(members.iter().skip(1)).all(|(one, next)| one < next),
            "consortium: members are not sorted or not distinct"
        );
        ensure!(
            members.iter().all(pallet_session::NextKeys::<T>::contains_key),
            "consortium: a member has no session keys"
        );
        Ok(())
    }
}

impl<T: Config> SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(_: u32) -> Option<Vec<T::AccountId>> {
        if !Changed::<T>::take() {
            return None;
        }
        let members = Members::<T>::get().into_inner();
        // The session has put the set that was announced last in its place before it asks for the next one. Who
        // was admitted and dismissed since then makes no difference.
        let mut announced = pallet_session::Validators::<T>::get();
        announced.sort();
        (members != announced).then_some(members)
    }

    fn new_session_genesis(_: u32) -> Option<Vec<T::AccountId>> {
        Some(Members::<T>::get().into_inner())
    }

    fn start_session(_: u32) {}

    fn end_session(_: u32) {}
}

impl<T: Config> ShouldEndSession<BlockNumberFor<T>> for Pallet<T> {
    fn should_end_session(now: BlockNumberFor<T>) -> bool {
        let (now, length): (u64, u64) = (now.saturated_into(), SessionLength::<T>::get().saturated_into());
        now.checked_rem(length) == Some(0)
    }
}
