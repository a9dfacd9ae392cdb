//! Who may decide what.
//!
//! Everyday decisions (registrar, issuer, validators, the market's rules) take two thirds of the council; an upgrade,
//! and what needs the root origin (the council's own members), take three quarters, the latter through
//! `Consortium::enact`. The root origin itself is reachable otherwise only through `sudo`, which has a key in
//! the development preset and nowhere else.
//!
//! Promise: code is set by `Upgrades::apply` alone, after its delay, whoever asks for more. Neither the council nor the
//! root origin can call what sets code, authorizes it, or writes storage by its key.

use super::{
    limits::RuntimeBlockWeights,
    motions::{MotionWeight, RoomForMotion},
};
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
    type WeightInfo = MotionWeight<pallet_collective::weights::SubstrateWeight<Runtime>>;
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Consideration = RoomForMotion;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

/// Refuses calls that go behind the council's back, and those that are there to carry bytes.
///
/// A validator that purged its session keys would be dropped silently, and one that set them at every session would make
/// every certificate longer; the consortium has calls for both, `set_keys` and `release_keys`. Code is set by `Upgrades`
/// alone: what else could set it is closed also to `sudo`, whose signer's call this filter sees. Money leaves the chain by redemption, against a bank transfer, or the
/// books would not agree. And no call does nothing but take bytes: what is refused may still stand in a block, as
/// any transaction that fails does, but the chain carries out none. The filter holds inside batches, multisigs and
/// motions too.
pub struct BaseCallFilter;

impl Contains<RuntimeCall> for BaseCallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            RuntimeCall::Session(_)
                | RuntimeCall::Balances(pallet_balances::Call::burn { .. })
                | RuntimeCall::System(
                    frame_system::Call::remark { .. } | frame_system::Call::remark_with_event { .. }
                )
        ) && !sets_code(call)
    }
}

/// Whether a call sets code, lets code be set, or writes storage by its key, which could do either; also within another
/// call that would make it with the root origin, which no filter holds back.
///
/// The depth of calls is bounded where they are decoded.
fn sets_code(call: &RuntimeCall) -> bool {
    use frame_system::Call::{
        apply_authorized_upgrade, authorize_upgrade, authorize_upgrade_without_checks, kill_prefix,
        kill_storage, set_code, set_code_without_checks, set_storage,
    };
    use pallet_utility::Call::{
        batch, batch_all, dispatch_as, dispatch_as_fallible, force_batch, if_else, with_weight,
    };
    match call {
        RuntimeCall::System(
            set_code { .. }
            | set_code_without_checks { .. }
            | authorize_upgrade { .. }
            | authorize_upgrade_without_checks { .. }
            | apply_authorized_upgrade { .. }
            | set_storage { .. }
            | kill_storage { .. }
            | kill_prefix { .. },
        ) => true,
        RuntimeCall::Sudo(
            pallet_sudo::Call::sudo { call }
            | pallet_sudo::Call::sudo_unchecked_weight { call, .. }
            | pallet_sudo::Call::sudo_as { call, .. },
        ) => sets_code(call),
        RuntimeCall::Consortium(pallet_consortium::Call::enact { call }) => sets_code(call),
        RuntimeCall::Utility(batch { calls } | batch_all { calls } | force_batch { calls }) => {
            calls.iter().any(sets_code)
        }
        RuntimeCall::Utility(
            dispatch_as { call, .. } | dispatch_as_fallible { call, .. } | with_weight { call, .. },
        ) => sets_code(call),
        RuntimeCall::Utility(if_else { main, fallback }) => sets_code(main) || sets_code(fallback),
        _ => false,
    }
}

/// What the council may do with the root origin: change who is in it, take motions away, and bring finality back after more
/// than a third of the voters is lost. All else either has a call of its own, or comes with an upgrade, which everybody sees
/// three days before. No call that makes another is among them, so that this is the whole list.
pub struct EnactFilter;

impl Contains<RuntimeCall> for EnactFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_collective::Call::{disapprove_proposal, kill, set_members};
        matches!(
            call,
            RuntimeCall::Council(set_members { .. } | disapprove_proposal { .. } | kill { .. })
                | RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled { .. })
        )
    }
}

parameter_types! {
    /// Held while session keys are registered.
    pub const KeyDeposit: Balance = 10_000;
}
