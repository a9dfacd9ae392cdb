//! Announcing and registering datasets.

use crate::{
    first_head, Announcement, Announcements, AttestationCount, BalanceOf, ChildCount, Children, Config,
    Dataset, Datasets, Error, Event, HoldReason, Pallet, ParentList, Parents, ParticipantRegistry,
    RECORD_VERSION,
};
use alloc::collections::BTreeSet;
use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{
    traits::{SaturatedConversion, Saturating},
    DispatchResult,
};
use wonbon_primitives::{
    bounds::MAX_LENGTH,
    company::Role,
    dataset::{Method, Relation},
    id::announcement,
    DatasetId, Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_announce(who: T::AccountId, commitment: Digest) -> DispatchResult {
        Self::ensure_provider(&who)?;
        ensure!(!Announcements::<T>::contains_key(&who, commitment), Error::<T>::AlreadyAnnounced);

        let deposit = T::AnnouncementDeposit::get();
        T::Currency::hold(&HoldReason::Announcement.into(), &who, deposit)?;
        let at = frame_system::Pallet::<T>::block_number();
        Announcements::<T>::insert(&who, commitment, Announcement { version: RECORD_VERSION, at, deposit });
        Self::deposit_event(Event::Announced { account: who, commitment });
        Ok(())
    }

    pub(crate) fn do_cancel_announcement(who: T::AccountId, commitment: Digest) -> DispatchResult {
        let announced = Announcements::<T>::take(&who, commitment).ok_or(Error::<T>::NotAnnounced)?;
        Self::release_announcement(&who, announced.deposit)?;
        Self::deposit_event(Event::AnnouncementCancelled { account: who, commitment });
        Ok(())
    }

    pub(crate) fn do_register(
        who: T::AccountId,
        root: Digest,
        length: u64,
        salt: Digest,
        metadata: Digest,
        method: Method,
        parents: ParentList,
    ) -> DispatchResult {
        let id = DatasetId(root);
        // First of all, so that whoever comes second learns who was first, whatever else is wrong.
        ensure!(!Datasets::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
        Self::ensure_provider(&who)?;
        ensure!((1..=MAX_LENGTH).contains(&length), Error::<T>::LengthOutOfRange);

        let commitment = announcement(&who.encode(), &root, &salt);
        let announced = Announcements::<T>::take(&who, commitment).ok_or(Error::<T>::NotAnnounced)?;
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(now >= announced.at.saturating_add(T::AnnouncementDelay::get()), Error::<T>::TooEarly);
        Self::ensure_lineage(&who, &id, &parents)?;

        let parent_count = parents.len() as u32;
        let for_parents: BalanceOf<T> = T::ParentDeposit::get().saturating_mul(parent_count.saturated_into());
        let deposit = T::DatasetDeposit::get().saturating_add(for_parents);
        Self::release_announcement(&who, announced.deposit)?;
        T::Currency::hold(&HoldReason::Dataset.into(), &who, deposit)?;

        let mut dataset = Dataset {
            version: RECORD_VERSION,
            registrant: who.clone(),
            owner: who.clone(),
            length,
            metadata,
            method,
            registered_at: now,
            parent_count,
            withdrawn: None,
            records: 0,
            head: Digest::default(),
            deposit,
        };
        dataset.head = first_head(&id, &dataset, &parents);
        Datasets::<T>::insert(id, dataset);
        ChildCount::<T>::insert(id, 0);
        AttestationCount::<T>::insert(id, 0);
        for (index, parent) in (0u32..).zip(parents) {
            Parents::<T>::insert(id, index, parent);
            let children = ChildCount::<T>::get(parent.dataset);
            let next = children.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
            Children::<T>::insert(parent.dataset, children, id);
            ChildCount::<T>::insert(parent.dataset, next);
        }
        Self::deposit_event(Event::DatasetRegistered {
            dataset: id,
            owner: who,
            length,
            metadata,
            method,
            parent_count,
        });
        Ok(())
    }

    /// Refuse who is not a verified provider.
    fn ensure_provider(who: &T::AccountId) -> DispatchResult {
        ensure!(T::Participants::is_verified(who), Error::<T>::NotVerified);
        ensure!(T::Participants::has_role(who, Role::Provider), Error::<T>::NotAProvider);
        Ok(())
    }

    /// Refuse parents that are unknown, named twice or the dataset itself, and a new version of a dataset that
    /// belongs to somebody else. A withdrawn parent is fine: where data came from remains true.
    ///
    /// A parent is registered before its children, so lineage has no circles.
    fn ensure_lineage(who: &T::AccountId, id: &DatasetId, parents: &ParentList) -> DispatchResult {
        let mut seen = BTreeSet::new();
        for parent in parents {
            ensure!(parent.dataset != *id, Error::<T>::OwnParent);
            ensure!(seen.insert(parent.dataset), Error::<T>::DuplicateParent);
            let known = Datasets::<T>::get(parent.dataset).ok_or(Error::<T>::ParentNotRegistered)?;
            ensure!(
                parent.relation != Relation::NewVersionOf || known.owner == *who,
                Error::<T>::NotYourVersion
            );
        }
        Ok(())
    }

    fn release_announcement(who: &T::AccountId, deposit: BalanceOf<T>) -> DispatchResult {
        T::Currency::release(&HoldReason::Announcement.into(), who, deposit, Precision::BestEffort)?;
        Ok(())
    }
}
