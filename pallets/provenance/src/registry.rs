//! What other pallets ask about datasets, and the hash chain that all of them extend.

use crate::{
    Config, DatasetOf, DatasetRegistry, Datasets, Error, HandedOver, MomentOf, Pallet, Parents, Royalties,
};
use alloc::vec::Vec;
use frame_support::traits::{Defensive, UnixTime};
use sp_runtime::{traits::SaturatedConversion, DispatchResult};
use wonbon_primitives::{
    record::{next_head, Moment, Parent, RoyaltyShares},
    registry::{DatasetInfo, TradePlace},
    Commitment, DatasetId, Digest,
};

impl<T: Config> Pallet<T> {
    /// Now: this block, and the time that its author gave it.
    pub(crate) fn moment() -> MomentOf<T> {
        Moment {
            block: frame_system::Pallet::<T>::block_number(),
            time: T::Time::now().as_millis().saturated_into(),
        }
    }

    /// Add an entry to the hash chain of a dataset, at the place `dataset.records`; the caller stores the dataset.
    pub(crate) fn extend(dataset: &mut DatasetOf<T>, entry: Digest) -> DispatchResult {
        dataset.records = dataset.records.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        dataset.head = next_head(&dataset.head, &entry);
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

    fn stands(id: &DatasetId) -> bool {
        Datasets::<T>::get(id).is_some_and(|dataset| Self::ensure_stands(id, &dataset).is_ok())
    }

    fn owner(id: &DatasetId) -> Option<T::AccountId> {
        Datasets::<T>::get(id).map(|dataset| dataset.owner)
    }

    fn handed_over_by(account: &T::AccountId) -> u32 {
        HandedOver::<T>::get(account)
    }

    fn parent_count(id: &DatasetId) -> u32 {
        Datasets::<T>::get(id).map_or(0, |dataset| dataset.parent_count)
    }

    fn parents(id: &DatasetId) -> Vec<Parent> {
        (0..Self::parent_count(id)).filter_map(|index| Parents::<T>::get(id, index).defensive()).collect()
    }

    fn royalties(id: &DatasetId) -> RoyaltyShares {
        Royalties::<T>::get(id)
    }

    /// The ends of the two counts are far: 2^32 records of one dataset, at one a block, take 270 years.
    fn next_trade(id: &DatasetId) -> Option<TradePlace> {
        let dataset = Datasets::<T>::get(id)?;
        let place = TradePlace { index: dataset.trade_count, position: dataset.records };
        (place.index < u32::MAX && place.position < u32::MAX).then_some(place)
    }

    fn record_trade(id: &DatasetId, entry: Digest) {
        let Some(mut dataset) = Datasets::<T>::get(id) else { return };
        let Some(trade_count) = dataset.trade_count.checked_add(1) else { return };
        dataset.trade_count = trade_count;
        if Self::extend(&mut dataset, entry).is_ok() {
            Datasets::<T>::insert(id, dataset);
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_register(owner: &T::AccountId, commitment: Commitment, parents: &[Parent]) -> DatasetId {
        crate::benchmarking::insert_dataset::<T>(owner, commitment, parents)
    }
}
