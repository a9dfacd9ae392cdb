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
    bounds::{BLOCK_SIZE, MIN_SAMPLED},
    company::{ParticipantRegistry, Role, Roles},
    content::{
        growth::{self, GrowthProof},
        shown::{self, ShownLeaf, ShownLeaves},
        tree::{leaf_hash, node_hash, root_of},
    },
    dataset::{Method, Relation},
    record::{announcement, Moment, Parent, ParentList, Reason},
    registry::{DatasetMarket, Stuck, TradeEntries},
    share::Share,
    unchecked::{unchecked_parents, UncheckedParents},
    BoundedVec, Commitment, DatasetId, Digest,
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
pub(crate) const DATASET_DEPOSIT: Balance = 100;
pub(crate) const PARENT_DEPOSIT: Balance = 7;
pub(crate) const RECORD_DEPOSIT: Balance = 3;
pub(crate) const ATTESTATION_DEPOSIT: Balance = 50;
/// How many blocks after an announcement its registration is taken: in the one after the block that draws the leaves.
pub(crate) const DELAY: u64 = 2;
pub(crate) const LIFETIME: u64 = 40;
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
    type BlockHashCount = ConstU64<100>;
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
    type AnnouncementDelay = ConstU64<{ DELAY - 1 }>;
    type AnnouncementLifetime = ConstU64<LIFETIME>;
    type ProvisionalPeriod = Provisional;
    type DrawDelay = ConstU64<DRAW_DELAY>;
    type Time = Clock;
    type Trades = Traded;
    type Market = Market;
    type DatasetDeposit = ConstU64<DATASET_DEPOSIT>;
    type ParentDeposit = ConstU64<PARENT_DEPOSIT>;
    type RecordDeposit = ConstU64<RECORD_DEPOSIT>;
    type AttestationDeposit = ConstU64<ATTESTATION_DEPOSIT>;
    type WeightInfo = ();
}

