//! Membership, and when a validator set is announced.

use crate::{mock::*, Error, Event, Members};
use frame_support::{assert_noop, assert_ok};
use pallet_session::SessionManager;
use sp_runtime::DispatchError;

type ConsortiumError = Error<Test>;

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

#[test]
fn genesis_members_are_the_first_validators() {
    build_and_execute(|| {
        assert_eq!(Members::<Test>::get().into_inner(), vec![1, 2]);
        assert_eq!(Session::validators(), vec![1, 2]);
    });
}

#[test]
fn nothing_is_announced_while_the_membership_stays() {
    build_and_execute(|| {
        for _ in 0..10 {
            next_session();
        }
        assert_eq!(Session::current_index(), 10);
        assert!(Announced::get().is_empty());
    });
}

#[test]
fn a_change_is_announced_once_and_applies_after_two_sessions() {
    build_and_execute(|| {
        assert_ok!(Consortium::add_validator(root(), 3));
        System::assert_last_event(Event::ValidatorAdded { account: 3 }.into());
        next_session();
        assert_eq!(Session::validators(), vec![1, 2]);
        next_session();
        assert_eq!(Session::validators(), vec![1, 2, 3]);
        for _ in 0..5 {
            next_session();
        }
        assert_eq!(Announced::get(), vec![vec![1, 2, 3]]);

        assert_ok!(Consortium::remove_validator(root(), 1));
        System::assert_last_event(Event::ValidatorRemoved { account: 1 }.into());
        next_session();
        next_session();
        assert_eq!(Session::validators(), vec![2, 3]);
    });
}

#[test]
fn an_account_without_keys_is_refused() {
    build_and_execute(|| {
        assert_noop!(Consortium::add_validator(root(), 5), ConsortiumError::NoSessionKeys);
        set_keys(5);
        assert_ok!(Consortium::add_validator(root(), 5));
    });
}

#[test]
fn the_last_validator_stays() {
    build_and_execute(|| {
        assert_ok!(Consortium::remove_validator(root(), 1));
        assert_noop!(Consortium::remove_validator(root(), 2), ConsortiumError::LastValidator);
        assert_noop!(Consortium::remove_validator(root(), 1), ConsortiumError::NotMember);
    });
}

#[test]
fn the_membership_is_bounded_and_without_duplicates() {
    build_and_execute(|| {
        assert_noop!(Consortium::add_validator(root(), 2), ConsortiumError::AlreadyMember);
        for account in 100..162 {
            pallet_session::NextKeys::<Test>::insert(account, MockKeys::from(account));
            assert_ok!(Consortium::add_validator(root(), account));
        }
        assert_eq!(Members::<Test>::get().len(), 64);
        assert_noop!(Consortium::add_validator(root(), 3), ConsortiumError::TooManyValidators);
    });
}

#[test]
fn only_the_council_decides() {
    build_and_execute(|| {
        let anyone = RuntimeOrigin::signed(1);
        assert_noop!(Consortium::add_validator(anyone.clone(), 3), DispatchError::BadOrigin);
        assert_noop!(Consortium::remove_validator(anyone.clone(), 2), DispatchError::BadOrigin);
        let call = RuntimeCall::System(frame_system::Call::set_storage { items: vec![] });
        assert_noop!(Consortium::enact(anyone, Box::new(call)), DispatchError::BadOrigin);
    });
}

#[test]
fn enact_makes_the_call_as_root_and_tells_how_it_ended() {
    build_and_execute(|| {
        let items = vec![(b"key".to_vec(), b"value".to_vec())];
        let call = RuntimeCall::System(frame_system::Call::set_storage { items });
        assert_ok!(Consortium::enact(root(), Box::new(call)));
        assert_eq!(sp_io::storage::get(b"key").as_deref(), Some(b"value".as_slice()));
        System::assert_last_event(Event::Enacted { result: Ok(()) }.into());

        let refused = RuntimeCall::Consortium(crate::Call::remove_validator { account: 9 });
        assert_ok!(Consortium::enact(root(), Box::new(refused)));
        System::assert_last_event(Event::Enacted { result: Err(ConsortiumError::NotMember.into()) }.into());
    });
}

#[test]
fn keys_are_released_only_after_validating_has_ended() {
    build_and_execute(|| {
        let who = RuntimeOrigin::signed(2);
        assert_noop!(Consortium::release_keys(who.clone()), ConsortiumError::StillValidating);
        assert_ok!(Consortium::remove_validator(root(), 2));
        assert_noop!(Consortium::release_keys(who.clone()), ConsortiumError::StillValidating);
        next_session();
        assert_noop!(Consortium::release_keys(who.clone()), ConsortiumError::StillValidating);
        next_session();
        assert_ok!(Consortium::release_keys(who));
        assert_noop!(Consortium::add_validator(root(), 2), ConsortiumError::NoSessionKeys);
        // A candidate may leave at any time.
        assert_ok!(Consortium::release_keys(RuntimeOrigin::signed(3)));
    });
}

#[test]
fn who_comes_and_goes_within_a_session_is_not_announced() {
    build_and_execute(|| {
        assert_ok!(Consortium::add_validator(root(), 3));
        assert_ok!(Consortium::remove_validator(root(), 3));
        assert_ok!(Consortium::remove_validator(root(), 2));
        assert_ok!(Consortium::add_validator(root(), 2));
        for _ in 0..3 {
            next_session();
        }
        assert!(Announced::get().is_empty());
    });
}

#[test]
fn who_was_announced_and_goes_again_is() {
    build_and_execute(|| {
        assert_ok!(Consortium::add_validator(root(), 3));
        next_session();
        // Announced and queued, not yet validating.
        assert_ok!(Consortium::remove_validator(root(), 3));
        for _ in 0..3 {
            next_session();
        }
        assert_eq!(Announced::get(), vec![vec![1, 2, 3], vec![1, 2]]);
        assert_eq!(Session::validators(), vec![1, 2]);
    });
}

#[test]
fn a_planned_session_takes_the_change_flag() {
    build_and_execute(|| {
        assert_eq!(<Consortium as SessionManager<u64>>::new_session(2), None);
        assert_ok!(Consortium::add_validator(root(), 4));
        assert_eq!(<Consortium as SessionManager<u64>>::new_session(2), Some(vec![1, 2, 4]));
        assert_eq!(<Consortium as SessionManager<u64>>::new_session(3), None);
    });
}
