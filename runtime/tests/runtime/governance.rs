//! Who may decide what, through the calls that people really make.

use crate::support::{account, check_invariants, development, local};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Contains};
use sp_keyring::{
    Ed25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie, One},
    Sr25519Keyring,
};
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash},
    DispatchError, DispatchResult,
};
use wonbon_runtime::{
    configs::{governance::BaseCallFilter, motions},
    Balances, Consortium, Council, Credit, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, SessionKeys,
    System, Upgrades, DAYS,
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
    let enact = another_council();
    local(|| {
        assert_eq!(motion(enact.clone(), &[Alice, Bob]), Err(DispatchError::BadOrigin));
        assert!(!Council::is_member(&account(Eve)));
        assert_ok!(motion(enact, &[Alice, Bob, Charlie]));
        assert!(Council::is_member(&account(Eve)));
    });
}

/// A call that needs the root origin: Eve joins the council.
fn another_council() -> RuntimeCall {
    let new_members = [Alice, Bob, Charlie, Dave, Eve].map(account).to_vec();
    let members = pallet_collective::Call::set_members { new_members, prime: None, old_count: 4 };
    enact(RuntimeCall::Council(members))
}

fn enact(call: RuntimeCall) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(call) })
}

#[test]
fn an_upgrade_takes_more_than_two_thirds() {
    let announce = RuntimeCall::Upgrades(pallet_upgrades::Call::announce { code_hash: [7; 32] });
    let call_off = RuntimeCall::Upgrades(pallet_upgrades::Call::call_off {});
    let announced = pallet_upgrades::Announced::<Runtime>::get;
    let five = [Alice, Bob, Charlie, Dave, Eve];
    let six = [Alice, Bob, Charlie, Dave, Eve, Ferdie];
    local(|| {
        let seven = [Alice, Bob, Charlie, Dave, Eve, Ferdie, One].map(account).to_vec();
        assert_ok!(Council::set_members(RuntimeOrigin::root(), seven, Some(account(Alice)), 4));
        // Five of seven are two thirds: they decide what is done every day.
        assert_ok!(motion(credit_to_eve(5_000, b"KB-1"), &five));
        assert_eq!(motion(announce.clone(), &five), Err(DispatchError::BadOrigin));
        assert_eq!(announced(), None);
        assert_noop!(
            announce.clone().dispatch(signed(Alice)).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
        assert_ok!(motion(announce, &six));
        let upgrade = announced().unwrap();
        assert_eq!(upgrade.due, upgrade.announced_at + 3 * DAYS);
        // To stop one takes less than to announce it.
        assert_ok!(motion(call_off, &five));
        assert_eq!(announced(), None);
    });
}

/// Every call by which the SDK sets code, or could be made to.
fn calls_that_set_code() -> Vec<RuntimeCall> {
    use frame_system::Call::*;
    let code = b"the next runtime".to_vec();
    let key = sp_core::storage::well_known_keys::CODE.to_vec();
    let calls = vec![
        set_code { code: code.clone() },
        set_code_without_checks { code: code.clone() },
        authorize_upgrade { code_hash: Default::default() },
        authorize_upgrade_without_checks { code_hash: Default::default() },
        apply_authorized_upgrade { code: code.clone() },
        set_storage { items: vec![(key.clone(), code)] },
        kill_storage { keys: vec![key.clone()] },
        kill_prefix { prefix: key, subkeys: 1 },
    ];
    calls.into_iter().map(RuntimeCall::System).collect()
}

#[test]
fn nothing_but_an_announced_upgrade_sets_code() {
    let stored = || sp_io::storage::get(sp_core::storage::well_known_keys::CODE).unwrap().to_vec();
    let filtered = DispatchError::from(frame_system::Error::<Runtime>::CallFiltered);
    let all = [Alice, Bob, Charlie, Dave];
    local(|| {
        let before = stored();
        for call in calls_that_set_code() {
            let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![call.clone()] });
            for wrapped in [call.clone(), enact(call.clone()), enact(batch.clone()), batch.clone()] {
                assert_eq!(motion(wrapped, &all), Err(filtered), "{call:?}");
            }
            assert_noop!(call.dispatch(signed(Alice)).map_err(|error| error.error), filtered);
            assert_eq!(stored(), before);
        }
    });
    development(|| {
        let before = stored();
        for call in calls_that_set_code() {
            let batch = RuntimeCall::Utility(pallet_utility::Call::force_batch { calls: vec![call.clone()] });
            for wrapped in [call, batch] {
                let sudo = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: Box::new(wrapped) });
                assert_noop!(sudo.dispatch(signed(Alice)).map_err(|error| error.error), filtered);
            }
        }
        assert_eq!(stored(), before);
        assert_ok!(Upgrades::announce(RuntimeOrigin::root(), [7; 32]));
        let upgrade = pallet_upgrades::Announced::<Runtime>::get().unwrap();
        assert_eq!(upgrade.due, upgrade.announced_at + 15);
    });
}

