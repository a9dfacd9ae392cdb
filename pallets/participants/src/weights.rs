//! Weights of the participants pallet's calls.
//!
//! Derived by hand until a benchmark run replaces them, and chosen to be too high rather than too low. The
//! derivation: one storage read or write costs what the runtime's database weight says, counted below for the
//! longest path through the call; computing costs [`BASE`], four times what a balance transfer of this SDK
//! takes on reference hardware, with room for decoding a full record, checking it and writing the event.
//! Reads and writes of `System` (block number, events) stay in the overlay of the block and are not counted.
//! The proof size is zero: the chain is no parachain.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Computing in one call: 200 µs.
const BASE: Weight = Weight::from_parts(200_000_000, 0);

/// The weight of each call.
pub trait WeightInfo {
    /// [`crate::Call::register`].
    fn register() -> Weight;
    /// [`crate::Call::update_profile`].
    fn update_profile() -> Weight;
    /// [`crate::Call::verify`].
    fn verify_participant() -> Weight;
    /// [`crate::Call::suspend`].
    fn suspend() -> Weight;
    /// [`crate::Call::reinstate`].
    fn reinstate() -> Weight;
    /// [`crate::Call::accredit`].
    fn accredit() -> Weight;
    /// [`crate::Call::revoke_accreditation`].
    fn revoke_accreditation() -> Weight;
    /// [`crate::Call::withdraw_registration`].
    fn withdraw_registration() -> Weight;
}

/// Weights with the database costs of a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// [`BASE`] and the database.
fn cost(db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    BASE.saturating_add(db.reads_writes(reads, writes))
}

macro_rules! weights {
    ($db:expr) => {
        /// Reads: participant, number, count, holds, account. Writes: participant, count, holds, account.
        fn register() -> Weight {
            cost($db, 5, 4)
        }
        /// Reads and writes the participant.
        fn update_profile() -> Weight {
            cost($db, 1, 1)
        }
        /// Reads and writes the participant and the number.
        fn verify_participant() -> Weight {
            cost($db, 2, 2)
        }
        /// Reads and writes the participant.
        fn suspend() -> Weight {
            cost($db, 1, 1)
        }
        /// Reads the participant and the number, writes the participant.
        fn reinstate() -> Weight {
            cost($db, 2, 1)
        }
        /// Reads and writes the participant.
        fn accredit() -> Weight {
            cost($db, 1, 1)
        }
        /// Reads and writes the participant.
        fn revoke_accreditation() -> Weight {
            cost($db, 1, 1)
        }
        /// Reads and writes: participant, count, holds, account.
        fn withdraw_registration() -> Weight {
            cost($db, 4, 4)
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
