//! A runtime with this pallet, real balances and a register of participants that tests set as they like. Every
//! test runs through [`ExtBuilder::build_and_execute`], which checks the invariants at the end.

#![allow(clippy::arithmetic_side_effects)]

use crate as pallet_provenance;
use crate::{DatasetRegistry, HoldReason};
use codec::Encode;
use frame_support::{
    assert_ok, derive_impl,
    traits::{fungible::InspectHold, ConstU64, Hooks, UnixTime},
};
use frame_system::EnsureRoot;
use sp_runtime::{testing::H256, BuildStorage, DispatchResult};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    company::{ParticipantRegistry, Role, Roles},
    content::{
        growth::{self, GrowthProof},
        tree::{leaf_hash, root_of},
    },
    dataset::{Method, Relation},
    record::{announcement, Moment, Parent, ParentList, Reason},
    registry::{DatasetMarket, Stuck, TradeEntries},
    share::Share,
    unchecked::{unchecked_parents, UncheckedParents},
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
pub(crate) const RECORD_DEPOSIT: Balance = 3;
pub(crate) const ATTESTATION_DEPOSIT: Balance = 50;
pub(crate) const DELAY: u64 = 2;
pub(crate) const DRAW_DELAY: u64 = 3;

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
    type DrawDelay = ConstU64<DRAW_DELAY>;
    type Time = Clock;
    type Trades = Traded;
    type Market = Market;
    type AnnouncementDeposit = ConstU64<ANNOUNCEMENT_DEPOSIT>;
    type DatasetDeposit = ConstU64<DATASET_DEPOSIT>;
    type ParentDeposit = ConstU64<PARENT_DEPOSIT>;
    type RecordDeposit = ConstU64<RECORD_DEPOSIT>;
    type AttestationDeposit = ConstU64<ATTESTATION_DEPOSIT>;
    type WeightInfo = ();
}

/// Time goes with the blocks, two seconds each.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_millis(at(System::block_number()).time)
    }
}

/// The moment of a block.
pub(crate) fn at(block: u64) -> Moment<u64> {
    Moment { block, time: 1_700_000_000_000 + 2_000 * block }
}

/// The moment of this block.
pub(crate) fn now() -> Moment<u64> {
    at(System::block_number())
}

/// The hash of a block; the parent's hash of the next.
pub(crate) fn hash_of(block: u64) -> H256 {
    H256::from_low_u64_be(0xb10c_0000 + block)
}

