//! A runtime with the session, this pallet and money, and blocks to run it through.

#![allow(unreachable_pub, clippy::arithmetic_side_effects)]

use crate as pallet_consortium;
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, Contains, Hooks},
};
use frame_system::EnsureRoot;
use sp_runtime::{
    impl_opaque_keys,
    testing::{TestSignature, UintAuthorityId},
    traits::{ConvertInto, OpaqueKeys},
    BuildStorage, RuntimeAppPublic,
};

/// An account of the tests.
pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Consortium: pallet_consortium,
        Session: pallet_session,
    }
);

impl_opaque_keys! {
    /// One key, a number.
    pub struct MockKeys {
        /// The number.
        pub key: UintAuthorityId,
    }
}

impl From<u64> for MockKeys {
    fn from(key: u64) -> Self {
        Self { key: UintAuthorityId(key) }
    }
}

parameter_types! {
    /// How often a handler was told of a changed set, and the set.
    pub static Announced: Vec<Vec<AccountId>> = Vec::new();
}

/// Writes down every set that is announced as changed.
pub struct Recorder;
impl pallet_session::SessionHandler<AccountId> for Recorder {
    const KEY_TYPE_IDS: &'static [sp_runtime::KeyTypeId] = &[UintAuthorityId::ID];

    fn on_genesis_session<T: OpaqueKeys>(_: &[(AccountId, T)]) {}

    fn on_new_session<T: OpaqueKeys>(changed: bool, validators: &[(AccountId, T)], _: &[(AccountId, T)]) {
        if changed {
            Announced::mutate(|sets| sets.push(validators.iter().map(|(account, _)| *account).collect()));
        }
    }

    fn on_disabled(_: u32) {}
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Consortium;
    type NextSessionRotation = ();
    type SessionManager = Consortium;
    type SessionHandler = Recorder;
    type Keys = MockKeys;
    type DisablingStrategy = ();
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU64<10>;
}

/// Blocks between two changes of a validator's keys.
pub(crate) const ROTATION_INTERVAL: u64 = 30;

/// The root origin may do anything but set code.
pub struct NoCode;
impl Contains<RuntimeCall> for NoCode {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::System(frame_system::Call::set_code { .. }))
    }
}

impl pallet_consortium::Config for Test {
    type RuntimeCall = RuntimeCall;
    type EnactFilter = NoCode;
    type RotationInterval = ConstU64<ROTATION_INTERVAL>;
    type ValidatorOrigin = EnsureRoot<AccountId>;
    type EnactOrigin = EnsureRoot<AccountId>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::Helper<AccountId, MockKeys, RuntimeCall> for () {
    fn keys(owner: &AccountId) -> (MockKeys, Vec<u8>) {
        (MockKeys::from(owner + 1_000), proof(owner + 1_000, *owner))
    }

    fn enactable() -> RuntimeCall {
        RuntimeCall::System(frame_system::Call::set_heap_pages { pages: 1 })
    }
}

/// The proof with a key that it belongs to an account.
pub(crate) fn proof(key: u64, owner: AccountId) -> Vec<u8> {
    TestSignature(key, owner.encode()).encode()
}

/// Registers session keys for an account, as `Session::set_keys` would.
pub(crate) fn set_keys(account: AccountId) {
    pallet_session::NextKeys::<Test>::insert(account, MockKeys::from(account));
}

/// Goes to the first block of the next session.
pub(crate) fn next_session() {
    loop {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        let before = Session::current_index();
        Session::on_initialize(next);
        if Session::current_index() > before {
            return;
        }
    }
}

/// Runs a test over members 1 and 2, with keys for 1 to 5, and checks the invariants afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: (1..10).map(|account| (account, 1_000)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_consortium::GenesisConfig::<Test> { validators: vec![2, 1], session_length: 5 }
        .assimilate_storage(&mut storage)
        .unwrap();
    pallet_session::GenesisConfig::<Test> {
        keys: vec![(1, 1, 1.into()), (2, 2, 2.into())],
        non_authority_keys: vec![(3, 3, 3.into()), (4, 4, 4.into())],
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        System::set_block_number(1);
        test();
        Consortium::do_try_state().unwrap();
    });
}
