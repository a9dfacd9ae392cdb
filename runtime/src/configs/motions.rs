//! How many motions one member of the council may have open.
//!
//! The council has room for 64. Without a bound of its own each member could fill it with motions that nobody votes on, and no
//! other could be put for a week: not the stop of orders, not the new key of a validator.
//!
//! The collective asks for a [`Consideration`] when a motion is put, wherever that comes from (a batch, a multisig), and
//! that is where they are counted. What is kept for each member are the motions that they put last; those that are voted on no
//! more are told by the votes themselves, so that nothing has to be given back when a motion is carried, disapproved or killed.

use crate::{AccountId, Hash, Runtime};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
    ensure,
    storage::unhashed,
    storage_alias,
    traits::{Consideration, ConstU32, MaybeConsideration},
    weights::Weight,
    Blake2_128Concat, BoundedVec,
};
use pallet_collective::{Instance1, ProposalCount, ProposalIndex, Proposals, Voting, WeightInfo};
use scale_info::TypeInfo;
use sp_runtime::{traits::SaturatedConversion, DispatchError};

/// The most motions of one member that are open at a time.
pub const MAX_OPEN_MOTIONS: u32 = 4;

/// The motions that a member put and that were open when they put the last one.
// Blake2_128Concat: anyone can make accounts.
#[storage_alias]
type Motions = StorageMap<
    CouncilMotions,
    Blake2_128Concat,
    AccountId,
    BoundedVec<(Hash, ProposalIndex), ConstU32<MAX_OPEN_MOTIONS>>,
>;

/// How many motions of a member are open.
pub fn open_motions(member: &AccountId) -> u32 {
    Motions::get(member).iter().flatten().filter(|motion| is_open(motion)).count().saturated_into()
}

/// Whether a motion is voted on. A later one may have the same hash, but not the same number.
fn is_open((hash, index): &(Hash, ProposalIndex)) -> bool {
    // The number is what the votes begin with, and the SDK shows it to nobody.
    unhashed::get::<ProposalIndex>(&Voting::<Runtime, Instance1>::hashed_key_for(hash)) == Some(*index)
}

/// That a member had room for a motion. There is nothing to give back for it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct RoomForMotion;

impl Consideration<AccountId, u32> for RoomForMotion {
    /// The collective has put the motion's hash into its list by now, and gives it the next number.
    fn new(who: &AccountId, _: u32) -> Result<Self, DispatchError> {
        let full = || DispatchError::from(pallet_consortium::Error::<Runtime>::TooManyOpenMotions);
        let hash = Proposals::<Runtime, Instance1>::get().last().copied().ok_or_else(full)?;
        let index = ProposalCount::<Runtime, Instance1>::get();
        let mut open: Vec<_> = Motions::get(who).into_iter().flatten().filter(is_open).collect();
        ensure!(open.len() < MAX_OPEN_MOTIONS as usize, full());
        open.push((hash, index));
        Motions::insert(who, BoundedVec::truncate_from(open));
        Ok(Self)
    }

    fn update(self, _: &AccountId, _: u32) -> Result<Self, DispatchError> {
        Ok(self)
    }

    fn drop(self, _: &AccountId) -> Result<(), DispatchError> {
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_successful(who: &AccountId, _: u32) {
        Motions::remove(who);
    }
}

impl MaybeConsideration<AccountId, u32> for RoomForMotion {
    fn is_none(&self) -> bool {
        true
    }
}

/// The SDK's weights of the collective, and in that of putting a motion what is counted here: the member's list, the votes
/// of each motion in it, and the list written anew.
pub struct MotionWeight<T>(PhantomData<T>);

impl<T: WeightInfo> WeightInfo for MotionWeight<T> {
    fn set_members(m: u32, n: u32, p: u32) -> Weight {
        T::set_members(m, n, p)
    }

    fn execute(b: u32, m: u32) -> Weight {
        T::execute(b, m)
    }

    fn propose_execute(b: u32, m: u32) -> Weight {
        T::propose_execute(b, m)
    }

    fn propose_proposed(b: u32, m: u32, p: u32) -> Weight {
        let reads = u64::from(MAX_OPEN_MOTIONS).saturating_add(1);
        let database = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(reads, 1);
        T::propose_proposed(b, m, p).saturating_add(database)
    }

    fn vote(m: u32) -> Weight {
        T::vote(m)
    }

    fn close_early_disapproved(m: u32, p: u32) -> Weight {
        T::close_early_disapproved(m, p)
    }

    fn close_early_approved(b: u32, m: u32, p: u32) -> Weight {
        T::close_early_approved(b, m, p)
    }

    fn close_disapproved(m: u32, p: u32) -> Weight {
        T::close_disapproved(m, p)
    }

    fn close_approved(b: u32, m: u32, p: u32) -> Weight {
        T::close_approved(b, m, p)
    }

    fn disapprove_proposal(p: u32) -> Weight {
        T::disapprove_proposal(p)
    }

    fn kill(d: u32, p: u32) -> Weight {
        T::kill(d, p)
    }

    fn release_proposal_cost() -> Weight {
        T::release_proposal_cost()
    }
}
