//! The hash chain of a dataset, computed again from its records.

use crate::{Attestations, Config, DatasetOf, Handovers, Pallet, Parents, Versions};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use wonbon_primitives::{
    record::{
        attestation_entry, first_head, handover_entry, next_head, sample_entry, version_entry,
        withdrawal_entry, Parent,
    },
    registry::TradeEntries,
    DatasetId, Digest,
};

/// The entries of a hash chain by their places.
#[derive(Default)]
struct Entries(BTreeMap<u32, Digest>);

impl Entries {
    fn put(&mut self, position: u32, entry: Digest) -> Result<(), TryRuntimeError> {
        ensure!(self.0.insert(position, entry).is_none(), "two records at one place of a hash chain");
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    /// The records of a dataset take the places below `records`, each once, and fold to its head.
    pub(super) fn try_state_chain(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let mut entries = Entries::default();
        for (index, mut attestation) in Attestations::<T>::iter_prefix(id) {
            if let Some(revocation) = &attestation.revoked {
                entries.put(revocation.position, attestation_entry(id, index, &attestation))?;
                attestation.revoked = None;
            }
            entries.put(attestation.position, attestation_entry(id, index, &attestation))?;
        }
        for (index, handover) in Handovers::<T>::iter_prefix(id) {
            entries.put(handover.position, handover_entry(id, index, &handover))?;
        }
        for (index, version) in Versions::<T>::iter_prefix(id) {
            entries.put(version.position, version_entry(id, index, &version))?;
        }
        if let Some(withdrawal) = &dataset.withdrawn {
            entries.put(withdrawal.position, withdrawal_entry(id, withdrawal))?;
        }
        if let Some(answer) = &dataset.sample {
            entries.put(answer.position, sample_entry(id, answer))?;
        }
        let mut trades = 0u32;
        for (position, entry) in T::Trades::trade_entries(id) {
            entries.put(position, entry)?;
            trades = trades.saturating_add(1);
        }
        ensure!(trades == dataset.trade_count, "trades and their count differ");

        ensure!(
            entries.0.keys().copied().eq(0..dataset.records),
            "the records of a dataset are not those that its hash chain counts"
        );
        let parents: Vec<Parent> =
            (0..dataset.parent_count).filter_map(|index| Parents::<T>::get(id, index)).collect();
        let first = first_head(id, dataset, &parents);
        let head = entries.0.values().fold(first, |head, entry| next_head(&head, entry));
        ensure!(head == dataset.head, "the records of a dataset do not fold to the head of its hash chain");
        Ok(())
    }
}
