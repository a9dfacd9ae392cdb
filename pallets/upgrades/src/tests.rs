//! What is announced, when it comes, and that nothing else does.

use crate::{mock::*, Announced, Error, Event};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError,
};
use wonbon_primitives::Digest;

type Refused = Error<Test>;

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn anyone() -> RuntimeOrigin {
    RuntimeOrigin::signed(1)
}

fn hash(code: &[u8]) -> Digest {
    BlakeTwo256::hash(code).0
}

/// The code in the state; none at the beginning of a test.
fn running() -> Vec<u8> {
    sp_io::storage::get(sp_core::storage::well_known_keys::CODE).unwrap_or_default().to_vec()
}

#[test]
fn an_upgrade_comes_after_its_delay_and_not_before() {
    build_and_execute(|| {
        let next = code("test", 4);
        assert_ok!(Upgrades::announce(root(), hash(&next)));
        System::assert_last_event(Event::UpgradeAnnounced { code_hash: hash(&next), due: 11 }.into());
        System::set_block_number(10);
        assert_noop!(Upgrades::apply(anyone(), next.clone()), Refused::NotDue);
        assert_eq!(running(), Vec::<u8>::new());
        System::set_block_number(11);
        let done = Upgrades::apply(anyone(), next.clone()).unwrap();
        assert_eq!(done.pays_fee, Pays::No);
        System::assert_last_event(Event::UpgradeApplied { code_hash: hash(&next) }.into());
        assert_eq!(running(), next);
        // Once.
        assert_noop!(Upgrades::apply(anyone(), next), Refused::NothingAnnounced);
    });
}

#[test]
fn only_the_announced_code_is_taken() {
    build_and_execute(|| {
        let next = code("test", 4);
        assert_noop!(Upgrades::apply(anyone(), next.clone()), Refused::NothingAnnounced);
        assert_ok!(Upgrades::announce(root(), hash(&next)));
        System::set_block_number(11);
        assert_noop!(Upgrades::apply(anyone(), code("test", 5)), Refused::OtherCode);
        assert_noop!(Upgrades::apply(anyone(), Vec::new()), Refused::OtherCode);
        assert_eq!(running(), Vec::<u8>::new());
    });
}

#[test]
fn name_stays_and_version_grows() {
    build_and_execute(|| {
        let refusals = [
            (code("other", 4), frame_system::Error::<Test>::InvalidSpecName),
            (code("test", 3), frame_system::Error::<Test>::SpecVersionNeedsToIncrease),
            (b"no code".to_vec(), frame_system::Error::<Test>::FailedToExtractRuntimeVersion),
        ];
        for (bad, error) in refusals {
            assert_ok!(Upgrades::announce(root(), hash(&bad)));
            System::set_block_number(System::block_number() + DELAY);
            assert_noop!(Upgrades::apply(anyone(), bad), error);
            // It stays announced, and so known to everybody, until the council takes it back.
            assert!(Announced::<Test>::exists());
            assert_ok!(Upgrades::call_off(RuntimeOrigin::signed(STOPPER)));
        }
        assert_eq!(running(), Vec::<u8>::new());
    });
}

#[test]
fn what_is_called_off_does_not_come() {
    build_and_execute(|| {
        let next = code("test", 4);
        let stopper = RuntimeOrigin::signed(STOPPER);
        assert_noop!(Upgrades::call_off(stopper.clone()), Refused::NothingAnnounced);
        assert_ok!(Upgrades::announce(root(), hash(&next)));
        System::set_block_number(11);
        assert_ok!(Upgrades::call_off(stopper));
        System::assert_last_event(Event::UpgradeCalledOff { code_hash: hash(&next) }.into());
        assert_noop!(Upgrades::apply(anyone(), next.clone()), Refused::NothingAnnounced);
        // The same again waits again.
        assert_ok!(Upgrades::announce(root(), hash(&next)));
        assert_noop!(Upgrades::apply(anyone(), next), Refused::NotDue);
    });
}

#[test]
fn one_is_not_replaced_by_another() {
    build_and_execute(|| {
        assert_ok!(Upgrades::announce(root(), [1; 32]));
        assert_noop!(Upgrades::announce(root(), [2; 32]), Refused::AlreadyAnnounced);
        // Nor is the time of the same one moved.
        assert_noop!(Upgrades::announce(root(), [1; 32]), Refused::AlreadyAnnounced);
    });
}

#[test]
fn only_who_may_decides() {
    build_and_execute(|| {
        assert_noop!(Upgrades::announce(anyone(), [1; 32]), DispatchError::BadOrigin);
        assert_ok!(Upgrades::announce(root(), [1; 32]));
        assert_noop!(Upgrades::call_off(anyone()), DispatchError::BadOrigin);
        assert_noop!(Upgrades::apply(root(), Vec::new()), DispatchError::BadOrigin);
    });
}

#[test]
fn an_upgrade_beyond_the_last_block_is_refused() {
    build_and_execute(|| {
        System::set_block_number(u64::MAX);
        assert_noop!(Upgrades::announce(root(), [1; 32]), Refused::Overflow);
        System::set_block_number(1);
    });
}
