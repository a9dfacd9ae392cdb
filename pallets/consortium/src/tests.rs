//! Membership, and when a validator set is announced.

use crate::{mock::*, Error, Event, LastRotation, Members};
use frame_support::{assert_noop, assert_ok};
use pallet_session::SessionManager;
use sp_runtime::{DispatchError, DispatchResult};

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

/// Has a validator set a key for themselves.
fn rotate(who: u64, key: u64) -> DispatchResult {
    Consortium::set_keys(RuntimeOrigin::signed(who), key.into(), proof(key, who))
}

fn key_of(who: u64) -> Option<MockKeys> {
    pallet_session::NextKeys::<Test>::get(who)
}

#[test]
fn a_validator_rotates_once_in_an_interval() {
    build_and_execute(|| {
        assert_ok!(rotate(1, 101));
        System::assert_last_event(Event::KeysSet { account: 1 }.into());
        assert_eq!(key_of(1), Some(101.into()));
        assert_noop!(rotate(1, 102), ConsortiumError::RotatedTooRecently);
        // Another's rotation is their own.
        assert_ok!(rotate(2, 201));
        System::set_block_number(ROTATION_INTERVAL);
        assert_noop!(rotate(1, 102), ConsortiumError::RotatedTooRecently);
        System::set_block_number(1 + ROTATION_INTERVAL);
        assert_ok!(rotate(1, 102));
        assert_noop!(rotate(1, 103), ConsortiumError::RotatedTooRecently);
    });
}

#[test]
fn hand_offs_grow_with_decisions_and_not_with_sessions() {
    build_and_execute(|| {
        let mut rotations = 0;
        for session in 0..24 {
            if rotate(1, 1_000 + session).is_ok() {
                rotations += 1;
            }
            next_session();
        }
        // Sessions have five blocks, an interval six of them: 120 blocks.
        assert_eq!(rotations, 4);
        next_session();
        next_session();
        assert_eq!(Announced::get().len(), 4);
    });
}

#[test]
fn the_council_replaces_keys_at_once() {
    build_and_execute(|| {
        assert_ok!(rotate(1, 101));
        let replace = |origin, key: u64| Consortium::replace_keys(origin, 1, key.into(), proof(key, 1));
        assert_noop!(replace(RuntimeOrigin::signed(1), 102), DispatchError::BadOrigin);
        assert_ok!(replace(root(), 102));
        assert_eq!(key_of(1), Some(102.into()));
        assert_ok!(replace(root(), 103));
        // And the interval begins anew.
        assert_noop!(rotate(1, 104), ConsortiumError::RotatedTooRecently);
        // It replaces, and registers nobody.
        let key = MockKeys::from(105);
        let unknown = Consortium::replace_keys(root(), 5, key, proof(105, 5));
        assert_noop!(unknown, ConsortiumError::NoSessionKeys);
    });
}

#[test]
fn keys_are_proved_to_be_the_accounts_own() {
    build_and_execute(|| {
        let stolen = Consortium::set_keys(RuntimeOrigin::signed(1), 101.into(), proof(101, 2));
        assert_noop!(stolen, pallet_session::Error::<Test>::InvalidProof);
        let stolen = Consortium::replace_keys(root(), 1, 101.into(), proof(101, 2));
        assert_noop!(stolen, pallet_session::Error::<Test>::InvalidProof);
        // Another has this one.
        assert_noop!(rotate(1, 2), pallet_session::Error::<Test>::DuplicatedKey);
        assert_noop!(rotate(1, 1), ConsortiumError::SameKeys);
        assert_eq!(LastRotation::<Test>::iter().count(), 0);
    });
}

#[test]
fn who_does_not_validate_is_not_bound_by_the_interval() {
    build_and_execute(|| {
        // First keys, with the deposit on them, and others; nobody counts them.
        assert_ok!(rotate(6, 106));
        assert_ok!(rotate(6, 107));
        assert_eq!(LastRotation::<Test>::get(6), None);
        assert_ok!(Consortium::add_validator(root(), 6));
        assert_ok!(rotate(6, 108));
        assert_noop!(rotate(6, 109), ConsortiumError::RotatedTooRecently);
        // Who is dismissed still validates for a while, and is bound for as long.
        assert_ok!(Consortium::remove_validator(root(), 6));
        next_session();
        next_session();
        next_session();
        assert_ok!(rotate(6, 110));
        assert_ok!(Consortium::release_keys(RuntimeOrigin::signed(6)));
        assert_eq!(LastRotation::<Test>::get(6), None);
    });
}

#[test]
fn the_root_origin_makes_no_call_that_is_closed_to_it() {
    build_and_execute(|| {
        let call = RuntimeCall::System(frame_system::Call::set_code { code: vec![] });
        assert_noop!(Consortium::enact(root(), Box::new(call)), ConsortiumError::NotEnactable);
    });
}