thread_local! {
    static WITHDRAWN: RefCell<Vec<DatasetId>> = const { RefCell::new(Vec::new()) };
    static KEPT: RefCell<Vec<(AccountId, DatasetId, Share, u32)>> = const { RefCell::new(Vec::new()) };
    static STUCK: Cell<bool> = const { Cell::new(false) };
    static TRADED: RefCell<BTreeMap<DatasetId, Vec<(u32, Digest)>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What stands in for the records of another pallet: the trades of the test.
pub struct Traded;

impl Traded {
    /// Change the records of a dataset's trades.
    pub(crate) fn change(id: DatasetId, change: impl FnOnce(&mut Vec<(u32, Digest)>)) {
        TRADED.with_borrow_mut(|traded| change(traded.entry(id).or_default()));
    }
}

impl TradeEntries for Traded {
    fn trade_entries(id: &DatasetId) -> Vec<(u32, Digest)> {
        TRADED.with_borrow(|traded| traded.get(id).cloned().unwrap_or_default())
    }
}

/// What stands in for the marketplace: what it was asked to do.
pub struct Market;

impl DatasetMarket<AccountId> for Market {
    fn withdraw_offers(id: &DatasetId) -> Result<u32, Stuck> {
        if STUCK.get() {
            return Err(Stuck);
        }
        WITHDRAWN.with_borrow_mut(|withdrawn| withdrawn.push(*id));
        Ok(3)
    }

    fn keep_right(company: &AccountId, id: &DatasetId, royalty: Share, handover: u32) {
        KEPT.with_borrow_mut(|kept| kept.push((*company, *id, royalty, handover)));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_offer(_: &AccountId, _: &DatasetId) {}
}

/// Whose offers were withdrawn.
pub(crate) fn withdrawn_offers() -> Vec<DatasetId> {
    WITHDRAWN.take()
}

/// Which rights were kept.
pub(crate) fn kept_rights() -> Vec<(AccountId, DatasetId, Share, u32)> {
    KEPT.take()
}

/// Whether the marketplace can do what it is asked.
pub(crate) fn set_stuck(stuck: bool) {
    STUCK.set(stuck);
}

/// A trade of a dataset becomes final, with this entry in the hash chain.
pub(crate) fn trade(id: DatasetId, entry: Digest) {
    if let Some(place) = Provenance::next_trade(&id) {
        Traded::change(id, |trades| trades.push((place.position, entry)));
    }
    Provenance::record_trade(&id, entry);
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

    fn has_role(who: &AccountId, role: Role) -> bool {
        Self::get(who).is_some_and(|entry| {
            let counts = entry.accredited || !role.needs_accreditation();
            entry.verified && entry.roles.contains(role) && counts
        })
    }

    fn share_admin(_: &AccountId, _: &AccountId) -> bool {
        false
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
        TRADED.with_borrow_mut(BTreeMap::clear);
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

/// Each number is a dataset of so many whole blocks; odd ones have one byte more. All of them grew out of each
/// other: the whole blocks are those of the lower numbers, and some more. A block is known by its hash alone, so
/// one byte stands in for it.
pub(crate) fn length(number: u8) -> u64 {
    u64::from(number) * BLOCK_SIZE + u64::from(number % 2)
}

fn leaves(number: u8) -> Vec<Digest> {
    let whole = (0..number).map(|block| leaf_hash(&[block]));
    whole.chain((number % 2 == 1).then(|| leaf_hash(&[number, number]))).collect()
}

pub(crate) fn root(number: u8) -> Digest {
    root_of(leaves(number)).expect("not empty; qed")
}

pub(crate) fn id(number: u8) -> DatasetId {
    DatasetId(root(number))
}

/// The proof that one dataset grew out of another.
pub(crate) fn growth(old: u8, new: u8) -> GrowthProof {
    growth::prove(length(old), leaves(old), length(new), leaves(new)).expect("longer; qed")
}

pub(crate) fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).expect("at most the whole; qed")
}

/// A parent with a royalty in millionths.
pub(crate) fn parent(number: u8, relation: Relation, royalty: u32) -> Parent {
    Parent { dataset: id(number), relation, royalty: share(royalty) }
}

pub(crate) fn list(parents: impl IntoIterator<Item = Parent>) -> ParentList {
    parents.into_iter().collect::<Vec<_>>().try_into().expect("few enough; qed")
}

pub(crate) fn commitment(who: AccountId, number: u8) -> Digest {
    announcement(&who.encode(), &root(number), &SALT)
}

pub(crate) fn reason() -> Reason {
    "측정 오류".as_bytes().to_vec().try_into().expect("short enough; qed")
}

/// Begin so many blocks, one after another.
pub(crate) fn wait(blocks: u64) {
    for _ in 0..blocks {
        let last = System::block_number();
        System::initialize(&(last + 1), &hash_of(last), &Default::default());
        Provenance::on_initialize(last + 1);
    }
}

pub(crate) fn announce(who: AccountId, number: u8) -> DispatchResult {
    Provenance::announce(RuntimeOrigin::signed(who), commitment(who, number))
}

/// The second step of registering.
pub(crate) fn open(
    who: AccountId,
    number: u8,
    parents: ParentList,
    growth: Option<GrowthProof>,
) -> DispatchResult {
    let (root, length) = (root(number), length(number));
    open_as(who, root, length, parents, growth)
}

/// The second step of registering a dataset of any root and length.
pub(crate) fn open_as(
    who: AccountId,
    root: Digest,
    length: u64,
    parents: ParentList,
    growth: Option<GrowthProof>,
) -> DispatchResult {
    open_unchecked(who, root, length, unchecked_parents(parents), growth)
}

/// The second step of registering, with whatever a foreign client says of the parents.
pub(crate) fn open_unchecked(
    who: AccountId,
    root: Digest,
    length: u64,
    parents: UncheckedParents,
    growth: Option<GrowthProof>,
) -> DispatchResult {
    let origin = RuntimeOrigin::signed(who);
    Provenance::register(origin, root, length, SALT, METADATA, Method::Collected, parents, growth)
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// Both steps of registering a dataset without parents.
pub(crate) fn register(who: AccountId, number: u8) {
    register_from(who, number, []);
}

/// Both steps of registering a dataset with parents that it is no new version of.
pub(crate) fn register_from(who: AccountId, number: u8, parents: impl IntoIterator<Item = Parent>) {
    assert_ok!(announce(who, number));
    wait(DELAY);
    assert_ok!(open(who, number, list(parents), None));
}

/// Both steps of registering a new version.
pub(crate) fn register_version(who: AccountId, old: u8, new: u8) {
    assert_ok!(announce(who, new));
    wait(DELAY);
    let parents = list([parent(old, Relation::NewVersionOf, 0)]);
    assert_ok!(open(who, new, parents, Some(growth(old, new))));
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
