//! Weights of the calls.
//!
//! Derived by hand, on the safe side, until measured ones (see `benchmarking`) replace them. The
//! derivation, from timings of this code compiled to wasm on a 2-core machine:
//!
//! - 40 µs for origin, dispatch, encoding and decoding of a call's records and events;
//! - 10 µs for each hash of a few hundred bytes (terms, fault key, trade): really below 5 µs;
//! - 150 µs for a Ristretto point: one decompression and a comparison, really below 60 µs;
//! - 50 µs for each token operation beside its reads and writes;
//! - 600 µs for a proof of the shared point: measured at 260 µs (3 decompressions, 2 double multiplications);
//! - 250 µs for a block: 4 KiB hashed twice (2 · 11.6 µs), opened (10.8 µs) and copied, and two paths of at
//!   most 26 hashes of 65 bytes (52 · 1 µs): about 90 µs.
//!
//! Proof size: the bound of each record read (an order about 700 bytes, an offer 450, a trade 450) and 2 kB
//! of trie nodes for each read.

use core::marker::PhantomData;

use frame_support::weights::{constants::RocksDbWeight, Weight};
use sp_core::Get;

/// What each call costs.
pub trait WeightInfo {
    /// An offer.
    fn offer() -> Weight;
    /// A new price.
    fn set_price() -> Weight;
    /// More bond.
    fn add_bond() -> Weight;
    /// The end of an offer, its bond given back.
    fn withdraw_offer() -> Weight;
    /// An order.
    fn place_order() -> Weight;
    /// A delivery.
    fn deliver() -> Weight;
    /// Payment of the seller by the buyer's word.
    fn accept() -> Weight;
    /// Payment of the seller after the dispute window.
    fn settle() -> Weight;
    /// Refund and penalty after a missed delivery.
    fn expire() -> Weight;
    /// A dispute about the key.
    fn dispute_wrong_key() -> Weight;
    /// A dispute about a block, with the longest paths.
    fn dispute_bad_block() -> Weight;
    /// Refund after another's dispute about a block.
    fn refund_faulty() -> Weight;
    /// New rules.
    fn set_rules() -> Weight;
}

/// A microsecond of computation.
const MICROSECOND: u64 = 1_000_000;
const BASE: u64 = 40;
const HASH: u64 = 10;
const POINT: u64 = 150;
const TOKEN: u64 = 50;
const SHARED: u64 = 600;
const BLOCK: u64 = 250;
/// Proof size of one read.
const READ_PROOF: u64 = 2_500;

const fn compute(microseconds: u64, reads: u64) -> Weight {
    Weight::from_parts(microseconds.saturating_mul(MICROSECOND), reads.saturating_mul(READ_PROOF))
}

/// The end of an order: trade record, counts and lists of dataset and both companies, the dataset's hash
/// chain, the offer and a released bond. Reads: order, offer, fault, trade count, two
/// company counts, the dataset, two totals, account and holds of buyer, seller and treasury. Writes: the same
/// without the fault, and trade, two list entries, the finished order.
const FINISH_READS: u64 = 16;
const FINISH_WRITES: u64 = 19;

const fn finish(payments: u64, more: u64) -> Weight {
    // One payment more: a bond may be released. Hashes: terms, trade, chain of records, fault key.
    let compute_time = BASE
        .saturating_add(HASH.saturating_mul(4))
        .saturating_add(TOKEN.saturating_mul(payments.saturating_add(1)))
        .saturating_add(more);
    compute(compute_time, FINISH_READS)
}

/// The weights above, with the reads and writes of a database.
pub struct HandDerived<Db>(PhantomData<Db>);

impl<Db: Get<frame_support::weights::RuntimeDbWeight>> WeightInfo for HandDerived<Db> {
    // Reads: participant, rules, dataset, used key, fault, total, account, holds, next offer, two counts.
    // Writes: total, account, holds, next offer, used key, two counts, offer.
    fn offer() -> Weight {
        compute(BASE + HASH + TOKEN, 11).saturating_add(Db::get().reads_writes(11, 8))
    }

    // Reads: offer, participant, rules. Writes: offer.
    fn set_price() -> Weight {
        compute(BASE, 3).saturating_add(Db::get().reads_writes(3, 1))
    }

    // Reads: offer, total, account, holds. Writes: the same.
    fn add_bond() -> Weight {
        compute(BASE + TOKEN, 4).saturating_add(Db::get().reads_writes(4, 4))
    }

    // Reads: offer, total, account, holds. Writes: the same.
    fn withdraw_offer() -> Weight {
        compute(BASE + TOKEN, 4).saturating_add(Db::get().reads_writes(4, 4))
    }

    // Reads: offer, two participants, fault, dataset, rules, genesis hash, total, account, holds, next order,
    // company count. Writes: total, account, holds, next order, company count, order, offer.
    fn place_order() -> Weight {
        compute(BASE + 2 * HASH + POINT + TOKEN, 12).saturating_add(Db::get().reads_writes(12, 7))
    }

    // Reads: order, fault. Writes: order.
    fn deliver() -> Weight {
        compute(BASE + HASH + POINT, 2).saturating_add(Db::get().reads_writes(2, 1))
    }

    // Payments: seller, treasury, reserve back.
    fn accept() -> Weight {
        finish(3, 0).saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
    }

    fn settle() -> Weight {
        finish(3, 0).saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
    }

    // Payments: escrow back, penalty to the buyer.
    fn expire() -> Weight {
        finish(3, 0).saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
    }

    // Payments: escrow back, bond to buyer and treasury.
    fn dispute_wrong_key() -> Weight {
        finish(3, SHARED + HASH).saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
    }

    // The fault is written as well.
    fn dispute_bad_block() -> Weight {
        finish(3, SHARED + HASH + BLOCK)
            .saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES + 1))
    }

    fn refund_faulty() -> Weight {
        finish(1, 0).saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
    }

    // Writes: rules.
    fn set_rules() -> Weight {
        compute(BASE, 0).saturating_add(Db::get().writes(1))
    }
}

/// For a runtime: the reads and writes of its own database.
pub type SubstrateWeight<T> = HandDerived<<T as frame_system::Config>::DbWeight>;

/// For tests.
impl WeightInfo for () {
    fn offer() -> Weight {
        HandDerived::<RocksDbWeight>::offer()
    }
    fn set_price() -> Weight {
        HandDerived::<RocksDbWeight>::set_price()
    }
    fn add_bond() -> Weight {
        HandDerived::<RocksDbWeight>::add_bond()
    }
    fn withdraw_offer() -> Weight {
        HandDerived::<RocksDbWeight>::withdraw_offer()
    }
    fn place_order() -> Weight {
        HandDerived::<RocksDbWeight>::place_order()
    }
    fn deliver() -> Weight {
        HandDerived::<RocksDbWeight>::deliver()
    }
    fn accept() -> Weight {
        HandDerived::<RocksDbWeight>::accept()
    }
    fn settle() -> Weight {
        HandDerived::<RocksDbWeight>::settle()
    }
    fn expire() -> Weight {
        HandDerived::<RocksDbWeight>::expire()
    }
    fn dispute_wrong_key() -> Weight {
        HandDerived::<RocksDbWeight>::dispute_wrong_key()
    }
    fn dispute_bad_block() -> Weight {
        HandDerived::<RocksDbWeight>::dispute_bad_block()
    }
    fn refund_faulty() -> Weight {
        HandDerived::<RocksDbWeight>::refund_faulty()
    }
    fn set_rules() -> Weight {
        HandDerived::<RocksDbWeight>::set_rules()
    }
}
