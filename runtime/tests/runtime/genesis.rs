//! The two genesis states are what they say.

use crate::support::{account, check_invariants, development, local};
use sp_keyring::Ed25519Keyring::{Alice, Bob, Charlie, Dave, Ferdie};
use wonbon_runtime::{genesis::ENDOWMENT, Aura, Balances, Council, Grandpa, Runtime, Session};

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

#[test]
fn development_has_one_validator_with_sudo() {
    development(|| {
        assert_eq!(Session::validators(), vec![account(Alice)]);
        assert_eq!(Grandpa::grandpa_authorities().len(), 1);
        assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 1);
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(account(Alice)));
        check_invariants();
    });
}

#[test]
fn local_has_four_validators_a_council_and_no_sudo() {
    local(|| {
        let four = sorted(vec![account(Alice), account(Bob), account(Charlie), account(Dave)]);
        assert_eq!(sorted(Session::validators()), four);
        assert_eq!(Grandpa::grandpa_authorities().len(), 4);
        assert_eq!(sorted(pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get()), four);
        assert!(four.iter().all(Council::is_member));
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
        check_invariants();
    });
}

#[test]
fn development_accounts_are_ed25519_and_own_money() {
    let check = || assert_eq!(Balances::free_balance(account(Ferdie)), ENDOWMENT);
    development(check);
    local(check);
}

#[test]
fn slots_last_two_seconds() {
    development(|| assert_eq!(Aura::slot_duration(), 2_000));
}
