//! What must hold of the provenance pallet's storage between any two blocks.

use crate::{
    attestation_entry, first_head, next_head, withdrawal_entry, Announcements, AttestationCount,
    Attestations, BalanceOf, ChildCount, Children, Config, DatasetOf, Datasets, Handovers, HoldReason,
    Pallet, Parent, Parents, Records, RECORD_VERSION,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{traits::Saturating, TryRuntimeError};
use wonbon_primitives::{
    bounds::{MAX_LENGTH, MAX_PARENTS},
    DatasetId, Digest,
};

/// The deposits that the records of each account add up to.
type Deposits<T> = BTreeMap<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

impl<T: Config> Pallet<T> {
    /// Check what must hold of the storage between any two blocks.
    ///
    /// # Invariants
    ///
    /// - Every record has a known layout; nothing happened in the future or before its dataset was registered.
    /// - A dataset's length is within bounds; its parents, children, attestations and chain entries are exactly
    ///   as many as their counts say, at the indices below the count, and every dataset has both counts stored.
    /// - Parents and children mirror each other: each link stands once on either side, between registered
    ///   datasets, the parent no later than the child; no dataset is its own parent or has a parent twice.
    /// - The hash chain of each dataset begins with what registration fixed, its entries fold to `head`, and
    ///   each attestation, revocation and withdrawal in storage has its entry in the chain, exactly once.
    /// - Nobody attested about a dataset that he registered.
    /// - A proposed handover belongs to a dataset that stands, and goes to somebody else than its owner.
    /// - For each account and reason the deposits in the records add up to what is on hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut deposits = Deposits::<T>::new();
        for (id, dataset) in Datasets::<T>::iter() {
            Self::try_state_dataset(&id, &dataset)?;
            Self::try_state_chain(&id, &dataset)?;
            add::<T>(&mut deposits, dataset.owner, dataset.deposit);
        }
        ensure_held::<T>(HoldReason::Dataset, deposits)?;
        Self::try_state_orphans()?;
        Self::try_state_attestations()?;
        Self::try_state_announcements()?;
        Self::try_state_handovers()
    }

    /// One dataset, its counts and its lineage.
    fn try_state_dataset(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(dataset.version == RECORD_VERSION, "dataset of an unknown layout");
        ensure!((1..=MAX_LENGTH).contains(&dataset.length), "dataset of an impossible length");
        ensure!(dataset.registered_at <= now, "dataset registered in the future");
        if let Some(withdrawal) = &dataset.withdrawn {
            ensure!(
                dataset.registered_at <= withdrawal.at && withdrawal.at <= now,
                "dataset withdrawn before it was registered, or in the future"
            );
        }

        ensure!(ChildCount::<T>::contains_key(id), "dataset without a count of children");
        ensure!(AttestationCount::<T>::contains_key(id), "dataset without a count of attestations");
        ensure_indices(
            ChildCount::<T>::get(id),
            Children::<T>::iter_key_prefix(id),
            "children and their count differ",
        )?;
        ensure_indices(
            AttestationCount::<T>::get(id),
            Attestations::<T>::iter_key_prefix(id),
            "attestations and their count differ",
        )?;
        ensure_indices(
            dataset.parent_count,
            Parents::<T>::iter_key_prefix(id),
            "parents and their count differ",
        )?;
        ensure_indices(
            dataset.records,
            Records::<T>::iter_key_prefix(id),
            "entries of the hash chain and their count differ",
        )?;

        ensure!(dataset.parent_count <= MAX_PARENTS, "dataset with too many parents");
        let mut seen = BTreeSet::new();
        for (_, parent) in Parents::<T>::iter_prefix(id) {
            ensure!(parent.dataset != *id, "dataset is its own parent");
            ensure!(seen.insert(parent.dataset), "dataset has a parent twice");
            let known = Datasets::<T>::get(parent.dataset).ok_or("parent is not registered")?;
            ensure!(known.registered_at <= dataset.registered_at, "parent registered after its child");
            ensure!(
                Children::<T>::iter_prefix(parent.dataset).filter(|(_, child)| child == id).count() == 1,
                "parent does not have the child exactly once"
            );
        }
        for (_, child) in Children::<T>::iter_prefix(id) {
            ensure!(
                Parents::<T>::iter_prefix(child).filter(|(_, parent)| parent.dataset == *id).count() == 1,
                "child does not have the parent exactly once"
            );
        }
        Ok(())
    }

    /// One dataset's hash chain, computed again.
    fn try_state_chain(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        let parents: Vec<Parent> =
            (0..dataset.parent_count).filter_map(|index| Parents::<T>::get(id, index)).collect();
        let mut head = first_head(id, dataset, &parents);
        let mut entries = BTreeMap::<Digest, u32>::new();
        for index in 0..dataset.records {
            let entry = Records::<T>::get(id, index).ok_or("hash chain with a gap")?;
            head = next_head(&head, &entry);
            let times = entries.entry(entry).or_default();
            *times = times.saturating_add(1);
        }
        ensure!(head == dataset.head, "the entries of a hash chain do not fold to its head");

        let once = |entry: Digest| entries.get(&entry) == Some(&1);
        for (index, mut attestation) in Attestations::<T>::iter_prefix(id) {
            if attestation.revoked.is_some() {
                ensure!(
                    once(attestation_entry(id, index, &attestation)),
                    "revocation is not in the hash chain"
                );
                attestation.revoked = None;
            }
            ensure!(once(attestation_entry(id, index, &attestation)), "attestation is not in the hash chain");
        }
        if let Some(withdrawal) = &dataset.withdrawn {
            ensure!(once(withdrawal_entry(id, withdrawal)), "withdrawal is not in the hash chain");
        }
        Ok(())
    }

    /// Whatever stands under a dataset stands under a registered one.
    fn try_state_orphans() -> Result<(), TryRuntimeError> {
        let owners = ChildCount::<T>::iter_keys()
            .chain(AttestationCount::<T>::iter_keys())
            .chain(Children::<T>::iter_keys().map(|(id, _)| id))
            .chain(Attestations::<T>::iter_keys().map(|(id, _)| id))
            .chain(Parents::<T>::iter_keys().map(|(id, _)| id))
            .chain(Records::<T>::iter_keys().map(|(id, _)| id))
            .chain(Handovers::<T>::iter_keys());
        for id in owners {
            ensure!(Datasets::<T>::contains_key(id), "something belongs to a dataset that is not registered");
        }
        Ok(())
    }

    fn try_state_attestations() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let mut deposits = Deposits::<T>::new();
        for (id, _, attestation) in Attestations::<T>::iter() {
            ensure!(attestation.version == RECORD_VERSION, "attestation of an unknown layout");
            let dataset = Datasets::<T>::get(id).ok_or("attestation without a dataset")?;
            ensure!(attestation.inspector != dataset.registrant, "attestation by the registrant");
            ensure!(
                dataset.registered_at <= attestation.at && attestation.at <= now,
                "attestation before its dataset, or in the future"
            );
            if let Some(revocation) = &attestation.revoked {
                ensure!(
                    attestation.at <= revocation.at && revocation.at <= now,
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
            ensure!(announced.version == RECORD_VERSION, "announcement of an unknown layout");
            ensure!(announced.at <= now, "announcement in the future");
            add::<T>(&mut deposits, account, announced.deposit);
        }
        ensure_held::<T>(HoldReason::Announcement, deposits)
    }

    fn try_state_handovers() -> Result<(), TryRuntimeError> {
        for (id, to) in Handovers::<T>::iter() {
            let dataset = Datasets::<T>::get(id).ok_or("handover without a dataset")?;
            ensure!(dataset.owner != to, "handover to the owner");
            ensure!(dataset.withdrawn.is_none(), "handover of a withdrawn dataset");
        }
        Ok(())
    }
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

fn ensure_held<T: Config>(reason: HoldReason, deposits: Deposits<T>) -> Result<(), TryRuntimeError> {
    let reason = reason.into();
    for (account, sum) in deposits {
        ensure!(
            T::Currency::balance_on_hold(&reason, &account) == sum,
            "deposits do not add up to what is on hold"
        );
    }
    Ok(())
}
