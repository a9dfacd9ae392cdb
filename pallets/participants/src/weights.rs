//! Weights of `pallet_participants`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says. The calls from `establish` on
//! are not measured yet: their times are estimates above those of measured calls of the same kind (an ed25519 signature
//! 60 µs, a record of a member 10 µs), their reads and writes are counted.

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
    /// `establish`.
    fn establish() -> Weight;
    /// `add_member`.
    fn add_member() -> Weight;
    /// `change_member`.
    fn change_member() -> Weight;
    /// `remove_member`.
    fn remove_member() -> Weight;
    /// `propose_recovery`.
    fn propose_recovery() -> Weight;
    /// `object_to_recovery`.
    fn object_to_recovery() -> Weight;
    /// `complete_recovery`.
    fn complete_recovery() -> Weight;
    /// `cancel_recovery`.
    fn cancel_recovery() -> Weight;
    /// `confirm_identity`.
    fn confirm_identity() -> Weight;
    /// `change_number`.
    fn change_number() -> Weight;
    /// `move_number`.
    fn move_number() -> Weight;
    /// `unverify`.
    fn unverify() -> Weight;
    /// `appoint_clerk`.
    fn appoint_clerk() -> Weight;
    /// `dismiss_clerk`.
    fn dismiss_clerk() -> Weight;
    /// `begin_epoch`.
    fn begin_epoch() -> Weight;
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
    fn establish() -> Weight {
        Weight::from_parts(140_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(9_u64))
    }
    fn add_member() -> Weight {
        Weight::from_parts(130_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    fn change_member() -> Weight {
        Weight::from_parts(30_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn remove_member() -> Weight {
        Weight::from_parts(35_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    fn propose_recovery() -> Weight {
        Weight::from_parts(110_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn object_to_recovery() -> Weight {
        Weight::from_parts(15_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn complete_recovery() -> Weight {
        Weight::from_parts(700_000_000, 190000)
            .saturating_add(T::DbWeight::get().reads(69_u64))
            .saturating_add(T::DbWeight::get().writes(70_u64))
    }
    fn cancel_recovery() -> Weight {
        Weight::from_parts(15_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn confirm_identity() -> Weight {
        Weight::from_parts(20_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn change_number() -> Weight {
        Weight::from_parts(30_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    fn move_number() -> Weight {
        Weight::from_parts(50_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }
    fn unverify() -> Weight {
        Weight::from_parts(25_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    fn appoint_clerk() -> Weight {
        Weight::from_parts(12_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn dismiss_clerk() -> Weight {
        Weight::from_parts(12_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn begin_epoch() -> Weight {
        Weight::from_parts(45_000_000, 3800)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
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
    fn establish() -> Weight {
        Weight::from_parts(140_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }
    fn add_member() -> Weight {
        Weight::from_parts(130_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn change_member() -> Weight {
        Weight::from_parts(30_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn remove_member() -> Weight {
        Weight::from_parts(35_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn propose_recovery() -> Weight {
        Weight::from_parts(110_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn object_to_recovery() -> Weight {
        Weight::from_parts(15_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn complete_recovery() -> Weight {
        Weight::from_parts(700_000_000, 190000)
            .saturating_add(ParityDbWeight::get().reads(69_u64))
            .saturating_add(ParityDbWeight::get().writes(70_u64))
    }
    fn cancel_recovery() -> Weight {
        Weight::from_parts(15_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn confirm_identity() -> Weight {
        Weight::from_parts(20_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn change_number() -> Weight {
        Weight::from_parts(30_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn move_number() -> Weight {
        Weight::from_parts(50_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }
    fn unverify() -> Weight {
        Weight::from_parts(25_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn appoint_clerk() -> Weight {
        Weight::from_parts(12_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn dismiss_clerk() -> Weight {
        Weight::from_parts(12_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn begin_epoch() -> Weight {
        Weight::from_parts(45_000_000, 3800)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
}
