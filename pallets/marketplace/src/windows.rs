//! Windows, and their extension when the chain's finality had lagged.
//!
//! While finality is behind, honest tools show no key and no proof, and an hour's stall makes more than a hundred blocks:
//! windows would run out with nobody at fault. So two thirds of the council may lengthen all windows that are open by a
//! number of blocks, and can do nothing else to them.
//!
//! Promises: no window is ever shortened; one that is opened after an extension is not touched by it; an extension writes
//! one item, however many orders are open, and so many of them are remembered as can concern a window, at most
//! [`MAX_EXTENSIONS`](wonbon_primitives::bounds::MAX_EXTENSIONS).

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::{CheckedAdd, Saturating, Zero};
use wonbon_primitives::record::{Extension, OrderState, MAX_WINDOW};

use crate::{
    pallet::{Config, Error, Event, Extensions, Pallet},
    types::OrderOf,
};

impl<T: Config> Pallet<T> {
    /// The last block at which the key of an order is taken.
    pub fn deliver_by(order: &OrderOf<T>) -> BlockNumberFor<T> {
        Extensions::<T>::get().end_of(order.placed_at, order.deliver_by)
    }

    /// The last block at which a dispute of an order is taken; `None` before its delivery.
    pub fn dispute_until(order: &OrderOf<T>) -> Option<BlockNumberFor<T>> {
        match order.state {
            OrderState::Placed => None,
            OrderState::Delivered { at, dispute_until, .. } => {
                Some(Extensions::<T>::get().end_of(at, dispute_until))
            }
        }
    }

    pub(crate) fn do_extend_windows(by: BlockNumberFor<T>) -> DispatchResult {
        ensure!(!by.is_zero() && by <= T::MaxExtension::get(), Error::<T>::ExtensionOutOfRange);
        let now = Self::now();
        let mut extensions = Extensions::<T>::get();
        extensions.total = extensions.total.checked_add(&by).ok_or(Error::<T>::Overflow)?;
        // No window that one of these found open, as long as it may have been and with all extensions since, is open now.
        let most = BlockNumberFor::<T>::from(MAX_WINDOW).saturating_add(extensions.total);
        extensions.list.retain(|extension| extension.at.saturating_add(most) >= now);
        extensions.list.try_push(Extension { at: now, by }).map_err(|_| Error::<T>::TooManyExtensions)?;
        let total = extensions.total;
        Extensions::<T>::put(extensions);
        Self::deposit_event(Event::WindowsExtended { by, total });
        Ok(())
    }
}
