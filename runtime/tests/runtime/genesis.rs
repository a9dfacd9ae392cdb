//! The two genesis states are what they say.

use crate::support::{account, check_invariants, development, local};
use frame_support::storage::storage_prefix;
use sp_keyring::Ed25519Keyring::{Alice, Bob, Charlie, Dave, Ferdie};
use sp_runtime::TryRuntimeError;
use wonbon_runtime::{
    genesis::ENDOWMENT, Aura, Balances, Consortium, Council, Credit, Grandpa, Marketplace, Participants,
    Provenance, Runtime, Session, Upgrades,
};

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

/// Storage that does not decode reads as if it were not there, so that no other check would miss it.
#[test]
fn what_cannot_be_read_is_found_in_every_pallet() {
    type Check = fn() -> Result<(), TryRuntimeError>;
    let pallets: [(&str, Check); 6] = [
        ("Consortium", Consortium::do_try_state),
        ("Credit", Credit::do_try_state),
        ("Participants", Participants::do_try_state),
        ("Provenance", Provenance::do_try_state),
        ("Marketplace", Marketplace::do_try_state),
        ("Upgrades", Upgrades::do_try_state),
    ];
    local(|| {
        for (pallet, check) in pallets {
            check().unwrap();
            let key = storage_prefix(pallet.as_bytes(), b"Forgotten");
            sp_io::storage::set(&key, b"1");
            assert!(check().is_err(), "{pallet}");
            sp_io::storage::clear(&key);
            check().unwrap();
        }
        // A record of a layout that this release does not know.
        let key = pallet_marketplace::Offers::<Runtime>::hashed_key_for(7);
        sp_io::storage::set(&key, &[1, 2, 3]);
        assert_eq!(pallet_marketplace::Offers::<Runtime>::iter().count(), 0);
        let error: &'static str = Marketplace::do_try_state().unwrap_err().into();
        assert_eq!(error, "Marketplace: Offers has 1 keys, and 0 of them decode");
    });
}
