//! A runtime with this pallet and real balances. Every test runs through [`ExtBuilder::build_and_execute`],
//! which checks the invariants at the end.

use crate as pallet_participants;
use frame_support::{
    derive_impl,
    traits::{fungible::InspectHold, ConstU64},
};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;
use wonbon_primitives::{
    company::{Region, RegistrationNumber, Role, Roles, SizeClass},
    record::{Name, Profile},
};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u64;

/// Companies with money.
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
pub(crate) const CAROL: AccountId = 3;
/// Owns nothing.
pub(crate) const PAUPER: AccountId = 9;

/// What each company with money has.
pub(crate) const FUNDS: Balance = 1_000;
pub(crate) const DEPOSIT: Balance = 100;

/// Numbers whose check digit is right, all different.
pub(crate) const NUMBERS: [&str; 3] = ["123-45-67891", "000-00-00015", "000-00-00029"];

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Participants = pallet_participants;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_participants::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RegistrarOrigin = EnsureRoot<AccountId>;
    type RegistrationDeposit = ConstU64<DEPOSIT>;
    type WeightInfo = ();
}

/// Builds the state in which a test begins.
pub(crate) struct ExtBuilder;

impl ExtBuilder {
    pub(crate) fn build() -> sp_io::TestExternalities {
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("no genesis; qed");
        let balances = [ALICE, BOB, CAROL].map(|account| (account, FUNDS)).to_vec();
        pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
            .assimilate_storage(&mut storage)
            .expect("balances above the existential deposit; qed");
        let mut externalities = sp_io::TestExternalities::new(storage);
        // Events are not kept at block 0.
        externalities.execute_with(|| System::set_block_number(1));
        externalities
    }

    pub(crate) fn build_and_execute(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            Participants::do_try_state().expect("the invariants hold");
        });
    }
}

/// One of [`NUMBERS`].
pub(crate) fn number(index: usize) -> RegistrationNumber {
    NUMBERS[index].parse().expect("the check digit is right; qed")
}

/// A profile with every role and one of [`NUMBERS`].
pub(crate) fn profile(index: usize) -> Profile {
    Profile {
        name: name("한빛정밀 주식회사"),
        registration_number: number(index),
        ksic: "C29223".parse().expect("a class of section C; qed"),
        size: SizeClass::Small,
        region: Region::Gyeonggi,
        roles: Role::ALL.into_iter().collect::<Roles>(),
    }
}

pub(crate) fn name(text: &str) -> Name {
    text.as_bytes().to_vec().try_into().expect("short enough; qed")
}

pub(crate) fn held(account: AccountId) -> Balance {
    Balances::balance_on_hold(&crate::HoldReason::Registration.into(), &account)
}

/// The events of this pallet since the last time that somebody asked.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
