//! Money in and money out, each with its record.

use crate::{
    types::normalise, BalanceOf, BankReference, Config, Credited, Direction, Error, Event, HoldReason,
    NextRedemption, Pallet, Redeemed, RedemptionOf, Redemptions, Reversal, Reversals, Reversed, Transfer,
    Transfers, RECORD_VERSION,
};
use frame_support::{
    ensure,
    traits::{
        fungible::{Mutate, MutateHold},
        tokens::{Fortitude, Precision, Preservation},
        Get,
    },
};
use sp_runtime::{
    traits::{CheckedAdd, Saturating, Zero},
    DispatchError, DispatchResult,
};
use wonbon_primitives::{
    record::{is_readable, Reason, Redemption, REDEMPTION_LAYOUT},
    Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_credit(
        account: T::AccountId,
        amount: BalanceOf<T>,
        reference: BankReference,
    ) -> DispatchResult {
        ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
        let reference = Self::record_transfer(reference, &account, amount, Direction::In)?;
        Credited::<T>::try_mutate(|sum| Self::add(sum, amount))?;
        T::Currency::mint_into(&account, amount)?;
        Self::deposit_event(Event::Credited { account, amount, reference });
        Ok(())
    }

    pub(crate) fn do_request_redemption(
        account: T::AccountId,
        amount: BalanceOf<T>,
        payee: Digest,
    ) -> DispatchResult {
        ensure!(!amount.is_zero() && amount >= T::MinimumRedemption::get(), Error::<T>::AmountTooSmall);
        T::Currency::hold(&HoldReason::Redemption.into(), &account, amount)?;
        let redemption = NextRedemption::<T>::try_mutate(|next| {
            let id = *next;
            *next = id.checked_add(1).ok_or(Error::<T>::Overflow)?;
            Ok::<_, Error<T>>(id)
        })?;
        let requested_at = frame_system::Pallet::<T>::block_number();
        let record = Redemption {
            version: REDEMPTION_LAYOUT,
            account: account.clone(),
            amount,
            payee,
            requested_at,
            lapses_after: requested_at.saturating_add(T::RedemptionLife::get()),
        };
        Redemptions::<T>::insert(redemption, record);
        Self::deposit_event(Event::RedemptionRequested { redemption, account, amount, payee });
        Ok(())
    }

    pub(crate) fn do_confirm_redemption(redemption: u64, reference: BankReference) -> DispatchResult {
        let record = Redemptions::<T>::take(redemption).ok_or(Error::<T>::NoSuchRedemption)?;
        ensure!(!Self::has_lapsed(&record), Error::<T>::RedemptionLapsed);
        let Redemption { account, amount, .. } = record;
        let reference = Self::record_transfer(reference, &account, amount, Direction::Out)?;
        Redeemed::<T>::try_mutate(|sum| Self::add(sum, amount))?;
        T::Currency::burn_held(
            &HoldReason::Redemption.into(),
            &account,
            amount,
            Precision::Exact,
            Fortitude::Force,
        )?;
        Self::deposit_event(Event::RedemptionConfirmed { redemption, account, amount, reference });
        Ok(())
    }

    pub(crate) fn do_reject_redemption(redemption: u64, reason: Reason) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        let record = Redemptions::<T>::take(redemption).ok_or(Error::<T>::NoSuchRedemption)?;
        let (account, amount) = Self::release(record)?;
        Self::deposit_event(Event::RedemptionRejected { redemption, account, amount, reason });
        Ok(())
    }

    pub(crate) fn do_cancel_redemption(who: &T::AccountId, redemption: u64) -> DispatchResult {
        let record = Redemptions::<T>::take(redemption).ok_or(Error::<T>::NoSuchRedemption)?;
        ensure!(record.account == *who || Self::has_lapsed(&record), Error::<T>::NotHolder);
        let (account, amount) = Self::release(record)?;
        Self::deposit_event(Event::RedemptionCancelled { redemption, account, amount });
        Ok(())
    }

    pub(crate) fn do_reverse_credit(
        reference: BankReference,
        amount: BalanceOf<T>,
        reason: Reason,
    ) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
        let reference = normalise(reference).ok_or(Error::<T>::BadReference)?;
        let transfer = Transfers::<T>::get(&reference)
            .filter(|transfer| transfer.direction == Direction::In)
            .ok_or(Error::<T>::NoSuchTransfer)?;
        let before = Reversals::<T>::get(&reference).map_or_else(Zero::zero, |reversal| reversal.amount);
        let total = before.checked_add(&amount).ok_or(Error::<T>::Overflow)?;
        ensure!(total <= transfer.amount, Error::<T>::MoreThanCredited);
        let at = frame_system::Pallet::<T>::block_number();
        Reversals::<T>::insert(&reference, Reversal { version: RECORD_VERSION, amount: total, at });
        Reversed::<T>::try_mutate(|sum| Self::add(sum, amount))?;
        // Only what is free: what is on hold is promised to others.
        let account = transfer.account;
        T::Currency::burn_from(
            &account,
            amount,
            Preservation::Expendable,
            Precision::Exact,
            Fortitude::Polite,
        )?;
        Self::deposit_event(Event::CreditReversed { account, amount, reference, reason });
        Ok(())
    }

    pub(crate) fn do_spend_treasury(
        account: T::AccountId,
        amount: BalanceOf<T>,
        reason: Reason,
    ) -> DispatchResult {
        ensure!(is_readable(&reason), Error::<T>::InvalidReason);
        ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
        // The account stays: fees of the next block go to it.
        T::Currency::transfer(&T::Treasury::get(), &account, amount, Preservation::Preserve)?;
        Self::deposit_event(Event::TreasurySpent { account, amount, reason });
        Ok(())
    }

    fn has_lapsed(record: &RedemptionOf<T>) -> bool {
        frame_system::Pallet::<T>::block_number() > record.lapses_after
    }

    fn release(record: RedemptionOf<T>) -> Result<(T::AccountId, BalanceOf<T>), DispatchError> {
        let Redemption { account, amount, .. } = record;
        T::Currency::release(&HoldReason::Redemption.into(), &account, amount, Precision::Exact)?;
        Ok((account, amount))
    }

    /// Records a transfer under its reference as it is compared, which must be new.
    fn record_transfer(
        reference: BankReference,
        account: &T::AccountId,
        amount: BalanceOf<T>,
        direction: Direction,
    ) -> Result<BankReference, DispatchError> {
        let reference = normalise(reference).ok_or(Error::<T>::BadReference)?;
        ensure!(!Transfers::<T>::contains_key(&reference), Error::<T>::ReferenceUsed);
        let at = frame_system::Pallet::<T>::block_number();
        let record = Transfer { version: RECORD_VERSION, direction, account: account.clone(), amount, at };
        Transfers::<T>::insert(&reference, record);
        Ok(reference)
    }

    pub(crate) fn add(sum: &mut BalanceOf<T>, amount: BalanceOf<T>) -> DispatchResult {
        *sum = sum.checked_add(&amount).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }
}
