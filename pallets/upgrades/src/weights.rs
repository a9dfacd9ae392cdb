//! Weights of `pallet_upgrades`: estimates, counted and not yet measured. `scripts/weights.sh` writes this file.
//!
//! Reads and writes are counted as the calls make them. Beside them: `announce` and `call_off` take what the SDK's
//! `authorize_upgrade` does, and `apply` what its `apply_authorized_upgrade` does (the runtime is made ready to tell its
//! version) and 6 ms for the hash of as many bytes as a block takes.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `announce`.
    fn announce() -> Weight;
    /// `call_off`.
    fn call_off() -> Weight;
    /// `apply`.
    fn apply() -> Weight;
}

/// What was counted, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn announce() -> Weight {
        Weight::from_parts(16_000_000, 1_549).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn call_off() -> Weight {
        Weight::from_parts(16_000_000, 1_549).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn apply() -> Weight {
        Weight::from_parts(173_000_000_000, 67_035).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn announce() -> Weight {
        Weight::from_parts(16_000_000, 1_549).saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }

    fn call_off() -> Weight {
        Weight::from_parts(16_000_000, 1_549).saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }

    fn apply() -> Weight {
        Weight::from_parts(173_000_000_000, 67_035).saturating_add(ParityDbWeight::get().reads_writes(2, 2))
    }
}
