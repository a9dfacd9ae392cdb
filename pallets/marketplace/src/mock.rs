//! A chain for the tests: real balances, and participants and datasets that a test states outright.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use frame_support::{
    derive_impl, parameter_types,
    traits::{fungible::Inspect, ConstU128, ConstU32, UnixTime},
};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;
use wonbon_primitives::{
    company::{ParticipantRegistry, Role},
    dataset::Relation,
    record::{self, Moment, Parent, RoyaltyShare, RoyaltyShares},
    registry::{DatasetInfo, DatasetMarket, DatasetRegistry, TradePlace},
    share::Share,
    Commitment, DatasetId, Digest,
};

use crate::HoldReason;

pub(crate) type AccountId = u64;
pub(crate) type Balance = u128;
pub(crate) type BlockNumber = u32;

/// A company that sells.
pub(crate) const SELLER: AccountId = 1;
/// A company that buys.
pub(crate) const BUYER: AccountId = 2;
/// Another company that buys.
pub(crate) const OTHER_BUYER: AccountId = 3;
/// Another company that sells.
pub(crate) const OTHER_SELLER: AccountId = 4;
/// An account that is no company.
pub(crate) const STRANGER: AccountId = 5;
/// Where fees and slashed bonds go; it does not exist before the first payment.
pub(crate) const TREASURY: AccountId = 99;
/// What stays on hold for each offer.
pub(crate) const OFFER_DEPOSIT: Balance = 50;
/// The most that windows are extended by at a time.
pub(crate) const MAX_EXTENSION: BlockNumber = 1_000;
/// What each account but the treasury has at genesis.
pub(crate) const ENDOWMENT: Balance = 1_000_000;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Marketplace = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BlockHashCount = ConstU32<250>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

parameter_types! {
    pub const Treasury: AccountId = TREASURY;
    /// The verified companies.
    pub static Verified: BTreeSet<AccountId> = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER].into();
    /// Pairs of companies with an admin in common.
    pub static SharedAdmins: BTreeSet<(AccountId, AccountId)> = BTreeSet::new();
    /// Roles that verified companies do not have; they have every other that needs no accreditation.
    pub static WithoutRole: BTreeSet<(AccountId, Role)> = BTreeSet::new();
    /// The datasets whose registrations do not stand for good.
    pub static Unsettled: BTreeSet<DatasetId> = BTreeSet::new();
    /// The registered datasets.
    pub static Registered: BTreeMap<DatasetId, DatasetInfo<AccountId>> = BTreeMap::new();
    /// What they were made from.
    pub static Lineage: BTreeMap<DatasetId, Vec<Parent>> = BTreeMap::new();
    /// How many datasets each account handed over.
    pub static HandedOver: BTreeMap<AccountId, u32> = BTreeMap::new();
    /// What trades added to the datasets' hash chains.
    pub static Records: Vec<(DatasetId, Digest)> = Vec::new();
    /// What an order pays for its records; nothing where a test does not look at it.
    pub static TradeFee: Balance = 0;
    /// What it pays for each royalty's.
    pub static RoyaltyFee: Balance = 0;
    /// The most that the rules may give the platform.
    pub const MaxPlatformFee: Share = Share::from_percent(10);
    /// The least of a price that the rules may ask for as bond.
    pub const MinBondShare: Share = Share::from_percent(5);
    /// The least of an order's bond that the rules may ask for when its delivery is missed.
    pub const MinMissedDeliveryShare: Share = Share::from_percent(2);
}

impl crate::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Participants = StatedParticipants;
    type Datasets = StatedDatasets;
    type Treasury = Treasury;
    type Time = BlockTime;
    type RulesOrigin = EnsureRoot<AccountId>;
    type MinDeliveryWindow = ConstU32<4>;
    type MinDisputeWindow = ConstU32<8>;
    type MaxPlatformFee = MaxPlatformFee;
    type MinDisputeReserve = ConstU128<100>;
    type MaxDisputeReserve = ConstU128<90_000>;
    type MinBondShare = MinBondShare;
    type MinMissedDeliveryShare = MinMissedDeliveryShare;
    type MaxDeliveryWindow = ConstU32<200>;
    type MaxDisputeWindow = ConstU32<2_000>;
    type OfferDeposit = ConstU128<OFFER_DEPOSIT>;
    type MaxExtension = ConstU32<MAX_EXTENSION>;
    type TradeFee = TradeFee;
    type RoyaltyFee = RoyaltyFee;
    type WeightInfo = ();
}

