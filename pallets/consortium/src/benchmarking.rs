//! Benchmarks of the calls, in their most expensive case.

use crate::{Call, Changed, Config, LastRotation, Members, Pallet};
use alloc::{boxed::Box, vec::Vec};
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{EnsureOrigin, Get},
    BoundedVec,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_runtime::traits::TrailingZeroInput;

/// What only the runtime can make.
pub trait Helper<AccountId, Keys, RuntimeCall> {
    /// New session keys of which somebody has the secrets, and the proof that they are this account's.
    fn keys(owner: &AccountId) -> (Keys, Vec<u8>);
    /// A call that the root origin may make through the consortium.
    fn enactable() -> RuntimeCall;
}

/// An account with session keys.
fn candidate<T: Config>(index: u32) -> T::AccountId {
    let account: T::AccountId = account("validator", index, 0);
    let keys = <T as pallet_session::Config>::Keys::decode(&mut TrailingZeroInput::zeroes())
        .expect("zeroes decode as session keys; qed");
    pallet_session::NextKeys::<T>::insert(&account, keys);
    account
}

/// A membership of that many.
fn fill<T: Config>(count: u32) {
    let mut members: Vec<_> = (0..count).map(candidate::<T>).collect();
    members.sort();
    Members::<T>::put(BoundedVec::truncate_from(members));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn add_validator() -> Result<(), BenchmarkError> {
        fill::<T>(63);
        let account = candidate::<T>(63);
        let origin = T::ValidatorOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, account);
        assert!(Changed::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn remove_validator() -> Result<(), BenchmarkError> {
        fill::<T>(64);
        let account = candidate::<T>(0);
        let origin = T::ValidatorOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, account);
        assert!(Changed::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn enact() -> Result<(), BenchmarkError> {
        let call = Box::new(T::BenchmarkHelper::enactable());
        let origin = T::EnactOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call);
        assert!(frame_system::Pallet::<T>::event_count() > 0);
        Ok(())
    }

    #[benchmark]
    fn release_keys() -> Result<(), BenchmarkError> {
        fill::<T>(64);
        let account = candidate::<T>(64);
        frame_system::Pallet::<T>::inc_providers(&account);
        frame_system::Pallet::<T>::inc_consumers(&account)
            .map_err(|_| BenchmarkError::Stop("no consumer"))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(account.clone()));
        assert!(!pallet_session::NextKeys::<T>::contains_key(&account));
        Ok(())
    }

    #[benchmark]
    fn set_keys() -> Result<(), BenchmarkError> {
        fill::<T>(64);
        let account = candidate::<T>(0);
        LastRotation::<T>::insert(&account, BlockNumberFor::<T>::default());
        frame_system::Pallet::<T>::set_block_number(T::RotationInterval::get());
        let (keys, proof) = T::BenchmarkHelper::keys(&account);
        #[extrinsic_call]
        _(RawOrigin::Signed(account.clone()), keys.clone(), proof);
        assert_eq!(pallet_session::NextKeys::<T>::get(&account), Some(keys));
        Ok(())
    }

    #[benchmark]
    fn replace_keys() -> Result<(), BenchmarkError> {
        fill::<T>(64);
        let account = candidate::<T>(0);
        let (keys, proof) = T::BenchmarkHelper::keys(&account);
        let origin = T::ValidatorOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, account.clone(), keys.clone(), proof);
        assert_eq!(pallet_session::NextKeys::<T>::get(&account), Some(keys));
        Ok(())
    }
}
