//! What has a deadline and must not be crowded out: a delivery, and a dispute.
//!
//! The runtime's extension admits these two calls bare, asks here whether the order is in the phase for them and whose they
//! are, lets them before every ordinary transaction, and makes an [`OrderParty`] of their origin, which nothing else does: so
//! no wrapper reaches them.
//!
//! Promises: only one delivery and one dispute of an order come before others, and of neither one that failed once; what a
//! seller's failure takes away is the seller's priority, never the buyer's. What is remembered of a failure goes with its
//! order.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{BadOrigin, Saturating},
    Debug,
};
use wonbon_primitives::{id::OrderId, record::OrderState};

use crate::pallet::{Config, FailedActs, Orders, Pallet};

/// Who acts on an order, as the runtime found out before the call: the origin of `deliver` and of `dispute`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum OrderParty<AccountId> {
    /// Somebody who delivers.
    Deliverer(AccountId),
    /// Somebody who disputes.
    Disputer(AccountId),
}

/// What is done to an order before others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode)]
pub enum OrderAct {
    /// The seller's delivery.
    Delivery,
    /// The buyer's dispute.
    Dispute,
}

impl OrderAct {
    /// The origin of whoever does it.
    pub fn by<AccountId>(self, who: AccountId) -> OrderParty<AccountId> {
        match self {
            Self::Delivery => OrderParty::Deliverer(who),
            Self::Dispute => OrderParty::Disputer(who),
        }
    }
}

/// Which acts on an open order failed.
#[derive(
    Clone, Copy, PartialEq, Eq, Default, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Failed {
    /// A delivery.
    pub delivery: bool,
    /// A dispute.
    pub dispute: bool,
}

impl Failed {
    fn of(&mut self, act: OrderAct) -> &mut bool {
        match act {
            OrderAct::Delivery => &mut self.delivery,
            OrderAct::Dispute => &mut self.dispute,
        }
    }
}

/// An act that is admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Admitted<BlockNumber> {
    /// Whether it comes before others.
    pub first: bool,
    /// How many blocks after this one it can still be done in.
    pub blocks_left: BlockNumber,
}

/// Why an act is not admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAdmitted {
    /// The order is final, or there never was one.
    NoSuchOrder,
    /// It is another's to do.
    NotTheParty,
    /// A delivery of an order that has one, or a dispute of one that has none.
    WrongPhase,
    /// Its window is over.
    TooLate,
}

impl<T: Config> Pallet<T> {
    /// Whether `who` may do this to an order now. It changes nothing.
    pub fn admit(
        act: OrderAct,
        id: OrderId,
        who: &T::AccountId,
    ) -> Result<Admitted<BlockNumberFor<T>>, NotAdmitted> {
        let order = Orders::<T>::get(id).ok_or(NotAdmitted::NoSuchOrder)?;
        let (party, end) = match act {
            OrderAct::Delivery => {
                let end = (order.state == OrderState::Placed).then(|| Self::deliver_by(&order));
                (&order.terms.seller, end)
            }
            OrderAct::Dispute => (&order.buyer, Self::dispute_until(&order)),
        };
        ensure!(party == who, NotAdmitted::NotTheParty);
        let end = end.ok_or(NotAdmitted::WrongPhase)?;
        let now = Self::now();
        ensure!(now <= end, NotAdmitted::TooLate);
        let first = !*FailedActs::<T>::get(id).of(act);
        Ok(Admitted { first, blocks_left: end.saturating_sub(now) })
    }

    /// An act on an order failed: no other of its kind on it comes before others.
    pub fn note_failure(act: OrderAct, id: OrderId) {
        if Orders::<T>::contains_key(id) {
            FailedActs::<T>::mutate(id, |failed| *failed.of(act) = true);
        }
    }

    /// An order ends. A look costs less than a removal, and hardly an order has anything to remove.
    pub(crate) fn forget_failures(id: OrderId) {
        if FailedActs::<T>::contains_key(id) {
            FailedActs::<T>::remove(id);
        }
    }

    pub(crate) fn ensure_deliverer(origin: T::RuntimeOrigin) -> Result<T::AccountId, BadOrigin> {
        match origin.into() {
            Ok(OrderParty::Deliverer(who)) => Ok(who),
            _ => Err(BadOrigin),
        }
    }

    pub(crate) fn ensure_disputer(origin: T::RuntimeOrigin) -> Result<T::AccountId, BadOrigin> {
        match origin.into() {
            Ok(OrderParty::Disputer(who)) => Ok(who),
            _ => Err(BadOrigin),
        }
    }
}
