//! Withdrawing and handing over.

use crate::{
    mock::*, DatasetOf, Datasets, Error, Event, Handovers, HoldReason, KeptRights, PendingHandovers,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, TokenError};
use wonbon_primitives::{
    record::{Handover, Reason, Withdrawal},
    share::Share,
};

fn withdraw(who: AccountId) -> DispatchResult {
    Provenance::withdraw(RuntimeOrigin::signed(who), id(1), reason())
        .map(drop)
        .map_err(|refused| refused.error)
}

fn propose(who: AccountId, to: AccountId) -> DispatchResult {
    Provenance::propose_handover(RuntimeOrigin::signed(who), id(1), to)
}

fn accept(who: AccountId) -> DispatchResult {
    Provenance::accept_handover(RuntimeOrigin::signed(who), id(1))
}

fn cancel(who: AccountId) -> DispatchResult {
    Provenance::cancel_handover(RuntimeOrigin::signed(who), id(1))
}

fn dataset() -> DatasetOf<Test> {
    Datasets::<Test>::get(id(1)).expect("registered; qed")
}

#[test]
fn the_owner_withdraws_once_and_for_good() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(withdraw(ALICE), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        assert_noop!(withdraw(BOB), Error::<Test>::NotTheOwner);
        for bad in [&b""[..], b" ", b"\xff"] {
            let reason: Reason = bad.to_vec().try_into().expect("short enough; qed");
            assert_noop!(
                Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason),
                Error::<Test>::InvalidReason
            );
        }
        wait(4);
        events();
        assert_ok!(withdraw(ALICE));
        let withdrawal = Withdrawal { at: at(1 + DELAY + 4), reason: reason(), position: 0 };
        assert_eq!(dataset().withdrawn, Some(withdrawal));
        assert_eq!(events(), [Event::DatasetWithdrawn { dataset: id(1), reason: reason() }]);
        assert_eq!(held(HoldReason::Dataset, ALICE), DATASET_DEPOSIT, "the record stays, and its deposit");
        assert_noop!(withdraw(ALICE), Error::<Test>::DatasetWithdrawn);
    });
}

#[test]
fn a_suspended_owner_can_withdraw() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        Register::suspend(ALICE);
        assert_ok!(withdraw(ALICE));
    });
}

#[test]
fn a_dataset_is_handed_over_in_two_steps() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        events();
        assert_ok!(propose(ALICE, BOB));
        assert_eq!(PendingHandovers::<Test>::get(id(1)), Some(BOB));
        assert_eq!(dataset().owner, ALICE, "nothing changes before it is accepted");
        assert_ok!(accept(BOB));
        assert_eq!((dataset().owner, dataset().registrant), (BOB, ALICE));
        assert_eq!(held(HoldReason::Dataset, ALICE), 0);
        assert_eq!(held(HoldReason::Dataset, BOB), DATASET_DEPOSIT + RECORD_DEPOSIT);
        assert!(!PendingHandovers::<Test>::contains_key(id(1)));
        assert_eq!(
            events(),
            [
                Event::HandoverProposed { dataset: id(1), from: ALICE, to: BOB },
                Event::HandedOver { dataset: id(1), from: ALICE, to: BOB },
            ]
        );
        // The old owner has no say any more.
        assert_noop!(withdraw(ALICE), Error::<Test>::NotTheOwner);
        assert_noop!(propose(ALICE, CONSUMER), Error::<Test>::NotTheOwner);
        assert_ok!(withdraw(BOB));
    });
}

