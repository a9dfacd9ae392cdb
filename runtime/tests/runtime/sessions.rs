//! GRANDPA hands over to a new set of voters when the membership changed, and never otherwise: a certificate
//! carries one hand-off for each.

use crate::support::{account, local};
use frame_support::{assert_ok, traits::Hooks};
use sp_keyring::Ed25519Keyring::Dave;
use wonbon_runtime::{AccountId, BlockNumber, Consortium, Grandpa, Runtime, RuntimeOrigin, Session, System};

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
