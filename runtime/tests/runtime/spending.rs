//! What a member's calls take of their company's money, and the limit of their day.

use crate::{
    companies::{
        act, batch, buyer, establish, for_sale, joining, joins, last_fee, orders, refused, spent, take_on,
        ESCROW, FUNDS, ONE_ORDER, RECORDS,
    },
    dispute::{dispute_call, leave},
    support::{account, apply, check_invariants, development, fee_of, validate, GENESIS_TIME},
    trading::{deliver, deliver_call, order, order_call, pass, signed, Goods, PRICE},
};
use frame_support::{assert_ok, traits::fungible::Inspect};
use sp_keyring::Ed25519Keyring::{Bob, Charlie, Dave, Eve, Ferdie};
use wonbon_primitives::{
    dispute::Fault,
    membership::{MemberRole::*, MemberRoles},
    record::{Derivation, OrderState},
    seal::ContentKey,
};
use wonbon_runtime::{
    configs::{acting::money, refusal::Refusal},
    Balance, Balances, Participants, Provenance, Runtime, RuntimeCall, RuntimeOrigin,
};

const HOUR_MS: u64 = 60 * 60 * 1_000;

#[test]
fn who_only_delivers_neither_orders_nor_lists_nor_spends_beyond_fees() {
    const LIMIT: Balance = 300;
    development(|| {
        let others = for_sale();
        let seller = establish(Charlie, "220-81-62517");
        take_on(&seller, Eve, Deliver, LIMIT);
        let goods = Goods::honest(2);
        goods.register(seller.clone(), &[]);
        let offer = goods.offer(seller.clone(), Derivation::Forbidden);
        let (id, _) = order(Bob, offer);
        let beyond: [RuntimeCall; 6] = [
            order_call(others).0.into(),
            Goods::honest(3).offer_call(Derivation::Forbidden).into(),
            pallet_marketplace::Call::add_bond { offer, amount: 1 }.into(),
            pallet_provenance::Call::announce { commitment: [1; 32] }.into(),
            pallet_credit::Call::request_redemption { amount: 1_000, payee: [0; 32] }.into(),
            pallet_balances::Call::<Runtime>::transfer_keep_alive { dest: account(Eve).into(), value: 1 }
                .into(),
        ];
        for call in beyond {
            assert_eq!(apply(act(&seller, Eve).sign(Eve, call)), refused(Refusal::NotPermitted));
        }

        let before = Balances::total_balance(&seller);
        // Deliveries that fail, again and again, for nothing but fees, and those come to an end.
        let mut bad = deliver_call(id, &goods.key);
        if let pallet_marketplace::Call::deliver { delivery, .. } = &mut bad {
            delivery.ephemeral = [0; 32];
        }
        let mut fees = 1;
        let end = loop {
            match apply(act(&seller, Eve).sign(Eve, bad.clone())) {
                Ok(outcome) => assert!(outcome.is_err()),
                Err(end) => break end,
            }
            fees += 1;
        };
        assert_eq!(Err(end), refused(Refusal::OverDayLimit));
        assert!(fees > 2, "a limit of {LIMIT} won is enough for {fees} deliveries");
        assert!(before - Balances::total_balance(&seller) <= LIMIT);

        // The next day it is delivered.
        pallet_timestamp::Now::<Runtime>::put(GENESIS_TIME + 24 * HOUR_MS);
        let deliver = deliver_call(id, &goods.key);
        assert_ok!(apply(act(&seller, Eve).sign(Eve, deliver)).unwrap());
        let order = pallet_marketplace::Orders::<Runtime>::get(id).unwrap();
        assert!(matches!(order.state, OrderState::Delivered { .. }));
        check_invariants();
    });
}

