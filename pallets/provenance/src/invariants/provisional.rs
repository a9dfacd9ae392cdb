//! Registrations that do not stand for good yet.

use crate::{ChildCount, Config, DatasetOf, Pallet, PendingHandovers, PendingLineage};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use wonbon_primitives::DatasetId;

impl<T: Config> Pallet<T> {
    /// One dataset: when it was announced, and what there must not be before it stands for good.
    pub(super) fn try_state_provisional(
        id: &DatasetId,
        dataset: &DatasetOf<T>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(
            dataset.announced < dataset.registered.block,
            "dataset announced no earlier than it was registered"
        );
        ensure!(
            dataset.registered.block <= dataset.provisional_until,
            "dataset that stood for good before it was registered"
        );
        let is_pending = PendingLineage::<T>::contains_key(id);
        ensure!(!is_pending || dataset.parent_count > 0, "lineage to be entered without parents");
        ensure!(
            dataset.parent_count == 0 || is_pending || !Self::is_provisional(dataset),
            "lineage entered of a provisional registration"
        );
        if is_pending || Self::is_provisional(dataset) {
            ensure!(
                dataset.records == 0
                    && dataset.owner == dataset.registrant
                    && ChildCount::<T>::get(id) == 0
                    && !PendingHandovers::<T>::contains_key(id),
                "something stands with a registration that does not stand for good"
            );
        }
        Ok(())
    }
}
