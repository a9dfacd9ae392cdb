//! Registration numbers and names that change, move, and were confirmed wrongly.

use super::{
    companies::{establish, try_establish, KIM, LEE},
    name, reason, record, register, suspend, try_verify, update, verify,
};
use crate::{mock::*, ByRegistrationNumber, Error, Event, FormerNumbers, ProfileField};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;
use wonbon_primitives::{
    company::{ParticipantRegistry, Region, SizeClass},
    record::{Profile, Standing},
};

#[test]
fn a_verified_company_changes_its_name_by_the_registrar_only() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        let refused = || Error::<Test>::NeedsConfirmation;
        assert_noop!(update(ALICE, |profile| profile.name = name("큰 회사")), refused());
        assert_noop!(update(ALICE, |profile| profile.size = SizeClass::Large), refused());
        assert_noop!(update(ALICE, |profile| profile.ksic = "C28".parse().unwrap()), refused());
        assert_ok!(update(ALICE, |profile| profile.region = Region::Busan));
        // A suspended one was confirmed too.
        suspend(ALICE);
        assert_noop!(update(ALICE, |profile| profile.name = name("큰 회사")), refused());
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), ALICE));

        events();
        let mut confirmed = profile(0);
        confirmed.name = name("새한빛정밀 주식회사");
        confirmed.region = Region::Jeju;
        let confirm =
            |origin, profile: &Profile| Participants::confirm_identity(origin, ALICE, profile.clone().into());
        assert_noop!(confirm(RuntimeOrigin::signed(ALICE), &confirmed), BadOrigin);
        assert_ok!(confirm(RuntimeOrigin::root(), &confirmed));
        let changed = vec![ProfileField::Name].try_into().expect("one of five; qed");
        assert_eq!(events(), [Event::IdentityConfirmed { account: ALICE, changed }]);
        assert_eq!(record(ALICE).profile.region, Region::Busan, "the company's own");
        assert_noop!(confirm(RuntimeOrigin::root(), &confirmed), Error::<Test>::NothingChanged);
        confirmed.registration_number = number(1);
        assert_noop!(confirm(RuntimeOrigin::root(), &confirmed), Error::<Test>::OtherRegistrationNumber);
    });
}

#[test]
fn a_number_changes_and_the_former_one_is_noted() {
    ExtBuilder::build_and_execute(|| {
        let company = establish(KIM, 0);
        register(ALICE, 1);
        let change = |account, index| {
            Participants::change_number(RuntimeOrigin::root(), account, *number(index).digits())
        };
        assert_noop!(change(ALICE, 2), Error::<Test>::NotVerified);
        verify(ALICE);
        assert_noop!(change(company, 1), Error::<Test>::RegistrationNumberTaken);
        assert_noop!(change(company, 0), Error::<Test>::SameNumber);
        assert_noop!(
            Participants::change_number(RuntimeOrigin::root(), company, *b"1234567890"),
            Error::<Test>::InvalidRegistrationNumber
        );
        assert_ok!(change(company, 2));
        assert_eq!(record(company).profile.registration_number, number(2));
        assert_eq!(FormerNumbers::<Test>::get(company, 0).unwrap().number, number(0));
        assert_eq!(ByRegistrationNumber::<Test>::get(number(0)), None);
    });
}

/// The attack: an impostor was verified under the number of a company that comes later.
#[test]
fn an_impostors_verification_is_undone_and_the_true_company_established() {
    ExtBuilder::build_and_execute(|| {
        let impostor = establish(KIM, 0);
        assert_noop!(try_establish(LEE, profile(0), |_| ()), Error::<Test>::RegistrationNumberTaken);
        let unverify = |origin| Participants::unverify(origin, impostor, reason());
        assert_noop!(unverify(RuntimeOrigin::signed(LEE)), BadOrigin);
        assert_ok!(unverify(RuntimeOrigin::root()));
        assert_noop!(unverify(RuntimeOrigin::root()), Error::<Test>::NotVerified);
        assert!(!Participants::is_verified(&impostor));
        assert_ok!(try_establish(LEE, profile(0), |_| ()));
        verify(company(1));
        assert_noop!(try_verify(impostor, number(0)), Error::<Test>::RegistrationNumberTaken);
    });
}

#[test]
fn the_registrar_moves_a_number() {
    ExtBuilder::build_and_execute(|| {
        // Both claim it; one was verified first.
        assert_ok!(try_establish(KIM, profile(0), |_| ()));
        assert_ok!(try_establish(LEE, profile(0), |_| ()));
        let (first, second) = (company(0), company(1));
        verify(first);
        let move_number = |from, to| Participants::move_number(RuntimeOrigin::root(), from, to, reason());
        assert_noop!(move_number(first, first), Error::<Test>::SameParticipant);
        assert_noop!(move_number(second, first), Error::<Test>::NotVerified);
        register(ALICE, 1);
        assert_noop!(move_number(first, ALICE), Error::<Test>::OtherRegistrationNumber);
        assert_ok!(move_number(first, second));
        assert_eq!(ByRegistrationNumber::<Test>::get(number(0)), Some(second));
        assert_eq!(record(first).standing, Standing::Pending);
    });
}

#[test]
fn a_suspended_company_that_is_unverified_is_reinstated_as_pending() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        suspend(ALICE);
        assert_ok!(Participants::unverify(RuntimeOrigin::root(), ALICE, reason()));
        assert_eq!(record(ALICE).standing, Standing::Suspended);
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), ALICE));
        assert_eq!(record(ALICE).standing, Standing::Pending);
    });
}
