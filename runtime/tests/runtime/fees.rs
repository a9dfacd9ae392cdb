//! What transactions cost.

use crate::support::{account, development, fee};
use sp_keyring::Ed25519Keyring::Bob;
use wonbon_runtime::RuntimeCall;

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
