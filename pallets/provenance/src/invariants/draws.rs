//! Seeds: one for each block with registrations, drawn or due.

use crate::{Config, DatasetOf, Datasets, DisplacedIn, DrawDue, Pallet, Seeds};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use wonbon_primitives::sample::most_blocks;

impl<T: Config> Pallet<T> {
    /// Each block with registrations, displaced ones too, has its seed or waits for it, and no other block does.
    pub(super) fn try_state_draws() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut found = BTreeSet::new();
        for (due, registered_at) in DrawDue::<T>::iter() {
            ensure!(registered_at <= now && now < due, "a draw is overdue");
            ensure!(found.insert(registered_at), "a draw is due twice");
        }
        for registered_at in Seeds::<T>::iter_keys() {
            ensure!(registered_at < now, "a seed that nobody can know yet");
            ensure!(found.insert(registered_at), "a draw is due and done");
        }
        let registered: BTreeSet<_> = Datasets::<T>::iter_values()
            .map(|dataset| dataset.registered.block)
            .chain(DisplacedIn::<T>::iter_keys())
            .collect();
        ensure!(found == registered, "the seeds are not those of the blocks with registrations");
        Ok(())
    }

    /// The answer to one dataset's draw.
    pub(super) fn try_state_answer(dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let Some(answer) = &dataset.sample else { return Ok(()) };
        ensure!(Seeds::<T>::contains_key(dataset.registered.block), "a draw answered before it was drawn");
        ensure!(
            super::is_between(&dataset.registered, &answer.at, &Self::moment()),
            "a draw answered before its dataset was registered, or in the future"
        );
        let most = most_blocks(dataset.length);
        ensure!(
            (1..=most).contains(&answer.blocks.into()),
            "a draw answered with too few or too many blocks"
        );
        Ok(())
    }
}
