//! Benchmarks of the calls, in their most expensive case.

use crate::{Announced, Call, Config, Pallet};
use frame_benchmarking::v2::*;
use frame_support::{
    storage::unhashed,
    traits::{EnsureOrigin, Get},
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_runtime::traits::{BlakeTwo256, Hash, Saturating};

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn announce() -> Result<(), BenchmarkError> {
        let origin = T::AnnounceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, [7; 32]);
        assert!(Announced::<T>::exists());
        Ok(())
    }

    #[benchmark]
    fn call_off() -> Result<(), BenchmarkError> {
        let announcer = T::AnnounceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        Pallet::<T>::announce(announcer, [7; 32])?;
        let origin = T::CallOffOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);
        assert!(!Announced::<T>::exists());
        Ok(())
    }

    /// With the runtime that runs this: of its own version, of which the SDK makes nothing in a benchmark.
    #[benchmark]
    fn apply() -> Result<(), BenchmarkError> {
        let code = unhashed::get_raw(b":code").ok_or(BenchmarkError::Stop("the state has no code"))?;
        let origin = T::AnnounceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        Pallet::<T>::announce(origin, BlakeTwo256::hash(&code).0)?;
        let due: BlockNumberFor<T> =
            frame_system::Pallet::<T>::block_number().saturating_add(T::Delay::get());
        frame_system::Pallet::<T>::set_block_number(due);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), code);
        assert!(!Announced::<T>::exists());
        Ok(())
    }
}
