//! Fees: an ordinary transaction costs tens of won, and no dispute more than the reserve has.

use crate::{
    support::{account, development, fee},
    trading::{buy, company, Goods},
};
use codec::Encode;
use frame_support::traits::Get;
use sp_keyring::Ed25519Keyring::{Bob, Charlie, Dave};
use wonbon_primitives::{
    bounds::{
        BLOCK_SIZE, MAX_CONSISTENCY, MAX_FEE, MAX_LINEAGE, MAX_PARENTS, MAX_PATH, MAX_ROYALTIES,
        MAX_SHOWN_LEAVES,
    },
    content::{
        growth::{GrowthProof, Tail},
        shown::ShownLeaf,
    },
    dataset::{Method, Relation},
    delivery::SharedSecretProof,
    dispute::{BlockFault, DisputeProof, Fault},
    id::DatasetId,
    record::{Derivation, Parent},
    share::Share,
    unchecked::unchecked_parents,
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
        let most = KEPT_BYTES_OF_ROYALTY as usize;
        assert!((most * 8 / 10..=most).contains(&royalty), "{royalty} bytes");
        let most = KEPT_BYTES_OF_TRADE as usize;
        // Of a trade that was disputed the record says more.
        assert!((most * 7 / 10..=most).contains(&(bytes - royalty)), "{bytes} bytes");
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

/// A registration with as many parents and leaves and as long a proof of growth as there can be.
fn longest_registration() -> RuntimeCall {
    let parents = (0..MAX_PARENTS).map(|number| Parent {
        dataset: DatasetId([number as u8; 32]),
        relation: Relation::DerivedFrom,
        royalty: Share::from_percent(1),
    });
    let parents: Vec<_> = parents.collect();
    let path = vec![[1; 32]; MAX_PATH as usize].try_into().unwrap();
    let consistency = vec![[1; 32]; MAX_CONSISTENCY as usize].try_into().unwrap();
    let leaf = ShownLeaf { leaf: [1; 32], path: vec![[1; 32]; MAX_PATH as usize].try_into().unwrap() };
    let growth = GrowthProof { tail: Some(Tail { leaf: [1; 32], path }), consistency };
    RuntimeCall::Provenance(pallet_provenance::Call::register {
        root: [1; 32],
        length: u64::MAX,
        salt: [1; 32],
        metadata: [1; 32],
        method: Method::Collected,
        parents: unchecked_parents(parents.try_into().unwrap()),
        growth: Some(growth),
        leaves: vec![leaf; MAX_SHOWN_LEAVES as usize].try_into().unwrap(),
    })
}

fn order() -> RuntimeCall {
    RuntimeCall::Marketplace(pallet_marketplace::Call::place_order {
        offer: u64::MAX,
        price: u128::MAX,
        royalties: MAX_ROYALTIES,
        parents: MAX_LINEAGE,
        terms: [1; 32],
        licence: [1; 32],
        nda: [1; 32],
        order_key: [1; 32],
        nonce: [1; 32],
    })
}

/// What tools say before they sign, and what they refuse whoever has less.
#[test]
fn what_buyers_and_sellers_send_costs_no_more_than_is_said() {
    use pallet_marketplace::Call as Market;
    use pallet_provenance::Call as Provenance;
    development(|| {
        let dataset = DatasetId([1; 32]);
        let offer = Market::offer {
            dataset,
            sealed_root: [1; 32],
            key_commitment: [1; 32],
            price: u128::MAX,
            licence: [1; 32],
            nda: [1; 32],
            delivery_window: u32::MAX,
            dispute_window: u32::MAX,
            bond: u128::MAX,
            derivation: Derivation::Forbidden.into(),
            parents: MAX_LINEAGE,
        };
        let calls = [
            longest_registration(),
            order(),
            RuntimeCall::Marketplace(offer),
            RuntimeCall::Marketplace(Market::accept { order: u64::MAX, royalties: MAX_ROYALTIES }),
            RuntimeCall::Marketplace(Market::add_bond { offer: u64::MAX, amount: u128::MAX }),
            RuntimeCall::Provenance(Provenance::announce { commitment: [1; 32] }),
            RuntimeCall::Provenance(Provenance::accept_handover { dataset }),
        ];
        for call in calls {
            let name = format!("{call:?}").chars().take(60).collect::<String>();
            let fee = fee(call);
            assert!(fee > 0 && fee <= MAX_FEE, "{name}… costs {fee} won");
        }
    });
}
