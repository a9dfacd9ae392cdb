//! Announcing and registering datasets.

use crate::{
    Announcements, BalanceOf, ChildCount, Children, Config, Datasets, Error, Event, HoldReason, Pallet,
    Parents, ParticipantRegistry, Registration, Royalties,
};
use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{
    traits::{SaturatedConversion, Saturating},
    DispatchError, DispatchResult,
};
use wonbon_primitives::{
    company::Role,
    record::{
        announcement, first_head, Announcement, Dataset, ParentList, ANNOUNCEMENT_LAYOUT, DATASET_LAYOUT,
    },
    DatasetId, Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_announce(who: T::AccountId, commitment: Digest) -> DispatchResult {
        Self::ensure_provider(&who)?;
        ensure!(!Announcements::<T>::contains_key(&who, commitment), Error::<T>::AlreadyAnnounced);

        let deposit = T::AnnouncementDeposit::get();
        T::Currency::hold(&HoldReason::Announcement.into(), &who, deposit)?;
        let at = frame_system::Pallet::<T>::block_number();
        let announced = Announcement { version: ANNOUNCEMENT_LAYOUT, at, deposit };
        Announcements::<T>::insert(&who, commitment, announced);
        Self::deposit_event(Event::Announced { account: who, commitment });
        Ok(())
    }

    pub(crate) fn do_cancel_announcement(who: T::AccountId, commitment: Digest) -> DispatchResult {
        let announced = Announcements::<T>::take(&who, commitment).ok_or(Error::<T>::NotAnnounced)?;
        Self::release_announcement(&who, announced.deposit)?;
        Self::deposit_event(Event::AnnouncementCancelled { account: who, commitment });
        Ok(())
    }

    /// Gives the number of royalties that the parents carry together: the weight depends on it.
    pub(crate) fn do_register(who: T::AccountId, facts: Registration) -> Result<u32, DispatchError> {
        let Registration { commitment, salt, metadata, method, parents, growth } = facts;
        let id = DatasetId(commitment.root);
        // First of all, so that whoever comes second learns who was first, whatever else is wrong.
        ensure!(!Datasets::<T>::contains_key(id), Error::<T>::AlreadyRegistered);
        Self::ensure_provider(&who)?;
        ensure!(commitment.validate().is_ok(), Error::<T>::LengthOutOfRange);

        let hidden = announcement(&who.encode(), &commitment.root, &salt);
        let announced = Announcements::<T>::take(&who, hidden).ok_or(Error::<T>::NotAnnounced)?;
        let registered = Self::moment();
        ensure!(
            registered.block >= announced.at.saturating_add(T::AnnouncementDelay::get()),
            Error::<T>::TooEarly
        );
        let lineage = Self::lineage(&who, &commitment, &parents, growth.as_ref())?;

        let parent_count = parents.len() as u32;
        let deposit = Self::dataset_deposit(parent_count, lineage.royalties.len() as u32);
        Self::release_announcement(&who, announced.deposit)?;
        T::Currency::hold(&HoldReason::Dataset.into(), &who, deposit)?;

        let mut dataset = Dataset {
            version: DATASET_LAYOUT,
            registrant: who.clone(),
            owner: who.clone(),
            length: commitment.length,
            metadata,
            method,
            registered,
            depth: lineage.depth,
            parent_count,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: None,
            records: 0,
            head: Digest::default(),
            deposit,
        };
        dataset.head = first_head(&id, &dataset, &parents);
        Datasets::<T>::insert(id, dataset);
        ChildCount::<T>::insert(id, 0);
        if !lineage.royalties.is_empty() {
            Royalties::<T>::insert(id, lineage.royalties);
        }
        Self::add_child(&id, parents)?;
        Self::schedule_draw(registered.block);
        Self::deposit_event(Event::DatasetRegistered {
            dataset: id,
            owner: who,
            length: commitment.length,
            metadata,
            method,
            parent_count,
        });
        if let Some((old, shared_bytes)) = lineage.grown_from {
            Self::add_version(&old, id, shared_bytes)?;
        }
        Ok(lineage.inherited)
    }

    /// Store the parents of a dataset, and the dataset with each of them.
    fn add_child(id: &DatasetId, parents: ParentList) -> DispatchResult {
        for (index, parent) in (0u32..).zip(parents) {
            Parents::<T>::insert(id, index, parent);
            let children = ChildCount::<T>::get(parent.dataset);
            let next = children.checked_add(1).ok_or(Error::<T>::TooManyRecords)?;
            Children::<T>::insert(parent.dataset, children, id);
            ChildCount::<T>::insert(parent.dataset, next);
        }
        Ok(())
    }

    /// What is held for a new dataset with so many parents and royalties.
    fn dataset_deposit(parents: u32, royalties: u32) -> BalanceOf<T> {
        let for_parents: BalanceOf<T> = T::ParentDeposit::get().saturating_mul(parents.saturated_into());
        let for_royalties: BalanceOf<T> = T::RecordDeposit::get().saturating_mul(royalties.saturated_into());
        T::DatasetDeposit::get().saturating_add(for_parents).saturating_add(for_royalties)
    }

    /// Refuse who is not a verified provider.
    fn ensure_provider(who: &T::AccountId) -> DispatchResult {
        ensure!(T::Participants::is_verified(who), Error::<T>::NotVerified);
        ensure!(T::Participants::has_role(who, Role::Provider), Error::<T>::NotAProvider);
        Ok(())
    }

    fn release_announcement(who: &T::AccountId, deposit: BalanceOf<T>) -> DispatchResult {
        T::Currency::release(&HoldReason::Announcement.into(), who, deposit, Precision::BestEffort)?;
        Ok(())
    }
}
