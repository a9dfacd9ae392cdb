//! The provisional time of a registration: who displaces whom, and what is left of the displaced.
//!
//! Whoever holds a registration back until somebody else registers gains nothing: for `ProvisionalPeriod` blocks the
//! older announcement takes the record over, afterwards nobody does. Of two announcements in one block neither is
//! older, and the one that was registered first stays. While it is provisional nothing else can be done with a
//! dataset, so that a record and a deposit are all that has to be exchanged.
//!
//! For one block there is no tree to show: whoever has a root can register it as the only leaf. Such a registration is
//! proved wrong by one that shows the root to be a node, and gives way to it, however old it is.

use crate::{
    Config, DatasetOf, DisplacedIn, Error, Event, HoldReason, Pallet, Parents, PendingLineage, Royalties,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::{content::block_count, Commitment, DatasetId};

impl<T: Config> Pallet<T> {
    /// Whether an older announcement could displace the registration in this block.
    pub(crate) fn is_provisional(dataset: &DatasetOf<T>) -> bool {
        dataset.is_provisional_at(frame_system::Pallet::<T>::block_number())
    }

    /// Refuse a dataset whose registration does not stand for good: it is provisional, or not entered with its parents.
    pub(crate) fn ensure_stands(id: &DatasetId, dataset: &DatasetOf<T>) -> DispatchResult {
        ensure!(!Self::is_provisional(dataset), Error::<T>::Provisional);
        ensure!(!PendingLineage::<T>::contains_key(id), Error::<T>::LineagePending);
        Ok(())
    }

    /// Whether a registration of `file` that was announced in block `announced`, and is in order itself, takes the place
    /// of one that is provisional.
    pub(crate) fn displaces(known: &DatasetOf<T>, file: &Commitment, announced: BlockNumberFor<T>) -> bool {
        let is_disproved = block_count(known.length) == 1 && file.blocks() > 1;
        announced < known.announced || is_disproved
    }

    /// Undo a registration that gives way to another of the same root. Gives the number of its parents.
    pub(crate) fn displace(id: &DatasetId, known: DatasetOf<T>) -> Result<u32, DispatchError> {
        T::Currency::release(
            &HoldReason::Dataset.into(),
            &known.owner,
            known.deposit,
            Precision::BestEffort,
        )?;
        for index in 0..known.parent_count {
            Parents::<T>::remove(id, index);
        }
        Royalties::<T>::remove(id);
        PendingLineage::<T>::remove(id);
        let registered_at = known.registered.block;
        let count = DisplacedIn::<T>::get(registered_at).checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
        DisplacedIn::<T>::insert(registered_at, count);
        Self::deposit_event(Event::RegistrationDisplaced { dataset: *id, owner: known.owner, registered_at });
        Ok(known.parent_count)
    }
}
