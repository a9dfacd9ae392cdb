//! What companies, the registrar and strangers can do, and what they cannot.

#![allow(clippy::arithmetic_side_effects)]

use crate::{mock::*, ByRegistrationNumber, Count, Error, Event, Participants as Records, ProfileField};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
    traits::{BadOrigin, Dispatchable},
    DispatchError, TokenError,
};
use wonbon_primitives::{
    company::{ParticipantRegistry, Region, Role, Roles, SizeClass},
    record::{Participant, Profile, Reason, Standing},
};

fn register(account: AccountId, index: usize) {
    assert_ok!(Participants::register(RuntimeOrigin::signed(account), profile(index)));
}

fn verify(account: AccountId) {
    assert_ok!(Participants::verify(RuntimeOrigin::root(), account));
}

fn suspend(account: AccountId) {
    assert_ok!(Participants::suspend(RuntimeOrigin::root(), account, reason()));
}

fn reason() -> Reason {
    "휴업 신고".as_bytes().to_vec().try_into().expect("short enough; qed")
}

fn record(account: AccountId) -> crate::ParticipantOf<Test> {
    Records::<Test>::get(account).expect("registered; qed")
}

fn update(account: AccountId, change: impl FnOnce(&mut Profile)) -> sp_runtime::DispatchResult {
    let mut profile = record(account).profile;
    change(&mut profile);
    Participants::update_profile(RuntimeOrigin::signed(account), profile)
}

#[test]
fn a_company_registers_and_waits() {
    ExtBuilder::build_and_execute(|| {
        System::set_block_number(7);
        register(ALICE, 0);
        assert_eq!(
            record(ALICE),
            Participant {
                version: 1,
                profile: profile(0),
                standing: Standing::Pending,
                accredited: false,
                registered_at: 7,
                changed_at: 7,
                deposit: DEPOSIT,
            }
        );
        assert_eq!(held(ALICE), DEPOSIT);
        assert_eq!(Count::<Test>::get(), 1);
        assert_eq!(events(), [Event::Registered { account: ALICE, registration_number: number(0) }]);
        assert!(!Participants::is_verified(&ALICE));
        assert!(!Participants::has_role(&ALICE, Role::Provider));
    });
}

#[test]
fn nobody_registers_twice() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(ALICE), profile(1)),
            Error::<Test>::AlreadyRegistered
        );
    });
}

#[test]
fn a_registration_needs_its_deposit() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(PAUPER), profile(0)),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn a_profile_needs_a_readable_name_and_a_role() {
    ExtBuilder::build_and_execute(|| {
        for bad in [&b""[..], b" ", b" Hanbit", b"Hanbit\t", b"Han\nbit", b"\xff\xfe"] {
            let mut profile = profile(0);
            profile.name = bad.to_vec().try_into().expect("short enough; qed");
            assert_noop!(
                Participants::register(RuntimeOrigin::signed(ALICE), profile),
                Error::<Test>::InvalidName
            );
        }
        let mut idle = profile(0);
        idle.roles = Roles::EMPTY;
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(ALICE), idle.clone()),
            Error::<Test>::NoRole
        );
        register(ALICE, 0);
        assert_noop!(Participants::update_profile(RuntimeOrigin::signed(ALICE), idle), Error::<Test>::NoRole);
        assert_noop!(update(ALICE, |profile| profile.name = name(" ")), Error::<Test>::InvalidName);
    });
}

#[test]
fn a_wrong_check_digit_is_no_call() {
    let call = RuntimeCall::Participants(crate::Call::register { profile: profile(0) });
    let bytes = call.encode();
    assert!(RuntimeCall::decode(&mut &bytes[..]).is_ok());
    let digits = number(0).digits().to_vec();
    let at = bytes.windows(10).position(|window| window == digits).expect("the number is in the call; qed");
    for digit in b'0'..=b'9' {
        let mut other = bytes.clone();
        other[at + 9] = digit;
        assert_eq!(RuntimeCall::decode(&mut &other[..]).is_ok(), digit == digits[9]);
    }
}

