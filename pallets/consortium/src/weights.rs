//! Weights of `pallet_consortium`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says. `set_keys` and `replace_keys` are
//! estimates, counted and not yet measured: what the session's own `set_keys` takes, the signatures of the proof included,
//! and the reads and writes of this pallet beside it.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `add_validator`.
    fn add_validator() -> Weight;
    /// `remove_validator`.
    fn remove_validator() -> Weight;
    /// `enact`.
    fn enact() -> Weight;
    /// `release_keys`.
    fn release_keys() -> Weight;
    /// `set_keys`.
    fn set_keys() -> Weight;
    /// `replace_keys`.
    fn replace_keys() -> Weight;
}

/// What was measured, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Session::NextKeys` (r:1 w:0)
    /// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Consortium::Members` (r:1 w:1)
    /// Proof: `Consortium::Members` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    /// Storage: `Consortium::Changed` (r:0 w:1)
    /// Proof: `Consortium::Changed` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    fn add_validator() -> Weight {
        // Proof size: measured 3051, estimated 6516 bytes.
        // Shortest run: 20_420_000 picoseconds.
        Weight::from_parts(22_443_000, 6516)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Consortium::Members` (r:1 w:1)
    /// Proof: `Consortium::Members` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    /// Storage: `Consortium::Changed` (r:0 w:1)
    /// Proof: `Consortium::Changed` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    fn remove_validator() -> Weight {
        // Proof size: measured 2209, estimated 3535 bytes.
        // Shortest run: 12_809_000 picoseconds.
        Weight::from_parts(14_301_000, 3535)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn enact() -> Weight {
        // Proof size: measured 0, estimated 0 bytes.
        // Shortest run: 6_079_000 picoseconds.
        Weight::from_parts(6_710_000, 0)
    }
    /// Storage: `Consortium::Members` (r:1 w:0)
    /// Proof: `Consortium::Members` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    /// Storage: `Session::Validators` (r:1 w:0)
    /// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Session::QueuedKeys` (r:1 w:0)
    /// Proof: `Session::QueuedKeys` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Session::NextKeys` (r:1 w:1)
    /// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Session::ExternallySetKeys` (r:1 w:0)
    /// Proof: `Session::ExternallySetKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Session::KeyOwner` (r:0 w:2)
    /// Proof: `Session::KeyOwner` (`max_values`: None, `max_size`: None, mode: `Measured`)
    fn release_keys() -> Weight {
        // Proof size: measured 3231, estimated 6696 bytes.
        // Shortest run: 58_597_000 picoseconds.
        Weight::from_parts(62_763_000, 6696)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    fn set_keys() -> Weight {
        Weight::from_parts(250_000_000, 12_740).saturating_add(T::DbWeight::get().reads_writes(11_u64, 9_u64))
    }
    fn replace_keys() -> Weight {
        Weight::from_parts(250_000_000, 12_740).saturating_add(T::DbWeight::get().reads_writes(11_u64, 9_u64))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn add_validator() -> Weight {
        Weight::from_parts(22_443_000, 6516)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn remove_validator() -> Weight {
        Weight::from_parts(14_301_000, 3535)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn enact() -> Weight {
        Weight::from_parts(6_710_000, 0)
    }
    fn release_keys() -> Weight {
        Weight::from_parts(62_763_000, 6696)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn set_keys() -> Weight {
        Weight::from_parts(250_000_000, 12_740)
            .saturating_add(ParityDbWeight::get().reads_writes(11_u64, 9_u64))
    }
    fn replace_keys() -> Weight {
        Weight::from_parts(250_000_000, 12_740)
            .saturating_add(ParityDbWeight::get().reads_writes(11_u64, 9_u64))
    }
}
