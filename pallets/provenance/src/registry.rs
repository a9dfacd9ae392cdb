//! What other pallets ask about datasets, and the hash chain that all of them extend.

use crate::{next_head, Config, DatasetOf, DatasetRegistry, Datasets, Error, Pallet, Records};
use frame_support::traits::DefensiveResult;
use sp_runtime::DispatchResult;
use wonbon_primitives::{dataset::DatasetInfo, Commitment, DatasetId, Digest};

impl<T: Config> Pallet<T> {
    /// Add an entry to the hash chain of a dataset; the caller stores the dataset.
    pub(crate) fn extend(id: &DatasetId, dataset: &mut DatasetOf<T>, entry: Digest) -> DispatchResult {
        let records = dataset.records.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        Records::<T>::insert(id, dataset.records, entry);
        dataset.head = next_head(&dataset.head, &entry);
        dataset.records = records;
        Ok(())
    }
}

impl<T: Config> DatasetRegistry<T::AccountId> for Pallet<T> {
    fn offerable(id: &DatasetId) -> Option<DatasetInfo<T::AccountId>> {
        let dataset = Datasets::<T>::get(id)?;
        Some(DatasetInfo {
            owner: dataset.owner,
            commitment: Commitment { root: id.0, length: dataset.length },
            withdrawn: dataset.withdrawn.is_some(),
        })
    }

    /// Takes entries for withdrawn datasets too: what was ordered before runs its course.
    fn record(id: &DatasetId, entry: Digest) {
        let Some(mut dataset) = Datasets::<T>::get(id) else { return };
        // 2^32 records of one dataset, at one a block, take 270 years.
        if Self::extend(id, &mut dataset, entry).defensive_ok().is_some() {
            Datasets::<T>::insert(id, dataset);
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(owner: &T::AccountId, commitment: Commitment) -> DatasetId {
        crate::benchmarking::insert_dataset::<T>(owner, commitment)
    }
}