frame_support::parameter_types! {
    /// For how long a registration is provisional: not at all, so that tests of what comes later need not wait, unless
    /// a test sets it.
    pub static Provisional: u64 = 0;
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
        Provisional::set(0);
        TREES.with_borrow_mut(BTreeMap::clear);
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

/// Blocks that every dataset begins with: of smaller ones no fair sample is given.
const HEAD: u64 = MIN_SAMPLED.div_ceil(BLOCK_SIZE);

/// Each number is a dataset of so many whole blocks behind the head; odd ones have one byte more. All of them grew out of
/// each other: the whole blocks are those of the lower numbers, and some more. A block is known by its hash alone, so its
/// number stands in for it.
pub(crate) fn length(number: u8) -> u64 {
    (HEAD + u64::from(number)) * BLOCK_SIZE + u64::from(number % 2)
}

pub(crate) fn leaves(number: u8) -> Vec<Digest> {
    let whole = (0..HEAD + u64::from(number)).map(|block| leaf_hash(&block.to_le_bytes()));
    whole.chain((number % 2 == 1).then(|| leaf_hash(&[number, number]))).collect()
}

thread_local! {
    /// The roots of the numbered datasets that were asked for: each is hundreds of hashes.
    static ROOTS: RefCell<BTreeMap<u8, Digest>> = const { RefCell::new(BTreeMap::new()) };
}

pub(crate) fn root(number: u8) -> Digest {
    let computed = || root_of(leaves(number)).expect("not empty; qed");
    ROOTS.with_borrow_mut(|roots| *roots.entry(number).or_insert_with(computed))
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
    announcement(&who.encode(), &root(number), length(number), &SALT)
}

thread_local! {
    /// The leaves of trees that have no number, by their roots.
    static TREES: RefCell<BTreeMap<Digest, Vec<Digest>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The root of a tree that has no number; its leaves are shown when it is registered.
pub(crate) fn tree(leaves: Vec<Digest>) -> Digest {
    let root = root_of(leaves.clone()).expect("not empty; qed");
    TREES.with_borrow_mut(|trees| trees.insert(root, leaves));
    root
}

/// The roots of the trees of one leaf, again and again: of one, of two, of four, and so on to the largest there is.
fn uniform() -> impl Iterator<Item = Digest> {
    std::iter::successors(Some(leaf_hash(b"again")), |half| Some(node_hash(half, half))).take(27)
}

/// The root of a file of `2^levels` equal blocks.
pub(crate) fn uniform_root(levels: usize) -> Digest {
    uniform().nth(levels).expect("at most 26 levels; qed")
}

/// The leaves that are drawn for a registration of this root, as well as can be shown: those of the tree if it is known
/// here, the root itself for one block, and otherwise none.
pub(crate) fn shown(who: AccountId, file: Commitment, announced: u64) -> ShownLeaves {
    let seed = hash_of(announced + DELAY - 1).0;
    let account = who.encode();
    let named = TREES.with_borrow(|trees| trees.get(&file.root).cloned());
    let numbered = || (1..=u8::MAX).find(|number| root(*number) == file.root).map(leaves);
    let levels = uniform().position(|root| root == file.root);
    let indices = || shown::drawn(&seed, &account, &file);
    let all = |leaf: ShownLeaf| BoundedVec::truncate_from(indices().iter().map(|_| leaf.clone()).collect());
    if file.validate().is_err() {
        ShownLeaves::default()
    } else if file.blocks() == 1 {
        all(ShownLeaf { leaf: file.root, path: Default::default() })
    } else if let Some(levels) = levels.filter(|levels| file.blocks() == 1 << levels) {
        let path = BoundedVec::truncate_from(uniform().take(levels).collect());
        all(ShownLeaf { leaf: uniform_root(0), path })
    } else if let Some(leaves) = named.or_else(numbered).filter(|leaves| leaves.len() as u64 == file.blocks())
    {
        let mut prover = shown::Prover::new(&seed, &account, &file).expect("leaves that there are; qed");
        leaves.into_iter().for_each(|leaf| prover.push(leaf));
        prover.finish().expect("all leaves; qed")
    } else {
        ShownLeaves::default()
    }
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
    announce_as(who, root(number), length(number))
}

/// The first step of registering a dataset of any root and length.
pub(crate) fn announce_as(who: AccountId, root: Digest, length: u64) -> DispatchResult {
    let hidden = announcement(&who.encode(), &root, length, &SALT);
    Provenance::announce(RuntimeOrigin::signed(who), hidden)
}

/// When somebody announced a dataset; this block if they did not.
pub(crate) fn announced_at(who: AccountId, root: Digest, length: u64) -> u64 {
    let hidden = announcement(&who.encode(), &root, length, &SALT);
    crate::Announcements::<Test>::get(who, hidden).map_or_else(System::block_number, |found| found.at)
}

pub(crate) fn enter(number: u8) -> DispatchResult {
    enter_as(id(number))
}

fn enter_as(id: DatasetId) -> DispatchResult {
    let entered = Provenance::enter_lineage(RuntimeOrigin::signed(STRANGER), id);
    entered.map(|_| ()).map_err(|refused| refused.error)
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

/// The second step of registering, with whatever a foreign client says of the parents; and the third, if it has any and
/// nothing is provisional.
pub(crate) fn open_unchecked(
    who: AccountId,
    root: Digest,
    length: u64,
    parents: UncheckedParents,
    growth: Option<GrowthProof>,
) -> DispatchResult {
    let has_lineage = !parents.is_empty() && Provisional::get() == 0;
    open_only(who, root, length, parents, growth)?;
    if has_lineage {
        enter_as(DatasetId(root))?;
    }
    Ok(())
}

/// The second step alone.
pub(crate) fn open_only(
    who: AccountId,
    root: Digest,
    length: u64,
    parents: UncheckedParents,
    growth: Option<GrowthProof>,
) -> DispatchResult {
    let leaves = shown(who, Commitment { root, length }, announced_at(who, root, length));
    let origin = RuntimeOrigin::signed(who);
    Provenance::register(origin, root, length, SALT, leaves, METADATA, Method::Collected, parents, growth)
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
