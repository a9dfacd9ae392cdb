//! Companies that act through people: how they come, who joins, changes and goes, and what each may spend.

use super::{record, verify};
use crate::{mock::*, Clerks, Companies, Error, HoldReason, Members, Spendings};
use frame_support::{
    assert_noop, assert_ok,
    traits::fungible::{InspectHold, Mutate},
};
use sp_runtime::{testing::TestSignature, traits::BadOrigin, DispatchResult};
use wonbon_primitives::{
    bounds::{MAX_ADMINS, MAX_MEMBERS},
    membership::{Joining, MemberRole, MemberRoles},
    record::{Profile, Standing},
};

/// Admins, and people who may become members.
pub(super) const KIM: AccountId = 21;
pub(super) const LEE: AccountId = 22;
pub(super) const PARK: AccountId = 23;

pub(super) fn try_establish(
    admin: AccountId,
    profile: Profile,
    change: impl FnOnce(&mut Joining<Balance, u64>),
) -> DispatchResult {
    let mut joining = joining(admin, MemberRoles::ALL, 500);
    change(&mut joining);
    let signature = applies(&profile, admin, &joining);
    Participants::establish(RuntimeOrigin::root(), admin, profile.into(), joining, signature)
}

/// A verified company with money, of one admin.
pub(super) fn establish(admin: AccountId, index: usize) -> AccountId {
    let account = company(crate::CompanyCount::<Test>::get());
    assert_ok!(try_establish(admin, profile(index), |_| ()));
    verify(account);
    Balances::set_balance(&account, FUNDS);
    account
}

pub(super) fn try_add(
    company: AccountId,
    member: AccountId,
    roles: MemberRoles,
    change: impl FnOnce(&mut Joining<Balance, u64>),
) -> DispatchResult {
    let mut joining = joining(member, roles, 100);
    change(&mut joining);
    let signature = joins(company, member, &joining);
    Participants::add_member(RuntimeOrigin::signed(company), member, joining, signature)
}

pub(super) fn add(company: AccountId, member: AccountId, roles: impl Into<MemberRoles>) {
    assert_ok!(try_add(company, member, roles.into(), |_| ()));
}

pub(super) fn remove(company: AccountId, member: AccountId) -> DispatchResult {
    Participants::remove_member(RuntimeOrigin::signed(company), member)
}

#[test]
fn a_company_is_established_without_money() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(try_establish(KIM, profile(0), |_| ()));
        let account = company(0);
        let (participant, record) = (record(account), Companies::<Test>::get(account).unwrap());
        assert_eq!((participant.standing, participant.deposit), (Standing::Pending, 0));
        assert_eq!((record.members, record.admins.to_vec(), record.deposit), (1, vec![KIM], 0));
        let member = Members::<Test>::get(account, KIM).unwrap();
        assert_eq!((member.roles, member.day_limit, member.generation), (MemberRoles::ALL, 500, 0));
        assert_eq!(System::sufficients(&KIM), 1, "the member's nonce is kept, without money");
        verify(account);
        assert_noop!(try_establish(LEE, profile(0), |_| ()), Error::<Test>::RegistrationNumberTaken);
        assert_ok!(try_establish(LEE, profile(1), |_| ()));
        assert_ne!(company(1), account);
    });
}

#[test]
fn an_application_is_what_was_signed_and_leads_to_one_company() {
    ExtBuilder::build_and_execute(|| {
        let establish = |profile: Profile, joining: Joining<Balance, u64>, signature: &TestSignature| {
            let origin = RuntimeOrigin::root();
            Participants::establish(origin, KIM, profile.into(), joining, signature.clone())
        };
        let signed = joining(KIM, MemberRoles::ALL, 500);
        let signature = applies(&profile(0), KIM, &signed);
        let bad = || Error::<Test>::BadSignature;
        assert_noop!(establish(profile(1), signed, &signature), bad());
        assert_noop!(establish(profile(0), Joining { day_limit: 501, ..signed }, &signature), bad());
        assert_noop!(establish(profile(0), signed, &TestSignature(LEE, signature.1.clone())), bad());
        assert_noop!(
            try_establish(KIM, profile(0), |joining| joining.expires = 0),
            Error::<Test>::SignatureExpired
        );
        assert_noop!(
            try_establish(KIM, profile(0), |joining| joining.ended = 1),
            Error::<Test>::SignatureUsed
        );
        assert_noop!(try_establish(KIM, profile(0), |joining| joining.roles = 2), Error::<Test>::NotAnAdmin);
        assert_noop!(
            try_establish(KIM, profile(0), |joining| joining.roles = 64),
            Error::<Test>::InvalidMemberRoles
        );
        assert_ok!(establish(profile(0), signed, &signature));
        assert_noop!(establish(profile(0), signed, &signature), Error::<Test>::AlreadyEstablished);
        let stranger = Participants::establish(
            RuntimeOrigin::signed(KIM),
            KIM,
            profile(1).into(),
            signed,
            applies(&profile(1), KIM, &signed),
        );
        assert_eq!(stranger, Err(BadOrigin.into()));
    });
}

