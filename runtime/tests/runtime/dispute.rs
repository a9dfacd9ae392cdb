//! A buyer without a won to spare disputes: the reserve of his order pays the fee.

use crate::support::{account, check_invariants, development, extension};
use codec::Encode;
use frame_support::{assert_ok, traits::Currency};
use pallet_participants::Profile;
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::{
    generic::SignedPayload, transaction_validity::InvalidTransaction, MultiSignature, SaturatedConversion,
};
use wonbon_primitives::{
    company::{Ksic, Region, RegistrationNumber, Role, Roles, SizeClass},
    content::tree::leaf_hash,
    dataset::Method,
    delivery::{self, OrderSecret},
    dispute::{BlockFault, DisputeProof, Fault},
    id::{announcement, DatasetId, Digest},
    seal::{self, ContentKey},
    OsRng,
};
use wonbon_runtime::{
    configs::fees::TreasuryAccount, Balance, Balances, Executive, Marketplace, Participants, Provenance,
    Runtime, RuntimeCall, RuntimeOrigin, System, TransactionPayment, UncheckedExtrinsic,
};

const SELLER: Ed25519Keyring = Bob;
const BUYER: Ed25519Keyring = Charlie;
const LENGTH: u64 = 4096;

fn signed(who: Ed25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

/// A verified company.
fn company(who: Ed25519Keyring, number: &str) {
    let profile = Profile {
        name: b"Company".to_vec().try_into().unwrap(),
        registration_number: number.parse::<RegistrationNumber>().unwrap(),
        ksic: Ksic::new(b"C29").unwrap(),
        size: SizeClass::Small,
        region: Region::Seoul,
        roles: Roles::from_iter([Role::Provider, Role::Consumer]),
    };
    assert_ok!(Participants::register(signed(who), profile));
    assert_ok!(Participants::verify(RuntimeOrigin::root(), account(who)));
}

/// An order of a dataset of one block, delivered with the right key or with another, and what the buyer needs
/// to dispute it: of the sealed block, nothing is the dataset's.
struct Trade {
    secret: OrderSecret,
    sealed: Vec<u8>,
    plain_leaf: Digest,
}

fn genesis() -> Digest {
    System::block_hash(0).into()
}

fn delivered_trade(right_key: bool) -> Trade {
    let key = ContentKey::from_bytes([7; 32]);
    let plain_leaf = leaf_hash(&vec![1; LENGTH as usize]);
    let mut sealed = vec![2; LENGTH as usize];
    seal::apply(&key, 0, &mut sealed).unwrap();
    let (root, sealed_root) = (plain_leaf, leaf_hash(&sealed));

    company(SELLER, "124-81-00998");
    company(BUYER, "220-81-62517");
    let salt = [3; 32];
    let seller: [u8; 32] = account(SELLER).into();
    assert_ok!(Provenance::announce(signed(SELLER), announcement(&seller, &root, &salt)));
    System::set_block_number(10);
    assert_ok!(Provenance::register(
        signed(SELLER),
        root,
        LENGTH,
        salt,
        [4; 32],
        Method::Collected,
        Default::default()
    ));
    let (licence, nda) = ([5; 32], [6; 32]);
    assert_ok!(Marketplace::offer(
        signed(SELLER),
        DatasetId(root),
        sealed_root,
        key.commitment(),
        50_000,
        licence,
        nda,
        100,
        100,
        20_000
    ));
    let nonce = [8; 32];
    let secret = OrderSecret::derive(&[9; 32], &nonce);
    let order_key = secret.order_key();
    let terms = Marketplace::quote(0).unwrap().digest();
    assert_ok!(Marketplace::place_order(signed(BUYER), 0, terms, licence, nda, order_key.0, nonce));
    let sent = if right_key { key } else { ContentKey::from_bytes([0; 32]) };
    let delivery = delivery::deliver(&genesis(), 0, &order_key, &sent, &mut OsRng).unwrap();
    assert_ok!(Marketplace::deliver(signed(SELLER), 0, delivery));
    Trade { secret, sealed, plain_leaf }
}

impl Trade {
    fn dispute(&self, fault: Fault) -> RuntimeCall {
        let delivery = match pallet_marketplace::Orders::<Runtime>::get(0).unwrap().state {
            pallet_marketplace::OrderState::Delivered { delivery, .. } => delivery,
            pallet_marketplace::OrderState::Placed => panic!("delivered"),
        };
        let shared = delivery::prove_shared(&genesis(), 0, &self.secret, &delivery, &mut OsRng).unwrap();
        let proof = DisputeProof { shared, fault };
        RuntimeCall::Marketplace(pallet_marketplace::Call::dispute { order: 0, proof })
    }

    fn wrong_key(&self) -> RuntimeCall {
        self.dispute(Fault::WrongKey)
    }

    fn bad_block(&self) -> RuntimeCall {
        self.dispute(Fault::BadBlock(BlockFault {
            index: 0,
            sealed_block: self.sealed.clone().try_into().unwrap(),
            sealed_path: Default::default(),
            plain_leaf: self.plain_leaf,
            plain_path: Default::default(),
        }))
    }
}

/// Leaves an account that much free money; one won is what keeps an account alive.
fn leave(who: Ed25519Keyring, amount: Balance) {
    let rest = Balances::free_balance(account(who)) - amount;
    let _ = Balances::slash(&account(who), rest);
    assert_eq!(Balances::free_balance(account(who)), amount);
}

fn extrinsic(who: Ed25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let payload = SignedPayload::new(call, extension(0)).unwrap();
    let signature = MultiSignature::Ed25519(payload.using_encoded(|bytes| who.sign(bytes)));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, account(who).into(), signature, extension)
}

fn fee(extrinsic: &UncheckedExtrinsic) -> Balance {
    let length = extrinsic.encoded_size().saturated_into();
    TransactionPayment::query_info::<UncheckedExtrinsic>(extrinsic.clone(), length).partial_fee
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
            let fee = fee(&extrinsic);
            assert!(fee < reserve(), "the fee of {fee} won is in the reserve of {}", reserve());

            assert_ok!(Executive::apply_extrinsic(extrinsic).unwrap());
            // Price and reserve came back, with the fee's worth out of the seller's bond.
            assert!(Balances::free_balance(account(BUYER)) >= 50_000);
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
