//! What companies, the registrar and strangers can do, and what they cannot.

#![allow(clippy::arithmetic_side_effects)]

mod companies;
mod epochs;
mod machine;
mod numbers;
mod recovery;

use crate::{mock::*, ByRegistrationNumber, Count, Error, Event, Participants as Records, ProfileField};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
    traits::{BadOrigin, Dispatchable},
    DispatchError, DispatchResult, TokenError,
};
use wonbon_primitives::{
    company::{ParticipantRegistry, Region, RegistrationNumber, Role, Roles, SizeClass},
    record::{Participant, Profile, Reason, Standing},
    unchecked::UncheckedProfile,
};

fn try_register(account: AccountId, profile: Profile) -> DispatchResult {
    Participants::register(RuntimeOrigin::signed(account), profile.into())
}

fn try_verify(account: AccountId, number: RegistrationNumber) -> DispatchResult {
    Participants::verify(RuntimeOrigin::root(), account, *number.digits())
}

/// The registrar accredits a company for these roles.
fn accredit(account: AccountId, roles: Roles) -> DispatchResult {
    Participants::accredit(RuntimeOrigin::root(), account, roles.bits())
}

/// The roles of a company with all of them that need accreditation.
fn both() -> Roles {
    Roles::from(Role::Auditor).with(Role::Inspector)
}

fn register(account: AccountId, index: usize) {
    assert_ok!(try_register(account, profile(index)));
}

fn verify(account: AccountId) {
    let number = record(account).profile.registration_number;
    assert_ok!(try_verify(account, number));
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

fn update(account: AccountId, change: impl FnOnce(&mut Profile)) -> DispatchResult {
    let mut profile = record(account).profile;
    change(&mut profile);
    Participants::update_profile(RuntimeOrigin::signed(account), profile.into())
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
        assert_noop!(try_register(ALICE, profile(1)), Error::<Test>::AlreadyRegistered);
    });
}

#[test]
fn a_registration_needs_its_deposit() {
    ExtBuilder::build_and_execute(|| {
        assert_noop!(try_register(PAUPER, profile(0)), TokenError::FundsUnavailable);
    });
}

#[test]
fn a_profile_needs_a_readable_name_and_a_role() {
    ExtBuilder::build_and_execute(|| {
        for bad in [&b""[..], b" ", b" Hanbit", b"Hanbit\t", b"Han\nbit", b"\xff\xfe"] {
            let mut profile = profile(0);
            profile.name = bad.to_vec().try_into().expect("short enough; qed");
            assert_noop!(try_register(ALICE, profile), Error::<Test>::InvalidName);
        }
        let mut idle = profile(0);
        idle.roles = Roles::EMPTY;
        assert_noop!(try_register(ALICE, idle.clone()), Error::<Test>::NoRole);
        register(ALICE, 0);
        assert_noop!(
            Participants::update_profile(RuntimeOrigin::signed(ALICE), idle.into()),
            Error::<Test>::NoRole
        );
        assert_noop!(update(ALICE, |profile| profile.name = name(" ")), Error::<Test>::InvalidName);
    });
}

/// Whatever a foreign client sends in these fields is a call, with the encoding of the checked types, and refused
/// by name: one that could not be decoded would tell its author nothing.
#[test]
fn a_profile_that_is_none_is_refused_by_name() {
    let good = UncheckedProfile::from(profile(0));
    assert_eq!(good.encode(), profile(0).encode());
    let with = |change: fn(&mut UncheckedProfile)| {
        let mut profile = good.clone();
        change(&mut profile);
        profile
    };
    let bad = [
        (with(|it| it.registration_number[9] ^= 1), Error::<Test>::InvalidRegistrationNumber),
        (with(|it| it.registration_number = *b"123-45-678"), Error::InvalidRegistrationNumber),
        (with(|it| it.ksic = Default::default()), Error::InvalidIndustry),
        (with(|it| it.ksic[1] = b'9'), Error::InvalidIndustry),
        (with(|it| it.roles |= 16), Error::InvalidRoles),
    ];
    ExtBuilder::build_and_execute(|| {
        register(BOB, 1);
        for (profile, error) in bad {
            let call = RuntimeCall::Participants(crate::Call::register { profile: profile.clone() });
            assert_eq!(RuntimeCall::decode(&mut &call.encode()[..]), Ok(call));
            let register = Participants::register(RuntimeOrigin::signed(ALICE), profile.clone());
            let update = Participants::update_profile(RuntimeOrigin::signed(BOB), profile);
            assert_eq!(register, Err(error.into()));
            assert_eq!(update, register);
        }
    });
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
        assert!(!Participants::has_role(&ALICE, Role::Inspector), "the role alone makes no inspector");
        assert_noop!(try_verify(ALICE, number(0)), Error::<Test>::AlreadyVerified);
        assert_noop!(try_verify(BOB, number(0)), Error::<Test>::NotRegistered);
    });
}

