//! What reads and writes of the state cost: measured by `wonbon-node bench-storage`, which writes this file, and
//! not by hand.
//!
//! ParityDB through the node's backend, 1,000,000 keys, no cache of the trie, Intel(R) Xeon(R) Processor.
//! A read: median 9717 ns, 95 of 100 batches below 14431 ns.
//! A write, in blocks of 4,000 with state root, commit and finality: median 34587 ns, 95 of 100 blocks
//! below 71774 ns, 72298 ns with the database's queues emptied.

use frame_support::{
    parameter_types,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, RuntimeDbWeight},
};

parameter_types! {
    /// Of each read and each write, beside the time that the calls' own benchmarks measured.
    pub const DatabaseWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 15 * WEIGHT_REF_TIME_PER_MICROS,
        write: 73 * WEIGHT_REF_TIME_PER_MICROS,
    };
}
