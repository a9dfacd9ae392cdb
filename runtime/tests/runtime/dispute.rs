//! A buyer without a won to spare disputes: the reserve of their order pays the fee.

use crate::{
    support::{account, check_invariants, development, fee_of, Terms},
    trading::{company, deliver, genesis, order, signed, Goods, PRICE},
};
use frame_support::assert_ok;
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie, Ferdie};
use sp_runtime::transaction_validity::InvalidTransaction;
use wonbon_primitives::{
    delivery::{self, OrderSecret},
    dispute::{BlockFault, DisputeProof, Fault},
    record::{Derivation, OrderState},
    seal::ContentKey,
    OsRng,
};
use wonbon_runtime::{
    configs::fees::TreasuryAccount, AccountId, Balance, Balances, Executive, Marketplace, Runtime,
    RuntimeCall, System, UncheckedExtrinsic,
};

const SELLER: Ed25519Keyring = Bob;
const BUYER: Ed25519Keyring = Charlie;

/// An order, delivered with the right key or with another, of a payload of which nothing is the dataset's; and
/// what the buyer needs to dispute it.
struct Trade {
    secret: OrderSecret,
    goods: Goods,
}

fn delivered_trade(right_key: bool) -> Trade {
    company(SELLER, "124-81-00998");
    company(BUYER, "220-81-62517");
    let goods = Goods::forged(1);
    goods.register(SELLER, &[]);
    let (id, secret) = order(BUYER, goods.offer(SELLER, Derivation::Forbidden));
    let wrong = ContentKey::from_bytes([0; 32]);
    deliver(id, if right_key { &goods.key } else { &wrong });
    Trade { secret, goods }
}

/// The dispute of the first order, which was delivered.
pub fn dispute_call(secret: &OrderSecret, fault: Fault) -> RuntimeCall {
    let delivery = match pallet_marketplace::Orders::<Runtime>::get(0).unwrap().state {
        OrderState::Delivered { delivery, .. } => delivery,
        OrderState::Placed => panic!("delivered"),
    };
    let shared = delivery::prove_shared(&genesis(), 0, secret, &delivery, &mut OsRng).unwrap();
    let proof = DisputeProof { shared, fault };
    RuntimeCall::Marketplace(pallet_marketplace::Call::dispute { order: 0, proof })
}

impl Trade {
    fn dispute(&self, fault: Fault) -> RuntimeCall {
        dispute_call(&self.secret, fault)
    }

    fn wrong_key(&self) -> RuntimeCall {
        self.dispute(Fault::WrongKey)
    }

    fn bad_block(&self) -> RuntimeCall {
        self.dispute(Fault::BadBlock(BlockFault {
            index: 0,
            sealed_block: self.goods.sealed.clone().try_into().unwrap(),
            sealed_path: Default::default(),
            plain_leaf: self.goods.plain_leaf,
            plain_path: Default::default(),
        }))
    }
}

/// Leaves an account that much free money; one won is what keeps an account alive.
pub fn leave(who: impl Into<AccountId>, amount: Balance) {
    let who = who.into();
    let rest = Balances::free_balance(&who) - amount;
    assert_ok!(Balances::transfer_allow_death(signed(who.clone()), account(Ferdie).into(), rest));
    assert_eq!(Balances::free_balance(&who), amount);
}

fn extrinsic(who: Ed25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    Terms::with_nonce(0).sign(who, call)
}

fn reserve() -> Balance {
    Marketplace::reserved_for_dispute(&account(BUYER), 0)
}

#[test]
fn a_penniless_buyer_disputes_out_of_the_reserve() {
    for right_key in [false, true] {
        development(|| {
            let trade = delivered_trade(right_key);
            leave(BUYER, 1);
            let treasury = Balances::free_balance(TreasuryAccount::get());
            let call = if right_key { trade.bad_block() } else { trade.wrong_key() };
            let extrinsic = extrinsic(BUYER, call);
            let fee = fee_of(&extrinsic);
            assert!(fee < reserve(), "the fee of {fee} won is in the reserve of {}", reserve());

            assert_ok!(Executive::apply_extrinsic(extrinsic).unwrap());
            // Price and reserve came back, with the fee's worth out of the seller's bond.
            assert!(Balances::free_balance(account(BUYER)) >= PRICE);
            assert!(Balances::free_balance(TreasuryAccount::get()) >= treasury + fee);
            check_invariants();
        });
    }
}

#[test]
fn the_pool_accepts_it_and_leaves_the_reserve_alone() {
    development(|| {
        let trade = delivered_trade(false);
        leave(BUYER, 1);
        let before = reserve();
        let extrinsic = extrinsic(BUYER, trade.wrong_key());
        let source = sp_runtime::transaction_validity::TransactionSource::External;
        assert_ok!(Executive::validate_transaction(source, extrinsic, System::block_hash(0)));
        assert_eq!(reserve(), before);
        check_invariants();
    });
}

#[test]
fn a_buyer_with_money_keeps_the_reserve() {
    development(|| {
        let trade = delivered_trade(true);
        let before = reserve();
        // This dispute fails: the key is right.
        let extrinsic = extrinsic(BUYER, trade.wrong_key());
        assert!(Executive::apply_extrinsic(extrinsic).unwrap().is_err());
        assert_eq!(reserve(), before);
    });
}

#[test]
fn the_reserve_pays_one_dispute_and_nothing_else() {
    development(|| {
        let trade = delivered_trade(true);
        leave(BUYER, 1);
        let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
        assert_eq!(
            Executive::apply_extrinsic(extrinsic(BUYER, remark)),
            Err(InvalidTransaction::Payment.into())
        );
        // Someone else's dispute does not touch it.
        leave(Alice, 1);
        assert_eq!(
            Executive::apply_extrinsic(extrinsic(Alice, trade.wrong_key())),
            Err(InvalidTransaction::Payment.into())
        );
        assert!(reserve() > 0);
        // A dispute that does not hold costs the fee, and the reserve is gone.
        assert!(Executive::apply_extrinsic(extrinsic(BUYER, trade.wrong_key())).unwrap().is_err());
        assert_eq!(reserve(), 0);
        check_invariants();
    });
}
