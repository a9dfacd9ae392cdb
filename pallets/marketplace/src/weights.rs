//! Weights of `pallet_marketplace`: what its benchmarks measured, written by scripts/weights.sh and not by hand.
//!
//! 50 steps, 20 repeats, AMD EPYC, 2026-11-21, frame-omni-bencher with
//! benchmark CLI 64.0.0. Reads and writes cost what the runtime's database weight says. `stop_orders`, `resume_orders` and the
//! calls from `refuse` on are not measured yet: their times are estimates above those of measured calls of the same kind,
//! their reads and writes are counted. So are one read of `place_order`, and the list of a dataset's open offers in `offer`,
//! `withdraw_offer`, `close_offer` and `dispute_bad_block`.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// The weight of each call.
pub trait WeightInfo {
    /// `offer`, `p` from 0 to 64.
    fn offer(p: u32) -> Weight;
    /// `set_price`.
    fn set_price() -> Weight;
    /// `add_bond`.
    fn add_bond() -> Weight;
    /// `withdraw_offer`.
    fn withdraw_offer() -> Weight;
    /// `close_offer`.
    fn close_offer() -> Weight;
    /// `clear_lineage`, `p` from 0 to 64.
    fn clear_lineage(p: u32) -> Weight;
    /// `place_order`, `r` from 0 to 16.
    fn place_order(r: u32) -> Weight;
    /// `deliver`.
    fn deliver() -> Weight;
    /// `accept`, `r` from 0 to 16.
    fn accept(r: u32) -> Weight;
    /// `settle`, `r` from 0 to 16.
    fn settle(r: u32) -> Weight;
    /// `expire`.
    fn expire() -> Weight;
    /// `dispute_wrong_key`.
    fn dispute_wrong_key() -> Weight;
    /// `dispute_bad_block`.
    fn dispute_bad_block() -> Weight;
    /// `refund_faulty`.
    fn refund_faulty() -> Weight;
    /// `set_rules`.
    fn set_rules() -> Weight;
    /// `stop_orders`.
    fn stop_orders() -> Weight;
    /// `resume_orders`.
    fn resume_orders() -> Weight;
    /// `extend_windows`.
    fn extend_windows() -> Weight;
    /// `release_dispute_reserve`.
    fn release_dispute_reserve() -> Weight;
    /// `refuse`.
    fn refuse() -> Weight;
    /// `propose_refund`.
    fn propose_refund() -> Weight;
    /// `accept_refund`.
    fn accept_refund() -> Weight;
    /// `amend`.
    fn amend() -> Weight;
    /// `resume_offer`.
    fn resume_offer() -> Weight;
    /// `reopen_offer`, without its look at the lineage.
    fn reopen_offer() -> Weight;
    /// `release_bond`.
    fn release_bond() -> Weight;
    /// `take_bond`.
    fn take_bond() -> Weight;
}

