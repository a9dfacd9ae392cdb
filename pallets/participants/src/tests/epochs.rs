//! Which epochs of a company's secrets there are, and who may begin one.

use super::companies::{add, establish, remove, KIM, LEE, PARK};
use crate::{mock::*, Companies, Error, Event, HoldReason, SecretEpochCount, SecretEpochs};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{InspectHold, Mutate},
};
use sp_runtime::{DispatchResult, TokenError};
use wonbon_primitives::membership::{MemberRole, MemberRoles};

fn begin(company: AccountId, epoch: u32, secret: u8) -> DispatchResult {
    Participants::begin_epoch(RuntimeOrigin::signed(company), epoch, [secret; 32])
}

#[test]
fn epochs_follow_each_other_and_the_first_of_two_that_begin_at_once_is_the_one() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        assert_noop!(begin(company, 0, 7), Error::<Test>::OtherEpoch);
        assert_noop!(begin(company, 2, 7), Error::<Test>::OtherEpoch);
        events();
        assert_ok!(begin(company, 1, 7));
        assert_eq!(events(), [Event::EpochBegun { company, epoch: 1, commitment: [7; 32] }]);
        assert_noop!(begin(company, 1, 8), Error::<Test>::OtherEpoch);
        assert_ok!(begin(company, 2, 8));
        let commitment = |epoch| SecretEpochs::<Test>::get(company, epoch).unwrap().commitment;
        assert_eq!((commitment(1), commitment(2)), ([7; 32], [8; 32]), "what is told once stays");
        // Another company's are its own.
        let other = establish(LEE, 1);
        assert_noop!(begin(other, 3, 7), Error::<Test>::OtherEpoch);
        assert_ok!(begin(other, 1, 7));
    });
}

/// By this the tools know that an epoch is over, whoever of the members left and whoever saw it.
#[test]
fn an_epoch_says_how_many_memberships_had_ended_when_it_began() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let ended = |epoch| SecretEpochs::<Test>::get(company, epoch).unwrap().ended;
        assert_ok!(begin(company, 1, 1));
        add(company, LEE, MemberRole::Buy);
        assert_ok!(begin(company, 2, 2));
        assert_ok!(remove(company, LEE));
        add(company, LEE, MemberRole::Buy);
        assert_ok!(begin(company, 3, 3));
        assert_eq!((ended(1), ended(2), ended(3)), (0, 0, 1));
    });
}

#[test]
fn an_epoch_is_paid_for_and_only_a_companys() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        assert_noop!(begin(ALICE, 1, 1), Error::<Test>::NoCompany);
        Balances::set_balance(&company, 1);
        assert_noop!(begin(company, 1, 1), TokenError::FundsUnavailable);
        Balances::set_balance(&company, FUNDS);
        let held = || Balances::balance_on_hold(&HoldReason::Membership.into(), &company);
        let before = held();
        assert_ok!(begin(company, 1, 1));
        assert_eq!(held(), before + EPOCH_DEPOSIT);
        assert_eq!(Companies::<Test>::get(company).unwrap().deposit, held());
        assert_eq!(SecretEpochCount::<Test>::get(company), 1);
    });
}

/// The attack: whoever stole an admin's key chooses the secret under which the company goes on.
#[test]
fn no_epoch_begins_while_a_recovery_is_open() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let joining = joining(PARK, MemberRoles::ALL, 300);
        let signature = joins(company, PARK, &joining);
        assert_ok!(Participants::propose_recovery(RuntimeOrigin::root(), company, PARK, joining, signature));
        assert_noop!(begin(company, 1, 1), Error::<Test>::RecoveryOpen);
        System::set_block_number(System::block_number() + NOTICE);
        assert_ok!(Participants::complete_recovery(RuntimeOrigin::signed(ALICE), company));
        assert_ok!(begin(company, 1, 1));
    });
}
