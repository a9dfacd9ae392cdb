//! Who may decide what.
//!
//! Everyday decisions (registrar, issuer, validators, the market's rules) take two thirds of the council; anything
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
use pallet_collective::{DefaultVote, EnsureProportionAtLeast, Instance1, MemberCount};
use sp_runtime::Perbill;

/// Root, or at least two thirds of the council: never one half of it against the other.
pub type TwoThirdsOfCouncil =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 2, 3>>;
/// Root, or at least three quarters of the council.
pub type MostOfCouncil =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 3, 4>>;

parameter_types! {
    /// A motion that is not decided in a week lapses.
    pub const MotionDuration: BlockNumber = 7 * DAYS;
    /// A motion may weigh half a block.
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

/// Who did not vote did not agree. With the pallet's own rules an absent member can count as one in favour once
/// a motion's time is over, and a bare majority could then decide what takes three quarters.
pub struct AbsentIsNo;

impl DefaultVote for AbsentIsNo {
    fn default_vote(_: Option<bool>, _: MemberCount, _: MemberCount, _: MemberCount) -> bool {
        false
    }
}

impl pallet_collective::Config<Instance1> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = frame_support::traits::ConstU32<64>;
    type MaxMembers = frame_support::traits::ConstU32<64>;
    type DefaultVote = AbsentIsNo;
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

/// Refuses calls that go behind the council's back, and those that are there to carry bytes.
///
/// A validator that purged its session keys would be dropped silently; whoever is no validator takes the deposit
/// back with `Consortium::release_keys`. Money leaves the chain by redemption, against a bank transfer, or the
/// books would not agree. And no call does nothing but take bytes: what is refused may still stand in a block, as
/// any transaction that fails does, but the chain carries out none. The filter holds inside batches, proxies,
/// multisigs and motions too.
pub struct BaseCallFilter;

impl Contains<RuntimeCall> for BaseCallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. })
                | RuntimeCall::Balances(pallet_balances::Call::burn { .. })
                | RuntimeCall::System(
                    frame_system::Call::remark { .. } | frame_system::Call::remark_with_event { .. }
                )
        )
    }
}

parameter_types! {
    /// Held while session keys are registered.
    pub const KeyDeposit: Balance = 10_000;
}