#[test]
fn the_registrar_verifies_once() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        events();
        System::set_block_number(3);
        verify(ALICE);
        assert_eq!(events(), [Event::Verified { account: ALICE, registration_number: number(0) }]);
        assert_eq!(record(ALICE).standing, Standing::Verified);
        assert_eq!(record(ALICE).changed_at, 3);
        assert_eq!(ByRegistrationNumber::<Test>::get(number(0)), Some(ALICE));
        assert!(Participants::is_verified(&ALICE));
        assert!(Participants::has_role(&ALICE, Role::Provider));
        assert!(!Participants::is_inspector(&ALICE), "the role alone makes no inspector");
        assert_noop!(Participants::verify(RuntimeOrigin::root(), ALICE), Error::<Test>::AlreadyVerified);
        assert_noop!(Participants::verify(RuntimeOrigin::root(), BOB), Error::<Test>::NotRegistered);
    });
}

/// Only the registrar gives standing: every call of his is refused to everybody else, the company included.
#[test]
fn nobody_plays_the_registrar() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        let calls = [
            crate::Call::<Test>::verify { account: ALICE },
            crate::Call::suspend { account: ALICE, reason: reason() },
            crate::Call::reinstate { account: ALICE },
            crate::Call::accredit { account: ALICE },
            crate::Call::revoke_accreditation { account: ALICE },
        ];
        for call in calls {
            for origin in [RuntimeOrigin::signed(ALICE), RuntimeOrigin::signed(BOB), RuntimeOrigin::none()] {
                let result = RuntimeCall::from(call.clone()).dispatch(origin).map_err(|error| error.error);
                assert_eq!(result, Err(BadOrigin.into()));
            }
        }
        for call in [
            crate::Call::<Test>::register { profile: profile(1) },
            crate::Call::update_profile { profile: profile(1) },
        ] {
            for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
                let result = RuntimeCall::from(call.clone()).dispatch(origin).map_err(|error| error.error);
                assert_eq!(result, Err(BadOrigin.into()));
            }
        }
    });
}

/// A number is claimed by verification: an impostor who registers first keeps nobody out, and one who comes
/// later does not get in.
#[test]
fn a_number_belongs_to_one_verified_account() {
    ExtBuilder::build_and_execute(|| {
        register(BOB, 0);
        register(ALICE, 0);
        verify(ALICE);
        assert_noop!(
            Participants::verify(RuntimeOrigin::root(), BOB),
            Error::<Test>::RegistrationNumberTaken
        );
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(CAROL), profile(0)),
            Error::<Test>::RegistrationNumberTaken
        );
        suspend(ALICE);
        assert_noop!(
            Participants::verify(RuntimeOrigin::root(), BOB),
            Error::<Test>::RegistrationNumberTaken
        );
    });
}

/// The attack: let the registrar decide about one's own number, then exchange it before the decision is
/// executed, and be verified as another company.
#[test]
fn a_number_cannot_be_exchanged_under_a_verification() {
    ExtBuilder::build_and_execute(|| {
        register(BOB, 1);
        assert_noop!(
            update(BOB, |profile| profile.registration_number = number(0)),
            Error::<Test>::RegistrationNumberFixed
        );
        verify(BOB);
        assert_noop!(
            update(BOB, |profile| profile.registration_number = number(0)),
            Error::<Test>::RegistrationNumberFixed
        );
        suspend(BOB);
        assert_noop!(
            update(BOB, |profile| profile.registration_number = number(0)),
            Error::<Test>::RegistrationNumberFixed
        );
        assert_eq!(ByRegistrationNumber::<Test>::get(number(0)), None);
    });
}

