//! Nobody crowds a delivery or a dispute out, and nobody comes first with anything else.

use crate::{
    companies::{act, batch, establish, for_sale, last_fee, refused, spent, take_on, FUNDS},
    dispute::dispute_call,
    support::{account, apply, check_invariants, development, fee_of, validate, Terms},
    trading::{deliver, deliver_call, order, pass, Goods},
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::UnfilteredDispatchable,
    weights::Weight,
};
use pallet_marketplace::{Call, OrderAct};
use sp_keyring::Ed25519Keyring::{self, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{
    traits::{Dispatchable, TransactionExtension},
    transaction_validity::{TransactionPriority, ValidTransaction},
    DispatchError,
};
use wonbon_primitives::{
    delivery::Delivery,
    dispute::Fault,
    id::OrderId,
    membership::MemberRole::*,
    record::{Derivation, OrderState},
    seal::ContentKey,
};
use wonbon_runtime::{
    configs::{
        priority::{acts, Priority},
        refusal::Refusal,
    },
    Runtime, RuntimeCall, RuntimeOrigin, System, UncheckedExtrinsic,
};

fn next(who: Ed25519Keyring) -> Terms {
    Terms::with_nonce(System::account_nonce(account(who)))
}

fn valid(extrinsic: UncheckedExtrinsic) -> ValidTransaction {
    validate(extrinsic).expect("the pool takes it")
}

fn is_delivered(id: OrderId) -> bool {
    let order = pallet_marketplace::Orders::<Runtime>::get(id).unwrap();
    matches!(order.state, OrderState::Delivered { .. })
}

/// An order from Bob by Charlie, both of them companies by themselves, and what was sold.
fn ordered() -> (OrderId, Goods, wonbon_primitives::delivery::OrderSecret) {
    let offer = for_sale();
    crate::trading::company(Charlie, "220-81-62517");
    let (id, secret) = order(Charlie, offer);
    (id, Goods::honest(1), secret)
}

/// A delivery of the right shape that nobody can read.
fn noise(order: OrderId) -> Call<Runtime> {
    Call::deliver { order, delivery: Delivery { ephemeral: [0; 32], wrapped: [0; 32] } }
}

#[test]
fn a_crowd_of_transfers_delays_neither_delivery_nor_dispute() {
    development(|| {
        let (id, _, secret) = ordered();
        let crowd: Vec<TransactionPriority> = [Charlie, Dave, Eve, Ferdie]
            .into_iter()
            .flat_map(|who| (0..16).map(move |nonce| (who, nonce)))
            .map(|(who, nonce)| {
                let value = 1;
                let call = pallet_balances::Call::<Runtime>::transfer_keep_alive {
                    dest: account(Bob).into(),
                    value,
                };
                valid(Terms::with_nonce(nonce).sign(who, call)).priority
            })
            .collect();
        let dearest = crowd.into_iter().max().unwrap();
        let delivery = next(Bob).sign(Bob, deliver_call(id, &ContentKey::from_bytes([0; 32])));
        let first = valid(delivery.clone());
        assert_eq!(first.priority, TransactionPriority::MAX);
        assert!(dearest < first.priority);
        assert_ok!(apply(delivery).unwrap());

        let dispute = next(Charlie).sign(Charlie, dispute_call(&secret, Fault::WrongKey));
        assert_eq!(valid(dispute.clone()).priority, TransactionPriority::MAX);
        assert_ok!(apply(dispute).unwrap());
        check_invariants();
    });
}

#[test]
fn what_comes_first_is_an_ordinary_call_and_pays_as_any() {
    development(|| {
        let (id, goods, _) = ordered();
        let call = RuntimeCall::from(deliver_call(id, &goods.key));
        assert_eq!(call.get_dispatch_info().class, DispatchClass::Normal);
        let extrinsic = next(Bob).sign(Bob, call);
        let fee = fee_of(&extrinsic);
        assert_ok!(apply(extrinsic).unwrap());
        let (payer, paid) = last_fee();
        assert_eq!(payer, account(Bob));
        assert!(paid > 0 && paid <= fee);
        assert!(is_delivered(id));
        // One that looks for nothing weighs nothing.
        let settle = RuntimeCall::from(Call::settle { order: id, royalties: 0 });
        assert_eq!(Priority.weight(&settle), Weight::zero());
    });
}

#[test]
fn a_member_delivers_for_the_company_within_role_and_day() {
    development(|| {
        let seller = establish(Dave, "120-81-47521");
        crate::trading::company(Charlie, "220-81-62517");
        let goods = Goods::honest(2);
        goods.register(seller.clone(), &[]);
        let offer = goods.offer(seller.clone(), Derivation::Forbidden);
        let [id, other] = [(); 2].map(|()| order(Charlie, offer).0);
        take_on(&seller, Eve, Deliver, FUNDS);
        take_on(&seller, Ferdie, Deliver, 1);
        take_on(&seller, Bob, Buy, FUNDS);

        let delivery = |who, id| act(&seller, who).sign(who, deliver_call(id, &goods.key));
        assert_eq!(apply(delivery(Bob, id)), refused(Refusal::NotPermitted));
        assert_eq!(apply(delivery(Ferdie, id)), refused(Refusal::OverDayLimit));
        // For themselves they have nothing to deliver.
        assert_eq!(apply(next(Eve).sign(Eve, deliver_call(id, &goods.key))), refused(Refusal::NotTheParty));

        let extrinsic = delivery(Eve, id);
        assert_eq!(valid(extrinsic.clone()).priority, TransactionPriority::MAX);
        let fee = fee_of(&extrinsic);
        assert_ok!(apply(extrinsic).unwrap());
        assert_eq!(last_fee().0, seller);
        assert_eq!(spent(&seller, Eve).unwrap().amount, fee);
        assert!(is_delivered(id) && !is_delivered(other));
        check_invariants();
    });
}

#[test]
fn two_deliveries_of_one_order_exclude_each_other() {
    development(|| {
        let (id, goods, _) = ordered();
        let second = order(Charlie, 0).0;
        let tags = |order, nonce| {
            valid(Terms::with_nonce(nonce).sign(Bob, deliver_call(order, &goods.key))).provides
        };
        let of_order = |order: OrderId| (b"wonbon/order".as_slice(), order, OrderAct::Delivery).encode();
        assert!(tags(id, 0).contains(&of_order(id)));
        let shared = |one: Vec<Vec<u8>>, other: Vec<Vec<u8>>| one.iter().any(|tag| other.contains(tag));
        assert!(shared(tags(id, 0), tags(id, 1)), "whatever the nonce");
        assert!(!shared(tags(id, 0), tags(second, 1)));

        assert_ok!(apply(next(Bob).sign(Bob, deliver_call(id, &goods.key))).unwrap());
        let again = next(Bob).sign(Bob, deliver_call(id, &goods.key));
        assert_eq!(validate(again.clone()), Err(Refusal::WrongPhase.into()));
        assert_eq!(apply(again), refused(Refusal::WrongPhase), "and costs nothing");
    });
}

#[test]
fn an_attackers_deliveries_and_disputes_gain_nothing() {
    development(|| {
        let (id, goods, secret) = ordered();
        let before = System::account_nonce(account(Eve));
        for call in [deliver_call(id, &goods.key), noise(id)] {
            let extrinsic = next(Eve).sign(Eve, call);
            assert_eq!(validate(extrinsic.clone()), Err(Refusal::NotTheParty.into()));
            assert_eq!(apply(extrinsic), refused(Refusal::NotTheParty));
        }
        // The buyer cannot deliver, nor the seller dispute.
        assert_eq!(apply(next(Charlie).sign(Charlie, noise(id))), refused(Refusal::NotTheParty));
        deliver(id, &ContentKey::from_bytes([0; 32]));
        for who in [Bob, Eve] {
            let dispute = dispute_call(&secret, Fault::WrongKey);
            assert_eq!(apply(next(who).sign(who, dispute)), refused(Refusal::NotTheParty));
        }
        assert_eq!(System::account_nonce(account(Eve)), before, "no block has any of it");
        assert_eq!(pallet_marketplace::FailedActs::<Runtime>::iter().count(), 0);
    });
}

#[test]
fn the_wrong_phase_is_refused_in_the_pool() {
    development(|| {
        let (id, goods, secret) = ordered();
        let of = |who: Ed25519Keyring, call: RuntimeCall| validate(next(who).sign(who, call)).map(drop);
        let unknown =
            Call::deliver { order: 77, delivery: Delivery { ephemeral: [1; 32], wrapped: [1; 32] } };
        assert_eq!(of(Bob, unknown.into()), Err(Refusal::WrongPhase.into()));
        let late = RuntimeCall::from(deliver_call(id, &goods.key));
        let longevity = valid(next(Bob).sign(Bob, late.clone())).longevity;
        assert!(longevity <= 101, "it leaves the pool with its window");
        deliver(id, &ContentKey::from_bytes([0; 32]));
        assert_eq!(of(Bob, late), Err(Refusal::WrongPhase.into()));
        let dispute = dispute_call(&secret, Fault::WrongKey);
        assert_ok!(of(Charlie, dispute.clone()));
        pass(101);
        assert_eq!(of(Charlie, dispute.clone()), Err(Refusal::TooLate.into()));
        assert_ok!(wonbon_runtime::Marketplace::settle(RuntimeOrigin::signed(account(Bob)), id, 0));
        assert_eq!(of(Charlie, dispute), Err(Refusal::WrongPhase.into()));

        let missed = order(Charlie, 0).0;
        pass(101);
        let late = deliver_call(missed, &goods.key);
        assert_eq!(of(Bob, late.into()), Err(Refusal::TooLate.into()));
    });
}

#[test]
fn after_one_failure_an_order_has_no_priority_and_is_delivered_all_the_same() {
    development(|| {
        let (id, _, secret) = ordered();
        let failing = next(Bob).sign(Bob, noise(id));
        assert_eq!(valid(failing.clone()).priority, TransactionPriority::MAX);
        assert!(apply(failing).unwrap().is_err());
        let good = next(Bob).sign(Bob, deliver_call(id, &ContentKey::from_bytes([0; 32])));
        assert!(valid(good.clone()).priority < TransactionPriority::MAX / 2);
        assert_ok!(apply(good).unwrap());

        // The buyer's dispute comes first whatever the seller failed at.
        let mut wrong = dispute_call(&secret, Fault::WrongKey);
        if let RuntimeCall::Marketplace(Call::dispute { proof, .. }) = &mut wrong {
            proof.shared.response = [0; 32];
        }
        let wrong = next(Charlie).sign(Charlie, wrong);
        assert_eq!(valid(wrong.clone()).priority, TransactionPriority::MAX);
        assert!(apply(wrong).unwrap().is_err());
        let right = next(Charlie).sign(Charlie, dispute_call(&secret, Fault::WrongKey));
        assert!(valid(right.clone()).priority < TransactionPriority::MAX / 2);
        check_invariants();
        assert_ok!(apply(right).unwrap());
        assert_eq!(pallet_marketplace::FailedActs::<Runtime>::iter().count(), 0);
        check_invariants();
    });
}

/// Each wrapper there is, around a call.
fn wrapped(call: &RuntimeCall) -> Vec<RuntimeCall> {
    let boxed = || Box::new(call.clone());
    let one = || vec![call.clone()];
    let others = || vec![account(Eve)];
    vec![
        batch(one()),
        batch(vec![batch(one())]),
        pallet_utility::Call::batch { calls: one() }.into(),
        pallet_utility::Call::force_batch { calls: one() }.into(),
        pallet_utility::Call::as_derivative { index: 0, call: boxed() }.into(),
        pallet_utility::Call::if_else { main: Box::new(batch(vec![])), fallback: boxed() }.into(),
        pallet_multisig::Call::as_multi_threshold_1 { other_signatories: others(), call: boxed() }.into(),
        pallet_multisig::Call::as_multi {
            threshold: 2,
            other_signatories: others(),
            maybe_timepoint: None,
            call: boxed(),
            max_weight: Default::default(),
        }
        .into(),
        pallet_sudo::Call::sudo { call: boxed() }.into(),
        pallet_sudo::Call::sudo_as { who: account(Bob).into(), call: boxed() }.into(),
        pallet_collective::Call::<Runtime, pallet_collective::Instance1>::propose {
            threshold: 1,
            proposal: boxed(),
            length_bound: 1_000,
        }
        .into(),
        pallet_consortium::Call::enact { call: boxed() }.into(),
    ]
}

#[test]
fn in_another_call_they_are_refused_before_they_cost_anything() {
    development(|| {
        let seller = establish(Dave, "120-81-47521");
        let (id, goods, _) = ordered();
        let call = RuntimeCall::from(deliver_call(id, &goods.key));
        for carrier in wrapped(&call) {
            assert!(acts::is_within(&carrier), "{carrier:?}");
            let extrinsic = next(Bob).sign(Bob, carrier.clone());
            assert_eq!(validate(extrinsic.clone()), Err(Refusal::NotBare.into()), "{carrier:?}");
            assert_eq!(apply(extrinsic), refused(Refusal::NotBare));
        }
        // Nor does a company's member get them past the roles.
        let extrinsic = act(&seller, Dave).sign(Dave, batch(vec![call]));
        assert_eq!(apply(extrinsic), refused(Refusal::NotBare));
        assert!(!is_delivered(id));
        let harmless = RuntimeCall::from(Call::settle { order: id, royalties: 0 });
        assert!(wrapped(&harmless).iter().all(|call| !acts::is_within(call)));
    });
}

#[test]
fn no_wrapper_reaches_them_even_if_it_got_into_a_block() {
    development(|| {
        let (id, goods, _) = ordered();
        let call = RuntimeCall::from(deliver_call(id, &goods.key));
        let signed = |who: Ed25519Keyring| RuntimeOrigin::signed(account(who));
        for carrier in wrapped(&call) {
            for origin in [signed(Bob), signed(Ed25519Keyring::Alice), RuntimeOrigin::root()] {
                // Some say that the call within failed, some fail with it.
                let _ = carrier.clone().dispatch_bypass_filter(origin);
                assert!(!is_delivered(id), "{carrier:?}");
            }
        }
        let plain = call.dispatch(signed(Bob)).map_err(|error| error.error);
        assert_eq!(plain, Err(DispatchError::BadOrigin));
    });
}

#[test]
fn nobody_delivers_without_a_signature() {
    development(|| {
        let (id, goods, _) = ordered();
        let terms = Terms::with_nonce(0).extension();
        let unsigned = UncheckedExtrinsic::new_transaction(deliver_call(id, &goods.key).into(), terms);
        assert!(apply(unsigned).is_err());
        let bare = UncheckedExtrinsic::new_bare(deliver_call(id, &goods.key).into());
        // The pool takes none; in a block it would do nothing.
        assert!(!matches!(apply(bare), Ok(Ok(()))));
        assert!(!is_delivered(id));
    });
}
