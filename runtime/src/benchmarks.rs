//! The pallets whose weights are measured on this runtime, and how the bencher runs them.

use crate::{AllPalletsWithSystem, Consortium, Credit, Marketplace, Participants, Provenance};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};

frame_benchmarking::define_benchmarks!(
    [pallet_consortium, Consortium]
    [pallet_credit, Credit]
    [pallet_participants, Participants]
    [pallet_provenance, Provenance]
    [pallet_marketplace, Marketplace]
);

/// Which benchmarks there are.
pub(crate) fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs those that are asked for.
pub(crate) fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
