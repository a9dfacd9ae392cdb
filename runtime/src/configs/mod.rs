//! How each pallet is configured: the system, money and consensus here, the rest in its own file; how much a block holds
//! ([`limits`]), what its database costs ([`database`]), and our own checks of transactions.

#![warn(missing_docs)]

pub mod acting;
pub mod database;
pub mod dispute_reserve;
pub mod fees;
pub mod governance;
pub mod lasting;
pub mod limits;
pub mod market;
pub mod mortality;
pub mod motions;
pub mod priority;
pub mod refusal;

use crate::{
    AccountId, Aura, Balance, Balances, Block, BlockNumber, Consortium, Hash, Nonce, OriginCaller,
    PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin,
    RuntimeTask, SessionKeys, System, DAYS, EXISTENTIAL_DEPOSIT, MILLISECONDS_PER_BLOCK, VERSION,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstBool, ConstU128, ConstU32, ConstU64, VariantCountOf},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};
use sp_version::RuntimeVersion;

parameter_types! {
    /// A transaction may be valid for this many blocks, about two hours.
    pub const BlockHashCount: BlockNumber = 4096;
    /// The version of the runtime.
    pub const Version: RuntimeVersion = VERSION;
    /// The prefix of addresses: generic Substrate.
    pub const SS58Prefix: u8 = 42;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = governance::BaseCallFilter;
    type Block = Block;
    type BlockWeights = limits::RuntimeBlockWeights;
    type BlockLength = limits::RuntimeBlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type DbWeight = database::DatabaseWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = SS58Prefix;
    type MaxConsumers = ConstU32<16>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ MILLISECONDS_PER_BLOCK / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_balances::Config for Runtime {
    type MaxLocks = ConstU32<0>;
    type MaxReserves = ConstU32<0>;
    type ReserveIdentifier = [u8; 8];
    type Balance = Balance;
    type RuntimeEvent = RuntimeEvent;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type DoneSlashHandler = ();
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = pallet_consortium::MaxValidators;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<MILLISECONDS_PER_BLOCK>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = pallet_consortium::MaxValidators;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Consortium;
    type NextSessionRotation = ();
    type SessionManager = Consortium;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = governance::KeyDeposit;
}

impl pallet_consortium::Config for Runtime {
    type RuntimeCall = RuntimeCall;
    type EnactFilter = governance::EnactFilter;
    type RotationInterval = lasting::RotationInterval;
    type ValidatorOrigin = governance::TwoThirdsOfCouncil;
    type EnactOrigin = governance::MostOfCouncil;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::ConsortiumHelper;
}

parameter_types! {
    /// A redemption that nobody decides on lapses after two weeks.
    pub const RedemptionLife: BlockNumber = 14 * DAYS;
}

impl pallet_credit::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type IssuerOrigin = governance::TwoThirdsOfCouncil;
    type MinimumRedemption = ConstU128<1_000>;
    type RedemptionLife = RedemptionLife;
    type Treasury = fees::TreasuryAccount;
    type WeightInfo = pallet_credit::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

/// What is held for `items` storage items of together `bytes` bytes.
const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 1_000 + bytes as Balance * 10
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<{ deposit(1, 88) }>;
    type DepositFactor = ConstU128<{ deposit(0, 32) }>;
    type MaxSignatories = ConstU32<32>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}
