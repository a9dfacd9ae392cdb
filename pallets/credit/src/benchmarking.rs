//! Benchmarks of the calls, in their most expensive case.

use crate::{BalanceOf, BankReference, Call, Config, Event, Pallet, Redemptions, Reversals, Transfers};
use frame_benchmarking::v2::*;
use frame_support::traits::{
    fungible::{Inspect, Mutate},
    EnsureOrigin, Get,
};
use frame_system::RawOrigin;
use sp_runtime::traits::Bounded;
use wonbon_primitives::{bounds::MAX_REASON, record::Reason};

fn reference() -> BankReference {
    BankReference::truncate_from(alloc::vec![b'x'; 64])
}

/// The longest reason.
fn reason() -> Reason {
    Reason::truncate_from(alloc::vec![b'r'; MAX_REASON as usize])
}

fn issuer<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::IssuerOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// A holder with a redemption of that amount.
fn request<T: Config>() -> Result<(T::AccountId, BalanceOf<T>), BenchmarkError> {
    let holder: T::AccountId = whitelisted_caller();
    let amount = T::MinimumRedemption::get();
    T::Currency::set_balance(&holder, BalanceOf::<T>::max_value() / 4u32.into());
    Pallet::<T>::request_redemption(RawOrigin::Signed(holder.clone()).into(), amount, [1; 32])?;
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
        _(RawOrigin::Signed(holder), amount, [1; 32]);
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
        _(origin as T::RuntimeOrigin, 0, reason());
        let event = Event::<T>::RedemptionRejected { redemption: 0, account, amount, reason: reason() };
        frame_system::Pallet::<T>::assert_last_event(
            <T as frame_system::Config>::RuntimeEvent::from(event).into(),
        );
        Ok(())
    }

    #[benchmark]
    fn cancel_redemption() -> Result<(), BenchmarkError> {
        let (holder, _) = request::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(holder), 0);
        assert!(!Redemptions::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn reverse_credit() -> Result<(), BenchmarkError> {
        let (holder, amount): (T::AccountId, _) = (account("holder", 0, 0), T::MinimumRedemption::get());
        let origin = issuer::<T>()?;
        Pallet::<T>::credit(origin.clone(), holder, amount, reference())?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, reference(), amount, reason());
        assert!(Reversals::<T>::contains_key(crate::types::normalise(reference()).ok_or("a reference")?));
        Ok(())
    }

    #[benchmark]
    fn spend_treasury() -> Result<(), BenchmarkError> {
        let (to, amount): (T::AccountId, _) = (account("payee", 0, 0), T::MinimumRedemption::get());
        let origin = issuer::<T>()?;
        T::Currency::set_balance(&T::Treasury::get(), BalanceOf::<T>::max_value() / 4u32.into());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, to.clone(), amount, reason());
        assert_eq!(T::Currency::balance(&to), amount);
        Ok(())
    }
}
