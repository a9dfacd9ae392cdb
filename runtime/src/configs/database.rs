//! What reads and writes of the state cost: the SDK's figures for ParityDB, until
//! `wonbon-node bench-storage --output` writes this file with those that it measured.

use frame_support::{
    parameter_types,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, RuntimeDbWeight},
};

parameter_types! {
    /// Of each read and each write, beside the time that the calls' own benchmarks measured.
    pub const DatabaseWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 8 * WEIGHT_REF_TIME_PER_MICROS,
        write: 50 * WEIGHT_REF_TIME_PER_MICROS,
    };
}
