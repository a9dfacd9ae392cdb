//! Who may decide what, through the calls that people really make.

use crate::support::{account, check_invariants, local};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    traits::{Contains, InstanceFilter},
};
use sp_keyring::{
    Ed25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie, One},
    Sr25519Keyring,
};
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash},
    DispatchError, DispatchResult,
};
use wonbon_primitives::delivery::Delivery;
use wonbon_runtime::{
    configs::{governance::BaseCallFilter, ProxyType},
    Balances, Council, Credit, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Session, SessionKeys,
    System, DAYS,
};

fn signed(who: Ed25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

/// Puts a motion, has the members vote for it, closes it, and tells how it ended.
pub fn motion(call: RuntimeCall, in_favour: &[Ed25519Keyring]) -> DispatchResult {
    let threshold = in_favour.len() as u32;
    let length = call.encoded_size() as u32;
    let weight = call.get_dispatch_info().call_weight;
    let hash = BlakeTwo256::hash_of(&call);
    let index = pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get();
    Council::propose(signed(in_favour[0]), threshold, Box::new(call), length).map_err(|error| error.error)?;
    for member in in_favour {
        Council::vote(signed(*member), hash, index, true).map_err(|error| error.error)?;
    }
    Council::close(signed(in_favour[0]), hash, index, weight, length).map_err(|error| error.error)?;
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            RuntimeEvent::Council(pallet_collective::Event::Executed { result, .. }) => Some(result),
            _ => None,
        })
        .expect("the motion was carried out")
}

fn credit_to_eve(amount: u128, reference: &[u8]) -> RuntimeCall {
    let bank_reference = reference.to_vec().try_into().unwrap();
    RuntimeCall::Credit(pallet_credit::Call::credit { account: account(Eve), amount, bank_reference })
}

#[test]
fn two_thirds_of_the_council_issue_money_and_half_does_not() {
    local(|| {
        let before = Balances::free_balance(account(Eve));
        assert_eq!(motion(credit_to_eve(5_000, b"KB-1"), &[Alice, Bob]), Err(DispatchError::BadOrigin));
        assert_eq!(Balances::free_balance(account(Eve)), before);
        assert_ok!(motion(credit_to_eve(5_000, b"KB-1"), &[Alice, Bob, Charlie]));
        assert_eq!(Balances::free_balance(account(Eve)), before + 5_000);
        assert_noop!(
            Credit::credit(signed(Alice), account(Eve), 1, b"KB-2".to_vec().try_into().unwrap()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_quarter_of_the_council_does_not() {
    local(|| {
        // A motion of one member is carried out at once, with the weight of that member alone.
        let call = credit_to_eve(5_000, b"KB-1");
        let length = call.encoded_size() as u32;
        let before = Balances::free_balance(account(Eve));
        assert_ok!(Council::propose(signed(Alice), 1, Box::new(call), length));
        assert_eq!(Balances::free_balance(account(Eve)), before);
    });
}

#[test]
fn root_takes_three_quarters() {
    let items = vec![(b"key".to_vec(), b"value".to_vec())];
    let root_call = RuntimeCall::System(frame_system::Call::set_storage { items });
    let enact = RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(root_call) });
    local(|| {
        assert_eq!(motion(enact.clone(), &[Alice, Bob]), Err(DispatchError::BadOrigin));
        assert_eq!(sp_io::storage::get(b"key"), None);
        assert_ok!(motion(enact, &[Alice, Bob, Charlie]));
        assert!(sp_io::storage::get(b"key").is_some());
    });
}

#[test]
fn an_upgrade_takes_more_than_two_thirds() {
    let code = b"the next runtime".to_vec();
    let set_code = RuntimeCall::System(frame_system::Call::set_code_without_checks { code: code.clone() });
    let enact = RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(set_code.clone()) });
    let stored = || sp_io::storage::get(sp_core::storage::well_known_keys::CODE).unwrap().to_vec();
    let five = [Alice, Bob, Charlie, Dave, Eve];
    let six = [Alice, Bob, Charlie, Dave, Eve, Ferdie];
    local(|| {
        let before = stored();
        let seven = [Alice, Bob, Charlie, Dave, Eve, Ferdie, One].map(account).to_vec();
        assert_ok!(Council::set_members(RuntimeOrigin::root(), seven, Some(account(Alice)), 4));
        // Five of seven are two thirds: they decide what is done every day.
        assert_ok!(motion(credit_to_eve(5_000, b"KB-1"), &five));
        // Not by a call of its own, and not through the everyday calls.
        assert_eq!(motion(set_code, &six), Err(DispatchError::BadOrigin));
        assert_eq!(motion(enact.clone(), &five), Err(DispatchError::BadOrigin));
        assert_eq!(stored(), before);
        assert_noop!(
            enact.clone().dispatch(signed(Alice)).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
        assert_ok!(motion(enact, &six));
        System::assert_has_event(pallet_consortium::Event::<Runtime>::Enacted { result: Ok(()) }.into());
        assert_eq!(stored(), code);
    });
}

#[test]
fn who_did_not_vote_did_not_agree() {
    let items = vec![(b"key".to_vec(), b"value".to_vec())];
    let root_call = RuntimeCall::System(frame_system::Call::set_storage { items });
    let enact = RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(root_call) });
    local(|| {
        let seven = [Alice, Bob, Charlie, Dave, Eve, Ferdie, One].map(account).to_vec();
        assert_ok!(Council::set_members(RuntimeOrigin::root(), seven, Some(account(Alice)), 4));
        let length = enact.encoded_size() as u32;
        let weight = enact.get_dispatch_info().call_weight;
        let hash = BlakeTwo256::hash_of(&enact);
        assert_ok!(Council::propose(signed(Alice), 7, Box::new(enact), length));
        for member in [Alice, Bob, Charlie, Dave] {
            assert_ok!(Council::vote(signed(member), hash, 0, true));
        }
        System::set_block_number(System::block_number() + 7 * DAYS + 1);
        assert_ok!(Council::close(signed(Alice), hash, 0, weight, length));
        System::assert_has_event(
            pallet_collective::Event::<Runtime, pallet_collective::Instance1>::Disapproved {
                proposal_hash: hash,
            }
            .into(),
        );
        assert_eq!(sp_io::storage::get(b"key"), None);
    });
}