/// Every handover leaves its record, and whoever holds the dataset pays for all of them.
#[test]
fn handovers_are_recorded_in_order() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        for (index, (from, to)) in (0u32..).zip([(ALICE, BOB), (BOB, CONSUMER), (CONSUMER, ALICE)]) {
            assert_ok!(propose(from, to));
            wait(2);
            assert_ok!(accept(to));
            let handover = Handover { version: 1, from, to, at: now(), position: index };
            assert_eq!(Handovers::<Test>::get(id(1), index), Some(handover));
            assert_eq!((dataset().handover_count, dataset().records), (index + 1, index + 1));
            assert_eq!(held(HoldReason::Dataset, from), 0);
            let deposit = DATASET_DEPOSIT + u64::from(index + 1) * RECORD_DEPOSIT;
            assert_eq!((held(HoldReason::Dataset, to), dataset().deposit), (deposit, deposit));
        }
    });
}

#[test]
fn handovers_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        register(ALICE, 1);
        assert_ok!(propose(ALICE, BOB));
        Datasets::<Test>::mutate(id(1), |slot| {
            slot.as_mut().expect("registered; qed").handover_count = u32::MAX;
        });
        assert_noop!(accept(BOB), Error::<Test>::TooManyRecords);
    });
}

#[test]
fn only_the_owner_proposes_and_only_to_another() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(propose(ALICE, BOB), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        assert_noop!(propose(BOB, BOB), Error::<Test>::NotTheOwner);
        assert_noop!(propose(BOB, CONSUMER), Error::<Test>::NotTheOwner);
        assert_noop!(propose(ALICE, ALICE), Error::<Test>::HandoverToSelf);
        assert_ok!(propose(ALICE, BOB));
        assert_noop!(propose(ALICE, CONSUMER), Error::<Test>::HandoverPending);
    });
}

#[test]
fn only_the_one_named_accepts() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(accept(BOB), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        assert_noop!(accept(BOB), Error::<Test>::NoHandover);
        assert_ok!(propose(ALICE, BOB));
        for who in [ALICE, CONSUMER, STRANGER] {
            assert_noop!(accept(who), Error::<Test>::NotTheRecipient);
        }
        assert_ok!(accept(BOB));
        assert_noop!(accept(BOB), Error::<Test>::NoHandover);
    });
}

#[test]
fn owner_and_recipient_can_call_it_off() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(cancel(ALICE), Error::<Test>::NoSuchDataset);
        register(ALICE, 1);
        assert_noop!(cancel(ALICE), Error::<Test>::NoHandover);
        for by in [ALICE, BOB] {
            assert_ok!(propose(ALICE, BOB));
            assert_noop!(cancel(CONSUMER), Error::<Test>::NotTheOwner);
            events();
            assert_ok!(cancel(by));
            assert_eq!(events(), [Event::HandoverCancelled { dataset: id(1), by }]);
            assert_noop!(accept(BOB), Error::<Test>::NoHandover);
        }
    });
}

/// The attack: a company that is about to be suspended, or was, gets its datasets out to a friend.
#[test]
fn a_suspended_owner_cannot_carry_datasets_over() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        Register::suspend(ALICE);
        assert_noop!(propose(ALICE, BOB), Error::<Test>::NotVerified);
        Register::reinstate(ALICE);
        assert_ok!(propose(ALICE, BOB));
        Register::suspend(ALICE);
        assert_noop!(accept(BOB), Error::<Test>::NotVerified);
        // It still can be called off by either.
        assert_ok!(cancel(ALICE));
    });
}

#[test]
fn only_a_verified_participant_receives() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_noop!(propose(ALICE, STRANGER), Error::<Test>::NotVerified);
        assert_ok!(propose(ALICE, BOB));
        Register::suspend(BOB);
        assert_noop!(accept(BOB), Error::<Test>::NotVerified);
        Register::reinstate(BOB);
        assert_ok!(accept(BOB));
    });
}

#[test]
fn who_takes_over_pays_the_deposit() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(propose(ALICE, PAUPER));
        assert_noop!(accept(PAUPER), TokenError::FundsUnavailable);
        assert_eq!(dataset().owner, ALICE);
        assert_eq!(held(HoldReason::Dataset, ALICE), DATASET_DEPOSIT);
    });
}

