//! Who may decide what, through the calls that people really make.

use crate::support::{account, local};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Contains};
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie, Eve};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError, DispatchResult,
};
use wonbon_runtime::{
    configs::governance::BaseCallFilter, Balances, Council, Credit, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, System,
};

fn signed(who: Ed25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

/// Puts a motion, has the members vote for it, closes it, and tells how it ended.
fn motion(call: RuntimeCall, in_favour: &[Ed25519Keyring]) -> DispatchResult {
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
fn half_of_the_council_issues_money() {
    local(|| {
        let before = Balances::free_balance(account(Eve));
        assert_ok!(motion(credit_to_eve(5_000, b"KB-1"), &[Alice, Bob]));
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
fn a_validator_cannot_purge_its_keys() {
    let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
    assert!(!BaseCallFilter::contains(&purge));
    assert!(BaseCallFilter::contains(&credit_to_eve(1, b"KB-1")));
}
