//! A runtime with this pallet, real balances and a register of participants that tests set as they like. Every
//! test runs through [`ExtBuilder::build_and_execute`], which checks the invariants at the end.

use crate as pallet_provenance;
use crate::{HoldReason, ParentList, Reason};
use codec::Encode;
use frame_support::{
    assert_ok, derive_impl,
    traits::{fungible::InspectHold, ConstU64},
};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap};
use wonbon_primitives::{
    company::{ParticipantRegistry, Role, Roles},
    dataset::Method,
    id::announcement,
    DatasetId, Digest,
};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u64;

/// Verified providers.
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
/// Verified and accredited inspectors; the second provides as well.
pub(crate) const INSPECTOR: AccountId = 3;
pub(crate) const LAB: AccountId = 4;
/// Verified, and no provider.
pub(crate) const CONSUMER: AccountId = 5;
/// Registered nowhere, with money.
pub(crate) const STRANGER: AccountId = 6;
/// A verified provider without money.
pub(crate) const PAUPER: AccountId = 7;

/// What everyone but the pauper has.
pub(crate) const FUNDS: Balance = 100_000;
pub(crate) const ANNOUNCEMENT_DEPOSIT: Balance = 10;
pub(crate) const DATASET_DEPOSIT: Balance = 100;
pub(crate) const PARENT_DEPOSIT: Balance = 7;
pub(crate) const ATTESTATION_DEPOSIT: Balance = 50;
pub(crate) const DELAY: u64 = 2;

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
    pub type Provenance = pallet_provenance;
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

impl pallet_provenance::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Participants = Register;
    type AuthorityOrigin = EnsureRoot<AccountId>;
    type AnnouncementDelay = ConstU64<DELAY>;
    type AnnouncementDeposit = ConstU64<ANNOUNCEMENT_DEPOSIT>;
    type DatasetDeposit = ConstU64<DATASET_DEPOSIT>;
    type ParentDeposit = ConstU64<PARENT_DEPOSIT>;
    type AttestationDeposit = ConstU64<ATTESTATION_DEPOSIT>;
    type WeightInfo = ();
}

/// What the register knows of a participant.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) verified: bool,
    pub(crate) accredited: bool,
    pub(crate) roles: Roles,
}

thread_local! {
    static REGISTER: RefCell<BTreeMap<AccountId, Entry>> = const { RefCell::new(BTreeMap::new()) };
}

/// A register of participants that tests set as they like.
pub struct Register;

impl Register {
    fn get(who: &AccountId) -> Option<Entry> {
        REGISTER.with_borrow(|register| register.get(who).copied())
    }

    /// Change what is known of a participant.
    pub(crate) fn change(who: AccountId, change: impl FnOnce(&mut Entry)) {
        let unknown = Entry { verified: false, accredited: false, roles: Roles::EMPTY };
        REGISTER.with_borrow_mut(|register| change(register.entry(who).or_insert(unknown)));
    }

    pub(crate) fn suspend(who: AccountId) {
        Self::change(who, |entry| entry.verified = false);
    }

    pub(crate) fn reinstate(who: AccountId) {
        Self::change(who, |entry| entry.verified = true);
    }

    fn reset() {
        REGISTER.with_borrow_mut(BTreeMap::clear);
        let both = Roles::from(Role::Provider).with(Role::Inspector);
        for (who, roles) in [
            (ALICE, Role::Provider.into()),
            (BOB, Role::Provider.into()),
            (PAUPER, Role::Provider.into()),
            (INSPECTOR, Role::Inspector.into()),
            (LAB, both),
            (CONSUMER, Role::Consumer.into()),
        ] {
            let accredited = roles.contains(Role::Inspector);
            Self::change(who, |entry| *entry = Entry { verified: true, accredited, roles });
        }
    }
}

impl ParticipantRegistry<AccountId> for Register {
    fn is_verified(who: &AccountId) -> bool {
        Self::get(who).is_some_and(|entry| entry.verified)
    }

    fn is_inspector(who: &AccountId) -> bool {
        Self::get(who).is_some_and(|entry| entry.accredited) && Self::has_role(who, Role::Inspector)
    }

    fn has_role(who: &AccountId, role: Role) -> bool {
        Self::get(who).is_some_and(|entry| entry.verified && entry.roles.contains(role))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &AccountId) {
        Self::change(*who, |entry| *entry = Entry { verified: true, accredited: true, roles: Roles::ALL });
    }
}

/// Builds the state in which a test begins.
pub(crate) struct ExtBuilder;

impl ExtBuilder {
    pub(crate) fn build() -> sp_io::TestExternalities {
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("no genesis; qed");
        let balances = [ALICE, BOB, INSPECTOR, LAB, CONSUMER, STRANGER].map(|who| (who, FUNDS)).to_vec();
        pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
            .assimilate_storage(&mut storage)
            .expect("balances above the existential deposit; qed");
        Register::reset();
        let mut externalities = sp_io::TestExternalities::new(storage);
        // Events are not kept at block 0.
        externalities.execute_with(|| System::set_block_number(1));
        externalities
    }

    pub(crate) fn build_and_execute(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            Provenance::do_try_state().expect("the invariants hold");
        });
    }
}

pub(crate) const SALT: Digest = [0x5a; 32];
pub(crate) const METADATA: Digest = [0x3e; 32];
pub(crate) const LENGTH: u64 = 4_097;

/// A root for each number.
pub(crate) fn root(number: u8) -> Digest {
    [number; 32]
}

pub(crate) fn id(number: u8) -> DatasetId {
    DatasetId(root(number))
}

pub(crate) fn commitment(who: AccountId, number: u8) -> Digest {
    announcement(&who.encode(), &root(number), &SALT)
}

pub(crate) fn reason() -> Reason {
    "측정 오류".as_bytes().to_vec().try_into().expect("short enough; qed")
}

pub(crate) fn wait(blocks: u64) {
    System::set_block_number(System::block_number().saturating_add(blocks));
}

pub(crate) fn announce(who: AccountId, number: u8) -> DispatchResult {
    Provenance::announce(RuntimeOrigin::signed(who), commitment(who, number))
}

/// The second step of registering.
pub(crate) fn open(who: AccountId, number: u8, parents: ParentList) -> DispatchResult {
    Provenance::register(
        RuntimeOrigin::signed(who),
        root(number),
        LENGTH,
        SALT,
        METADATA,
        Method::Collected,
        parents,
    )
}

/// Both steps of registering.
pub(crate) fn register(who: AccountId, number: u8) {
    register_from(who, number, ParentList::default());
}

pub(crate) fn register_from(who: AccountId, number: u8, parents: ParentList) {
    assert_ok!(announce(who, number));
    wait(DELAY);
    assert_ok!(open(who, number, parents));
}

pub(crate) fn held(reason: HoldReason, who: AccountId) -> Balance {
    Balances::balance_on_hold(&reason.into(), &who)
}

/// The events of this pallet since the last time that somebody asked.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
