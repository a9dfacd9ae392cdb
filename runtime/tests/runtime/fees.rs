//! Fees: an ordinary transaction costs tens of won, and no dispute more than the reserve has.

use crate::support::{account, development, fee};
use frame_support::traits::Get;
use sp_keyring::Ed25519Keyring::Bob;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_PATH},
    delivery::SharedSecretProof,
    dispute::{BlockFault, DisputeProof, Fault},
};
use wonbon_runtime::{
    configs::market::{development_rules, rules},
    Runtime, RuntimeCall,
};

#[test]
fn an_ordinary_transaction_costs_tens_of_won() {
    development(|| {
        let transfer = fee(RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: account(Bob).into(),
            value: 1_000_000,
        }));
        assert!((10..=50).contains(&transfer), "a transfer costs {transfer} won");
    });
}

/// A dispute with the longest proof that there can be: a full block and two paths of 26 hashes.
fn longest_dispute() -> RuntimeCall {
    let hashes = || vec![[1; 32]; MAX_PATH as usize].try_into().unwrap();
    let fault = BlockFault {
        index: u64::MAX,
        sealed_block: vec![1; BLOCK_SIZE as usize].try_into().unwrap(),
        sealed_path: hashes(),
        plain_leaf: [1; 32],
        plain_path: hashes(),
    };
    let shared = SharedSecretProof { shared: [1; 32], challenge: [1; 32], response: [1; 32] };
    let proof = DisputeProof { shared, fault: Fault::BadBlock(fault) };
    RuntimeCall::Marketplace(pallet_marketplace::Call::dispute { order: u64::MAX, proof })
}

#[test]
fn the_dearest_dispute_costs_less_than_the_reserve() {
    development(|| {
        let dispute = fee(longest_dispute());
        assert!(dispute < 200, "a dispute costs {dispute} won");
        let least = <Runtime as pallet_marketplace::Config>::MinDisputeReserve::get();
        assert!(dispute * 2 < least, "rules may set {least} won aside");
        assert!(least <= rules().dispute_reserve);
        assert!(least <= development_rules().dispute_reserve);
    });
}
