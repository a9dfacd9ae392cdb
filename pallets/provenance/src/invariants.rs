//! What must hold of the provenance pallet's storage between any two blocks.

mod chain;
mod draws;
mod links;
mod provisional;

use crate::{
    Announcements, Attestations, BalanceOf, ChildCount, Children, Config, DatasetOf, Datasets, DisplacedIn,
    DrawDue, HandedOver, Handovers, HoldReason, KeptRights, Pallet, Parents, PendingHandovers,
    PendingLineage, Royalties, Seeds, Versions,
};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{
    traits::{Saturating, Zero},
    TryRuntimeError,
};
use wonbon_invariants::{ensure_readable, readable};
use wonbon_primitives::{
    bounds::MAX_ROYALTY_TOTAL,
    content::check_length,
    record::{Amount, Moment, ANNOUNCEMENT_LAYOUT, DATASET_ENTRY_LAYOUT, DATASET_LAYOUT},
    DatasetId,
};

/// The deposits that the records of each account add up to.
type Deposits<T> = BTreeMap<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

impl<T: Config> Pallet<T> {
    /// Everything that stands under the pallet decodes: what does not reads as if it were not there.
    fn try_readable() -> Result<(), TryRuntimeError> {
        ensure_readable::<Self>(readable!(
            maps:
                Announcements<T>, Datasets<T>, Parents<T>, ChildCount<T>, Children<T>, Versions<T>,
                Royalties<T>, Attestations<T>, Handovers<T>, PendingHandovers<T>, HandedOver<T>, DrawDue<T>,
                Seeds<T>, KeptRights<T>, PendingLineage<T>, DisplacedIn<T>;
            values:
        ))
    }

