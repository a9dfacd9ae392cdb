//! What other pallets learn about participants.

use crate::{Config, Pallet, Participants};
use wonbon_primitives::{
    company::{ParticipantRegistry, Role},
    record::Standing,
};

impl<T: Config> ParticipantRegistry<T::AccountId> for Pallet<T> {
    fn is_verified(account: &T::AccountId) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| participant.standing == Standing::Verified)
    }

    fn has_role(account: &T::AccountId, role: Role) -> bool {
        Participants::<T>::get(account).is_some_and(|participant| participant.may_act_as(role))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_verify(who: &T::AccountId) {
        crate::benchmarking::insert_verified::<T>(who);
    }
}
