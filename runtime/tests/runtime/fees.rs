//! Fees: an ordinary transaction costs tens of won, and no dispute more than the reserve has.

use crate::{
    support::{account, development, fee},
    trading::{buy, company, Goods},
};
use codec::Encode;
use frame_support::traits::Get;
use sp_keyring::Ed25519Keyring::{Bob, Charlie, Dave};
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_PATH},
    delivery::SharedSecretProof,
    dispute::{BlockFault, DisputeProof, Fault},
    record::Derivation,
    share::Share,
};
use wonbon_runtime::{
    configs::{
        fees::TreasuryAccount,
        market::{development_rules, rules, KEPT_BYTES_OF_ROYALTY, KEPT_BYTES_OF_TRADE},
    },
    Balances, Runtime, RuntimeCall,
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

#[test]
fn an_order_pays_for_the_bytes_that_its_trade_leaves() {
    type Market = pallet_marketplace::Pallet<Runtime>;
    development(|| {
        company(Bob, "124-81-00998");
        company(Charlie, "220-81-62517");
        company(Dave, "120-81-47521");
        let share = Derivation::Permitted { royalty: Share::from_percent(1) };
        let source = Goods::honest(1);
        let parent = source.register(Bob, &[]);
        buy(Charlie, source.offer(Bob, share), &source);
        let made = Goods::honest(2);
        made.register(Charlie, &[(parent, 10_000)]);
        let offer = made.offer(Charlie, share);
        let treasury = Balances::free_balance(TreasuryAccount::get());
        let id = buy(Dave, offer, &made);
        let paid = Balances::free_balance(TreasuryAccount::get()) - treasury;
        let trade = pallet_marketplace::Finished::<Runtime>::get(id).unwrap();
        let record = pallet_marketplace::Trades::<Runtime>::get(trade.0, trade.1).unwrap();
        assert_eq!(record.royalties.len(), 1);
        assert_eq!(paid, record.platform_fee + Market::records_fee(1));

        let right = pallet_marketplace::DeriveRights::<Runtime>::get(account(Dave), trade.0).unwrap();
        let bytes = pallet_marketplace::Trades::<Runtime>::hashed_key_for(trade.0, trade.1).len()
            + record.encoded_size()
            + pallet_marketplace::Finished::<Runtime>::hashed_key_for(id).len()
            + trade.encoded_size()
            + 2 * pallet_marketplace::CompanyTrades::<Runtime>::hashed_key_for(account(Dave), 0).len()
            + 2 * trade.encoded_size()
            + pallet_marketplace::DeriveRights::<Runtime>::hashed_key_for(account(Dave), trade.0).len()
            + right.encoded_size();
        let royalty = record.royalties[0].encoded_size();
        assert_eq!(royalty, KEPT_BYTES_OF_ROYALTY as usize);
        let most = KEPT_BYTES_OF_TRADE as usize;
        assert!((most * 8 / 10..=most).contains(&(bytes - royalty)), "{bytes} bytes");
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