#[test]
fn the_root_origin_makes_few_calls_and_none_that_makes_others() {
    let not_enactable = Err(pallet_consortium::Error::<Runtime>::NotEnactable.into());
    let all = [Alice, Bob, Charlie, Dave];
    let transfer = RuntimeCall::Balances(pallet_balances::Call::force_transfer {
        source: account(Eve).into(),
        dest: account(Alice).into(),
        value: 1,
    });
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![transfer.clone()] });
    local(|| {
        let before = Balances::free_balance(account(Eve));
        assert_eq!(motion(enact(transfer), &all), not_enactable);
        assert_eq!(motion(enact(batch), &all), not_enactable);
        assert_eq!(motion(enact(another_council()), &all), not_enactable);
        assert_eq!(Balances::free_balance(account(Eve)), before);
    });
}

#[test]
fn two_thirds_stop_and_resume_new_orders() {
    let stop = RuntimeCall::Marketplace(pallet_marketplace::Call::stop_orders {});
    let resume = RuntimeCall::Marketplace(pallet_marketplace::Call::resume_orders {});
    let stopped = pallet_marketplace::OrdersStopped::<Runtime>::get;
    local(|| {
        assert_eq!(motion(stop.clone(), &[Alice, Bob]), Err(DispatchError::BadOrigin));
        assert_ok!(motion(stop, &[Alice, Bob, Charlie]));
        assert!(stopped());
        assert_ok!(motion(resume, &[Alice, Bob, Charlie]));
        assert!(!stopped());
    });
}

/// Puts a motion that credits so much.
fn put(who: Ed25519Keyring, amount: u128) -> DispatchResult {
    let call = credit_to_eve(amount, b"KB-1");
    let length = call.encoded_size() as u32;
    Council::propose(signed(who), 3, Box::new(call), length).map(drop).map_err(|error| error.error)
}

