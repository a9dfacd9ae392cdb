//! The fee of a dispute may be paid out of the order's own reserve, so that no buyer is too poor to dispute.
//!
//! An order's escrow holds, beside the price, a reserve for the fee of a dispute. When the buyer of an order
//! disputes it by a transaction of its own and its free money does not cover the fee, the reserve is released to
//! it first and the fee is taken from it. It is the buyer's own money and moves at most once an order; when
//! its free money is enough the reserve stays where it is. A member who disputes for the buyer has it pay like this too.
//! There is no dispute within another call.

use super::fees::ensure_no_tip;
use crate::{AccountId, Marketplace, Runtime, RuntimeCall};
use frame_support::storage::transactional::with_transaction_opaque_err;
use pallet_transaction_payment::{OnChargeTransaction, TxCreditHold};
use sp_runtime::{
    traits::{DispatchInfoOf, PostDispatchInfoOf},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    TransactionOutcome,
};
use wonbon_primitives::id::OrderId;

/// Charges like `Inner`, but no tip, and after a release of the dispute reserve where that is needed.
pub struct DisputeReserve<Inner>(core::marker::PhantomData<Inner>);

/// The order that a call disputes.
fn disputed(call: &RuntimeCall) -> Option<OrderId> {
    match call {
        RuntimeCall::Marketplace(pallet_marketplace::Call::dispute { order, .. }) => Some(*order),
        _ => None,
    }
}

/// Does `charge`; if that is refused and the call is a dispute of `who`'s order, releases the reserve and does
/// it again. What it changed stays only if the charge was taken and `keep` is set.
fn with_reserve<R>(
    who: &AccountId,
    call: &RuntimeCall,
    keep: bool,
    charge: impl Fn() -> Result<R, TransactionValidityError>,
) -> Result<R, TransactionValidityError> {
    let refused = match charge() {
        Ok(charged) => return Ok(charged),
        Err(refused) => refused,
    };
    let Some(order) = disputed(call) else { return Err(refused) };
    with_transaction_opaque_err(|| {
        let charged = Marketplace::release_dispute_reserve(who, order)
            .map_err(|_| InvalidTransaction::Payment.into())
            .and_then(|()| charge());
        match charged {
            Ok(charged) if keep => TransactionOutcome::Commit(Ok(charged)),
            other => TransactionOutcome::Rollback(other),
        }
    })
    .unwrap_or_else(|()| Err(InvalidTransaction::Payment.into()))
}

impl<Inner: OnChargeTransaction<Runtime>> OnChargeTransaction<Runtime> for DisputeReserve<Inner> {
    type Balance = Inner::Balance;
    type LiquidityInfo = Inner::LiquidityInfo;

    fn withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        dispatch_info: &DispatchInfoOf<RuntimeCall>,
        fee_with_tip: Self::Balance,
        tip: Self::Balance,
    ) -> Result<Self::LiquidityInfo, TransactionValidityError> {
        ensure_no_tip(&tip)?;
        with_reserve(who, call, true, || Inner::withdraw_fee(who, call, dispatch_info, fee_with_tip, tip))
    }

    fn can_withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        dispatch_info: &DispatchInfoOf<RuntimeCall>,
        fee_with_tip: Self::Balance,
        tip: Self::Balance,
    ) -> Result<(), TransactionValidityError> {
        ensure_no_tip(&tip)?;
        with_reserve(who, call, false, || {
            Inner::can_withdraw_fee(who, call, dispatch_info, fee_with_tip, tip)
        })
    }

    fn correct_and_deposit_fee(
        who: &AccountId,
        dispatch_info: &DispatchInfoOf<RuntimeCall>,
        post_info: &PostDispatchInfoOf<RuntimeCall>,
        corrected_fee_with_tip: Self::Balance,
        tip: Self::Balance,
        liquidity_info: Self::LiquidityInfo,
    ) -> Result<(), TransactionValidityError> {
        Inner::correct_and_deposit_fee(
            who,
            dispatch_info,
            post_info,
            corrected_fee_with_tip,
            tip,
            liquidity_info,
        )
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &AccountId, amount: Self::Balance) {
        Inner::endow_account(who, amount)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Self::Balance {
        Inner::minimum_balance()
    }
}

impl<Inner: TxCreditHold<Runtime>> TxCreditHold<Runtime> for DisputeReserve<Inner> {
    type Credit = Inner::Credit;
}