/// Only the registrar gives standing: every call of theirs is refused to everybody else, the company included.
#[test]
fn nobody_plays_the_registrar() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        let calls = [
            crate::Call::<Test>::verify { account: ALICE, registration_number: *number(0).digits() },
            crate::Call::suspend { account: ALICE, reason: reason() },
            crate::Call::reinstate { account: ALICE },
            crate::Call::accredit { account: ALICE, roles: both().bits() },
            crate::Call::revoke_accreditation { account: ALICE },
        ];
        for call in calls {
            for origin in [RuntimeOrigin::signed(ALICE), RuntimeOrigin::signed(BOB), RuntimeOrigin::none()] {
                let result = RuntimeCall::from(call.clone()).dispatch(origin).map_err(|error| error.error);
                assert_eq!(result, Err(BadOrigin.into()));
            }
        }
        for call in [
            crate::Call::<Test>::register { profile: profile(1).into() },
            crate::Call::update_profile { profile: profile(1).into() },
            crate::Call::withdraw_registration {},
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
        assert_noop!(try_verify(BOB, number(0)), Error::<Test>::RegistrationNumberTaken);
        assert_noop!(try_register(CAROL, profile(0)), Error::<Test>::RegistrationNumberTaken);
        suspend(ALICE);
        assert_noop!(try_verify(BOB, number(0)), Error::<Test>::RegistrationNumberTaken);
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
        events();
        System::set_block_number(5);
        assert_ok!(update(ALICE, |profile| profile.name = name("새한빛정밀 주식회사")));
        let changed = vec![ProfileField::Name].try_into().expect("one of five; qed");
        assert_eq!(events(), [Event::ProfileUpdated { account: ALICE, changed }]);
        assert_eq!(record(ALICE).standing, Standing::Pending);
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
        verify(ALICE);
        assert!(!Participants::has_role(&ALICE, Role::Consumer));

        assert_noop!(update(ALICE, |_| ()), Error::<Test>::NothingChanged);
        assert_noop!(
            Participants::update_profile(RuntimeOrigin::signed(BOB), profile(1).into()),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn suspension_takes_every_right() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(accredit(ALICE, both()));
        assert!(Participants::has_role(&ALICE, Role::Inspector));
        events();
        suspend(ALICE);
        assert_eq!(events(), [Event::Suspended { account: ALICE, reason: reason() }]);
        assert!(!Participants::is_verified(&ALICE));
        assert!(!Participants::has_role(&ALICE, Role::Inspector));
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
        assert_ok!(update(ALICE, |profile| profile.region = Region::Busan));
        assert_eq!(record(ALICE).standing, Standing::Suspended);
        assert_noop!(try_register(ALICE, profile(0)), Error::<Test>::AlreadyRegistered);
        assert_noop!(try_verify(ALICE, number(0)), Error::<Test>::ParticipantSuspended);
        assert_noop!(accredit(ALICE, both()), Error::<Test>::NotVerified);
        // Nor under another account: the number stays with the first.
        assert_noop!(try_register(BOB, profile(0)), Error::<Test>::RegistrationNumberTaken);
        assert!(!Participants::is_verified(&ALICE) && !Participants::is_verified(&BOB));
    });
}

#[test]
fn reinstatement_gives_back_what_was_there() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(accredit(ALICE, both()));
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
        assert!(Participants::has_role(&ALICE, Role::Inspector));
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
fn the_registrar_accredits_verified_auditors_and_inspectors_only() {
    ExtBuilder::build_and_execute(|| {
        let inspector = Role::Inspector.into();
        assert_noop!(accredit(ALICE, inspector), Error::<Test>::NotRegistered);
        register(ALICE, 0);
        assert_noop!(accredit(ALICE, inspector), Error::<Test>::NotVerified);
        verify(ALICE);
        assert_ok!(update(ALICE, |profile| profile.roles = Role::Provider.into()));
        assert_noop!(accredit(ALICE, inspector), Error::<Test>::OtherRoles);
        assert_noop!(accredit(ALICE, Roles::EMPTY), Error::<Test>::OtherRoles);
        for role in both().iter() {
            assert_ok!(update(ALICE, |profile| profile.roles = Roles::from(Role::Provider).with(role)));
            events();
            assert_ok!(accredit(ALICE, role.into()));
            assert_noop!(accredit(ALICE, role.into()), Error::<Test>::AlreadyAccredited);
            for other in Role::ALL {
                let expected = other == role || other == Role::Provider;
                assert_eq!(Participants::has_role(&ALICE, other), expected, "{other:?}");
            }
            assert_ok!(Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE));
            assert_noop!(
                Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE),
                Error::<Test>::NotAccredited
            );
            assert!(!Participants::has_role(&ALICE, role));
            assert_eq!(
                events(),
                [Event::Accredited { account: ALICE }, Event::AccreditationRevoked { account: ALICE }]
            );
        }
        assert_noop!(
            Participants::revoke_accreditation(RuntimeOrigin::root(), BOB),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn who_gives_up_the_role_gives_up_the_accreditation() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(accredit(ALICE, both()));
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
        for role in both().iter() {
            assert!(!Participants::has_role(&ALICE, role), "taking the role again does not bring it back");
        }
    });
}

