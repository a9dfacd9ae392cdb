//! Weights of `pallet_participants`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `register`.
    fn register() -> Weight;
    /// `update_profile`.
    fn update_profile() -> Weight;
    /// `verify_participant`.
    fn verify_participant() -> Weight;
    /// `suspend`.
    fn suspend() -> Weight;
    /// `reinstate`.
    fn reinstate() -> Weight;
    /// `accredit`.
    fn accredit() -> Weight;
    /// `revoke_accreditation`.
    fn revoke_accreditation() -> Weight;
    /// `withdraw_registration`.
    fn withdraw_registration() -> Weight;
}

/// What was measured, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Participants::ByRegistrationNumber` (r:1 w:0)
    /// Proof: `Participants::ByRegistrationNumber` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Count` (r:1 w:1)
    /// Proof: `Participants::Count` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn register() -> Weight {
        // Proof size: measured 6, estimated 3712 bytes.
        // Shortest run: 56_494_000 picoseconds.
        Weight::from_parts(60_329_000, 3712)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    fn update_profile() -> Weight {
        // Proof size: measured 319, estimated 3690 bytes.
        // Shortest run: 16_104_000 picoseconds.
        Weight::from_parts(17_646_000, 3690)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Participants::ByRegistrationNumber` (r:1 w:1)
    /// Proof: `Participants::ByRegistrationNumber` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    fn verify_participant() -> Weight {
        // Proof size: measured 285, estimated 3690 bytes.
        // Shortest run: 15_904_000 picoseconds.
        Weight::from_parts(17_536_000, 3690)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // Proof size: measured 319, estimated 3690 bytes.
        // Shortest run: 13_850_000 picoseconds.
        Weight::from_parts(15_153_000, 3690)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Participants::ByRegistrationNumber` (r:1 w:0)
    /// Proof: `Participants::ByRegistrationNumber` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    fn reinstate() -> Weight {
        // Proof size: measured 365, estimated 3690 bytes.
        // Shortest run: 15_844_000 picoseconds.
        Weight::from_parts(17_166_000, 3690)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    fn accredit() -> Weight {
        // Proof size: measured 319, estimated 3690 bytes.
        // Shortest run: 12_689_000 picoseconds.
        Weight::from_parts(13_830_000, 3690)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    fn revoke_accreditation() -> Weight {
        // Proof size: measured 319, estimated 3690 bytes.
        // Shortest run: 12_759_000 picoseconds.
        Weight::from_parts(14_001_000, 3690)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Participants::Participants` (r:1 w:1)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Count` (r:1 w:1)
    /// Proof: `Participants::Count` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn withdraw_registration() -> Weight {
        // Proof size: measured 340, estimated 3712 bytes.
        // Shortest run: 49_263_000 picoseconds.
        Weight::from_parts(52_398_000, 3712)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::from_parts(60_329_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn update_profile() -> Weight {
        Weight::from_parts(17_646_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn verify_participant() -> Weight {
        Weight::from_parts(17_536_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn suspend() -> Weight {
        Weight::from_parts(15_153_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn reinstate() -> Weight {
        Weight::from_parts(17_166_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn accredit() -> Weight {
        Weight::from_parts(13_830_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn revoke_accreditation() -> Weight {
        Weight::from_parts(14_001_000, 3690)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn withdraw_registration() -> Weight {
        Weight::from_parts(52_398_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
}
