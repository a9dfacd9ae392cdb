//! GRANDPA hands over to a new set of voters when the membership changed, and never otherwise: a certificate
//! carries one hand-off for each.

use crate::support::{account, local};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::Hooks};
use sp_core::{ed25519, sr25519, Pair};
use sp_keyring::Ed25519Keyring::Dave;
use sp_runtime::DispatchResult;
use wonbon_runtime::{
    AccountId, BlockNumber, Consortium, Grandpa, Runtime, RuntimeOrigin, Session, SessionKeys, System, DAYS,
};

/// Runs the session's and GRANDPA's part of the blocks up to the end of that many sessions from here.
fn pass_sessions(count: BlockNumber) {
    let length = pallet_consortium::SessionLength::<Runtime>::get();
    let start = System::block_number();
    for block in start + 1..=start + count * length {
        System::set_block_number(block);
        <Session as Hooks<BlockNumber>>::on_initialize(block);
        <Grandpa as Hooks<BlockNumber>>::on_finalize(block);
    }
}

fn voters() -> usize {
    Grandpa::grandpa_authorities().len()
}

#[test]
fn the_set_of_voters_stays_while_the_membership_does() {
    local(|| {
        pass_sessions(20);
        assert_eq!(Session::current_index(), 20);
        assert_eq!(Grandpa::current_set_id(), 0);
    });
}

#[test]
fn one_change_of_the_membership_is_one_hand_off() {
    local(|| {
        assert_ok!(Consortium::remove_validator(RuntimeOrigin::root(), account(Dave)));
        pass_sessions(1);
        assert_eq!((Grandpa::current_set_id(), voters()), (0, 4));
        pass_sessions(1);
        assert_eq!((Grandpa::current_set_id(), voters()), (1, 3));
        pass_sessions(10);
        assert_eq!((Grandpa::current_set_id(), voters()), (1, 3));
        let validators: Vec<AccountId> = Session::validators();
        assert!(!validators.contains(&account(Dave)));
        assert_ok!(Consortium::release_keys(RuntimeOrigin::signed(account(Dave))));
    });
}

/// New keys of that seed, and the proof that they are Dave's.
fn keys_of_dave(seed: u8) -> (SessionKeys, Vec<u8>) {
    let (aura, grandpa) = (sr25519::Pair::from_seed(&[seed; 32]), ed25519::Pair::from_seed(&[seed; 32]));
    let statement = [b"POP_".to_vec(), account(Dave).encode()].concat();
    let proof = (aura.sign(&statement), grandpa.sign(&statement)).encode();
    (SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() }, proof)
}

fn rotate(seed: u8) -> DispatchResult {
    let (keys, proof) = keys_of_dave(seed);
    Consortium::set_keys(RuntimeOrigin::signed(account(Dave)), keys, proof)
}

#[test]
fn a_validator_who_wants_new_keys_at_every_session_gets_one_hand_off_a_week() {
    local(|| {
        assert_ok!(rotate(1));
        for seed in 2..40 {
            pass_sessions(1);
            let refused = pallet_consortium::Error::<Runtime>::RotatedTooRecently;
            assert_noop!(rotate(seed), refused);
        }
        assert_eq!((Grandpa::current_set_id(), voters()), (1, 4));
        System::set_block_number(System::block_number() + 7 * DAYS);
        assert_ok!(rotate(40));
        pass_sessions(2);
        assert_eq!(Grandpa::current_set_id(), 2);
    });
}

#[test]
fn the_council_replaces_lost_keys_at_once() {
    local(|| {
        assert_ok!(rotate(1));
        let (keys, proof) = keys_of_dave(2);
        assert_ok!(Consortium::replace_keys(RuntimeOrigin::root(), account(Dave), keys.clone(), proof));
        pass_sessions(2);
        assert_eq!((Grandpa::current_set_id(), voters()), (1, 4));
        let authorities = Grandpa::grandpa_authorities();
        assert!(authorities.iter().any(|(key, _)| *key == keys.grandpa));
    });
}
