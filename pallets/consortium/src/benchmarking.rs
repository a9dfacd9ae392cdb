//! Benchmarks of the calls, in their most expensive case.

use crate::{Call, Changed, Config, Event, Members, Pallet};
use alloc::{boxed::Box, vec};
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use frame_system::RawOrigin;
use sp_runtime::traits::TrailingZeroInput;

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
    let mut members: alloc::vec::Vec<_> = (0..count).map(candidate::<T>).collect();
    members.sort();
    Members::<T>::put(BoundedVec::truncate_from(members));
}

#[benchmarks(where <T as Config>::RuntimeCall: From<frame_system::Call<T>>)]
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
        let call = Box::new(frame_system::Call::<T>::remark { remark: vec![] }.into());
        let origin = T::EnactOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call);
        frame_system::Pallet::<T>::assert_last_event(
            <T as frame_system::Config>::RuntimeEvent::from(Event::<T>::Enacted { result: Ok(()) }).into(),
        );
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
}