/// [`Verified`] and [`SharedAdmins`] as a registry.
pub struct StatedParticipants;

impl ParticipantRegistry<AccountId> for StatedParticipants {
    fn is_verified(who: &AccountId) -> bool {
        Verified::get().contains(who)
    }

    fn has_role(who: &AccountId, role: Role) -> bool {
        Self::is_verified(who) && !role.needs_accreditation() && !WithoutRole::get().contains(&(*who, role))
    }

    fn share_admin(a: &AccountId, b: &AccountId) -> bool {
        let pairs = SharedAdmins::get();
        pairs.contains(&(*a, *b)) || pairs.contains(&(*b, *a))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &AccountId) {
        Verified::mutate(|verified| verified.insert(*who));
    }
}

/// Two seconds for each block.
pub struct BlockTime;

impl UnixTime for BlockTime {
    fn now() -> Duration {
        Duration::from_millis(moment(System::block_number()).time)
    }
}

/// A block of the tests and its time.
pub(crate) fn moment(block: BlockNumber) -> Moment<BlockNumber> {
    Moment { block, time: 1_767_225_600_000 + 2_000 * u64::from(block) }
}

/// How many other records stand in a dataset's hash chain before its trades.
pub(crate) const FIRST_POSITION: u32 = 5;

/// [`Registered`], [`Lineage`] and [`Records`] as a registry.
pub struct StatedDatasets;

impl DatasetRegistry<AccountId> for StatedDatasets {
    fn offerable(dataset: &DatasetId) -> Option<DatasetInfo<AccountId>> {
        Registered::get().get(dataset).cloned()
    }

    fn stands(dataset: &DatasetId) -> bool {
        !Unsettled::get().contains(dataset)
    }

    fn owner(dataset: &DatasetId) -> Option<AccountId> {
        Self::offerable(dataset).map(|found| found.owner)
    }

    fn handed_over_by(account: &AccountId) -> u32 {
        HandedOver::get().get(account).copied().unwrap_or_default()
    }

    fn parent_count(dataset: &DatasetId) -> u32 {
        Self::parents(dataset).len() as u32
    }

    fn parents(dataset: &DatasetId) -> Vec<Parent> {
        Lineage::get().get(dataset).cloned().unwrap_or_default()
    }

    fn royalties(dataset: &DatasetId) -> RoyaltyShares {
        let owed = owed(&Lineage::get(), dataset);
        owed.into_iter()
            .filter(|(_, share)| *share > Share::NONE)
            .map(|(dataset, share)| RoyaltyShare { dataset, share })
            .collect::<Vec<_>>()
            .try_into()
            .expect("a test states few royalties")
    }

    fn next_trade(dataset: &DatasetId) -> Option<TradePlace> {
        Self::offerable(dataset)?;
        let index = Records::get().iter().filter(|(of, _)| of == dataset).count() as u32;
        Some(TradePlace { index, position: FIRST_POSITION + index })
    }

    fn record_trade(dataset: &DatasetId, entry: Digest) {
        Records::mutate(|records| records.push((*dataset, entry)));
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(owner: &AccountId, commitment: Commitment, parents: &[Parent]) -> DatasetId {
        let dataset = register(*owner, commitment);
        Lineage::mutate(|all| all.insert(dataset, parents.to_vec()));
        dataset
    }
}

/// What a sale of a dataset owes: to each parent what it states, and all that the parent's own sales owe; of two
/// shares for one dataset the larger.
fn owed(lineage: &BTreeMap<DatasetId, Vec<Parent>>, dataset: &DatasetId) -> BTreeMap<DatasetId, Share> {
    let mut all = BTreeMap::new();
    for parent in lineage.get(dataset).into_iter().flatten() {
        let behind = owed(lineage, &parent.dataset);
        for (dataset, share) in behind.into_iter().chain([(parent.dataset, parent.royalty)]) {
            let entry = all.entry(dataset).or_insert(share);
            *entry = share.max(*entry);
        }
    }
    all
}

/// States that a dataset is registered.
pub(crate) fn register(owner: AccountId, commitment: Commitment) -> DatasetId {
    let dataset = DatasetId(commitment.root);
    Registered::mutate(|all| all.insert(dataset, DatasetInfo { owner, commitment, withdrawn: false }));
    dataset
}

/// So many millionths.
pub(crate) fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).expect("a test's shares are parts of a whole")
}

