//! Benchmarks of the calls, in their most expensive case.

use crate::{BalanceOf, BankReference, Call, Config, Event, Pallet, Redemptions, Transfers};
use frame_benchmarking::v2::*;
use frame_support::traits::{fungible::Mutate, EnsureOrigin, Get};
use frame_system::RawOrigin;
use sp_runtime::traits::Bounded;

fn reference() -> BankReference {
    BankReference::truncate_from(alloc::vec![b'x'; 64])
}

fn issuer<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::IssuerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// A holder with a redemption of that amount.
fn request<T: Config>() -> Result<(T::AccountId, BalanceOf<T>), BenchmarkError> {
    let holder: T::AccountId = whitelisted_caller();
    let amount = T::MinimumRedemption::get();
    T::Currency::set_balance(&holder, BalanceOf::<T>::max_value() / 4u32.into());
    Pallet::<T>::request_redemption(RawOrigin::Signed(holder.clone()).into(), amount)?;
    Ok((holder, amount))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn credit() -> Result<(), BenchmarkError> {
        let holder: T::AccountId = account("holder", 0, 0);
        let origin = issuer::<T>()?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, holder, T::MinimumRedemption::get(), reference());
        assert_eq!(Transfers::<T>::iter().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn request_redemption() -> Result<(), BenchmarkError> {
        let (holder, amount) = request::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(holder), amount);
        assert!(Redemptions::<T>::contains_key(1));
        Ok(())
    }

    #[benchmark]
    fn confirm_redemption() -> Result<(), BenchmarkError> {
        request::<T>()?;
        let origin = issuer::<T>()?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 0, reference());
        assert!(!Redemptions::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn reject_redemption() -> Result<(), BenchmarkError> {
        let (account, amount) = request::<T>()?;
        let origin = issuer::<T>()?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 0);
        let event = Event::<T>::RedemptionRejected { redemption: 0, account, amount };
        frame_system::Pallet::<T>::assert_last_event(
            <T as frame_system::Config>::RuntimeEvent::from(event).into(),
        );
        Ok(())
    }
}
