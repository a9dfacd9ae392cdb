//! Weights of the provenance pallet's calls and of its hook.
//!
//! Derived by hand until a benchmark run replaces them, and chosen to be too high rather than too low. The
//! derivation: one storage read or write costs what the runtime's database weight says, counted below for the
//! longest path through the call; computing costs [`BASE`], several times what a balance transfer of this SDK
//! takes on reference hardware, with room for decoding records, at most three SHA-256 of less than 1 kB and
//! the event. A registration costs [`PER_PARENT`] for each parent besides, [`PER_ROYALTY`] for each royalty that
//! a parent carries, and [`PER_DIGEST`] for each digest of its growth proof. The hook costs [`HOOK`]. Standing is
//! asked up to twice an account and counted once: the second read comes from the block's overlay. Reads and
//! writes of `System` (block number, events) and of the time stay in that overlay and are not counted, but for
//! the block hash that a draw takes. The proof size is zero: the chain is no parachain.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Computing in one call: 250 µs.
const BASE: Weight = Weight::from_parts(250_000_000, 0);

/// Computing for each parent: 30 µs, for decoding its record and the bookkeeping of the set.
const PER_PARENT: Weight = Weight::from_parts(30_000_000, 0);

/// Computing for each royalty that a parent carries: 2 µs, for decoding it and its place in an ordered map.
const PER_ROYALTY: Weight = Weight::from_parts(2_000_000, 0);

/// Computing for each digest of a growth proof: 3 µs, for decoding it and at most two hashes of 65 bytes.
const PER_DIGEST: Weight = Weight::from_parts(3_000_000, 0);

/// Computing at the beginning of a block: 20 µs, for a lookup and an event.
const HOOK: Weight = Weight::from_parts(20_000_000, 0);

/// The weight of each call.
pub trait WeightInfo {
    /// [`crate::Call::announce`].
    fn announce() -> Weight;
    /// [`crate::Call::cancel_announcement`].
    fn cancel_announcement() -> Weight;
    /// [`crate::Call::register`] with `p` parents that carry `r` royalties together, and a growth proof of `g`
    /// digests, or none.
    fn register(p: u32, r: u32, g: u32) -> Weight;
    /// [`crate::Call::attest`].
    fn attest() -> Weight;
    /// [`crate::Call::revoke_attestation`].
    fn revoke_attestation() -> Weight;
    /// [`crate::Call::withdraw`].
    fn withdraw() -> Weight;
    /// [`crate::Call::propose_handover`].
    fn propose_handover() -> Weight;
    /// [`crate::Call::accept_handover`].
    fn accept_handover() -> Weight;
    /// [`crate::Call::cancel_handover`].
    fn cancel_handover() -> Weight;
    /// [`crate::Call::answer_draw`].
    fn answer_draw() -> Weight;
    /// The beginning of a block in which no draw is due.
    fn no_draw_due() -> Weight;
    /// The beginning of a block in which a draw is due.
    fn draw_due() -> Weight;
}

/// Weights with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// [`BASE`] and the database.
fn cost(db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    BASE.saturating_add(db.reads_writes(reads, writes))
}

/// Reads: dataset, participant, announcement, holds, account; for each parent its record, its royalties and its
/// count of children. Writes: announcement, holds, account, dataset, count of children, royalties, due draw; for
/// each parent its entry, the parent's entry for the child, the parent's count; for a new version its entry and
/// the old version's record.
fn register(db: RuntimeDbWeight, p: u32, r: u32, g: u32) -> Weight {
    let of_version = if g == 0 { 0 } else { 2 };
    cost(db, 5, 7)
        .saturating_add(db.writes(of_version))
        .saturating_add(PER_PARENT.saturating_add(db.reads_writes(3, 3)).saturating_mul(p.into()))
        .saturating_add(PER_ROYALTY.saturating_mul(r.into()))
        .saturating_add(PER_DIGEST.saturating_mul(g.into()))
}

macro_rules! weights {
    ($db:expr) => {
        /// Reads: participant, announcement, holds, account. Writes: announcement, holds, account.
        fn announce() -> Weight {
            cost($db, 4, 3)
        }
        /// Reads and writes: announcement, holds, account.
        fn cancel_announcement() -> Weight {
            cost($db, 3, 3)
        }
        fn register(p: u32, r: u32, g: u32) -> Weight {
            register($db, p, r, g)
        }
        /// Reads: participant, dataset, holds, account. Writes: dataset, holds, account, attestation.
        fn attest() -> Weight {
            cost($db, 4, 4)
        }
        /// Reads: dataset, attestation, participant. Writes: dataset, attestation.
        fn revoke_attestation() -> Weight {
            cost($db, 3, 2)
        }
        /// Reads and writes: dataset, pending handover.
        fn withdraw() -> Weight {
            cost($db, 2, 2)
        }
        /// Reads: dataset, two participants, pending handover. Writes: pending handover.
        fn propose_handover() -> Weight {
            cost($db, 4, 1)
        }
        /// Reads: dataset, pending handover, two participants, two holds, two accounts, the count of handovers.
        /// Writes: dataset, pending handover, handover, two holds, two accounts, the count.
        fn accept_handover() -> Weight {
            cost($db, 9, 8)
        }
        /// Reads: dataset, pending handover. Writes: pending handover.
        fn cancel_handover() -> Weight {
            cost($db, 2, 1)
        }
        /// Reads: dataset, seed. Writes: dataset.
        fn answer_draw() -> Weight {
            cost($db, 2, 1)
        }
        /// Reads: due draw.
        fn no_draw_due() -> Weight {
            HOOK.saturating_add($db.reads(1))
        }
        /// Reads: due draw, block hash. Writes: due draw, seed.
        fn draw_due() -> Weight {
            HOOK.saturating_add($db.reads_writes(2, 2))
        }
    };
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    weights!(T::DbWeight::get());
}

/// The same counts with the database costs of ParityDB, for tests.
impl WeightInfo for () {
    weights!(ParityDbWeight::get());
}
