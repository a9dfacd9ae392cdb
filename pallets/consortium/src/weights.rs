//! What the calls weigh: estimates with room to spare, from the reads and writes of each call, until the
//! benchmarks beside them have been run on the reference machine.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls weigh.
pub trait WeightInfo {
    /// `add_validator` with a full membership.
    fn add_validator() -> Weight;
    /// `remove_validator` with a full membership.
    fn remove_validator() -> Weight;
    /// `enact`, without the call that it makes.
    fn enact() -> Weight;
    /// `release_keys`.
    fn release_keys() -> Weight;
}

/// Weights over the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn add_validator() -> Weight {
        Weight::from_parts(30_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }

    fn remove_validator() -> Weight {
        Weight::from_parts(25_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn enact() -> Weight {
        Weight::from_parts(10_000_000, 0)
    }

    fn release_keys() -> Weight {
        Weight::from_parts(60_000_000, 20_000).saturating_add(T::DbWeight::get().reads_writes(7, 5))
    }
}

impl WeightInfo for () {
    fn add_validator() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
    }

    fn remove_validator() -> Weight {
        Weight::from_parts(25_000_000, 4_000)
    }

    fn enact() -> Weight {
        Weight::from_parts(10_000_000, 0)
    }

    fn release_keys() -> Weight {
        Weight::from_parts(60_000_000, 20_000)
    }
}
