//! A runtime with money and this pallet.

use crate as pallet_credit;
use frame_support::{derive_impl, traits::ConstU64};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Credit: pallet_credit,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

impl pallet_credit::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type IssuerOrigin = EnsureRoot<u64>;
    type MinimumRedemption = ConstU64<100>;
    type RedemptionLife = ConstU64<LIFE>;
    type Treasury = ConstU64<TREASURY>;
    type WeightInfo = ();
}

/// Blocks that a redemption waits.
pub(crate) const LIFE: u64 = 20;
/// Owns 1,000 too.
pub(crate) const TREASURY: u64 = 9;

/// Runs a test in which accounts 1 and 2 own 1,000 each, and checks the invariants afterwards.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: vec![(1, 1_000), (2, 1_000), (TREASURY, 1_000)],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_credit::GenesisConfig::<Test>::default().assimilate_storage(&mut storage).unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
        System::set_block_number(1);
        test();
        Credit::do_try_state().unwrap();
    });
}