/// States that a dataset is registered that was made from others, with the royalty of each in millionths.
pub(crate) fn register_derived(
    owner: AccountId,
    commitment: Commitment,
    parents: &[(DatasetId, u32)],
) -> DatasetId {
    let parents = parents.iter().map(|(dataset, royalty)| Parent {
        dataset: *dataset,
        relation: Relation::AggregatedFrom,
        royalty: share(*royalty),
    });
    let dataset = register(owner, commitment);
    Lineage::mutate(|all| all.insert(dataset, parents.collect()));
    dataset
}

/// States that a dataset has another owner.
pub(crate) fn hand_over(dataset: DatasetId, to: AccountId) {
    let from = Registered::mutate(|all| {
        let found = all.get_mut(&dataset).expect("the dataset is registered");
        core::mem::replace(&mut found.owner, to)
    });
    HandedOver::mutate(|all| *all.entry(from).or_default() += 1);
}

/// States that a dataset was withdrawn, and has its offers withdrawn as the pallet with the datasets does.
pub(crate) fn withdraw(dataset: DatasetId) -> u32 {
    Registered::mutate(|all| all.get_mut(&dataset).expect("the dataset is registered").withdrawn = true);
    Marketplace::withdraw_offers(&dataset).expect("the books agree")
}

/// The rules of the tests. An order for 10,000 has a bond of 2,000, pays a fee of 500 and puts 10,300 into
/// escrow; missing its delivery costs 200.
pub(crate) fn rules() -> record::Rules<Balance, BlockNumber> {
    record::Rules {
        min_delivery_window: 5,
        max_delivery_window: 100,
        min_dispute_window: 10,
        max_dispute_window: 1_000,
        bond_floor: 1_000,
        bond_share: Share::from_percent(20),
        platform_fee: Share::from_percent(5),
        dispute_reserve: 300,
        missed_delivery_share: Share::from_percent(10),
        max_price: 100_000,
    }
}

/// Builds chains.
pub(crate) struct ExtBuilder {
    rules: Option<record::Rules<Balance, BlockNumber>>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { rules: Some(rules()) }
    }
}

impl ExtBuilder {
    /// A chain whose governance has not set rules yet.
    pub(crate) fn without_rules() -> Self {
        Self { rules: None }
    }

    /// A chain that starts with these rules.
    pub(crate) fn with_rules(rules: record::Rules<Balance, BlockNumber>) -> Self {
        Self { rules: Some(rules) }
    }

    /// A chain at block 1.
    pub(crate) fn build(self) -> sp_io::TestExternalities {
        let accounts = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER];
        let genesis = RuntimeGenesisConfig {
            system: Default::default(),
            balances: pallet_balances::GenesisConfig {
                balances: accounts.map(|who| (who, ENDOWMENT)).to_vec(),
                ..Default::default()
            },
            marketplace: crate::GenesisConfig { rules: self.rules },
        };
        let mut ext: sp_io::TestExternalities =
            genesis.build_storage().expect("the genesis is fixed and sound").into();
        ext.execute_with(|| {
            Verified::set([SELLER, BUYER, OTHER_BUYER, OTHER_SELLER].into());
            SharedAdmins::set(BTreeSet::new());
            WithoutRole::set(BTreeSet::new());
            Registered::set(BTreeMap::new());
            Lineage::set(BTreeMap::new());
            Records::set(Vec::new());
            TradeFee::set(0);
            RoyaltyFee::set(0);
            System::set_block_number(1);
        });
        ext
    }

    /// Runs a test and checks at its end that money is conserved and every invariant holds.
    pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            check_invariants();
        });
    }
}

/// Money is conserved, and what the pallet promises of its storage is true.
pub(crate) fn check_invariants() {
    let accounts = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER, TREASURY];
    let owned: Balance = accounts.iter().map(Balances::total_balance).sum();
    assert_eq!(owned, 5 * ENDOWMENT);
    assert_eq!(Balances::total_issuance(), 5 * ENDOWMENT);
    let recorded = crate::Trades::<Test>::iter().count();
    assert_eq!(Records::get().len(), recorded, "every trade is in a dataset's hash chain");
    Marketplace::do_try_state().expect("the invariants hold");
}

/// What `who` has on hold.
pub(crate) fn held(reason: HoldReason, who: AccountId) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    Balances::balance_on_hold(&reason.into(), &who)
}

/// What `who` owns, on hold or not.
pub(crate) fn wealth(who: AccountId) -> Balance {
    Balances::total_balance(&who)
}