#[test]
fn members_join_by_their_own_signature() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let buy = MemberRoles::from(MemberRole::Buy);
        let signed = joining(LEE, buy, 100);
        let by_other = TestSignature(KIM, joins(company, LEE, &signed).1);
        assert_noop!(
            Participants::add_member(RuntimeOrigin::signed(company), LEE, signed, by_other),
            Error::<Test>::BadSignature
        );
        assert_noop!(
            try_add(company, LEE, buy, |joining| joining.expires = 0),
            Error::<Test>::SignatureExpired
        );
        assert_noop!(
            try_add(company, LEE, buy, |joining| joining.roles = 0),
            Error::<Test>::InvalidMemberRoles
        );
        assert_noop!(try_add(ALICE, LEE, buy, |_| ()), Error::<Test>::NoCompany);
        add(company, LEE, buy);
        assert_noop!(try_add(company, LEE, buy, |_| ()), Error::<Test>::AlreadyMember);
        let held = |company| Balances::balance_on_hold(&HoldReason::Membership.into(), &company);
        assert_eq!(held(company), MEMBER_DEPOSIT);
        // Who was a member once, of whatever company, costs nothing more.
        let other = establish(PARK, 1);
        add(other, LEE, MemberRole::Sell);
        assert_eq!(held(other), 0);
    });
}

#[test]
fn what_was_signed_before_a_membership_ended_takes_nobody_on_again() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let old = joining(LEE, MemberRole::Buy.into(), 100);
        let join = |joining: Joining<Balance, u64>| {
            let origin = RuntimeOrigin::signed(company);
            Participants::add_member(origin, LEE, joining, joins(company, LEE, &joining))
        };
        assert_ok!(join(old));
        assert_ok!(remove(company, LEE));
        assert_noop!(join(old), Error::<Test>::SignatureUsed);
        assert_ok!(join(joining(LEE, MemberRole::Buy.into(), 100)));
        // A new generation: transactions of the first membership name another.
        assert_eq!(Members::<Test>::get(company, LEE).unwrap().generation, 2);
        assert_eq!(System::sufficients(&LEE), 1);
    });
}

#[test]
fn the_last_admin_stays() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let change = |member, roles: MemberRoles| {
            Participants::change_member(RuntimeOrigin::signed(company), member, roles.bits(), 100)
        };
        let buy = MemberRoles::from(MemberRole::Buy);
        assert_noop!(remove(company, KIM), Error::<Test>::LastAdmin);
        assert_noop!(change(KIM, buy), Error::<Test>::LastAdmin);
        assert_noop!(change(LEE, buy), Error::<Test>::NotMember);
        add(company, LEE, MemberRole::Buy);
        assert_noop!(change(LEE, buy), Error::<Test>::NothingChanged);
        assert_noop!(remove(company, KIM), Error::<Test>::LastAdmin);
        assert_ok!(change(LEE, MemberRoles::ALL));
        assert_ok!(remove(company, KIM));
        assert_eq!(Companies::<Test>::get(company).unwrap().admins.to_vec(), [LEE]);
        assert_noop!(remove(company, KIM), Error::<Test>::NotMember);
    });
}

#[test]
fn members_and_admins_are_bounded() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        let admins = u64::from(MAX_ADMINS);
        for admin in 1..admins {
            add(company, 100 + admin, MemberRole::Admin);
        }
        let one_more = try_add(company, 99, MemberRole::Admin.into(), |_| ());
        assert_noop!(one_more, Error::<Test>::TooManyAdmins);
        for member in admins..u64::from(MAX_MEMBERS) {
            add(company, 100 + member, MemberRole::Deliver);
        }
        assert_noop!(try_add(company, 99, MemberRole::Deliver.into(), |_| ()), Error::<Test>::TooManyMembers);
    });
}

