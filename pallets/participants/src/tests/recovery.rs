//! A company that lost its keys, and whoever would like others to believe that.

use super::companies::{add, establish, remove, try_add, KIM, LEE, PARK};
use crate::{mock::*, Companies, Error, Members, Recoveries};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::BadOrigin, DispatchResult};
use wonbon_primitives::{
    bounds::MAX_MEMBERS,
    membership::{MemberRole, MemberRoles},
};

fn try_propose(company: AccountId, admin: AccountId, roles: MemberRoles) -> DispatchResult {
    let joining = joining(admin, roles, 300);
    let signature = joins(company, admin, &joining);
    Participants::propose_recovery(RuntimeOrigin::root(), company, admin, joining, signature)
}

fn propose(company: AccountId) {
    assert_ok!(try_propose(company, PARK, MemberRoles::ALL));
}

fn object(company: AccountId) -> DispatchResult {
    Participants::object_to_recovery(RuntimeOrigin::signed(company))
}

fn complete(company: AccountId) -> DispatchResult {
    Participants::complete_recovery(RuntimeOrigin::signed(ALICE), company)
}

fn notice_passes() {
    System::set_block_number(System::block_number() + NOTICE);
}

#[test]
fn a_recovered_company_has_a_new_admin_and_the_others_finish_what_is_open() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        add(company, LEE, MemberRole::Buy);
        propose(company);
        assert_noop!(complete(company), Error::<Test>::RecoveryTooEarly);
        notice_passes();
        assert_ok!(complete(company));
        let record = Companies::<Test>::get(company).unwrap();
        assert_eq!((record.admins.to_vec(), record.members, record.recoveries), (vec![PARK], 3, 1));
        assert_eq!(record.recovered_at, Some(System::block_number()));
        let roles = |member| Members::<Test>::get(company, member).unwrap().roles;
        assert_eq!(roles(PARK), MemberRoles::ALL);
        let deliver = MemberRoles::from(MemberRole::Deliver);
        assert_eq!((roles(KIM), roles(LEE)), (deliver, deliver));
        assert_noop!(complete(company), Error::<Test>::NoRecovery);
        assert_ok!(remove(company, KIM));
    });
}

#[test]
fn an_objection_stops_a_recovery_and_the_council_overrides_it() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        assert_noop!(object(company), Error::<Test>::NoRecovery);
        propose(company);
        assert_ok!(object(company));
        assert_noop!(object(company), Error::<Test>::RecoveryObjected);
        notice_passes();
        assert_noop!(complete(company), Error::<Test>::RecoveryObjected);
        let enforce = |who| Participants::enforce_recovery(RuntimeOrigin::signed(who), company);
        assert_noop!(enforce(ALICE), BadOrigin);
        assert_ok!(enforce(COUNCIL));
        assert_eq!(Companies::<Test>::get(company).unwrap().admins.to_vec(), [PARK]);
    });
}

#[test]
fn not_even_the_council_shortens_the_notice() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        propose(company);
        assert_noop!(
            Participants::enforce_recovery(RuntimeOrigin::signed(COUNCIL), company),
            Error::<Test>::RecoveryTooEarly
        );
    });
}

/// The attack: whoever stole a key adds members or throws the others out while the notice runs.
#[test]
fn members_stay_as_they_are_while_a_recovery_is_open() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        add(company, LEE, MemberRole::Admin);
        propose(company);
        assert_noop!(remove(company, LEE), Error::<Test>::RecoveryOpen);
        assert_noop!(try_add(company, BOB, MemberRole::Buy.into(), |_| ()), Error::<Test>::RecoveryOpen);
        let change = Participants::change_member(RuntimeOrigin::signed(company), LEE, 2, 1);
        assert_noop!(change, Error::<Test>::RecoveryOpen);
        assert_ok!(Participants::cancel_recovery(RuntimeOrigin::root(), company));
        assert_noop!(
            Participants::cancel_recovery(RuntimeOrigin::root(), company),
            Error::<Test>::NoRecovery
        );
        assert_ok!(remove(company, LEE));
    });
}

#[test]
fn recoveries_are_the_registrars_and_signed_by_the_new_admin() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let signed = joining(PARK, MemberRoles::ALL, 300);
        let propose =
            |origin, signature| Participants::propose_recovery(origin, company, PARK, signed, signature);
        let signature = joins(company, PARK, &signed);
        assert_noop!(propose(RuntimeOrigin::signed(PARK), signature.clone()), BadOrigin);
        let other = joins(BOB, PARK, &signed);
        assert_noop!(propose(RuntimeOrigin::root(), other), Error::<Test>::BadSignature);
        assert_noop!(try_propose(BOB, PARK, MemberRoles::ALL), Error::<Test>::NoCompany);
        assert_noop!(try_propose(company, PARK, MemberRole::Buy.into()), Error::<Test>::NotAnAdmin);
        assert_noop!(try_propose(company, KIM, MemberRoles::ALL), Error::<Test>::AlreadyMember);
        assert_ok!(propose(RuntimeOrigin::root(), signature));
        assert_noop!(try_propose(company, LEE, MemberRoles::ALL), Error::<Test>::RecoveryOpen);
        assert_eq!(Recoveries::<Test>::iter().count(), 1);
    });
}

#[test]
fn a_full_company_makes_room_for_its_new_admin() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        for member in 1..u64::from(MAX_MEMBERS) {
            add(company, 100 + member, MemberRole::Deliver);
        }
        propose(company);
        notice_passes();
        assert_ok!(complete(company));
        let youngest = 100 + u64::from(MAX_MEMBERS) - 1;
        assert!(!Members::<Test>::contains_key(company, youngest));
        assert!(Members::<Test>::contains_key(company, youngest - 1));
        assert_eq!(Companies::<Test>::get(company).unwrap().members, MAX_MEMBERS);
    });
}
