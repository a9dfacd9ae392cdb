//! Money in, money out, and every reference once.

use crate::{
    mock::*, BankReference, Credited, Direction, Endowed, Error, Event, HoldReason, Redeemed, Redemptions,
    Reversed, Transfers,
};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::{DispatchError, TokenError};
use wonbon_primitives::record::Reason;

type CreditError = Error<Test>;

fn reference(text: &str) -> BankReference {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// The hash of a bank account.
const PAYEE: [u8; 32] = [4; 32];

fn reason() -> Reason {
    "잘못 보낸 금액".as_bytes().to_vec().try_into().unwrap()
}

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn on_hold(account: u64) -> u64 {
    Balances::balance_on_hold(&HoldReason::Redemption.into(), &account)
}

#[test]
fn a_transfer_is_credited_and_recorded() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 7, 500, reference("KB-2026-1")));
        assert_eq!(Balances::free_balance(7), 500);
        assert_eq!(Balances::total_issuance(), 3_500);
        assert_eq!(Credited::<Test>::get(), 500);
        let transfer = Transfers::<Test>::get(reference("KB-2026-1")).unwrap();
        assert_eq!(
            (transfer.version, transfer.direction, transfer.account, transfer.amount, transfer.at),
            (1, Direction::In, 7, 500, 1)
        );
        let event = Event::Credited { account: 7, amount: 500, reference: reference("KB-2026-1") };
        System::assert_last_event(event.into());
    });
}

#[test]
fn a_reference_is_never_credited_twice() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 1, 500, reference("kb-1")));
        for again in ["kb-1", "KB-1", "Kb-1"] {
            assert_noop!(Credit::credit(root(), 2, 10, reference(again)), CreditError::ReferenceUsed);
        }
    });
}

#[test]
fn a_reference_must_be_readable() {
    build_and_execute(|| {
        for bad in ["", "kb 1", "kb-1\n", "은행"] {
            assert_noop!(Credit::credit(root(), 1, 10, reference(bad)), CreditError::BadReference);
        }
        assert_noop!(Credit::credit(root(), 1, 0, reference("KB-1")), CreditError::ZeroAmount);
    });
}

#[test]
fn a_confirmed_redemption_is_burnt() {
    build_and_execute(|| {
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        assert_eq!((Balances::free_balance(1), on_hold(1)), (600, 400));
        assert_eq!(Redemptions::<Test>::get(0).unwrap().amount, 400);
        assert_ok!(Credit::confirm_redemption(root(), 0, reference("KB-OUT-1")));
        assert_eq!((Balances::free_balance(1), on_hold(1)), (600, 0));
        assert_eq!(Balances::total_issuance(), 2_600);
        assert_eq!(Redeemed::<Test>::get(), 400);
        assert_eq!(Transfers::<Test>::get(reference("KB-OUT-1")).unwrap().direction, Direction::Out);
        assert_noop!(
            Credit::confirm_redemption(root(), 0, reference("KB-OUT-2")),
            CreditError::NoSuchRedemption
        );
    });
}

#[test]
fn a_rejected_redemption_is_released() {
    build_and_execute(|| {
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        assert_ok!(Credit::reject_redemption(root(), 0, reason()));
        assert_eq!((Balances::free_balance(1), on_hold(1)), (1_000, 0));
        assert_noop!(Credit::reject_redemption(root(), 0, reason()), CreditError::NoSuchRedemption);
    });
}

#[test]
fn redemptions_of_one_account_are_apart() {
    build_and_execute(|| {
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 100, PAYEE));
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 300, PAYEE));
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(2), 200, PAYEE));
        assert_ok!(Credit::reject_redemption(root(), 0, reason()));
        assert_ok!(Credit::confirm_redemption(root(), 1, reference("OUT")));
        assert_eq!((Balances::free_balance(1), on_hold(1)), (700, 0));
        assert_eq!((Balances::free_balance(2), on_hold(2)), (800, 200));
    });
}

#[test]
fn a_used_reference_cannot_confirm_and_nothing_is_half_done() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 2, 500, reference("KB-1")));
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        assert_noop!(Credit::confirm_redemption(root(), 0, reference("kb-1")), CreditError::ReferenceUsed);
        assert_eq!(on_hold(1), 400);
    });
}

#[test]
fn more_than_there_is_and_too_little_are_refused() {
    build_and_execute(|| {
        let who = RuntimeOrigin::signed(1);
        assert_noop!(Credit::request_redemption(who.clone(), 1_001, PAYEE), TokenError::FundsUnavailable);
        assert_noop!(Credit::request_redemption(who, 99, PAYEE), CreditError::AmountTooSmall);
    });
}

#[test]
fn the_books_show_money_that_came_or_went_another_way() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 2, 500, reference("KB-1")));
        assert_eq!(Endowed::<Test>::get(), 3_000);
        assert_ok!(Credit::do_try_state());
        assert_ok!(Balances::force_set_balance(root(), 2, 2_000));
        assert!(Credit::do_try_state().is_err());
        assert_ok!(Balances::force_set_balance(root(), 2, 1_400));
        assert!(Credit::do_try_state().is_err());
        assert_ok!(Balances::force_set_balance(root(), 2, 1_500));
    });
}

