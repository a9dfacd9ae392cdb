//! Weights of `pallet_credit`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says. The calls from
//! `cancel_redemption` on are not measured yet: their times are estimates above those of measured calls of the same kind,
//! their reads and writes are counted.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `credit`.
    fn credit() -> Weight;
    /// `request_redemption`.
    fn request_redemption() -> Weight;
    /// `confirm_redemption`.
    fn confirm_redemption() -> Weight;
    /// `reject_redemption`.
    fn reject_redemption() -> Weight;
    /// `cancel_redemption`.
    fn cancel_redemption() -> Weight;
    /// `reverse_credit`.
    fn reverse_credit() -> Weight;
    /// `spend_treasury`.
    fn spend_treasury() -> Weight;
}

/// What was measured, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Credit::Transfers` (r:1 w:1)
    /// Proof: `Credit::Transfers` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
    /// Storage: `Credit::Credited` (r:1 w:1)
    /// Proof: `Credit::Credited` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn credit() -> Weight {
        // Proof size: measured 42, estimated 3601 bytes.
        // Shortest run: 33_369_000 picoseconds.
        Weight::from_parts(35_393_000, 3601)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Credit::NextRedemption` (r:1 w:1)
    /// Proof: `Credit::NextRedemption` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Credit::Redemptions` (r:0 w:1)
    /// Proof: `Credit::Redemptions` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    fn request_redemption() -> Weight {
        // Proof size: measured 104, estimated 3712 bytes.
        // Shortest run: 53_540_000 picoseconds.
        Weight::from_parts(56_233_000, 3712)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Credit::Redemptions` (r:1 w:1)
    /// Proof: `Credit::Redemptions` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    /// Storage: `Credit::Transfers` (r:1 w:1)
    /// Proof: `Credit::Transfers` (`max_values`: None, `max_size`: Some(136), added: 2611, mode: `MaxEncodedLen`)
    /// Storage: `Credit::Redeemed` (r:1 w:1)
    /// Proof: `Credit::Redeemed` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn confirm_redemption() -> Weight {
        // Proof size: measured 223, estimated 3712 bytes.
        // Shortest run: 40_139_000 picoseconds.
        Weight::from_parts(42_523_000, 3712)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    /// Storage: `Credit::Redemptions` (r:1 w:1)
    /// Proof: `Credit::Redemptions` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn reject_redemption() -> Weight {
        // Proof size: measured 223, estimated 3712 bytes.
        // Shortest run: 45_288_000 picoseconds.
        Weight::from_parts(47_921_000, 3712)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn cancel_redemption() -> Weight {
        Weight::from_parts(50_000_000, 3712)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn reverse_credit() -> Weight {
        Weight::from_parts(60_000_000, 3712)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    fn spend_treasury() -> Weight {
        Weight::from_parts(90_000_000, 3712)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn credit() -> Weight {
        Weight::from_parts(35_393_000, 3601)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn request_redemption() -> Weight {
        Weight::from_parts(56_233_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn confirm_redemption() -> Weight {
        Weight::from_parts(42_523_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn reject_redemption() -> Weight {
        Weight::from_parts(47_921_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn cancel_redemption() -> Weight {
        Weight::from_parts(50_000_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn reverse_credit() -> Weight {
        Weight::from_parts(60_000_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn spend_treasury() -> Weight {
        Weight::from_parts(90_000_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
}
