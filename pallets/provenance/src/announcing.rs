//! Announcements: what hides a dataset until it is registered, and for how long.
//!
//! An announcement of block a can be used from the block after a + `AnnouncementDelay` on, when the hash of that block
//! is known, until a + `AnnouncementLifetime`. It holds the whole deposit of a dataset, so that announcing what somebody
//! else may register is as dear as registering; only what parents and royalties add is held later, because nobody
//! tells how many there will be.

use crate::{AnnouncementOf, Announcements, BalanceOf, Config, Error, Event, HoldReason, Pallet};
use codec::Encode;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{traits::Saturating, DispatchResult};
use wonbon_primitives::{
    content::shown::{self, ShownLeaf},
    record::{Announcement, ANNOUNCEMENT_LAYOUT},
    Commitment, Digest,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_announce(who: T::AccountId, commitment: Digest) -> DispatchResult {
        Self::ensure_provider(&who)?;
        ensure!(!Announcements::<T>::contains_key(&who, commitment), Error::<T>::AlreadyAnnounced);

        let deposit = T::DatasetDeposit::get();
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

    /// The same for an announcement that can be used no more, whoever asks.
    pub(crate) fn do_clear_announcement(account: T::AccountId, commitment: Digest) -> DispatchResult {
        let announced = Announcements::<T>::get(&account, commitment).ok_or(Error::<T>::NotAnnounced)?;
        ensure!(Self::is_expired(&announced), Error::<T>::AnnouncementNotExpired);
        Self::do_cancel_announcement(account, commitment)
    }

    /// Refuse an announcement that cannot be used in this block, and leaves that are not those that it draws.
    pub(crate) fn ensure_opened(
        who: &T::AccountId,
        announced: &AnnouncementOf<T>,
        file: &Commitment,
        leaves: &[ShownLeaf],
    ) -> DispatchResult {
        let now = frame_system::Pallet::<T>::block_number();
        let drawn_by = announced.at.saturating_add(T::AnnouncementDelay::get());
        ensure!(now > drawn_by, Error::<T>::TooEarly);
        ensure!(!Self::is_expired(announced), Error::<T>::AnnouncementExpired);
        let seed = Self::seed_of_leaves(drawn_by).ok_or(Error::<T>::DrawForgotten)?;
        shown::verify(&seed, &who.encode(), file, leaves).map_err(|_| Error::<T>::WrongLeaves.into())
    }

    /// The hash of the block that draws the leaves of an announcement. The chain knows it for as long as an announcement
    /// lives (`integrity_test`), so that nothing has to keep it.
    fn seed_of_leaves(drawn_by: BlockNumberFor<T>) -> Option<Digest> {
        frame_system::BlockHash::<T>::contains_key(drawn_by)
            .then(|| frame_system::Pallet::<T>::block_hash(drawn_by).into())
    }

    fn is_expired(announced: &AnnouncementOf<T>) -> bool {
        let last = announced.at.saturating_add(T::AnnouncementLifetime::get());
        frame_system::Pallet::<T>::block_number() > last
    }

    pub(crate) fn release_announcement(who: &T::AccountId, deposit: BalanceOf<T>) -> DispatchResult {
        T::Currency::release(&HoldReason::Announcement.into(), who, deposit, Precision::BestEffort)?;
        Ok(())
    }
}
