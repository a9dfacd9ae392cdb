//! Who may decide what.
//!
//! Everyday decisions (registrar, issuer, validators, the market's rules) take half of the council; anything
//! that needs the root origin (an upgrade, the council's own members) takes three quarters, through
//! `Consortium::enact`. The root origin itself is reachable otherwise only through `sudo`, which has a key in
//! the development preset and nowhere else.

use super::RuntimeBlockWeights;
use crate::{AccountId, Balance, BlockNumber, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, DAYS};
use frame_support::{
    parameter_types,
    traits::{Contains, EitherOfDiverse},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{EnsureProportionAtLeast, Instance1};
use sp_runtime::Perbill;

/// Root, or at least half of the council.
pub type HalfOfCouncil =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 1, 2>>;
/// Root, or at least three quarters of the council.
pub type MostOfCouncil =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 3, 4>>;

parameter_types! {
    /// A motion that is not decided in a week lapses.
    pub const MotionDuration: BlockNumber = 7 * DAYS;
    /// A motion may weigh half a block.
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

impl pallet_collective::Config<Instance1> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = frame_support::traits::ConstU32<64>;
    type MaxMembers = frame_support::traits::ConstU32<64>;
    type DefaultVote = pallet_collective::MoreThanMajorityThenPrimeDefaultVote;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Consideration = ();
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

/// Refuses the one call that could empty the set of validators behind the council's back: a validator that
/// purged its session keys would be dropped silently. Whoever is no validator takes the deposit back with
/// `Consortium::release_keys`.
pub struct BaseCallFilter;

impl Contains<RuntimeCall> for BaseCallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Session(pallet_session::Call::purge_keys { .. }))
    }
}

parameter_types! {
    /// Held while session keys are registered.
    pub const KeyDeposit: Balance = 10_000;
}