#[test]
fn an_update_names_what_changed() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        events();
        System::set_block_number(5);
        assert_ok!(update(ALICE, |profile| profile.name = name("새한빛정밀 주식회사")));
        let changed = vec![ProfileField::Name].try_into().expect("one of five; qed");
        assert_eq!(events(), [Event::ProfileUpdated { account: ALICE, changed }]);
        assert_eq!(record(ALICE).standing, Standing::Verified);
        assert_eq!((record(ALICE).registered_at, record(ALICE).changed_at), (1, 5));

        assert_ok!(update(ALICE, |profile| {
            profile.ksic = "C28".parse().expect("a division of section C; qed");
            profile.size = SizeClass::Medium;
            profile.region = Region::Busan;
            profile.roles = Role::Provider.into();
        }));
        let changed = vec![ProfileField::Ksic, ProfileField::Size, ProfileField::Region, ProfileField::Roles]
            .try_into()
            .expect("four of five; qed");
        assert_eq!(events(), [Event::ProfileUpdated { account: ALICE, changed }]);
        assert!(!Participants::has_role(&ALICE, Role::Consumer));

        assert_noop!(update(ALICE, |_| ()), Error::<Test>::NothingChanged);
        assert_noop!(
            Participants::update_profile(RuntimeOrigin::signed(BOB), profile(1)),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn suspension_takes_every_right() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(Participants::accredit(RuntimeOrigin::root(), ALICE));
        assert!(Participants::is_inspector(&ALICE));
        events();
        suspend(ALICE);
        assert_eq!(events(), [Event::Suspended { account: ALICE, reason: reason() }]);
        assert!(!Participants::is_verified(&ALICE));
        assert!(!Participants::is_inspector(&ALICE));
        for role in Role::ALL {
            assert!(!Participants::has_role(&ALICE, role));
        }
        assert_eq!(held(ALICE), DEPOSIT, "suspension is no fine");
        assert_noop!(
            Participants::suspend(RuntimeOrigin::root(), ALICE, reason()),
            Error::<Test>::ParticipantSuspended
        );
        assert_noop!(
            Participants::suspend(RuntimeOrigin::root(), BOB, reason()),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn a_suspension_has_a_readable_reason() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        for bad in [&b""[..], b"  ", b"\xc3\x28"] {
            let reason = bad.to_vec().try_into().expect("short enough; qed");
            assert_noop!(
                Participants::suspend(RuntimeOrigin::root(), ALICE, reason),
                Error::<Test>::InvalidReason
            );
        }
    });
}

/// The attack: a suspended company updates its profile, registers again or waits for a verification.
#[test]
fn a_suspended_company_cannot_help_itself() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        suspend(ALICE);
        assert_ok!(update(ALICE, |profile| profile.name = name("다른 이름")));
        assert_eq!(record(ALICE).standing, Standing::Suspended);
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(ALICE), profile(0)),
            Error::<Test>::AlreadyRegistered
        );
        assert_noop!(Participants::verify(RuntimeOrigin::root(), ALICE), Error::<Test>::ParticipantSuspended);
        assert_noop!(Participants::accredit(RuntimeOrigin::root(), ALICE), Error::<Test>::NotVerified);
        // Nor under another account: the number stays with the first.
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(BOB), profile(0)),
            Error::<Test>::RegistrationNumberTaken
        );
        assert!(!Participants::is_verified(&ALICE) && !Participants::is_verified(&BOB));
    });
}

#[test]
fn reinstatement_gives_back_what_was_there() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(Participants::accredit(RuntimeOrigin::root(), ALICE));
        register(BOB, 1);
        suspend(ALICE);
        suspend(BOB);
        events();
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), ALICE));
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), BOB));
        assert_eq!(
            events(),
            [
                Event::Reinstated { account: ALICE, standing: Standing::Verified },
                Event::Reinstated { account: BOB, standing: Standing::Pending },
            ]
        );
        assert!(Participants::is_inspector(&ALICE));
        assert!(!Participants::is_verified(&BOB), "a suspension is no way around the verification");
        assert_noop!(Participants::reinstate(RuntimeOrigin::root(), ALICE), Error::<Test>::NotSuspended);
        assert_noop!(Participants::reinstate(RuntimeOrigin::root(), CAROL), Error::<Test>::NotRegistered);
    });
}

/// The attack: two accounts claim one number; one is verified while the other is suspended as pending.
#[test]
fn reinstatement_does_not_hand_out_a_number_twice() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        register(BOB, 0);
        suspend(BOB);
        verify(ALICE);
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), BOB));
        assert_eq!(record(BOB).standing, Standing::Pending);
        assert_eq!(ByRegistrationNumber::<Test>::get(number(0)), Some(ALICE));
    });
}

