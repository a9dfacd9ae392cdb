//! How much a block holds: time and bytes.
//!
//! Promise: a block takes at most 0.9 s of its slot of two. The next author executes it before they make theirs, and others
//! have to have it before they vote.

use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;

/// Of a block's time, ordinary extrinsics take at most this part. The rest, 135 ms, is for what the council decides.
const NORMAL_TIME: Perbill = Perbill::from_percent(85);
/// The longest block: room for the wasm of an upgrade.
const MAX_BLOCK_BYTES: u32 = 5 * 1024 * 1024;
/// Of a block's bytes, ordinary extrinsics take at most this part.
const NORMAL_BYTES: Perbill = Perbill::from_percent(75);

parameter_types! {
    /// The time of a block, and what ordinary extrinsics may take of it.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(900 * WEIGHT_REF_TIME_PER_MILLIS, u64::MAX),
        NORMAL_TIME,
    );
    /// The length of a block, and what ordinary extrinsics may take of it.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAX_BLOCK_BYTES)
        .modify_max_length_for_class(DispatchClass::Normal, |max| *max = NORMAL_BYTES * *max)
        .build();
}
