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
//!   most 26 hashes of 65 bytes (52 · 1 µs): about 90 µs;
//! - 5 µs for each royalty in an order's or a trade's record: 80 bytes to decode, copy, encode and hash;
//! - 10 µs for each parent looked at: two records decoded.
//!
//! Proof size: the bound of each record read (an order about 2,200 bytes with all royalties, an offer 500, a
//! dataset 700) and 2 kB of trie nodes for each read, of which most share their upper half.

use core::marker::PhantomData;

use frame_support::weights::{constants::RocksDbWeight, Weight};
use sp_core::Get;

/// What each call costs.
pub trait WeightInfo {
    /// An offer of a dataset for which `p` parents are looked at.
    fn offer(p: u32) -> Weight;
    /// A new price.
    fn set_price() -> Weight;
    /// More bond.
    fn add_bond() -> Weight;
    /// The end of an offer, its bond given back.
    fn withdraw_offer() -> Weight;
    /// The end of an offer whose seller cannot sell the dataset any more.
    fn close_offer() -> Weight;
    /// A look at `p` parents behind a dataset.
    fn clear_lineage(p: u32) -> Weight;
    /// An order that owes `r` royalties.
    fn place_order(r: u32) -> Weight;
    /// A delivery.
    fn deliver() -> Weight;
    /// Payment of the seller and of `r` royalties by the buyer's word.
    fn accept(r: u32) -> Weight;
    /// Payment of the seller and of `r` royalties after the dispute window.
    fn settle(r: u32) -> Weight;
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
/// One royalty in a record.
const ROYALTY: u64 = 5;
/// One parent looked at.
const PARENT: u64 = 10;
/// The royalties of a full record, where their number is not asked.
const ROYALTIES: u64 = 16 * ROYALTY;
/// Proof size of one read.
const READ_PROOF: u64 = 2_500;

const fn compute(microseconds: u64, reads: u64) -> Weight {
    Weight::from_parts(microseconds.saturating_mul(MICROSECOND), reads.saturating_mul(READ_PROOF))
}

/// The end of an order: trade record, lists of both companies, the dataset with its count and its hash chain,
/// the offer and a released bond. Reads: order, offer, fault, dataset, two company counts, time, two totals,
/// account and holds of buyer and seller, account of the treasury. Writes: order, offer, dataset, two company
/// counts, two totals, the five of accounts and holds; and trade, two list entries, the finished order.
const FINISH_READS: u64 = 14;
const FINISH_WRITES: u64 = 16;

const fn finish(payments: u64, more: u64) -> Weight {
    // One payment more: a bond may be released. Hashes: terms, trade, chain of records, fault key.
    let compute_time = BASE
        .saturating_add(HASH.saturating_mul(4))
        .saturating_add(TOKEN.saturating_mul(payments.saturating_add(1)))
        .saturating_add(ROYALTIES)
        .saturating_add(more);
    compute(compute_time, FINISH_READS)
}

/// The weights above, with the reads and writes of a database.
pub struct HandDerived<Db>(PhantomData<Db>);

impl<Db: Get<frame_support::weights::RuntimeDbWeight>> HandDerived<Db> {
    /// The end of an order whose price is paid: to seller and treasury, the reserve back; and to each royalty's
    /// holder, whose account is read and written. The right to derive is read and written as well.
    fn paid(royalties: u32) -> Weight {
        let r = u64::from(royalties);
        finish(3, 0)
            .saturating_add(compute(TOKEN.saturating_mul(r), r.saturating_add(1)))
            .saturating_add(Db::get().reads_writes(FINISH_READS, FINISH_WRITES))
            .saturating_add(Db::get().reads_writes(r.saturating_add(1), r.saturating_add(1)))
    }
}

impl<Db: Get<frame_support::weights::RuntimeDbWeight>> WeightInfo for HandDerived<Db> {
    // Reads: participant, rules, dataset, used key, fault, total, account, holds, next offer, company count.
    // Writes: total, account, holds, next offer, used key, company count, offer. Two holds: bond and deposit.
    // For each parent, reads: its entry, its dataset, the right to it or whether its own parents were looked at.
    // If there is any, whether this one's were is written.
    fn offer(p: u32) -> Weight {
        let p = u64::from(p);
        compute(BASE + HASH + 2 * TOKEN, 10)
            .saturating_add(compute(PARENT.saturating_mul(p), p.saturating_mul(3)))
            .saturating_add(Db::get().reads_writes(10, 7))
            .saturating_add(Db::get().reads_writes(p.saturating_mul(3), p.min(1)))
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

    // Reads: offer, dataset, total, account, holds. Writes: the same without the dataset.
    fn close_offer() -> Weight {
        compute(BASE + TOKEN, 5).saturating_add(Db::get().reads_writes(5, 4))
    }

    // Reads: dataset, handovers, whether it was cleared. Writes: that it is.
    fn clear_lineage(p: u32) -> Weight {
        let p = u64::from(p);
        compute(BASE.saturating_add(PARENT.saturating_mul(p)), p.saturating_mul(3).saturating_add(4))
            .saturating_add(Db::get().reads_writes(p.saturating_mul(3).saturating_add(4), p.min(1)))
    }

    // Reads: offer, two participants, fault, dataset, royalties, rules, genesis hash, total, account, holds, next
    // order, company count; for each royalty, its dataset. Writes: total, account, holds, next order, company
    // count, order, offer.
    fn place_order(r: u32) -> Weight {
        let r = u64::from(r);
        compute(BASE + 2 * HASH + POINT + TOKEN, 13)
            .saturating_add(compute((ROYALTY + PARENT).saturating_mul(r), r))
            .saturating_add(Db::get().reads_writes(13, 7))
            .saturating_add(Db::get().reads(r))
    }

    // Reads: order, fault. Writes: order.
    fn deliver() -> Weight {
        compute(BASE + HASH + POINT + ROYALTIES, 2).saturating_add(Db::get().reads_writes(2, 1))
    }

    fn accept(r: u32) -> Weight {
        Self::paid(r)
    }

    fn settle(r: u32) -> Weight {
        Self::paid(r)
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

    // Reads: limits of genesis. Writes: rules.
    fn set_rules() -> Weight {
        compute(BASE, 1).saturating_add(Db::get().reads_writes(1, 1))
    }
}

/// For a runtime: the reads and writes of its own database.
pub type SubstrateWeight<T> = HandDerived<<T as frame_system::Config>::DbWeight>;

/// For tests.
impl WeightInfo for () {
    fn offer(p: u32) -> Weight {
        HandDerived::<RocksDbWeight>::offer(p)
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
    fn close_offer() -> Weight {
        HandDerived::<RocksDbWeight>::close_offer()
    }
    fn clear_lineage(p: u32) -> Weight {
        HandDerived::<RocksDbWeight>::clear_lineage(p)
    }
    fn place_order(r: u32) -> Weight {
        HandDerived::<RocksDbWeight>::place_order(r)
    }
    fn deliver() -> Weight {
        HandDerived::<RocksDbWeight>::deliver()
    }
    fn accept(r: u32) -> Weight {
        HandDerived::<RocksDbWeight>::accept(r)
    }
    fn settle(r: u32) -> Weight {
        HandDerived::<RocksDbWeight>::settle(r)
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
