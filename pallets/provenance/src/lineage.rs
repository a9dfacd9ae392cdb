//! Parents, what follows from them, and new versions.

use crate::{
    ChildCount, Children, Config, DatasetOf, Datasets, Error, Event, Pallet, Parents, PendingLineage,
    Royalties, Versions,
};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::{
    content::growth::{self, BadGrowth, GrowthProof},
    dataset::Relation,
    record::{version_entry, BadLineage, GrownFrom, Lineage, ParentList, RoyaltyShares, Version},
    Commitment, DatasetId,
};

/// What follows from the parents of a registration.
pub(crate) struct Descent {
    /// How many generations stand behind the dataset.
    pub(crate) depth: u32,
    /// The royalties that it carries.
    pub(crate) royalties: RoyaltyShares,
    /// How many royalties the parents carry together.
    pub(crate) inherited: u32,
    /// The dataset that it is a new version of.
    pub(crate) grown_from: Option<GrownFrom>,
}

impl<T: Config> Pallet<T> {
    /// Refuse parents that are unknown, do not stand for good, are named twice or the dataset itself; a new version of a dataset that
    /// belongs to somebody else, of several, or without a proof; and parents whose generations or royalties are
    /// beyond the bounds. A withdrawn parent is fine: where data came from remains true.
    ///
    /// A parent is registered before its children, so lineage has no circles.
    pub(crate) fn lineage(
        who: &T::AccountId,
        commitment: &Commitment,
        parents: &ParentList,
        proof: Option<&GrowthProof>,
    ) -> Result<Descent, DispatchError> {
        let mut lineage = Lineage::default();
        let mut inherited = 0u32;
        let mut seen = BTreeSet::new();
        let mut old = None;
        for parent in parents {
            ensure!(parent.dataset.0 != commitment.root, Error::<T>::OwnParent);
            ensure!(seen.insert(parent.dataset), Error::<T>::DuplicateParent);
            let known = Datasets::<T>::get(parent.dataset).ok_or(Error::<T>::ParentNotRegistered)?;
            Self::ensure_stands(&parent.dataset, &known)?;
            let carried = Royalties::<T>::get(parent.dataset);
            inherited = inherited.saturating_add(carried.len() as u32);
            lineage.add(parent, known.depth, &carried);
            if parent.relation == Relation::NewVersionOf {
                ensure!(known.owner == *who, Error::<T>::NotYourVersion);
                ensure!(old.is_none(), Error::<T>::SeveralOldVersions);
                old = Some(Commitment { root: parent.dataset.0, length: known.length });
            }
        }
        let (depth, royalties) = lineage.finish().map_err(Error::<T>::from)?;
        let grown_from = match (old, proof) {
            (None, None) => None,
            (None, Some(_)) => return Err(Error::<T>::GrowthProofWithoutVersion.into()),
            (Some(_), None) => return Err(Error::<T>::GrowthProofMissing.into()),
            (Some(old), Some(proof)) => {
                let shared = growth::verify(&old, commitment, proof).map_err(Error::<T>::from)?;
                Some(GrownFrom { dataset: DatasetId(old.root), shared_bytes: shared })
            }
        };
        Ok(Descent { depth, royalties, inherited, grown_from })
    }

    /// Store a dataset with each of its parents, and with the one that it is a new version of, now that nothing displaces
    /// it any more. Gives the number of its parents.
    ///
    /// It waits until then because it could not be undone: the old version's hash chain has an entry of it.
    pub(crate) fn do_enter_lineage(id: DatasetId) -> Result<u32, DispatchError> {
        let dataset = Datasets::<T>::get(id).ok_or(Error::<T>::NoSuchDataset)?;
        let grown_from = PendingLineage::<T>::take(id).ok_or(Error::<T>::NoLineagePending)?;
        ensure!(!Self::is_provisional(&dataset), Error::<T>::Provisional);
        for index in 0..dataset.parent_count {
            let parent = Parents::<T>::get(id, index).ok_or(Error::<T>::ParentNotRegistered)?;
            let children = ChildCount::<T>::get(parent.dataset);
            let next = children.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
            Children::<T>::insert(parent.dataset, children, id);
            ChildCount::<T>::insert(parent.dataset, next);
        }
        Self::deposit_event(Event::LineageEntered { dataset: id });
        if let Some(old) = grown_from {
            Self::add_version(&old, id)?;
        }
        Ok(dataset.parent_count)
    }

    /// Store a new version with the dataset that it grew from, whose hash chain it extends. A withdrawn dataset
    /// takes versions too.
    fn add_version(
        GrownFrom { dataset: old, shared_bytes }: &GrownFrom,
        version: DatasetId,
    ) -> DispatchResult {
        let mut dataset: DatasetOf<T> = Datasets::<T>::get(old).ok_or(Error::<T>::ParentNotRegistered)?;
        let index = dataset.version_count;
        let entry = Version { dataset: version, position: dataset.records };
        dataset.version_count = index.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        Self::extend(&mut dataset, version_entry(old, index, &entry))?;
        Datasets::<T>::insert(old, dataset);
        Versions::<T>::insert(old, index, entry);
        Self::deposit_event(Event::VersionRegistered {
            dataset: *old,
            version,
            index,
            shared_bytes: *shared_bytes,
        });
        Ok(())
    }
}

/// How many digests a growth proof has: checking it takes a hash or two for each.
pub(crate) fn digests(proof: &Option<GrowthProof>) -> u32 {
    proof.as_ref().map_or(0, |proof| {
        let tail = proof.tail.as_ref().map_or(0, |tail| tail.path.len().saturating_add(1));
        proof.consistency.len().saturating_add(tail) as u32
    })
}

impl<T> From<BadLineage> for Error<T> {
    fn from(cause: BadLineage) -> Self {
        match cause {
            BadLineage::TooDeep => Self::TooDeep,
            BadLineage::TooManyRoyalties => Self::TooManyRoyalties,
            BadLineage::RoyaltiesTooHigh => Self::RoyaltiesTooHigh,
        }
    }
}

impl<T> From<BadGrowth> for Error<T> {
    fn from(cause: BadGrowth) -> Self {
        match cause {
            BadGrowth::Length(_) => Self::LengthOutOfRange,
            BadGrowth::NoWholeBlock => Self::NoWholeBlock,
            BadGrowth::NotLonger => Self::NotLonger,
            BadGrowth::Tail => Self::WrongTail,
            // `Leaves` is the prover's alone.
            BadGrowth::OldTree(_) | BadGrowth::NewTree(_) | BadGrowth::Leaves => Self::WrongGrowthProof,
        }
    }
}
