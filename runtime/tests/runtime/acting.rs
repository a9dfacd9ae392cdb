//! Members act for their companies: who pays, who is no member, and what nobody is permitted.

use crate::{
    companies::{
        act, acting, batch, buyer, establish, for_sale, joining, joins, last_fee, orders, refused, spent,
        take_on, ESCROW, FUNDS, ONE_ORDER, RECORDS,
    },
    support::{account, apply, check_invariants, development, fee_of, validate, Terms, GENESIS_TIME},
    trading::{order_call, signed, Goods},
};
use frame_support::{assert_ok, weights::Weight};
use sp_consensus_aura::Slot;
use sp_keyring::Ed25519Keyring::{Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{generic::Era, traits::TransactionExtension};
use wonbon_primitives::{
    bounds::MAX_ROYALTIES,
    membership::{MemberRole::*, MemberRoles},
    record::Derivation,
};
use wonbon_runtime::{
    configs::{
        acting::{roles::MAX_CALLS, ActFor},
        refusal::Refusal,
    },
    Balances, Executive, Participants, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
    UncheckedExtrinsic, MILLISECONDS_PER_BLOCK,
};

#[test]
fn a_member_orders_and_the_company_pays() {
    development(|| {
        let offer = for_sale();
        let company = buyer(ONE_ORDER);
        let before = (Balances::free_balance(&company), Balances::free_balance(account(Dave)));
        let extrinsic = act(&company, Dave).sign(Dave, order_call(offer).0);
        let fee = fee_of(&extrinsic);
        assert_ok!(apply(extrinsic).unwrap());

        assert_eq!(pallet_marketplace::Orders::<Runtime>::get(0).unwrap().buyer, company);
        let (payer, paid) = last_fee();
        assert_eq!(payer, company);
        assert!(paid <= fee);
        assert_eq!(Balances::free_balance(&company), before.0 - ESCROW - RECORDS - paid);
        assert_eq!(Balances::free_balance(account(Dave)), before.1);
        // The nonce is the member's, the day what the call could have taken at most.
        assert_eq!((System::account_nonce(account(Dave)), System::account_nonce(&company)), (1, 0));
        assert_eq!(spent(&company, Dave).unwrap().amount, ESCROW + RECORDS + fee);
        let acted = pallet_participants::Event::<Runtime>::Acted { company, member: account(Dave) };
        let acted = RuntimeEvent::from(acted);
        assert!(System::events().iter().any(|record| record.event == acted));
        check_invariants();
    });
}

#[test]
fn who_names_no_company_acts_for_themselves() {
    development(|| {
        let offer = for_sale();
        let company = buyer(ONE_ORDER);
        let outcome = apply(Terms::with_nonce(0).sign(Dave, order_call(offer).0)).unwrap();
        assert_eq!(outcome, Err(pallet_marketplace::Error::<Runtime>::NotVerified.into()));
        assert_eq!(last_fee().0, account(Dave));
        assert_eq!(spent(&company, Dave), None);
    });
}

#[test]
fn strangers_and_members_of_others_do_not_act_for_a_company() {
    development(|| {
        let offer = for_sale();
        let company = buyer(ONE_ORDER);
        let other = establish(Eve, "120-81-47521");
        let call = || order_call(offer).0;
        let theirs = Terms { acting: Some(acting(&company, Dave)), ..Terms::with_nonce(0) };
        assert_eq!(apply(theirs.clone().sign(Eve, call())), refused(Refusal::NotAMember));
        let mut swapped = theirs;
        swapped.acting.as_mut().unwrap().company = other;
        assert_eq!(apply(swapped.sign(Dave, call())), refused(Refusal::NotAMember));
        assert_eq!(orders(), 0);
    });
}

#[test]
fn a_membership_that_ended_is_worth_nothing_also_in_the_pool_and_after_a_new_one() {
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        let extrinsic = act(&company, Dave).sign(Dave, order_call(offer).0);
        assert_ok!(validate(extrinsic.clone()));

        assert_ok!(Participants::remove_member(signed(company.clone()), account(Dave)));
        assert_eq!(validate(extrinsic.clone()), Err(Refusal::NotAMember.into()));
        assert_eq!(apply(extrinsic.clone()), refused(Refusal::NotAMember));

        take_on(&company, Dave, Buy, FUNDS);
        assert_eq!(apply(extrinsic), refused(Refusal::NotAMember));
        assert_ok!(apply(act(&company, Dave).sign(Dave, order_call(offer).0)).unwrap());
        check_invariants();
    });
}