#[test]
fn money_leaves_by_redemption_only() {
    local(|| {
        let burn = RuntimeCall::Balances(pallet_balances::Call::burn { value: 1, keep_alive: true });
        assert_noop!(
            burn.dispatch(signed(Alice)).map_err(|error| error.error),
            frame_system::Error::<Runtime>::CallFiltered
        );
    });
}

#[test]
fn no_call_is_there_to_carry_bytes() {
    let filtered = DispatchError::from(frame_system::Error::<Runtime>::CallFiltered);
    let remark = || RuntimeCall::System(frame_system::Call::remark { remark: vec![7; 4096] });
    let with_event = RuntimeCall::System(frame_system::Call::remark_with_event { remark: vec![7; 4096] });
    let refused = |call: RuntimeCall, origin: RuntimeOrigin| {
        assert_noop!(call.dispatch(origin).map_err(|error| error.error), filtered);
    };
    let batch = pallet_utility::Call::batch_all { calls: vec![remark()] };
    let multisig = pallet_multisig::Call::as_multi_threshold_1 {
        other_signatories: vec![account(Bob)],
        call: Box::new(remark()),
    };
    let proxied = pallet_proxy::Call::proxy {
        real: account(Bob).into(),
        force_proxy_type: None,
        call: Box::new(remark()),
    };
    local(|| {
        refused(remark(), signed(Alice));
        refused(with_event, signed(Alice));
        refused(RuntimeCall::Utility(batch), signed(Alice));
        // These succeed, and say that the call within did not.
        let proxy = pallet_proxy::Call::<Runtime>::add_proxy {
            delegate: account(Alice).into(),
            proxy_type: ProxyType::Any,
            delay: 0,
        };
        assert_ok!(RuntimeCall::Proxy(proxy).dispatch(signed(Bob)));
        assert_ok!(RuntimeCall::Proxy(proxied).dispatch(signed(Alice)));
        let executed = pallet_proxy::Event::<Runtime>::ProxyExecuted { result: Err(filtered) };
        System::assert_last_event(executed.into());
        refused(RuntimeCall::Multisig(multisig), signed(Alice));
        assert_eq!(motion(remark(), &[Alice, Bob, Charlie]), Err(filtered));
    });
}

#[test]
fn a_validator_cannot_purge_its_keys() {
    let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
    assert!(!BaseCallFilter::contains(&purge));
    assert!(BaseCallFilter::contains(&credit_to_eve(1, b"KB-1")));
}

#[test]
fn a_delivery_proxy_delivers_and_does_nothing_else() {
    let deliver = RuntimeCall::Marketplace(pallet_marketplace::Call::deliver {
        order: 0,
        delivery: Delivery { ephemeral: [0; 32], wrapped: [0; 32] },
    });
    let accept = RuntimeCall::Marketplace(pallet_marketplace::Call::accept { order: 0 });
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![deliver.clone()] });
    assert!(ProxyType::Delivery.filter(&deliver));
    for other in [accept, batch, credit_to_eve(1, b"KB-1")] {
        assert!(!ProxyType::Delivery.filter(&other));
        assert!(ProxyType::Any.filter(&other));
    }
    assert!(ProxyType::Any.is_superset(&ProxyType::Delivery));
    assert!(!ProxyType::Delivery.is_superset(&ProxyType::Any));
}

#[test]
fn a_new_validator_registers_keys_and_the_council_admits_it() {
    let add = RuntimeCall::Consortium(pallet_consortium::Call::add_validator { account: account(Eve) });
    local(|| {
        assert_eq!(
            motion(add.clone(), &[Alice, Bob, Charlie]),
            Err(pallet_consortium::Error::<Runtime>::NoSessionKeys.into())
        );
        let owner = account(Eve).encode();
        let mut keys =
            SessionKeys { aura: Sr25519Keyring::Eve.public().into(), grandpa: Eve.public().into() };
        // Someone else's proof of the same keys is worth nothing.
        let proof = ownership_proof(&account(Bob).encode());
        assert!(Session::set_keys(signed(Eve), keys.clone(), proof).is_err());
        assert_ok!(Session::set_keys(signed(Eve), keys.clone(), ownership_proof(&owner)));
        assert_ok!(motion(add, &[Alice, Bob, Charlie]));
        keys.aura = Sr25519Keyring::Alice.public().into();
        assert!(Session::set_keys(signed(Eve), keys, ownership_proof(&owner)).is_err());
        check_invariants();
    });
}

/// Proves with Eve's session keys that they belong to an account.
fn ownership_proof(owner: &[u8]) -> Vec<u8> {
    let statement = [b"POP_", owner].concat();
    (Sr25519Keyring::Eve.sign(&statement), Eve.sign(&statement)).encode()
}
