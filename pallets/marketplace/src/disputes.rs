//! Disputes: what follows when buyers prove that they were cheated.
//!
//! Promises: the judgement is [`wonbon_primitives::dispute::verify`], the same that the buyer's tool runs
//! before it makes the content key public; a proof that does not hold changes nothing; one that holds gives
//! the buyer their money back and pays for the dispute out of the bond, and the rest of what the bond loses
//! goes to the treasury, so that a seller gains nothing by having a friend dispute first.

use frame_support::{dispatch::DispatchResult, ensure, weights::Weight};
use wonbon_primitives::{
    delivery::DeliveryError,
    dispute::{self, DisputeError, DisputeProof, DisputeTerms, Fault, Verdict},
    id::OrderId,
    record::{OfferState, OrderState, Outcome},
};

use crate::{
    pallet::{Config, Error, Event, Faults, Pallet},
    weights::WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// What a dispute weighs, without the release of its reserve.
    pub(crate) fn weight_of_dispute(proof: &DisputeProof) -> Weight {
        match &proof.fault {
            Fault::WrongKey => T::WeightInfo::dispute_wrong_key(),
            Fault::BadBlock(_) => T::WeightInfo::dispute_bad_block(),
        }
    }

    pub(crate) fn do_dispute(buyer: T::AccountId, id: OrderId, proof: &DisputeProof) -> DispatchResult {
        let order = Self::order(id)?;
        ensure!(order.buyer == buyer, Error::<T>::NotTheBuyer);
        let OrderState::Delivered { delivery, .. } = order.state else {
            return Err(Error::<T>::NotDelivered.into());
        };
        ensure!(Self::dispute_until(&order) >= Some(Self::now()), Error::<T>::TooLate);

        let facts = DisputeTerms {
            order_key: order.order_key,
            delivery,
            key_commitment: order.terms.key_commitment,
            sealed: order.terms.sealed(),
            plain: order.terms.plain(),
        };
        let verdict = dispute::verify(&order.terms.genesis, id, &facts, proof).map_err(Error::<T>::from)?;

        let mut offer = Self::offer_of(&order)?;
        let (lost, outcome) = match verdict {
            // Others may well have got the right key.
            Verdict::WrongKey => (order.terms.bond, Outcome::WrongKey),
            // The sealing is wrong for everyone.
            Verdict::BadBlock(index) => {
                let terms = &order.terms;
                let key = Self::fault_key(&terms.dataset, &terms.sealed_root, &terms.key_commitment);
                if !Faults::<T>::contains_key(key) {
                    Faults::<T>::insert(key, Self::now());
                }
                Self::unlist(&terms.dataset, order.offer);
                offer.state = OfferState::Faulted;
                offer.leaving = None;
                Self::deposit_event(Event::SealingFaulted {
                    offer: order.offer,
                    dataset: terms.dataset,
                    sealed_root: terms.sealed_root,
                    key_commitment: terms.key_commitment,
                });
                (offer.bond, Outcome::BadBlock(index))
            }
        };
        Self::slash(id, order.offer, &mut offer, &buyer, lost, order.terms.dispute_reserve)?;
        Self::refund_buyer(id, order, offer, outcome)
    }
}

impl<T> From<DisputeError> for Error<T> {
    fn from(error: DisputeError) -> Self {
        match error {
            DisputeError::Terms => Self::DisputeBadTerms,
            DisputeError::Shared(DeliveryError::Shared) => Self::DisputeBadPoint,
            DisputeError::Shared(DeliveryError::Scalar) => Self::DisputeBadScalar,
            DisputeError::Shared(DeliveryError::Proof) => Self::DisputeBadProof,
            // Both were checked when they came onto the chain.
            DisputeError::Shared(DeliveryError::OrderKey | DeliveryError::Ephemeral) => Self::Inconsistent,
            DisputeError::KeyIsRight => Self::DisputeKeyIsRight,
            DisputeError::KeyIsWrong => Self::DisputeKeyIsWrong,
            DisputeError::BlockLength => Self::DisputeBlockLength,
            DisputeError::SealedPath(_) => Self::DisputeSealedPath,
            DisputeError::PlainPath(_) => Self::DisputePlainPath,
            DisputeError::BlockIsRight => Self::DisputeBlockIsRight,
        }
    }
}