#[test]
fn a_withdrawal_ends_a_proposed_handover() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(propose(ALICE, BOB));
        events();
        assert_ok!(withdraw(ALICE));
        assert_eq!(
            events(),
            [
                Event::HandoverCancelled { dataset: id(1), by: ALICE },
                Event::DatasetWithdrawn { dataset: id(1), reason: reason() },
            ]
        );
        assert_noop!(accept(BOB), Error::<Test>::NoHandover);
    });
}

/// The data are no less somebody's because nobody may buy them any more.
#[test]
fn a_withdrawn_dataset_can_be_handed_over() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        assert_ok!(withdraw(ALICE));
        assert_ok!(propose(ALICE, BOB));
        assert_ok!(accept(BOB));
        assert_eq!(dataset().owner, BOB);
        assert!(dataset().withdrawn.is_some(), "it stays withdrawn");
    });
}

#[test]
fn a_withdrawal_withdraws_the_offers_or_fails_as_a_whole() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        set_stuck(true);
        let refused = Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason());
        set_stuck(false);
        assert_eq!(refused.map_err(|refused| refused.error), Err(Error::<Test>::MarketStuck.into()));
    });
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        withdrawn_offers();
        let done = Provenance::withdraw(RuntimeOrigin::signed(ALICE), id(1), reason()).unwrap();
        assert_eq!(withdrawn_offers(), [id(1)]);
        // It weighs what it did, not what it could have done.
        assert_eq!(done.actual_weight, Some(<() as crate::WeightInfo>::withdraw(3)));
    });
}

#[test]
fn an_owner_keeps_a_right_to_derive_that_the_recipient_agrees_to() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        kept_rights();
        events();
        let alice = || RuntimeOrigin::signed(ALICE);
        let keep = |royalty| Provenance::propose_handover_keeping(alice(), id(1), BOB, royalty);
        assert_noop!(keep(500_001), Error::<Test>::RoyaltyTooHigh);
        assert_ok!(keep(70_000));
        let royalty = Share::from_millionths(70_000).unwrap();
        assert_eq!(
            events(),
            [
                Event::HandoverProposed { dataset: id(1), from: ALICE, to: BOB },
                Event::RightToBeKept { dataset: id(1), royalty },
            ]
        );
        let agree = |royalty| Provenance::accept_handover_keeping(RuntimeOrigin::signed(BOB), id(1), royalty);
        // Neither without it nor for another royalty.
        assert_noop!(accept(BOB), Error::<Test>::OtherRightKept);
        assert_noop!(agree(69_999), Error::<Test>::OtherRightKept);
        assert_ok!(agree(70_000));
        assert_eq!(kept_rights(), [(ALICE, id(1), royalty, 0)]);
        assert_eq!(dataset().owner, BOB);
        assert_eq!(KeptRights::<Test>::iter().count(), 0);
    });
}

/// The attack: the owner puts another proposal under an acceptance that is on its way.
#[test]
fn no_right_is_slipped_under_an_acceptance() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 1);
        kept_rights();
        assert_ok!(propose(ALICE, BOB));
        assert_ok!(cancel(ALICE));
        assert_ok!(Provenance::propose_handover_keeping(RuntimeOrigin::signed(ALICE), id(1), BOB, 0));
        assert_noop!(accept(BOB), Error::<Test>::OtherRightKept);
        // A proposal that is called off leaves nothing behind, nor does a withdrawal.
        assert_ok!(cancel(ALICE));
        assert_ok!(propose(ALICE, BOB));
        assert_ok!(cancel(BOB));
        assert_ok!(Provenance::propose_handover_keeping(RuntimeOrigin::signed(ALICE), id(1), BOB, 0));
        assert_ok!(withdraw(ALICE));
        assert_ok!(propose(ALICE, BOB));
        assert_ok!(accept(BOB));
        assert!(kept_rights().is_empty());
    });
}