#[test]
fn a_member_has_four_open_motions_and_no_more() {
    let full = Err(pallet_consortium::Error::<Runtime>::TooManyOpenMotions.into());
    let hash = |amount| BlakeTwo256::hash_of(&credit_to_eve(amount, b"KB-1"));
    local(|| {
        for amount in 1..=4 {
            assert_ok!(put(Alice, amount));
        }
        assert_eq!(put(Alice, 5), full);
        assert_eq!(motions::open_motions(&account(Alice)), 4);
        // Not in a batch either, and another member has room of their own.
        let call = Box::new(credit_to_eve(6, b"KB-1"));
        let length_bound = call.encoded_size() as u32;
        let propose = RuntimeCall::Council(pallet_collective::Call::propose {
            threshold: 3,
            proposal: call,
            length_bound,
        });
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![propose] });
        assert_eq!(batch.dispatch(signed(Alice)).map(drop).map_err(|error| error.error), full);
        assert_ok!(put(Bob, 5));

        // One is disapproved by those who vote: there is room for one.
        for member in [Bob, Charlie] {
            assert_ok!(Council::vote(signed(member), hash(2), 1, false));
        }
        let weight = credit_to_eve(2, b"KB-1").get_dispatch_info().call_weight;
        assert_ok!(Council::close(signed(Dave), hash(2), 1, weight, 1_000));
        assert_ok!(put(Alice, 6));
        assert_eq!(put(Alice, 7), full);
        // Another puts the same again: it is theirs now, and not the first one's.
        assert_ok!(put(Bob, 2));
        assert_eq!(motions::open_motions(&account(Alice)), 4);
        assert_eq!(motions::open_motions(&account(Bob)), 2);

        // One is carried, one taken away by the root origin.
        for member in [Alice, Bob, Charlie] {
            assert_ok!(Council::vote(signed(member), hash(1), 0, true));
        }
        assert_ok!(Council::close(signed(Dave), hash(1), 0, weight, 1_000));
        assert_ok!(Council::disapprove_proposal(RuntimeOrigin::root(), hash(3)));
        assert_ok!(put(Alice, 7));
        assert_ok!(put(Alice, 8));
        assert_eq!(put(Alice, 9), full);
        // A motion that one member carries alone is never open.
        let call = credit_to_eve(10, b"KB-1");
        let length = call.encoded_size() as u32;
        assert_ok!(Council::propose(signed(Alice), 1, Box::new(call), length));
    });
}

#[test]
fn motions_that_lapsed_make_room() {
    local(|| {
        for amount in 1..=4 {
            assert_ok!(put(Alice, amount));
        }
        System::set_block_number(System::block_number() + 7 * DAYS + 1);
        // Anybody of the council closes what has lapsed.
        let weight = credit_to_eve(1, b"KB-1").get_dispatch_info().call_weight;
        let hash = BlakeTwo256::hash_of(&credit_to_eve(1, b"KB-1"));
        assert_ok!(Council::close(signed(Bob), hash, 0, weight, 1_000));
        assert_ok!(put(Alice, 5));
    });
}

#[test]
fn who_did_not_vote_did_not_agree() {
    let one = [Alice].map(account).to_vec();
    let enact = enact(RuntimeCall::Council(pallet_collective::Call::set_members {
        new_members: one,
        prime: None,
        old_count: 7,
    }));
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
        assert!(Council::is_member(&account(Bob)));
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
    local(|| {
        refused(remark(), signed(Alice));
        refused(with_event, signed(Alice));
        refused(RuntimeCall::Utility(batch), signed(Alice));
        refused(RuntimeCall::Multisig(multisig), signed(Alice));
        assert_eq!(motion(remark(), &[Alice, Bob, Charlie]), Err(filtered));
    });
}

#[test]
fn a_validator_cannot_purge_its_keys() {
    let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
    assert!(!BaseCallFilter::contains(&purge));
    // Nor set them but through the consortium, which counts how often.
    let keys = SessionKeys { aura: Sr25519Keyring::Eve.public().into(), grandpa: Eve.public().into() };
    let set = RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof: vec![] });
    assert!(!BaseCallFilter::contains(&set));
    assert!(BaseCallFilter::contains(&credit_to_eve(1, b"KB-1")));
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
        assert!(Consortium::set_keys(signed(Eve), keys.clone(), proof).is_err());
        assert_ok!(Consortium::set_keys(signed(Eve), keys.clone(), ownership_proof(&owner)));
        assert_ok!(motion(add, &[Alice, Bob, Charlie]));
        keys.aura = Sr25519Keyring::Alice.public().into();
        assert!(Consortium::set_keys(signed(Eve), keys, ownership_proof(&owner)).is_err());
        check_invariants();
    });
}

/// Proves with Eve's session keys that they belong to an account.
fn ownership_proof(owner: &[u8]) -> Vec<u8> {
    let statement = [b"POP_", owner].concat();
    (Sr25519Keyring::Eve.sign(&statement), Eve.sign(&statement)).encode()
}