#[test]
fn a_batch_is_within_the_limit_as_a_whole_or_not_carried_out() {
    development(|| {
        let offer = for_sale();
        let company = buyer(2 * (ESCROW + RECORDS) + 5_000);
        let order = || RuntimeCall::from(order_call(offer).0);
        let three = batch(vec![order(), order(), order()]);
        let extrinsic = act(&company, Dave).sign(Dave, three);
        assert_eq!(validate(extrinsic.clone()), Err(Refusal::OverDayLimit.into()));
        assert_eq!(apply(extrinsic), refused(Refusal::OverDayLimit));
        assert_eq!((orders(), spent(&company, Dave)), (0, None));

        let extrinsic = act(&company, Dave).sign(Dave, batch(vec![order(), order()]));
        let fee = fee_of(&extrinsic);
        assert_ok!(apply(extrinsic).unwrap());
        assert_eq!((orders(), spent(&company, Dave).unwrap().amount), (2, 2 * (ESCROW + RECORDS) + fee));
        check_invariants();
    });
}

#[test]
fn a_call_that_fails_gives_nothing_of_the_limit_back() {
    development(|| {
        let offer = for_sale();
        let company = buyer(ONE_ORDER);
        let mut stale = order_call(offer).0;
        if let pallet_marketplace::Call::place_order { terms, .. } = &mut stale {
            *terms = [0; 32];
        }
        let extrinsic = act(&company, Dave).sign(Dave, stale);
        let fee = fee_of(&extrinsic);
        let outcome = apply(extrinsic).unwrap();
        assert_eq!(outcome, Err(pallet_marketplace::Error::<Runtime>::StaleTerms.into()));
        assert_eq!(spent(&company, Dave).unwrap().amount, ESCROW + RECORDS + fee);
        assert_eq!(Balances::total_balance(&company), FUNDS - last_fee().1);
        let again = act(&company, Dave).sign(Dave, order_call(offer).0);
        assert_eq!(apply(again), refused(Refusal::OverDayLimit));
    });
}

#[test]
fn what_is_counted_covers_what_is_put_on_hold() {
    development(|| {
        let others = for_sale();
        let company = establish(Charlie, "220-81-62517");
        let goods = Goods::honest(2);
        let given = Goods::honest(3).register(Bob, &[]);
        assert_ok!(Provenance::propose_handover(signed(Bob), given, company.clone()));
        let (terms, announced) = (joining(Eve, Deliver.into(), 0), goods.announce_call(&company));
        let signature = joins(&company, Eve, &terms);
        let made = Goods::honest(4);
        let made_from = [(goods.dataset(), 1_000), (given, 1_000)];
        // Each, what it has put on hold when it is done, and what more was counted: royalties that could have been more, and
        // what is paid and not held.
        let steps: [(RuntimeCall, Balance, Balance); 11] = [
            (pallet_participants::Call::begin_epoch { epoch: 1, commitment: [1; 32] }.into(), 2_300, 0),
            (
                pallet_participants::Call::add_member { member: account(Eve), joining: terms, signature }
                    .into(),
                3_800,
                0,
            ),
            (announced.into(), 5_000, 0),
            (goods.register_call(&[]).into(), 0, 0),
            (goods.offer_call(Derivation::Forbidden).into(), 22_000, 0),
            (pallet_marketplace::Call::add_bond { offer: others + 1, amount: 500 }.into(), 500, 0),
            (order_call(others).0.into(), ESCROW, RECORDS),
            (pallet_credit::Call::request_redemption { amount: 1_000, payee: [0; 32] }.into(), 1_000, 0),
            (pallet_provenance::Call::accept_handover { dataset: given }.into(), 5_100, 0),
            (made.announce_call(&company).into(), 5_000, 0),
            (made.register_call(&made_from).into(), 6_200 - 5_000, 14 * 100),
        ];
        let on_hold = || Balances::total_balance(&company) - Balances::free_balance(&company);
        for (call, held, more) in steps {
            let before = on_hold();
            assert_eq!(money::locked_by(&call), held + more, "{call:?}");
            assert_ok!(apply(act(&company, Charlie).sign(Charlie, call)).unwrap());
            assert_eq!(on_hold() - before, held);
            pass(10);
        }
        check_invariants();
    });
}