#[test]
fn a_member_spends_up_to_the_limit_and_again_on_the_next_day_in_korea() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        add(company, LEE, MemberRole::Buy);
        // A second before midnight in Korea.
        Now::set((20_000 * 24 - 9) * 3_600_000 - 1_000);
        assert_ok!(Participants::spend(&company, &LEE, 60));
        assert!(Participants::may_spend(&company, &LEE, 40) && !Participants::may_spend(&company, &LEE, 41));
        assert_noop!(Participants::spend(&company, &LEE, 41), Error::<Test>::OverDayLimit);
        assert_noop!(Participants::spend(&company, &LEE, Balance::MAX), Error::<Test>::OverDayLimit);
        assert_noop!(Participants::spend(&company, &PARK, 1), Error::<Test>::NotMember);
        Now::mutate(|now| *now += 2_000);
        assert!(Participants::may_spend(&company, &LEE, 100));
        assert_ok!(Participants::spend(&company, &LEE, 5));
        assert_eq!(Spendings::<Test>::get(company, LEE).unwrap().amount, 5);
        // A lower limit counts at once.
        let origin = RuntimeOrigin::signed(company);
        assert_ok!(Participants::change_member(origin, LEE, MemberRoles::from(MemberRole::Buy).bits(), 4));
        assert!(!Participants::may_spend(&company, &LEE, 0));
        assert_ok!(remove(company, LEE));
        assert_eq!(Spendings::<Test>::get(company, LEE), None);
    });
}

#[test]
fn clerks_do_the_daily_work_so_often_a_day_and_nothing_else() {
    ExtBuilder::build_and_execute(|| {
        let clerk = RuntimeOrigin::signed(PARK);
        let establish = |index: usize, applicant| {
            let joining = joining(applicant, MemberRoles::ALL, 500);
            let signature = applies(&profile(index), applicant, &joining);
            Participants::establish(clerk.clone(), applicant, profile(index).into(), joining, signature)
        };
        let verify = |account, index| Participants::verify(clerk.clone(), account, *number(index).digits());
        assert_noop!(establish(0, KIM), BadOrigin);
        assert_noop!(Participants::appoint_clerk(RuntimeOrigin::signed(ALICE), PARK, 2), BadOrigin);
        assert_ok!(Participants::appoint_clerk(RuntimeOrigin::root(), PARK, 2));
        assert_noop!(
            Participants::appoint_clerk(RuntimeOrigin::root(), PARK, 2),
            Error::<Test>::NothingChanged
        );
        assert_noop!(establish(0, PARK), Error::<Test>::OwnCompany);
        assert_ok!(establish(0, KIM));
        assert_ok!(verify(company(0), 0));
        assert_noop!(establish(1, LEE), Error::<Test>::ClerkLimit);
        Now::mutate(|now| *now += 24 * 3_600_000);
        assert_ok!(establish(1, LEE));
        Balances::set_balance(&company(1), FUNDS);
        add(company(1), PARK, MemberRole::Deliver);
        assert_noop!(verify(company(1), 1), Error::<Test>::OwnCompany);
        let reason = super::reason();
        assert_noop!(Participants::suspend(clerk.clone(), company(0), reason.clone()), BadOrigin);
        assert_noop!(Participants::unverify(clerk.clone(), company(0), reason), BadOrigin);
        // More a day does not forget what was decided today.
        assert_ok!(Participants::appoint_clerk(RuntimeOrigin::root(), PARK, 1));
        assert_noop!(establish(2, KIM), Error::<Test>::ClerkLimit);
        assert_ok!(Participants::dismiss_clerk(RuntimeOrigin::root(), PARK));
        assert_eq!(Clerks::<Test>::get(PARK), None);
        assert_noop!(Participants::dismiss_clerk(RuntimeOrigin::root(), PARK), Error::<Test>::NotClerk);
        assert_noop!(establish(2, KIM), BadOrigin);
    });
}

#[test]
fn a_company_does_not_withdraw_while_its_members_accounts_are_kept() {
    ExtBuilder::build_and_execute(|| {
        assert_ok!(try_establish(KIM, profile(0), |_| ()));
        assert_noop!(
            Participants::withdraw_registration(RuntimeOrigin::signed(company(0))),
            Error::<Test>::ActsThroughPeople
        );
    });
}
