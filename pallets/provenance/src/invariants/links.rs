//! Lineage: parents, children and versions mirror each other, and depth and royalties follow from the parents.

use crate::{Children, Config, DatasetOf, Datasets, Pallet, Parents, PendingLineage, Royalties, Versions};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_PARENTS},
    dataset::Relation,
    record::{Lineage, Parent},
    DatasetId,
};

/// Links between datasets: the parent or old version, and the child or new version.
type Links = BTreeSet<(DatasetId, DatasetId)>;

impl<T: Config> Pallet<T> {
    /// The parents of one dataset, and what follows from them.
    pub(super) fn try_state_lineage(id: &DatasetId, dataset: &DatasetOf<T>) -> Result<(), TryRuntimeError> {
        ensure!(dataset.parent_count <= MAX_PARENTS, "dataset with too many parents");
        let parents: Vec<Parent> = Parents::<T>::iter_prefix_values(id).collect();
        let mut seen = BTreeSet::new();
        let mut versions_of = 0u32;
        let mut lineage = Lineage::default();
        for parent in &parents {
            ensure!(parent.dataset != *id, "dataset is its own parent");
            ensure!(seen.insert(parent.dataset), "dataset has a parent twice");
            let known = Datasets::<T>::get(parent.dataset).ok_or("parent is not registered")?;
            ensure!(known.registered.block <= dataset.registered.block, "parent registered after its child");
            lineage.add(parent, known.depth, &Royalties::<T>::get(parent.dataset));
            if parent.relation == Relation::NewVersionOf {
                versions_of = versions_of.saturating_add(1);
                ensure!(
                    BLOCK_SIZE <= known.length && known.length < dataset.length,
                    "new version that cannot contain the old one"
                );
            }
        }
        ensure!(versions_of <= 1, "new version of several datasets");
        if let Some(grown_from) = PendingLineage::<T>::get(id) {
            let old = parents.iter().find(|parent| parent.relation == Relation::NewVersionOf);
            ensure!(
                grown_from.map(|grown| grown.dataset) == old.map(|parent| parent.dataset),
                "lineage to be entered that the parents do not say"
            );
        }

        let (depth, royalties) = lineage.finish().map_err(|_| "lineage beyond its bounds")?;
        ensure!(dataset.depth == depth, "the depth of a dataset does not follow from its parents");
        ensure!(
            Royalties::<T>::get(id) == royalties && Royalties::<T>::contains_key(id) != royalties.is_empty(),
            "the royalties of a dataset do not follow from its parents"
        );
        Ok(())
    }

    /// Each link stands once on either side.
    pub(super) fn try_state_links() -> Result<(), TryRuntimeError> {
        let (mut of_parents, mut of_new) = (Links::new(), Links::new());
        for (child, _, parent) in Parents::<T>::iter() {
            if PendingLineage::<T>::contains_key(child) {
                continue;
            }
            of_parents.insert((parent.dataset, child));
            if parent.relation == Relation::NewVersionOf {
                of_new.insert((parent.dataset, child));
            }
        }
        let mut of_children = Links::new();
        for (parent, _, child) in Children::<T>::iter() {
            ensure!(of_children.insert((parent, child)), "parent has a child twice");
        }
        ensure!(of_parents == of_children, "parents and children do not mirror each other");
        let mut of_old = Links::new();
        for (old, _, version) in Versions::<T>::iter() {
            ensure!(of_old.insert((old, version.dataset)), "dataset has a version twice");
        }
        ensure!(of_new == of_old, "versions and their parents do not mirror each other");
        Ok(())
    }
}