    /// Check what must hold of the storage between any two blocks.
    ///
    /// # Invariants
    ///
    /// - Every record has a known layout; nothing happened in the future or before its dataset was registered.
    /// - A dataset's length is within bounds; its parents, children, versions, attestations, handovers and
    ///   trades are exactly as many as their counts say, at the indices below the count. What stands under a
    ///   dataset stands under a registered one.
    /// - Parents and children mirror each other, and so do parents of which a dataset is a new version and
    ///   versions: each link stands once on either side, between registered datasets, the parent no later than
    ///   the child; where the lineage is still to be entered, on the child's side only. No dataset is its own parent, has a parent twice or is a version of two.
    /// - Depth and royalties are what follows from the parents, within their bounds.
    /// - The hash chain of each dataset, computed again from its records, ends in its head: it begins with what
    ///   registration fixed, and the places of the records are those below `records`, each once.
    /// - The handovers lead from the registrant to the owner. A proposed one goes to somebody else than the
    ///   owner, and a right is kept in a proposed one only.
    /// - A dataset was announced before it was registered, and is provisional until no earlier than that. While it is
    ///   provisional, or its lineage is still to be entered, it has no record but its own; what is still to be
    ///   entered has parents.
    /// - For each block with registrations, displaced ones too, there is a seed, or one is due in a block to come, and
    ///   no other is.
    ///   Whoever answered a draw had the seed.
    /// - The handovers from each account are as many as its count says.
    /// - Nobody attested about a dataset that they registered.
    /// - For each account and reason the deposits in the records add up to what is on hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_readable()?;
        let mut deposits = Deposits::<T>::new();
        for (id, dataset) in Datasets::<T>::iter() {
            Self::try_state_dataset(&id, &dataset)?;
            Self::try_state_lineage(&id, &dataset)?;
            Self::try_state_handovers(&id, &dataset)?;
            Self::try_state_chain(&id, &dataset)?;
            Self::try_state_answer(&dataset)?;
            Self::try_state_provisional(&id, &dataset)?;
            add::<T>(&mut deposits, dataset.owner, dataset.deposit);
        }
        ensure_held::<T>(HoldReason::Dataset, deposits)?;
        Self::try_state_orphans()?;
        Self::try_state_links()?;
        Self::try_state_draws()?;
        Self::try_state_attestations()?;
        Self::try_state_announcements()?;
        Self::try_state_handed_over()?;
        Self::try_state_pending_handovers()
    }

    /// One dataset and its counts.
    fn try_state_dataset(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let now = Self::moment();
        ensure!(dataset.version == DATASET_LAYOUT, "dataset of an unknown layout");
        ensure!(check_length(dataset.length).is_ok(), "dataset of an impossible length");
        ensure!(
            is_between(&dataset.registered, &dataset.registered, &now),
            "dataset registered in the future"
        );
        if let Some(withdrawal) = &dataset.withdrawn {
            ensure!(
                is_between(&dataset.registered, &withdrawal.at, &now),
                "dataset withdrawn before it was registered, or in the future"
            );
        }

        ensure!(ChildCount::<T>::contains_key(id), "dataset without a count of children");
        ensure_indices(
            ChildCount::<T>::get(id),
            Children::<T>::iter_key_prefix(id),
            "children and their count differ",
        )?;
        ensure_indices(
            dataset.parent_count,
            Parents::<T>::iter_key_prefix(id),
            "parents and their count differ",
        )?;
        ensure_indices(
            dataset.version_count,
            Versions::<T>::iter_key_prefix(id),
            "versions and their count differ",
        )?;
        ensure_indices(
            dataset.attestation_count,
            Attestations::<T>::iter_key_prefix(id),
            "attestations and their count differ",
        )?;
        ensure_indices(
            dataset.handover_count,
            Handovers::<T>::iter_key_prefix(id),
            "handovers and their count differ",
        )
    }

    /// The way of one dataset from its registrant to its owner.
    fn try_state_handovers(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let now = Self::moment();
        let mut owner = dataset.registrant.clone();
        let mut since = dataset.registered;
        for index in 0..dataset.handover_count {
            let handover = Handovers::<T>::get(id, index).ok_or("handovers with a gap")?;
            ensure!(handover.version == DATASET_ENTRY_LAYOUT, "handover of an unknown layout");
            ensure!(handover.from == owner, "handover by somebody else than the owner");
            ensure!(is_between(&since, &handover.at, &now), "handovers out of order, or in the future");
            owner = handover.to;
            since = handover.at;
        }
        ensure!(owner == dataset.owner, "the handovers of a dataset do not lead to its owner");
        Ok(())
    }

    /// Whatever stands under a dataset stands under a registered one.
    fn try_state_orphans() -> Result<(), TryRuntimeError> {
        let owners = ChildCount::<T>::iter_keys()
            .chain(Children::<T>::iter_keys().map(|(id, _)| id))
            .chain(Parents::<T>::iter_keys().map(|(id, _)| id))
            .chain(Versions::<T>::iter_keys().map(|(id, _)| id))
            .chain(Royalties::<T>::iter_keys())
            .chain(Attestations::<T>::iter_keys().map(|(id, _)| id))
            .chain(Handovers::<T>::iter_keys().map(|(id, _)| id))
            .chain(PendingLineage::<T>::iter_keys())
            .chain(PendingHandovers::<T>::iter_keys());
        for id in owners {
            ensure!(Datasets::<T>::contains_key(id), "something belongs to a dataset that is not registered");
        }
        Ok(())
    }

    fn try_state_attestations() -> Result<(), TryRuntimeError> {
        let now = Self::moment();
        let mut deposits = Deposits::<T>::new();
        for (id, _, attestation) in Attestations::<T>::iter() {
            ensure!(attestation.version == DATASET_ENTRY_LAYOUT, "attestation of an unknown layout");
            let dataset = Datasets::<T>::get(id).ok_or("attestation without a dataset")?;
            ensure!(attestation.inspector != dataset.registrant, "attestation by the registrant");
            ensure!(
                is_between(&dataset.registered, &attestation.at, &now),
                "attestation before its dataset, or in the future"
            );
            if let Some(revocation) = &attestation.revoked {
                ensure!(
                    is_between(&attestation.at, &revocation.at, &now),
                    "revocation before its attestation, or in the future"
                );
            }
            add::<T>(&mut deposits, attestation.inspector, attestation.deposit);
        }
        ensure_held::<T>(HoldReason::Attestation, deposits)
    }

    fn try_state_announcements() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut deposits = Deposits::<T>::new();
        for (account, _, announced) in Announcements::<T>::iter() {
            ensure!(announced.version == ANNOUNCEMENT_LAYOUT, "announcement of an unknown layout");
            ensure!(announced.at <= now, "announcement in the future");
            add::<T>(&mut deposits, account, announced.deposit);
        }
        ensure_held::<T>(HoldReason::Announcement, deposits)
    }

    /// The handovers from each account are counted.
    fn try_state_handed_over() -> Result<(), TryRuntimeError> {
        let mut handed_over = BTreeMap::<T::AccountId, u32>::new();
        for (_, _, handover) in Handovers::<T>::iter() {
            let count = handed_over.entry(handover.from).or_default();
            *count = count.saturating_add(1);
        }
        let counted: BTreeMap<_, _> = HandedOver::<T>::iter().collect();
        ensure!(counted == handed_over, "handovers are not counted right");
        Ok(())
    }

    fn try_state_pending_handovers() -> Result<(), TryRuntimeError> {
        for (id, to) in PendingHandovers::<T>::iter() {
            let dataset = Datasets::<T>::get(id).ok_or("handover without a dataset")?;
            ensure!(dataset.owner != to, "handover to the owner");
        }
        for (id, royalty) in KeptRights::<T>::iter() {
            ensure!(PendingHandovers::<T>::contains_key(id), "a right to be kept without a handover");
            ensure!(royalty.millionths() <= MAX_ROYALTY_TOTAL, "a right to be kept that is of no use");
        }
        Ok(())
    }
}

/// Whether `at` is no earlier than `first` and no later than `last`, by block and by time.
fn is_between<BlockNumber: Amount + PartialOrd>(
    first: &Moment<BlockNumber>,
    at: &Moment<BlockNumber>,
    last: &Moment<BlockNumber>,
) -> bool {
    first.block <= at.block && at.block <= last.block && first.time <= at.time && at.time <= last.time
}

/// The indices are those below `count`, each once.
fn ensure_indices(
    count: u32,
    indices: impl Iterator<Item = u32>,
    otherwise: &'static str,
) -> Result<(), TryRuntimeError> {
    let mut found = 0u32;
    for index in indices {
        ensure!(index < count, otherwise);
        found = found.saturating_add(1);
    }
    ensure!(found == count, otherwise);
    Ok(())
}

fn add<T: Config>(deposits: &mut Deposits<T>, account: T::AccountId, deposit: BalanceOf<T>) {
    let sum = deposits.entry(account).or_default();
    *sum = sum.saturating_add(deposit);
}

/// Every account has on hold what its records add up to, and who has no record has nothing.
fn ensure_held<T: Config>(reason: HoldReason, mut deposits: Deposits<T>) -> Result<(), TryRuntimeError> {
    let reason = reason.into();
    for account in frame_system::Account::<T>::iter_keys() {
        let sum = deposits.remove(&account).unwrap_or_default();
        ensure!(
            T::Currency::balance_on_hold(&reason, &account) == sum,
            "deposits do not add up to what is on hold"
        );
    }
    ensure!(deposits.into_values().all(|sum| sum.is_zero()), "deposits of an account that does not exist");
    Ok(())
}