#[test]
fn only_the_issuer_decides() {
    build_and_execute(|| {
        let anyone = RuntimeOrigin::signed(1);
        assert_noop!(Credit::credit(anyone.clone(), 1, 10, reference("KB-1")), DispatchError::BadOrigin);
        assert_ok!(Credit::request_redemption(anyone.clone(), 100, PAYEE));
        assert_noop!(
            Credit::confirm_redemption(anyone.clone(), 0, reference("KB-1")),
            DispatchError::BadOrigin
        );
        assert_noop!(Credit::reject_redemption(anyone, 0, reason()), DispatchError::BadOrigin);
    });
}

#[test]
fn a_redemption_names_its_payee_and_is_taken_back_until_it_is_confirmed() {
    build_and_execute(|| {
        let cancel = |who, id| Credit::cancel_redemption(RuntimeOrigin::signed(who), id);
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        let record = Redemptions::<Test>::get(0).unwrap();
        assert_eq!((record.version, record.payee, record.lapses_after), (2, PAYEE, 1 + LIFE));
        assert_noop!(cancel(2, 0), CreditError::NotHolder);
        assert_ok!(cancel(1, 0));
        assert_eq!((Balances::free_balance(1), on_hold(1)), (1_000, 0));
        assert_noop!(cancel(1, 0), CreditError::NoSuchRedemption);
        assert_noop!(Credit::confirm_redemption(root(), 0, reference("KB-1")), CreditError::NoSuchRedemption);
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        assert_ok!(Credit::confirm_redemption(root(), 1, reference("KB-1")));
        assert_noop!(cancel(1, 1), CreditError::NoSuchRedemption);
    });
}

#[test]
fn a_redemption_that_nobody_decides_on_lapses() {
    build_and_execute(|| {
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 400, PAYEE));
        let stranger = || Credit::cancel_redemption(RuntimeOrigin::signed(2), 0);
        System::set_block_number(1 + LIFE);
        assert_noop!(stranger(), CreditError::NotHolder);
        System::set_block_number(2 + LIFE);
        assert_noop!(Credit::confirm_redemption(root(), 0, reference("KB-1")), CreditError::RedemptionLapsed);
        assert_ok!(stranger());
        assert_eq!((Balances::free_balance(1), on_hold(1)), (1_000, 0));
    });
}

#[test]
fn an_over_credit_is_taken_back_and_the_books_agree() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 2, 500, reference("KB-1")));
        let reverse = |amount| Credit::reverse_credit(root(), reference("kb-1"), amount, reason());
        assert_ok!(reverse(300));
        assert_eq!((Balances::free_balance(2), Balances::total_issuance()), (1_200, 3_200));
        assert_noop!(reverse(201), CreditError::MoreThanCredited);
        assert_noop!(reverse(0), CreditError::ZeroAmount);
        assert_ok!(reverse(200));
        assert_eq!(Reversed::<Test>::get(), 500);
        assert_noop!(reverse(1), CreditError::MoreThanCredited);
        assert_noop!(
            Credit::reverse_credit(root(), reference("KB-2"), 1, reason()),
            CreditError::NoSuchTransfer
        );
        assert_noop!(
            Credit::reverse_credit(RuntimeOrigin::signed(1), reference("KB-1"), 1, reason()),
            DispatchError::BadOrigin
        );
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(1), 100, PAYEE));
        assert_ok!(Credit::confirm_redemption(root(), 0, reference("OUT")));
        // What went out was no credit.
        assert_noop!(
            Credit::reverse_credit(root(), reference("OUT"), 1, reason()),
            CreditError::NoSuchTransfer
        );
    });
}

#[test]
fn what_was_spent_or_is_promised_is_not_taken_back() {
    build_and_execute(|| {
        assert_ok!(Credit::credit(root(), 7, 500, reference("KB-1")));
        assert_ok!(Credit::request_redemption(RuntimeOrigin::signed(7), 400, PAYEE));
        let reverse = |amount| Credit::reverse_credit(root(), reference("KB-1"), amount, reason());
        assert_noop!(reverse(101), TokenError::FundsUnavailable);
        assert_ok!(reverse(99));
        assert_eq!(on_hold(7), 400);
    });
}

#[test]
fn the_treasury_is_spent_with_a_reason_and_by_the_issuer() {
    build_and_execute(|| {
        let spend = |origin, amount| Credit::spend_treasury(origin, 2, amount, reason());
        assert_noop!(spend(RuntimeOrigin::signed(TREASURY), 10), DispatchError::BadOrigin);
        assert_noop!(spend(root(), 0), CreditError::ZeroAmount);
        assert_noop!(Credit::spend_treasury(root(), 2, 10, Reason::default()), CreditError::InvalidReason);
        assert_ok!(spend(root(), 600));
        assert_eq!((Balances::free_balance(TREASURY), Balances::free_balance(2)), (400, 1_600));
        assert_noop!(spend(root(), 401), TokenError::FundsUnavailable);
    });
}