#[test]
fn everybody_may_leave_and_only_admins_remove_others() {
    development(|| {
        let company = buyer(FUNDS);
        take_on(&company, Eve, Deliver, FUNDS);
        let remove = |who| pallet_participants::Call::<Runtime>::remove_member { member: account(who) };
        assert_eq!(apply(act(&company, Eve).sign(Eve, remove(Dave))), refused(Refusal::NotPermitted));
        assert_ok!(apply(act(&company, Eve).sign(Eve, remove(Eve))).unwrap());
        assert_ok!(apply(act(&company, Charlie).sign(Charlie, remove(Dave))).unwrap());
        let members = pallet_participants::Members::<Runtime>::iter_key_prefix(&company).collect::<Vec<_>>();
        assert_eq!(members, [account(Charlie)]);
        check_invariants();
    });
}

#[test]
fn batches_that_are_empty_too_long_or_nested_and_wrapped_calls_are_permitted_to_nobody() {
    development(|| {
        let company = establish(Charlie, "220-81-62517");
        let call = || RuntimeCall::from(pallet_marketplace::Call::settle { order: 7, royalties: 0 });
        let transfer =
            pallet_balances::Call::<Runtime>::transfer_keep_alive { dest: account(Eve).into(), value: 1 };
        let wrapped: Vec<RuntimeCall> = vec![
            batch(vec![]),
            batch(vec![call(); MAX_CALLS + 1]),
            batch(vec![call(), batch(vec![call()])]),
            batch(vec![call(), transfer.clone().into()]),
            transfer.into(),
            pallet_utility::Call::batch { calls: vec![call()] }.into(),
            pallet_utility::Call::force_batch { calls: vec![call()] }.into(),
            pallet_utility::Call::as_derivative { index: 0, call: Box::new(call()) }.into(),
            pallet_multisig::Call::as_multi_threshold_1 {
                other_signatories: vec![account(Eve)],
                call: Box::new(call()),
            }
            .into(),
            pallet_sudo::Call::sudo { call: Box::new(call()) }.into(),
        ];
        for call in wrapped {
            let extrinsic = act(&company, Charlie).sign(Charlie, call.clone());
            assert_eq!(apply(extrinsic), refused(Refusal::NotPermitted), "{call:?}");
        }
        // The longest that is taken: its calls fail, as there is no such order.
        let longest = act(&company, Charlie).sign(Charlie, batch(vec![call(); MAX_CALLS]));
        assert!(apply(longest).unwrap().is_err());
    });
}

