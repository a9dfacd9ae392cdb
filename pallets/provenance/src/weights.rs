//! Weights of `pallet_provenance`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says. `show_leaves`, `displace`,
//! `clear_announcement`, `enter_lineage`, what `withdraw` costs for each offer, and the two calls that keep a right are not
//! measured yet: their times are estimates above those of measured calls of the same kind, their reads and writes are
//! counted. `register` was measured when it still did what `enter_lineage` does now, and has one read more for the
//! provisional period; so have the calls that ask whether a registration stands.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `announce`.
    fn announce() -> Weight;
    /// `cancel_announcement`.
    fn cancel_announcement() -> Weight;
    /// `register`, `p` from 0 to 16, `r` from 0 to 256, `g` from 0 to 52.
    fn register(p: u32, r: u32, g: u32) -> Weight;
    /// `attest`.
    fn attest() -> Weight;
    /// `revoke_attestation`.
    fn revoke_attestation() -> Weight;
    /// `withdraw`, `o` from 0 to 16.
    fn withdraw(o: u32) -> Weight;
    /// `propose_handover`.
    fn propose_handover() -> Weight;
    /// `accept_handover`.
    fn accept_handover() -> Weight;
    /// `cancel_handover`.
    fn cancel_handover() -> Weight;
    /// `answer_draw`.
    fn answer_draw() -> Weight;
    /// What checking the drawn leaves of a registration adds: `d` digests, from 1 to 216.
    fn show_leaves(d: u32) -> Weight;
    /// What displacing a registration of `p` parents adds, from 0 to 16.
    fn displace(p: u32) -> Weight;
    /// `clear_announcement`.
    fn clear_announcement() -> Weight;
    /// `enter_lineage`, `p` from 0 to 16.
    fn enter_lineage(p: u32) -> Weight;
    /// `no_draw_due`.
    fn no_draw_due() -> Weight;
    /// `draw_due`.
    fn draw_due() -> Weight;
    /// `propose_handover_keeping`.
    fn propose_handover_keeping() -> Weight;
    /// `accept_handover_keeping`.
    fn accept_handover_keeping() -> Weight;
}