#[test]
fn the_registrar_accredits_verified_inspectors_only() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(Participants::accredit(RuntimeOrigin::root(), ALICE), Error::<Test>::NotRegistered);
        register(ALICE, 0);
        assert_noop!(Participants::accredit(RuntimeOrigin::root(), ALICE), Error::<Test>::NotVerified);
        verify(ALICE);
        assert_ok!(update(ALICE, |profile| profile.roles = Role::Provider.into()));
        assert_noop!(Participants::accredit(RuntimeOrigin::root(), ALICE), Error::<Test>::NotAnInspector);
        assert_ok!(update(ALICE, |profile| profile.roles = Role::Inspector.into()));
        events();
        assert_ok!(Participants::accredit(RuntimeOrigin::root(), ALICE));
        assert_noop!(Participants::accredit(RuntimeOrigin::root(), ALICE), Error::<Test>::AlreadyAccredited);
        assert!(Participants::is_inspector(&ALICE));
        assert_ok!(Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE));
        assert_noop!(
            Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE),
            Error::<Test>::NotAccredited
        );
        assert_noop!(
            Participants::revoke_accreditation(RuntimeOrigin::root(), BOB),
            Error::<Test>::NotRegistered
        );
        assert!(!Participants::is_inspector(&ALICE));
        assert_eq!(
            events(),
            [Event::Accredited { account: ALICE }, Event::AccreditationRevoked { account: ALICE }]
        );
    });
}

#[test]
fn who_gives_up_the_role_gives_up_the_accreditation() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(Participants::accredit(RuntimeOrigin::root(), ALICE));
        events();
        assert_ok!(update(ALICE, |profile| profile.roles = Role::Provider.into()));
        let changed = vec![ProfileField::Roles].try_into().expect("one of five; qed");
        assert_eq!(
            events(),
            [
                Event::ProfileUpdated { account: ALICE, changed },
                Event::AccreditationRevoked { account: ALICE },
            ]
        );
        assert_ok!(update(ALICE, |profile| profile.roles = Roles::ALL));
        assert!(!Participants::is_inspector(&ALICE), "taking the role again does not bring it back");
    });
}

/// An accreditation can be taken from a suspended inspector, so that reinstatement does not bring it back.
#[test]
fn accreditation_is_revoked_in_suspension_too() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(Participants::accredit(RuntimeOrigin::root(), ALICE));
        suspend(ALICE);
        assert_ok!(Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE));
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), ALICE));
        assert!(Participants::is_verified(&ALICE) && !Participants::is_inspector(&ALICE));
    });
}

#[test]
fn participants_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        Count::<Test>::put(u32::MAX);
        assert_noop!(
            Participants::register(RuntimeOrigin::signed(ALICE), profile(0)),
            Error::<Test>::TooManyParticipants
        );
    });
}

/// The invariants are worth something only if a broken state fails them.
#[test]
fn the_invariants_catch_a_broken_state() {
    let broken: [fn(); 7] = [
        || Count::<Test>::put(3),
        || Records::<Test>::mutate(ALICE, |slot| slot.as_mut().expect("registered; qed").version = 2),
        || Records::<Test>::mutate(ALICE, |slot| slot.as_mut().expect("registered; qed").deposit += 1),
        || Records::<Test>::mutate(ALICE, |slot| slot.as_mut().expect("registered; qed").changed_at = 99),
        || Records::<Test>::mutate(BOB, |slot| slot.as_mut().expect("registered; qed").accredited = true),
        || ByRegistrationNumber::<Test>::remove(number(0)),
        || ByRegistrationNumber::<Test>::insert(number(2), CAROL),
    ];
    for breaking in broken {
        ExtBuilder::build().execute_with(|| {
            register(ALICE, 0);
            register(BOB, 1);
            verify(ALICE);
            assert_ok!(Participants::do_try_state());
            breaking();
            assert!(matches!(Participants::do_try_state(), Err(DispatchError::Other(_))));
        });
    }
}
