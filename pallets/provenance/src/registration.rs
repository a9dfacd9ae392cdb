//! Registering datasets.

use crate::{
    AnnouncementOf, Announcements, BalanceOf, ChildCount, Config, Datasets, Error, Event, HoldReason, Pallet,
    Parents, ParticipantRegistry, PendingLineage, Registration, Royalties,
};
use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, Get},
};
use sp_runtime::{
    traits::{SaturatedConversion, Saturating},
    DispatchError, DispatchResult,
};
use wonbon_primitives::{
    company::Role,
    record::{announcement, first_head, Dataset, DATASET_LAYOUT},
    DatasetId, Digest,
};

/// What a registration did, as far as its weight depends on it.
pub(crate) struct Registered {
    /// How many royalties the parents carry together.
    pub(crate) inherited: u32,
    /// How many parents the registration had that this one displaced, if it displaced one.
    pub(crate) displaced_parents: Option<u32>,
}

impl<T: Config> Pallet<T> {
    /// Registers what was announced, if `ensure_opened` finds nothing wrong with the announcement and the leaves shown.
    pub(crate) fn do_register(
        who: T::AccountId,
        facts: Registration,
        ensure_opened: impl FnOnce(&AnnouncementOf<T>) -> DispatchResult,
    ) -> Result<Registered, DispatchError> {
        let Registration { commitment, salt, metadata, method, parents, growth } = facts;
        let id = DatasetId(commitment.root);
        // First of all, so that whoever comes second learns who was first, whatever else is wrong.
        let known = Datasets::<T>::get(id);
        let is_open = known.as_ref().is_none_or(Self::is_provisional);
        ensure!(is_open, Error::<T>::AlreadyRegistered);
        Self::ensure_provider(&who)?;
        ensure!(commitment.validate().is_ok(), Error::<T>::LengthOutOfRange);

        let hidden = announcement(&who.encode(), &commitment.root, commitment.length, &salt);
        let announced = Announcements::<T>::take(&who, hidden).ok_or_else(|| match known {
            Some(_) => Error::<T>::AlreadyRegistered,
            None => Error::<T>::NotAnnounced,
        })?;
        if let Some(known) = &known {
            ensure!(Self::displaces(known, &commitment, announced.at), Error::<T>::AlreadyRegistered);
        }
        ensure_opened(&announced)?;
        let lineage = Self::lineage(&who, &commitment, &parents, growth.as_ref())?;

        let displaced_parents = known.map(|known| Self::displace(&id, known)).transpose()?;
        let parent_count = parents.len() as u32;
        let deposit = Self::dataset_deposit(parent_count, lineage.royalties.len() as u32);
        Self::release_announcement(&who, announced.deposit)?;
        T::Currency::hold(&HoldReason::Dataset.into(), &who, deposit)?;

        let registered = Self::moment();
        let mut dataset = Dataset {
            version: DATASET_LAYOUT,
            registrant: who.clone(),
            owner: who.clone(),
            length: commitment.length,
            metadata,
            method,
            registered,
            announced: announced.at,
            provisional_until: registered.block.saturating_add(T::ProvisionalPeriod::get()),
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
        if parent_count > 0 {
            PendingLineage::<T>::insert(id, lineage.grown_from);
        }
        for (index, parent) in (0u32..).zip(parents) {
            Parents::<T>::insert(id, index, parent);
        }
        Self::schedule_draw(registered.block);
        Self::deposit_event(Event::DatasetRegistered {
            dataset: id,
            owner: who,
            length: commitment.length,
            metadata,
            method,
            parent_count,
        });
        Ok(Registered { inherited: lineage.inherited, displaced_parents })
    }

    /// What is held for a new dataset with so many parents and royalties.
    fn dataset_deposit(parents: u32, royalties: u32) -> BalanceOf<T> {
        let for_parents: BalanceOf<T> = T::ParentDeposit::get().saturating_mul(parents.saturated_into());
        let for_royalties: BalanceOf<T> = T::RecordDeposit::get().saturating_mul(royalties.saturated_into());
        T::DatasetDeposit::get().saturating_add(for_parents).saturating_add(for_royalties)
    }

    /// Refuse who is not a verified provider.
    pub(crate) fn ensure_provider(who: &T::AccountId) -> DispatchResult {
        ensure!(T::Participants::is_verified(who), Error::<T>::NotVerified);
        ensure!(T::Participants::has_role(who, Role::Provider), Error::<T>::NotAProvider);
        Ok(())
    }
}
