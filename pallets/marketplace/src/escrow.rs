//! Money on hold. Every token operation of the pallet is one of the functions here.
//!
//! Promises: escrow and bonds have a total that moves with them; an operation moves exactly the amount asked for or
//! fails, and a failure fails the whole call, which undoes what came before it.

use frame_support::{
    ensure,
    traits::{
        fungible::MutateHold,
        tokens::{Fortitude, Precision, Restriction},
    },
};
use sp_runtime::{
    traits::{CheckedAdd, CheckedSub, Zero},
    DispatchResult,
};

use crate::{
    pallet::{BondTotal, Config, Error, EscrowTotal, HoldReason, Pallet},
    types::BalanceOf,
};

impl<T: Config> Pallet<T> {
    /// Puts free money of `who` on hold.
    pub(crate) fn put_on_hold(
        reason: HoldReason,
        who: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> DispatchResult {
        Self::change_total(&reason, |total| total.checked_add(&amount))?;
        T::Currency::hold(&reason.into(), who, amount)
    }

    /// Gives money on hold back to `who`, whose it is.
    pub(crate) fn release(reason: HoldReason, who: &T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        Self::change_total(&reason, |total| total.checked_sub(&amount))?;
        let moved = T::Currency::release(&reason.into(), who, amount, Precision::Exact)?;
        ensure!(moved == amount, Error::<T>::Inconsistent);
        Ok(())
    }

    /// Pays money on hold of `from` out to `to`, to whom it is free; to themselves, where buyers are owed
    /// a royalty of what they bought, that is a release.
    pub(crate) fn pay_from_hold(
        reason: HoldReason,
        from: &T::AccountId,
        to: &T::AccountId,
        amount: BalanceOf<T>,
    ) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        if from == to {
            return Self::release(reason, from, amount);
        }
        Self::change_total(&reason, |total| total.checked_sub(&amount))?;
        let moved = T::Currency::transfer_on_hold(
            &reason.into(),
            from,
            to,
            amount,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Force,
        )?;
        ensure!(moved == amount, Error::<T>::Inconsistent);
        Ok(())
    }

    fn change_total(
        reason: &HoldReason,
        change: impl FnOnce(&BalanceOf<T>) -> Option<BalanceOf<T>>,
    ) -> DispatchResult {
        let apply = |total: &mut BalanceOf<T>| {
            *total = change(total).ok_or(Error::<T>::Inconsistent)?;
            Ok(())
        };
        match reason {
            HoldReason::Escrow => EscrowTotal::<T>::try_mutate(apply),
            HoldReason::Bond => BondTotal::<T>::try_mutate(apply),
            // It only grows, and the offers say how much it is.
            HoldReason::OfferDeposit => Ok(()),
        }
    }
}
