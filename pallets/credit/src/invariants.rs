//! What must hold of the books between any two blocks.

use crate::{
    types::normalise, BalanceOf, Config, Credited, Direction, Endowed, HoldReason, NextRedemption, Pallet,
    Redeemed, Redemptions, Reversals, Reversed, Transfers, RECORD_VERSION,
};
use frame_support::{
    ensure,
    traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::traits::{CheckedAdd, CheckedSub, Zero};
use wonbon_invariants::{ensure_readable, readable};
use wonbon_primitives::record::REDEMPTION_LAYOUT;

impl<T: Config> Pallet<T> {
    /// Everything that stands under the pallet decodes: what does not reads as if it were not there.
    fn try_readable() -> Result<(), sp_runtime::TryRuntimeError> {
        ensure_readable::<Self>(readable!(
            maps:
                Transfers<T>, Redemptions<T>, Reversals<T>;
            values:
                NextRedemption<T>, Credited<T>, Redeemed<T>, Reversed<T>, Endowed<T>
        ))
    }

    /// Checks the invariants of the pallet's state.
    pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        Self::try_readable()?;
        let mut sums = [BalanceOf::<T>::zero(), BalanceOf::<T>::zero()];
        for (reference, transfer) in Transfers::<T>::iter() {
            ensure!(transfer.version == RECORD_VERSION, "credit: a transfer of unknown layout");
            ensure!(
                normalise(reference.clone()) == Some(reference),
                "credit: a reference is not in the form in which it is compared"
            );
            let sum = match transfer.direction {
                Direction::In => &mut sums[0],
                Direction::Out => &mut sums[1],
            };
            Self::add(sum, transfer.amount)?;
        }
        ensure!(sums[0] == Credited::<T>::get(), "credit: records do not add up to what was credited");
        ensure!(sums[1] == Redeemed::<T>::get(), "credit: records do not add up to what was redeemed");
        let mut reversed = BalanceOf::<T>::zero();
        for (reference, reversal) in Reversals::<T>::iter() {
            ensure!(reversal.version == RECORD_VERSION, "credit: a reversal of unknown layout");
            let transfer = Transfers::<T>::get(&reference).ok_or("credit: a reversal of no transfer")?;
            ensure!(
                transfer.direction == Direction::In && reversal.amount <= transfer.amount,
                "credit: more is taken back than was credited"
            );
            Self::add(&mut reversed, reversal.amount)?;
        }
        ensure!(reversed == Reversed::<T>::get(), "credit: records do not add up to what was taken back");
        let money = Endowed::<T>::get()
            .checked_add(&sums[0])
            .and_then(|sum| sum.checked_sub(&sums[1]))
            .and_then(|sum| sum.checked_sub(&reversed));
        ensure!(
            money == Some(T::Currency::total_issuance()),
            "credit: there is other money than was endowed and credited, and not redeemed or taken back"
        );

        let next = NextRedemption::<T>::get();
        let mut open = alloc::collections::BTreeMap::new();
        for (id, redemption) in Redemptions::<T>::iter() {
            ensure!(redemption.version == REDEMPTION_LAYOUT, "credit: a redemption of unknown layout");
            ensure!(id < next, "credit: a redemption from the future");
            let sum = open.entry(redemption.account).or_insert_with(BalanceOf::<T>::zero);
            Self::add(sum, redemption.amount)?;
        }
        for (account, sum) in open {
            let held = T::Currency::balance_on_hold(&HoldReason::Redemption.into(), &account);
            ensure!(held == sum, "credit: a hold is not the sum of the open redemptions");
        }
        Ok(())
    }
}