#[test]
fn a_day_begins_at_midnight_in_korea() {
    development(|| {
        let offer = for_sale();
        let company = buyer(ONE_ORDER);
        let order = || act(&company, Dave).sign(Dave, order_call(offer).0);
        assert_ok!(apply(order()).unwrap());
        // It was nine in the morning there.
        let midnight = GENESIS_TIME + 15 * HOUR_MS;
        pallet_timestamp::Now::<Runtime>::put(midnight - 1);
        assert_eq!(apply(order()), refused(Refusal::OverDayLimit));
        pallet_timestamp::Now::<Runtime>::put(midnight);
        assert_ok!(apply(order()).unwrap());
        assert_eq!(orders(), 2);
    });
}

#[test]
fn a_member_disputes_for_a_company_without_a_won() {
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        let (id, secret) = order(company.clone(), offer);
        deliver(id, &ContentKey::from_bytes([0; 32]));
        leave(company.clone(), 1);
        let dispute = dispute_call(&secret, Fault::WrongKey);
        assert_ok!(apply(act(&company, Dave).sign(Dave, dispute)).unwrap());
        assert_eq!(last_fee().0, company);
        assert!(Balances::free_balance(&company) >= PRICE);
        check_invariants();
    });
}

/// A limit of nothing keeps nobody in a company, and lets nobody spend what it has by what fails.
#[test]
fn whoever_may_spend_nothing_leaves_and_objects_once_and_does_nothing_else() {
    development(|| {
        let company = establish(Charlie, "220-81-62517");
        take_on(&company, Dave, Deliver, 0);
        take_on(&company, Eve, Buy, 300);
        let object = || RuntimeCall::from(pallet_participants::Call::object_to_recovery {});
        let leave = |who| pallet_participants::Call::<Runtime>::remove_member { member: account(who) };
        let over = || refused(Refusal::OverDayLimit);
        // There is nothing to object to: it would fail, and be paid.
        assert_eq!(apply(act(&company, Dave).sign(Dave, object())), over());

        let heir = joining(Ferdie, MemberRoles::ALL, 0);
        let signature = joins(&company, Ferdie, &heir);
        let propose = Participants::propose_recovery(
            RuntimeOrigin::root(),
            company.clone(),
            account(Ferdie),
            heir,
            signature,
        );
        assert_ok!(propose);
        // Not with anything else, and not twice.
        assert_eq!(apply(act(&company, Dave).sign(Dave, batch(vec![object()]))), over());
        assert_ok!(apply(act(&company, Dave).sign(Dave, object())).unwrap());
        assert_eq!(apply(act(&company, Dave).sign(Dave, object())), over());
        assert_ok!(Participants::cancel_recovery(RuntimeOrigin::root(), company.clone()));

        assert_eq!(apply(act(&company, Dave).sign(Dave, batch(vec![leave(Dave).into()]))), over());
        assert_eq!(spent(&company, Dave), None);
        assert_ok!(apply(act(&company, Dave).sign(Dave, leave(Dave))).unwrap());
        assert_eq!(apply(act(&company, Charlie).sign(Charlie, leave(Eve))).unwrap(), Ok(()));

        // The last admin cannot leave, and does not try at the company's cost.
        let unlimited = |limit| {
            let change = pallet_participants::Call::<Runtime>::change_member {
                member: account(Charlie),
                roles: MemberRoles::ALL.bits(),
                day_limit: limit,
            };
            assert_ok!(apply(act(&company, Charlie).sign(Charlie, change)).unwrap());
        };
        unlimited(0);
        assert_eq!(apply(act(&company, Charlie).sign(Charlie, leave(Charlie))), over());
        check_invariants();
    });
}
