//! What the calls weigh: estimates with room to spare, from the reads and writes of each call, until the
//! benchmarks beside them have been run on the reference machine.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls weigh.
pub trait WeightInfo {
    /// `credit` to a new account.
    fn credit() -> Weight;
    /// `request_redemption`.
    fn request_redemption() -> Weight;
    /// `confirm_redemption`.
    fn confirm_redemption() -> Weight;
    /// `reject_redemption`.
    fn reject_redemption() -> Weight;
}

/// Weights over the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn credit() -> Weight {
        Weight::from_parts(60_000_000, 6_000).saturating_add(T::DbWeight::get().reads_writes(4, 4))
    }

    fn request_redemption() -> Weight {
        Weight::from_parts(60_000_000, 6_000).saturating_add(T::DbWeight::get().reads_writes(3, 4))
    }

    fn confirm_redemption() -> Weight {
        Weight::from_parts(80_000_000, 8_000).saturating_add(T::DbWeight::get().reads_writes(6, 6))
    }

    fn reject_redemption() -> Weight {
        Weight::from_parts(60_000_000, 6_000).saturating_add(T::DbWeight::get().reads_writes(3, 3))
    }
}

impl WeightInfo for () {
    fn credit() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
    }

    fn request_redemption() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
    }

    fn confirm_redemption() -> Weight {
        Weight::from_parts(80_000_000, 8_000)
    }

    fn reject_redemption() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
    }
}