/// The attack: any verified company calls itself an auditor, and sees who downloaded what.
#[test]
fn nobody_makes_himself_an_auditor() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        let roles = |roles: Roles| update(ALICE, |profile| profile.roles = roles);
        assert_ok!(roles(Roles::from(Role::Provider).with(Role::Auditor)));
        assert!(!Participants::has_role(&ALICE, Role::Auditor), "without any accreditation");

        // With the accreditation of an inspector.
        assert_ok!(roles(Role::Inspector.into()));
        assert_ok!(accredit(ALICE, Role::Inspector.into()));
        assert_ok!(roles(both()));
        assert!(!Participants::has_role(&ALICE, Role::Auditor));
        assert!(!Participants::has_role(&ALICE, Role::Inspector), "and it costs the accreditation");

        // Between the registrar's decision about an inspector and its execution.
        assert_noop!(accredit(ALICE, Role::Inspector.into()), Error::<Test>::OtherRoles);

        // Giving one of two up, and taking it on again.
        assert_ok!(accredit(ALICE, both()));
        assert_ok!(roles(Role::Inspector.into()));
        assert!(Participants::has_role(&ALICE, Role::Inspector), "what is left was granted");
        assert_ok!(roles(both()));
        assert!(!Participants::has_role(&ALICE, Role::Auditor));
    });
}

/// Any other change of a profile leaves an accreditation as it is.
#[test]
fn an_accreditation_outlasts_other_changes() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(accredit(ALICE, both()));
        assert_ok!(update(ALICE, |profile| profile.region = Region::Busan));
        assert_ok!(update(ALICE, |profile| profile.roles = both()));
        assert!(both().iter().all(|role| Participants::has_role(&ALICE, role)));
    });
}

#[test]
fn a_pending_company_withdraws_and_has_its_deposit_back() {
    ExtBuilder::build_and_execute(|| {
        let withdraw = |account| Participants::withdraw_registration(RuntimeOrigin::signed(account));
        register(ALICE, 0);
        register(BOB, 1);
        events();
        assert_ok!(withdraw(ALICE));
        assert_eq!(events(), [Event::RegistrationWithdrawn { account: ALICE }]);
        assert_eq!((held(ALICE), Balances::free_balance(ALICE)), (0, FUNDS));
        assert_eq!((Records::<Test>::get(ALICE), Count::<Test>::get()), (None, 1));
        assert_noop!(withdraw(ALICE), Error::<Test>::NotRegistered);
        assert_noop!(try_verify(ALICE, number(0)), Error::<Test>::NotRegistered);
        // And may come again, with the same number or another.
        register(ALICE, 2);
        assert_eq!(held(ALICE), DEPOSIT);

        verify(BOB);
        assert_noop!(withdraw(BOB), Error::<Test>::NotPending);
        // Nor does anyone get out of a suspension.
        suspend(ALICE);
        suspend(BOB);
        for account in [ALICE, BOB] {
            assert_noop!(withdraw(account), Error::<Test>::NotPending);
        }
    });
}

/// The attack: have the registrar decide about one's own number, then withdraw, register with another company's,
/// and let the decision be executed.
#[test]
fn a_verification_is_of_the_number_that_it_names() {
    ExtBuilder::build_and_execute(|| {
        register(BOB, 1);
        assert_ok!(Participants::withdraw_registration(RuntimeOrigin::signed(BOB)));
        register(BOB, 0);
        assert_noop!(try_verify(BOB, number(1)), Error::<Test>::OtherRegistrationNumber);
        assert_ok!(try_verify(BOB, number(0)));
    });
}

/// An accreditation can be taken from a suspended inspector, so that reinstatement does not bring it back.
#[test]
fn accreditation_is_revoked_in_suspension_too() {
    ExtBuilder::build_and_execute(|| {
        register(ALICE, 0);
        verify(ALICE);
        assert_ok!(accredit(ALICE, both()));
        suspend(ALICE);
        assert_ok!(Participants::revoke_accreditation(RuntimeOrigin::root(), ALICE));
        assert_ok!(Participants::reinstate(RuntimeOrigin::root(), ALICE));
        assert!(Participants::is_verified(&ALICE) && !Participants::has_role(&ALICE, Role::Inspector));
    });
}

#[test]
fn participants_are_not_counted_beyond_the_end() {
    ExtBuilder::build().execute_with(|| {
        Count::<Test>::put(u32::MAX);
        assert_noop!(try_register(ALICE, profile(0)), Error::<Test>::TooManyParticipants);
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
