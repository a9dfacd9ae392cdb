//! The keys with which validators sign blocks and vote.
//!
//! Promise: the keys of whoever validates change at most once in a rotation interval, or when the council says so. Each
//! change of a voter's key is a hand-off that every later certificate carries: without a bound one validator could make
//! all of them as long as they liked.

use crate::{Config, Error, Event, LastRotation, Pallet};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::RawOrigin;
use sp_runtime::traits::Saturating;

impl<T: Config> Pallet<T> {
    /// Registers an account's keys, first ones or others, with a proof that whoever has the account has them.
    pub(crate) fn do_set_keys(account: T::AccountId, keys: T::Keys, proof: Vec<u8>) -> DispatchResult {
        if Self::is_validating(&account) {
            let now = frame_system::Pallet::<T>::block_number();
            let next =
                LastRotation::<T>::get(&account).map(|last| last.saturating_add(T::RotationInterval::get()));
            ensure!(next.map_or(true, |next| now >= next), Error::<T>::RotatedTooRecently);
        }
        Self::register(account, keys, proof)
    }

    /// Registers keys at any time.
    pub(crate) fn register(account: T::AccountId, keys: T::Keys, proof: Vec<u8>) -> DispatchResult {
        ensure!(pallet_session::NextKeys::<T>::get(&account).as_ref() != Some(&keys), Error::<T>::SameKeys);
        // By the function and not by a call: the call is closed to everybody else.
        let origin = RawOrigin::Signed(account.clone()).into();
        pallet_session::Pallet::<T>::set_keys(origin, keys, proof)?;
        if Self::is_validating(&account) {
            LastRotation::<T>::insert(&account, frame_system::Pallet::<T>::block_number());
        }
        Self::deposit_event(Event::KeysSet { account });
        Ok(())
    }
}
