//! Weights of the provenance pallet's calls.
//!
//! Derived by hand until a benchmark run replaces them, and chosen to be too high rather than too low. The
//! derivation: one storage read or write costs what the runtime's database weight says, counted below for the
//! longest path through the call; computing costs [`BASE`], several times what a balance transfer of this SDK
//! takes on reference hardware, with room for decoding records, at most three SHA-256 of less than 1 kB and
//! the event. A registration costs [`PER_PARENT`] for each parent besides. Standing is asked up to twice an
//! account and counted once: the second read comes from the block's overlay. Reads and writes of `System`
//! (block number, events) stay in that overlay and are not counted. The proof size is zero: the chain is no
//! parachain.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Computing in one call: 250 µs.
const BASE: Weight = Weight::from_parts(250_000_000, 0);

/// Computing for each parent: 30 µs, for decoding its record and the bookkeeping of the set.
const PER_PARENT: Weight = Weight::from_parts(30_000_000, 0);

/// The weight of each call.
pub trait WeightInfo {
    /// [`crate::Call::announce`].
    fn announce() -> Weight;
    /// [`crate::Call::cancel_announcement`].
    fn cancel_announcement() -> Weight;
    /// [`crate::Call::register`] with `p` parents.
    fn register(p: u32) -> Weight;
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
}

/// Weights with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// [`BASE`] and the database.
fn cost(db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    BASE.saturating_add(db.reads_writes(reads, writes))
}

/// Reads: dataset, participant, announcement, holds, account; for each parent its record and its count of
/// children. Writes: announcement, holds, account, dataset, two counts; for each parent its entry, the parent's
/// entry for the child, the parent's count.
fn register(db: RuntimeDbWeight, p: u32) -> Weight {
    let p = u64::from(p);
    cost(db, 5, 6)
        .saturating_add(PER_PARENT.saturating_mul(p))
        .saturating_add(db.reads_writes(2, 3).saturating_mul(p))
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
        fn register(p: u32) -> Weight {
            register($db, p)
        }
        /// Reads: participant, dataset, count, holds, account. Writes: dataset, count, holds, account,
        /// attestation, chain entry.
        fn attest() -> Weight {
            cost($db, 5, 6)
        }
        /// Reads: dataset, attestation, participant. Writes: dataset, attestation, chain entry.
        fn revoke_attestation() -> Weight {
            cost($db, 3, 3)
        }
        /// Reads: dataset, handover. Writes: dataset, handover, chain entry.
        fn withdraw() -> Weight {
            cost($db, 2, 3)
        }
        /// Reads: dataset, two participants, handover. Writes: handover.
        fn propose_handover() -> Weight {
            cost($db, 4, 1)
        }
        /// Reads: dataset, handover, two participants, two holds, two accounts. Writes: dataset, handover, chain
        /// entry, two holds, two accounts.
        fn accept_handover() -> Weight {
            cost($db, 8, 7)
        }
        /// Reads: dataset, handover. Writes: handover.
        fn cancel_handover() -> Weight {
            cost($db, 2, 1)
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