/// What was measured, with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Rules` (r:1 w:0)
    /// Proof: `Marketplace::Rules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:65 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::UsedKeys` (r:1 w:1)
    /// Proof: `Marketplace::UsedKeys` (`max_values`: None, `max_size`: Some(104), added: 2579, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::HandedOver` (r:1 w:0)
    /// Proof: `Provenance::HandedOver` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::ClearedLineages` (r:65 w:1)
    /// Proof: `Marketplace::ClearedLineages` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Parents` (r:64 w:0)
    /// Proof: `Provenance::Parents` (`max_values`: None, `max_size`: Some(97), added: 2572, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::DeriveRights` (r:64 w:0)
    /// Proof: `Marketplace::DeriveRights` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::NextOffer` (r:1 w:1)
    /// Proof: `Marketplace::NextOffer` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:1 w:1)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:0 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    fn offer(p: u32) -> Weight {
        // Proof size: measured 1302 + p * 309, estimated 4035 + p * 3045 bytes.
        // Shortest run: 143_683_000 picoseconds.
        Weight::from_parts(148_424_808, 4035)
            // Standard error: 17_661
            .saturating_add(Weight::from_parts(17_532_562, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().reads(4_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(9_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(p.into()))
    }
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:1 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Rules` (r:1 w:0)
    /// Proof: `Marketplace::Rules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    fn set_price() -> Weight {
        // Proof size: measured 839, estimated 3752 bytes.
        // Shortest run: 23_175_000 picoseconds.
        Weight::from_parts(24_867_000, 3752)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn add_bond() -> Weight {
        // Proof size: measured 634, estimated 3752 bytes.
        // Shortest run: 62_122_000 picoseconds.
        Weight::from_parts(65_037_000, 3752)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn withdraw_offer() -> Weight {
        // Proof size: measured 634, estimated 3752 bytes.
        // Shortest run: 56_824_000 picoseconds.
        Weight::from_parts(59_508_000, 3752)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn close_offer() -> Weight {
        // Proof size: measured 898, estimated 4035 bytes.
        // Shortest run: 63_815_000 picoseconds.
        Weight::from_parts(66_849_000, 4035)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    /// Storage: `Provenance::Datasets` (r:65 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::HandedOver` (r:1 w:0)
    /// Proof: `Provenance::HandedOver` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::ClearedLineages` (r:65 w:1)
    /// Proof: `Marketplace::ClearedLineages` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Parents` (r:64 w:0)
    /// Proof: `Provenance::Parents` (`max_values`: None, `max_size`: Some(97), added: 2572, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::DeriveRights` (r:64 w:0)
    /// Proof: `Marketplace::DeriveRights` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
    fn clear_lineage(p: u32) -> Weight {
        // Proof size: measured 403 + p * 309, estimated 4035 + p * 3045 bytes.
        // Shortest run: 17_826_000 picoseconds.
        Weight::from_parts(13_121_473, 4035)
            // Standard error: 20_300
            .saturating_add(Weight::from_parts(17_605_496, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().reads(4_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(p.into()))
    }
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Participants::Participants` (r:2 w:0)
    /// Proof: `Participants::Participants` (`max_values`: None, `max_size`: Some(225), added: 2700, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:17 w:0)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::HandedOver` (r:1 w:0)
    /// Proof: `Provenance::HandedOver` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::ClearedLineages` (r:1 w:0)
    /// Proof: `Marketplace::ClearedLineages` (`max_values`: None, `max_size`: Some(100), added: 2575, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Rules` (r:1 w:0)
    /// Proof: `Marketplace::Rules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Royalties` (r:1 w:0)
    /// Proof: `Provenance::Royalties` (`max_values`: None, `max_size`: Some(625), added: 3100, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::NextOrder` (r:1 w:1)
    /// Proof: `Marketplace::NextOrder` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:1 w:1)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Orders` (r:0 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    fn place_order(r: u32) -> Weight {
        // Proof size: measured 1972 + r * 241, estimated 6390 + r * 3045 bytes.
        // Shortest run: 128_140_000 picoseconds.
        Weight::from_parts(161_430_363, 6390)
            // Standard error: 8_943
            .saturating_add(Weight::from_parts(5_694_952, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(16_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(r.into()))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    fn deliver() -> Weight {
        // Proof size: measured 1875, estimated 5297 bytes.
        // Shortest run: 35_072_000 picoseconds.
        Weight::from_parts(40_295_000, 5297)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:19 w:19)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::DeriveRights` (r:1 w:1)
    /// Proof: `Marketplace::DeriveRights` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn accept(r: u32) -> Weight {
        // Proof size: measured 2279 + r * 113, estimated 8799 + r * 2603 bytes.
        // Shortest run: 246_756_000 picoseconds.
        Weight::from_parts(260_352_951, 8799)
            // Standard error: 49_963
            .saturating_add(Weight::from_parts(46_656_684, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(16_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(17_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(r.into()))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:19 w:19)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::DeriveRights` (r:1 w:1)
    /// Proof: `Marketplace::DeriveRights` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn settle(r: u32) -> Weight {
        // Proof size: measured 2279 + r * 113, estimated 8799 + r * 2603 bytes.
        // Shortest run: 248_349_000 picoseconds.
        Weight::from_parts(265_442_026, 8799)
            // Standard error: 54_936
            .saturating_add(Weight::from_parts(46_589_936, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(17_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(17_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(r.into()))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn expire() -> Weight {
        // Proof size: measured 3395, estimated 6434 bytes.
        // Shortest run: 239_906_000 picoseconds.
        Weight::from_parts(251_644_000, 6434)
            .saturating_add(T::DbWeight::get().reads(15_u64))
            .saturating_add(T::DbWeight::get().writes(15_u64))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn dispute_wrong_key() -> Weight {
        // Proof size: measured 3570, estimated 8799 bytes.
        // Shortest run: 604_968_000 picoseconds.
        Weight::from_parts(627_052_000, 8799)
            .saturating_add(T::DbWeight::get().reads(15_u64))
            .saturating_add(T::DbWeight::get().writes(16_u64))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:1)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn dispute_bad_block() -> Weight {
        // Proof size: measured 3570, estimated 8799 bytes.
        // Shortest run: 790_193_000 picoseconds.
        Weight::from_parts(819_067_000, 8799)
            .saturating_add(T::DbWeight::get().reads(17_u64))
            .saturating_add(T::DbWeight::get().writes(18_u64))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Faults` (r:1 w:0)
    /// Proof: `Marketplace::Faults` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Offers` (r:1 w:1)
    /// Proof: `Marketplace::Offers` (`max_values`: None, `max_size`: Some(287), added: 2762, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:2 w:2)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::BondTotal` (r:1 w:1)
    /// Proof: `Marketplace::BondTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Provenance::Datasets` (r:1 w:1)
    /// Proof: `Provenance::Datasets` (`max_values`: None, `max_size`: Some(570), added: 3045, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTradeCount` (r:2 w:2)
    /// Proof: `Marketplace::CompanyTradeCount` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Finished` (r:0 w:1)
    /// Proof: `Marketplace::Finished` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::CompanyTrades` (r:0 w:2)
    /// Proof: `Marketplace::CompanyTrades` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Trades` (r:0 w:1)
    /// Proof: `Marketplace::Trades` (`max_values`: None, `max_size`: Some(1589), added: 4064, mode: `MaxEncodedLen`)
    fn refund_faulty() -> Weight {
        // Proof size: measured 3540, estimated 6434 bytes.
        // Shortest run: 201_579_000 picoseconds.
        Weight::from_parts(213_493_000, 6434)
            .saturating_add(T::DbWeight::get().reads(14_u64))
            .saturating_add(T::DbWeight::get().writes(15_u64))
    }
    /// Storage: `Marketplace::GenesisLimits` (r:1 w:0)
    /// Proof: `Marketplace::GenesisLimits` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Rules` (r:0 w:1)
    /// Proof: `Marketplace::Rules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    fn set_rules() -> Weight {
        // Proof size: measured 74, estimated 1497 bytes.
        // Shortest run: 7_851_000 picoseconds.
        Weight::from_parts(8_553_000, 1497)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn stop_orders() -> Weight {
        Weight::from_parts(8_553_000, 1486).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }
    fn resume_orders() -> Weight {
        Weight::from_parts(8_553_000, 1486).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    /// Storage: `Marketplace::Extensions` (r:1 w:1)
    /// Proof: `Marketplace::Extensions` (`max_values`: Some(1), `max_size`: Some(134), added: 629, mode: `MaxEncodedLen`)
    fn extend_windows() -> Weight {
        // Proof size: measured 74, estimated 1619 bytes.
        // Shortest run: 9_000_000 picoseconds.
        Weight::from_parts(10_000_000, 1619)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    /// Storage: `Marketplace::Orders` (r:1 w:1)
    /// Proof: `Marketplace::Orders` (`max_values`: None, `max_size`: Some(1832), added: 4307, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::Extensions` (r:1 w:0)
    /// Proof: `Marketplace::Extensions` (`max_values`: Some(1), `max_size`: Some(134), added: 629, mode: `MaxEncodedLen`)
    /// Storage: `Marketplace::EscrowTotal` (r:1 w:1)
    /// Proof: `Marketplace::EscrowTotal` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(247), added: 2722, mode: `MaxEncodedLen`)
    fn release_dispute_reserve() -> Weight {
        // Proof size: measured 2200, estimated 5297 bytes.
        // Shortest run: 70_000_000 picoseconds.
        Weight::from_parts(75_000_000, 5297)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    fn refuse() -> Weight {
        Weight::from_parts(250_000_000, 6434)
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().writes(15_u64))
    }
    fn propose_refund() -> Weight {
        Weight::from_parts(45_000_000, 5297)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn accept_refund() -> Weight {
        Weight::from_parts(220_000_000, 6434)
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(13_u64))
    }
    fn amend() -> Weight {
        Weight::from_parts(40_000_000, 3752)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn resume_offer() -> Weight {
        Weight::from_parts(35_000_000, 3752)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn reopen_offer() -> Weight {
        Weight::from_parts(130_000_000, 4035)
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    fn release_bond() -> Weight {
        Weight::from_parts(35_000_000, 3752)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn take_bond() -> Weight {
        Weight::from_parts(66_000_000, 3752)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
}

/// The same with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    fn offer(p: u32) -> Weight {
        Weight::from_parts(148_424_808, 4035)
            .saturating_add(Weight::from_parts(17_532_562, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().reads(4_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(p.into()))
    }
    fn set_price() -> Weight {
        Weight::from_parts(24_867_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn add_bond() -> Weight {
        Weight::from_parts(65_037_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn withdraw_offer() -> Weight {
        Weight::from_parts(59_508_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn close_offer() -> Weight {
        Weight::from_parts(66_849_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn clear_lineage(p: u32) -> Weight {
        Weight::from_parts(13_121_473, 4035)
            .saturating_add(Weight::from_parts(17_605_496, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads(4_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(p.into()))
    }
    fn place_order(r: u32) -> Weight {
        Weight::from_parts(161_430_363, 6390)
            .saturating_add(Weight::from_parts(5_694_952, 0).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().reads(16_u64))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
            .saturating_add(Weight::from_parts(0, 3045).saturating_mul(r.into()))
    }
    fn deliver() -> Weight {
        Weight::from_parts(40_295_000, 5297)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn accept(r: u32) -> Weight {
        Weight::from_parts(260_352_951, 8799)
            .saturating_add(Weight::from_parts(46_656_684, 0).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().reads(16_u64))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(ParityDbWeight::get().writes(17_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(r.into()))
    }
    fn settle(r: u32) -> Weight {
        Weight::from_parts(265_442_026, 8799)
            .saturating_add(Weight::from_parts(46_589_936, 0).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().reads(17_u64))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(r.into())))
            .saturating_add(ParityDbWeight::get().writes(17_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2603).saturating_mul(r.into()))
    }
    fn expire() -> Weight {
        Weight::from_parts(251_644_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(15_u64))
            .saturating_add(ParityDbWeight::get().writes(15_u64))
    }
    fn dispute_wrong_key() -> Weight {
        Weight::from_parts(627_052_000, 8799)
            .saturating_add(ParityDbWeight::get().reads(15_u64))
            .saturating_add(ParityDbWeight::get().writes(16_u64))
    }
    fn dispute_bad_block() -> Weight {
        Weight::from_parts(819_067_000, 8799)
            .saturating_add(ParityDbWeight::get().reads(17_u64))
            .saturating_add(ParityDbWeight::get().writes(18_u64))
    }
    fn refund_faulty() -> Weight {
        Weight::from_parts(213_493_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(14_u64))
            .saturating_add(ParityDbWeight::get().writes(15_u64))
    }
    fn set_rules() -> Weight {
        Weight::from_parts(8_553_000, 1497)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn stop_orders() -> Weight {
        Weight::from_parts(8_553_000, 1486).saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }
    fn resume_orders() -> Weight {
        Weight::from_parts(8_553_000, 1486).saturating_add(ParityDbWeight::get().reads_writes(1, 1))
    }

    fn extend_windows() -> Weight {
        Weight::from_parts(10_000_000, 1619)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn release_dispute_reserve() -> Weight {
        Weight::from_parts(75_000_000, 5297)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
    fn refuse() -> Weight {
        Weight::from_parts(250_000_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(15_u64))
    }
    fn propose_refund() -> Weight {
        Weight::from_parts(45_000_000, 5297)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn accept_refund() -> Weight {
        Weight::from_parts(220_000_000, 6434)
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(13_u64))
    }
    fn amend() -> Weight {
        Weight::from_parts(40_000_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn resume_offer() -> Weight {
        Weight::from_parts(35_000_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn reopen_offer() -> Weight {
        Weight::from_parts(130_000_000, 4035)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
    fn release_bond() -> Weight {
        Weight::from_parts(35_000_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
    fn take_bond() -> Weight {
        Weight::from_parts(66_000_000, 3752)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }
}