/// What was measured, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Announcements` (r:1 w:1)
    /// Proof: `Provenance::Announcements` (`max_values`: None, `max_size`: Some(117), added: 2592, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn announce() -> Weight {
        // Proof size: measured 325, estimated 3712 bytes.
        // Shortest run: 62_663_000 picoseconds.
        Weight::from_parts(66_689_000, 3712)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Provenance::Announcements` (r:1 w:1)
    /// Proof: `Provenance::Announcements` (`max_values`: None, `max_size`: Some(117), added: 2592, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn cancel_announcement() -> Weight {
        // Proof size: measured 203, estimated 3712 bytes.
        // Shortest run: 45_428_000 picoseconds.
        Weight::from_parts(48_592_000, 3712)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Provenance::Datasets` (r:17 w:2)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Announcements` (r:1 w:1)
    /// Proof: `Provenance::Announcements` (`max_values`: None, `max_size`: Some(117), added: 2592, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Royalties` (r:16 w:1)
    /// Proof: `Provenance::Royalties` (`max_values`: None, `max_size`: Some(625), added: 3100, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::ChildCount` (r:16 w:17)
    /// Proof: `Provenance::ChildCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::DrawDue` (r:0 w:1)
    /// Proof: `Provenance::DrawDue` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Children` (r:0 w:16)
    /// Proof: `Provenance::Children` (`max_values`: None, `max_size`: Some(92), added: 2567, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Parents` (r:0 w:16)
    /// Proof: `Provenance::Parents` (`max_values`: None, `max_size`: Some(97), added: 2572, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Versions` (r:0 w:1)
    /// Proof: `Provenance::Versions` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    fn register(p: u32, r: u32, g: u32) -> Weight {
        // Proof size: measured 768 + p * 349 + r * 1, estimated 4035 + g * 1 + p * 3100 bytes.
        // Shortest run: 116_953_000 picoseconds.
        Weight::from_parts(35_108_442, 4035)
            // Standard error: 172_281
            .saturating_add(Weight::from_parts(25_550_505, 0).saturating_mul(p.into()))
            // Standard error: 11_213
            .saturating_add(Weight::from_parts(86_106, 0).saturating_mul(r.into()))
            // Standard error: 54_796
            .saturating_add(Weight::from_parts(3_913_769, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads(3_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(7_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64.saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(g.into()))
            .saturating_add(Weight::from_parts(0, 3100).saturating_mul(p.into()))
    }
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Attestations` (r:0 w:1)
    /// Proof: `Provenance::Attestations` (`max_values`: None, `max_size`: Some(434), added: 2909, mode: `MaxEncodedLen`)
    fn attest() -> Weight {
        // Proof size: measured 626, estimated 4035 bytes.
        // Shortest run: 72_248_000 picoseconds.
        Weight::from_parts(76_834_000, 4035)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Attestations` (r:1 w:1)
    /// Proof: `Provenance::Attestations` (`max_values`: None, `max_size`: Some(434), added: 2909, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn revoke_attestation() -> Weight {
        // Proof size: measured 783, estimated 4035 bytes.
        // Shortest run: 38_357_000 picoseconds.
        Weight::from_parts(41_321_000, 4035)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::PendingHandovers` (r:1 w:1)
    /// Proof: `Provenance::PendingHandovers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn withdraw(o: u32) -> Weight {
        // Proof size: measured 372, estimated 4035 bytes.
        // Shortest run: 29_424_000 picoseconds.
        Weight::from_parts(31_527_000, 4035)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
            .saturating_add(Weight::from_parts(62_000_000, 2762).saturating_mul(o.into()))
            .saturating_add(
                T::DbWeight::get()
                    .reads_writes(4_u64.saturating_mul(o.into()), 4_u64.saturating_mul(o.into())),
            )
    }
    /// Storage: `Provenance::Datasets` (r:1 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:2 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::PendingHandovers` (r:1 w:1)
    /// Proof: `Provenance::PendingHandovers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn propose_handover() -> Weight {
        // Proof size: measured 820, estimated 6390 bytes.
        // Shortest run: 26_049_000 picoseconds.
        Weight::from_parts(28_392_000, 6390)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::PendingHandovers` (r:1 w:1)
    /// Proof: `Provenance::PendingHandovers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:2 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::HandedOver` (r:1 w:1)
    /// Proof: `Provenance::HandedOver` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Handovers` (r:0 w:1)
    /// Proof: `Provenance::Handovers` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    fn accept_handover() -> Weight {
        // Proof size: measured 1120, estimated 6434 bytes.
        // Shortest run: 123_393_000 picoseconds.
        Weight::from_parts(130_203_000, 6434)
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }
    /// Storage: `Provenance::Datasets` (r:1 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::PendingHandovers` (r:1 w:1)
    /// Proof: `Provenance::PendingHandovers` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn cancel_handover() -> Weight {
        // Proof size: measured 366, estimated 4035 bytes.
        // Shortest run: 14_021_000 picoseconds.
        Weight::from_parts(15_332_000, 4035)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Seeds` (r:1 w:0)
    /// Proof: `Provenance::Seeds` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn answer_draw() -> Weight {
        // Proof size: measured 334, estimated 4035 bytes.
        // Shortest run: 21_161_000 picoseconds.
        Weight::from_parts(22_834_000, 4035)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `System::BlockHash` (r:1 w:0)
    fn show_leaves(d: u32) -> Weight {
        // Estimated: one hash a digest and what decoding it takes, above what a digest of a growth proof was measured
        // to take; and the draw.
        Weight::from_parts(15_000_000, 2519)
            .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(1_u64))
    }
    /// Storage: `Balances::Holds` (r:1 w:1), `System::Account` (r:1 w:1), `Provenance::Parents` (r:0 w:p),
    /// `Provenance::Royalties` (r:0 w:1), `Provenance::PendingLineage` (r:0 w:1), `Provenance::DisplacedIn` (r:1 w:1)
    fn displace(p: u32) -> Weight {
        // Estimated: the release of a deposit, as in `cancel_announcement`, and so many removals.
        Weight::from_parts(80_000_000, 8000)
            .saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(p.into())))
    }
    /// Storage: `Provenance::Announcements` (r:1 w:1), `Balances::Holds` (r:1 w:1), `System::Account` (r:1 w:1)
    fn clear_announcement() -> Weight {
        // Estimated: `cancel_announcement`, for an account that is not the caller's.
        Weight::from_parts(75_000_000, 3712)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    /// Storage: `Provenance::Datasets` (r:2 w:1), `Provenance::PendingLineage` (r:1 w:1), `Provenance::Parents` (r:p w:0),
    /// `Provenance::ChildCount` (r:p w:p), `Provenance::Children` (r:0 w:p), `Provenance::Versions` (r:0 w:1)
    fn enter_lineage(p: u32) -> Weight {
        // Estimated: the part of `register` that did the same when it was measured, and the reading of parents.
        Weight::from_parts(60_000_000, 8000)
            .saturating_add(Weight::from_parts(25_000_000, 2600).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(3_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(p.into())))
    }
    /// Storage: `Provenance::DrawDue` (r:1 w:0)
    /// Proof: `Provenance::DrawDue` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn no_draw_due() -> Weight {
        // Proof size: measured 6, estimated 3481 bytes.
        // Shortest run: 2_534_000 picoseconds.
        Weight::from_parts(2_855_000, 3481).saturating_add(T::DbWeight::get().reads(1_u64))
    }
    /// Storage: `Provenance::DrawDue` (r:1 w:1)
    /// Proof: `Provenance::DrawDue` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Seeds` (r:0 w:1)
    /// Proof: `Provenance::Seeds` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    fn draw_due() -> Weight {
        // Proof size: measured 137, estimated 3509 bytes.
        // Shortest run: 12_809_000 picoseconds.
        Weight::from_parts(13_820_000, 3509)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn propose_handover_keeping() -> Weight {
        Weight::from_parts(40_000_000, 6390)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }
    fn accept_handover_keeping() -> Weight {
        Weight::from_parts(150_000_000, 6434)
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(9_u64))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn announce() -> Weight {
        Weight::from_parts(66_689_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn cancel_announcement() -> Weight {
        Weight::from_parts(48_592_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn register(p: u32, r: u32, g: u32) -> Weight {
        Weight::from_parts(35_108_442, 4035)
            .saturating_add(Weight::from_parts(25_550_505, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(86_106, 0).saturating_mul(r.into()))
            .saturating_add(Weight::from_parts(3_913_769, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads(3_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64.saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(g.into()))
            .saturating_add(Weight::from_parts(0, 3100).saturating_mul(p.into()))
    }
    fn attest() -> Weight {
        Weight::from_parts(76_834_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn revoke_attestation() -> Weight {
        Weight::from_parts(41_321_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn withdraw(o: u32) -> Weight {
        Weight::from_parts(31_527_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
            .saturating_add(Weight::from_parts(62_000_000, 2762).saturating_mul(o.into()))
            .saturating_add(
                ParityDbWeight::get()
                    .reads_writes(4_u64.saturating_mul(o.into()), 4_u64.saturating_mul(o.into())),
            )
    }
    fn propose_handover() -> Weight {
        Weight::from_parts(28_392_000, 6390)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn accept_handover() -> Weight {
        Weight::from_parts(130_203_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }
    fn cancel_handover() -> Weight {
        Weight::from_parts(15_332_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn answer_draw() -> Weight {
        Weight::from_parts(22_834_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn show_leaves(d: u32) -> Weight {
        Weight::from_parts(15_000_000, 2519)
            .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(1_u64))
    }
    fn displace(p: u32) -> Weight {
        Weight::from_parts(80_000_000, 8000)
            .saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(p.into())))
    }
    fn clear_announcement() -> Weight {
        Weight::from_parts(75_000_000, 3712)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }
    fn enter_lineage(p: u32) -> Weight {
        Weight::from_parts(60_000_000, 8000)
            .saturating_add(Weight::from_parts(25_000_000, 2600).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64.saturating_mul(p.into())))
    }
    fn no_draw_due() -> Weight {
        Weight::from_parts(2_855_000, 3481).saturating_add(ParityDbWeight::get().reads(1_u64))
    }
    fn draw_due() -> Weight {
        Weight::from_parts(13_820_000, 3509)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn propose_handover_keeping() -> Weight {
        Weight::from_parts(40_000_000, 6390)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }
    fn accept_handover_keeping() -> Weight {
        Weight::from_parts(150_000_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }
}