#[test]
fn an_open_recovery_freezes_members_handovers_and_redemption() {
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        take_on(&company, Eve, Deliver, FUNDS);
        let terms = joining(Ferdie, MemberRoles::ALL, FUNDS);
        let signature = joins(&company, Ferdie, &terms);
        let root = RuntimeOrigin::root;
        let propose = Participants::propose_recovery;
        assert_ok!(propose(root(), company.clone(), account(Ferdie), terms, signature.clone()));

        let dataset = Goods::honest(1).dataset();
        let change = pallet_participants::Call::<Runtime>::change_member {
            member: account(Dave),
            roles: MemberRoles::from(Sell).bits(),
            day_limit: 1,
        };
        let frozen: [RuntimeCall; 8] = [
            pallet_participants::Call::add_member { member: account(Ferdie), joining: terms, signature }
                .into(),
            change.clone().into(),
            pallet_participants::Call::remove_member { member: account(Dave) }.into(),
            pallet_participants::Call::remove_member { member: account(Charlie) }.into(),
            pallet_provenance::Call::propose_handover { dataset, to: account(Bob) }.into(),
            pallet_provenance::Call::accept_handover { dataset }.into(),
            pallet_provenance::Call::cancel_handover { dataset }.into(),
            pallet_credit::Call::request_redemption { amount: 1_000, payee: [0; 32] }.into(),
        ];
        for call in frozen {
            let alone = act(&company, Charlie).sign(Charlie, call.clone());
            assert_eq!(apply(alone), refused(Refusal::Frozen), "{call:?}");
            let harmless = pallet_marketplace::Call::settle { order: 7, royalties: 0 }.into();
            let among_others = act(&company, Charlie).sign(Charlie, batch(vec![harmless, call]));
            assert_eq!(apply(among_others), refused(Refusal::Frozen));
        }
        // Everything else goes on, and whoever is a member may object.
        assert_ok!(apply(act(&company, Dave).sign(Dave, order_call(offer).0)).unwrap());
        let object = pallet_participants::Call::<Runtime>::object_to_recovery {};
        assert_ok!(apply(act(&company, Eve).sign(Eve, object)).unwrap());

        assert_ok!(Participants::cancel_recovery(root(), company.clone()));
        assert_ok!(apply(act(&company, Charlie).sign(Charlie, change)).unwrap());
        check_invariants();
    });
}

#[test]
fn companies_under_one_admin_do_not_trade() {
    development(|| {
        let seller = establish(Charlie, "220-81-62517");
        let company = establish(Charlie, "120-81-47521");
        let goods = Goods::honest(1);
        goods.register(seller.clone(), &[]);
        let offer = goods.offer(seller, Derivation::Forbidden);
        let order = || act(&company, Charlie).sign(Charlie, order_call(offer).0);
        let shared = pallet_marketplace::Error::<Runtime>::SharedAdmin;
        assert_eq!(apply(order()).unwrap(), Err(shared.into()));
    });
}

#[test]
fn no_transaction_is_valid_for_ever_and_none_tips() {
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        for terms in [Terms::with_nonce(0), act(&company, Dave)] {
            let immortal = Terms { era: Era::Immortal, ..terms.clone() };
            assert_eq!(apply(immortal.sign(Dave, order_call(offer).0)), refused(Refusal::Immortal));
            let tipped = Terms { tip: 1, ..terms.clone() }.sign(Dave, order_call(offer).0);
            assert_eq!(validate(tipped.clone()), Err(Refusal::Tipped.into()));
            assert_eq!(apply(tipped), refused(Refusal::Tipped));
        }
    });
}

#[test]
fn inherents_pass_and_nobody_acts_without_a_signature() {
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        let now = GENESIS_TIME + MILLISECONDS_PER_BLOCK;
        pallet_aura::CurrentSlot::<Runtime>::put(Slot::from(now / MILLISECONDS_PER_BLOCK));
        let inherent = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
        assert_ok!(Executive::apply_extrinsic(inherent).unwrap());
        let unsigned =
            UncheckedExtrinsic::new_transaction(order_call(offer).0.into(), act(&company, Dave).extension());
        assert_eq!(apply(unsigned), refused(Refusal::NotAMember));
    });
}

#[test]
fn acting_weighs_less_than_a_tenth_of_an_order() {
    use pallet_marketplace::{weights::SubstrateWeight, WeightInfo};
    development(|| {
        let offer = for_sale();
        let company = buyer(FUNDS);
        let acting = ActFor(Some(acting(&company, Dave)));
        let order = RuntimeCall::from(order_call(offer).0);
        let weight = |calls: usize| acting.weight(&batch(vec![order.clone(); calls])).ref_time();
        let of_one = acting.weight(&order).ref_time();
        assert!(of_one * 10 < SubstrateWeight::<Runtime>::place_order(MAX_ROYALTIES).ref_time());
        assert_eq!(of_one, weight(1));
        assert!(weight(1) < weight(2) && weight(2) < weight(MAX_CALLS));
        assert_eq!(ActFor(None).weight(&order), Weight::zero());
    });
}
