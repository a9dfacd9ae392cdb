//! Disputes: what holds, what does not, and what each costs whom.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::BoundedVec;

use super::*;
use crate::{
    mock::{
        held, wealth, ExtBuilder, BUYER, ENDOWMENT, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    EscrowTotal, Event, Faults, HoldReason,
};

/// The bond of a new offer.
const BOND: Balance = 3 * ORDER_BOND;

/// An order with a key delivered.
fn delivered_with(sealing: &Sealing, key: &ContentKey) -> (OfferId, OrderId) {
    let offer = offer(SELLER, sealing);
    let order = order(BUYER, offer);
    deliver(order, key);
    (offer, order)
}

fn wrong_key() -> ContentKey {
    ContentKey::from_bytes([0xbad_u16 as u8; 32])
}

#[test]
fn a_wrong_key_costs_the_bond_of_its_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let (offer, id) = delivered_with(&sealing, &wrong_key());
        let other = order(OTHER_BUYER, offer);
        assert_ok!(dispute(id, Fault::WrongKey));
        assert_eq!(outcome(id), Outcome::WrongKey);
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
        assert_eq!(wealth(SELLER), ENDOWMENT - ORDER_BOND);
        assert_eq!(wealth(TREASURY), ORDER_BOND - RESERVE);
        assert_eq!(held(HoldReason::Bond, SELLER), BOND - ORDER_BOND);
        System::assert_has_event(
            Event::BondSlashed { offer, order: id, to_buyer: RESERVE, to_treasury: ORDER_BOND - RESERVE }
                .into(),
        );
        // It touches no other order, and the offer stays open.
        assert_eq!(the_offer(offer).state, OfferState::Open);
        assert_noop!(Marketplace::refund_faulty(signed(OTHER_BUYER), other), Error::<Test>::NotFaulty);
        deliver(other, &sealing.key);
        assert_ok!(accept(OTHER_BUYER, other));
    });
}

#[test]
fn a_wrong_block_costs_the_whole_bond_and_closes_the_offer() {
    ExtBuilder::default().build_and_execute(|| {
        for index in [0, 2, 4] {
            let sealing = Sealing::with_wrong_block(1 + index as u8, index);
            let (offer, id) = delivered_with(&sealing, &sealing.key);
            let before = [BUYER, SELLER, TREASURY].map(wealth);
            assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(index))));
            assert_eq!(outcome(id), Outcome::BadBlock(index as u64));
            assert_eq!(wealth(BUYER), before[0] + RESERVE);
            assert_eq!(wealth(SELLER), before[1] - BOND);
            assert_eq!(wealth(TREASURY), before[2] + BOND - RESERVE);
            assert_eq!((the_offer(offer).state, the_offer(offer).bond), (OfferState::Faulted, 0));
            System::assert_has_event(
                Event::SealingFaulted {
                    offer,
                    dataset: sealing.dataset(),
                    sealed_root: sealing.sealed_root,
                    key_commitment: sealing.key.commitment(),
                }
                .into(),
            );
            assert_noop!(try_order(OTHER_BUYER, offer), Error::<Test>::FaultySealing);
            assert_noop!(Marketplace::withdraw_offer(signed(SELLER), offer), Error::<Test>::OfferNotOpen);
            assert_noop!(Marketplace::add_bond(signed(SELLER), offer, 1), Error::<Test>::OfferNotOpen);
        }
        assert_eq!(EscrowTotal::<Test>::get(), 0);
    });
}

#[test]
fn after_a_faulty_block_every_unsettled_order_can_only_be_refunded() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 3);
        let (offer, first) = delivered_with(&sealing, &sealing.key);
        let placed = order(OTHER_BUYER, offer);
        let delivered = order(OTHER_BUYER, offer);
        deliver(delivered, &sealing.key);
        let late_delivery = delivery_of(placed, &sealing.key);
        assert_noop!(Marketplace::refund_faulty(signed(OTHER_BUYER), placed), Error::<Test>::NotFaulty);

        assert_ok!(dispute(first, Fault::BadBlock(sealing.block_fault(3))));
        assert_eq!(Faults::<Test>::iter_values().collect::<Vec<_>>(), [System::block_number()]);
        assert_noop!(
            Marketplace::deliver(deliverer(SELLER), placed, late_delivery),
            Error::<Test>::FaultySealing
        );
        assert_noop!(accept(OTHER_BUYER, delivered), Error::<Test>::FaultySealing);
        pass(DISPUTE_WINDOW + 1);
        assert_noop!(settle(SELLER, delivered), Error::<Test>::FaultySealing);
        assert_noop!(Marketplace::expire(signed(SELLER), placed), Error::<Test>::FaultySealing);

        // No proof is needed any more, and it does not matter who asks.
        assert_ok!(Marketplace::refund_faulty(signed(STRANGER), placed));
        assert_ok!(Marketplace::refund_faulty(signed(SELLER), delivered));
        assert_eq!((outcome(placed), outcome(delivered)), (Outcome::Faulted, Outcome::Faulted));
        assert_eq!((wealth(OTHER_BUYER), wealth(STRANGER)), (ENDOWMENT, ENDOWMENT));
        assert_noop!(Marketplace::refund_faulty(signed(STRANGER), placed), Error::<Test>::NoSuchOrder);
        assert_eq!(EscrowTotal::<Test>::get(), 0);
    });
}

#[test]
fn a_second_dispute_of_a_faulty_sealing_still_refunds() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 1);
        let (offer, first) = delivered_with(&sealing, &sealing.key);
        let second = order(OTHER_BUYER, offer);
        let third = order(OTHER_BUYER, offer);
        deliver(second, &sealing.key);
        deliver(third, &wrong_key());
        assert_ok!(dispute(first, Fault::BadBlock(sealing.block_fault(1))));
        let at = System::block_number();
        pass(1);
        assert_ok!(dispute(second, Fault::BadBlock(sealing.block_fault(1))));
        assert_ok!(dispute(third, Fault::WrongKey));
        assert_eq!(wealth(OTHER_BUYER), ENDOWMENT);
        assert_eq!(wealth(SELLER), ENDOWMENT - BOND);
        assert_eq!(Faults::<Test>::iter_values().collect::<Vec<_>>(), [at]);
    });
}

#[test]
fn a_faulty_sealing_is_not_offered_again() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 3);
        let (_, id) = delivered_with(&sealing, &sealing.key);
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(3))));
        // Not even by the dataset's next owner.
        register(OTHER_SELLER, sealing.plain);
        assert_noop!(try_offer(OTHER_SELLER, sealing.listing()), Error::<Test>::FaultySealing);
        // A right sealing of the same dataset can be.
        offer(OTHER_SELLER, &Sealing::under_key(1, 7));
    });
}

#[test]
fn a_fault_reaches_a_withdrawn_offers_bond() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 3);
        let (offer, id) = delivered_with(&sealing, &sealing.key);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(3))));
        assert_eq!(wealth(SELLER), ENDOWMENT - BOND);
        assert_eq!(the_offer(offer).state, OfferState::Faulted);
    });
}

#[test]
fn a_key_that_is_not_the_sealings_is_a_block_fault() {
    ExtBuilder::default().build_and_execute(|| {
        // Committed to and delivered: one key. Sealed with: another.
        let mut sealing = Sealing::under_key(1, 2);
        sealing.key = ContentKey::from_bytes([3; 32]);
        let (_, id) = delivered_with(&sealing, &sealing.key);
        assert_noop!(dispute(id, Fault::WrongKey), Error::<Test>::DisputeKeyIsRight);
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(0))));
    });
}

#[test]
fn an_honest_seller_loses_no_dispute() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let (_, id) = delivered_with(&sealing, &sealing.key);
        assert_noop!(dispute(id, Fault::WrongKey), Error::<Test>::DisputeKeyIsRight);
        for index in 0..sealing.leaves.len() {
            let claim = Fault::BadBlock(sealing.block_fault(index));
            assert_noop!(dispute(id, claim), Error::<Test>::DisputeBlockIsRight);
        }

        // What the buyer shows must be the sealed payload's and the dataset's, at the right place.
        let refused = |change: &dyn Fn(&mut BlockFault), error: Error<Test>| {
            let mut fault = sealing.block_fault(2);
            change(&mut fault);
            assert_noop!(dispute(id, Fault::BadBlock(fault)), error);
        };
        let other = Sealing::with_wrong_block(9, 2).block_fault(2);
        refused(&|it| it.index = 1, Error::DisputeSealedPath);
        refused(&|it| it.index = 4, Error::DisputeBlockLength);
        refused(&|it| it.index = 5, Error::DisputeBlockLength);
        refused(&|it| it.index = u64::MAX, Error::DisputeBlockLength);
        refused(&|it| it.sealed_block = BoundedVec::default(), Error::DisputeBlockLength);
        refused(&|it| it.sealed_block.truncate(4095), Error::DisputeBlockLength);
        refused(&|it| it.sealed_block = other.sealed_block.clone(), Error::DisputeSealedPath);
        refused(&|it| it.sealed_path = other.sealed_path.clone(), Error::DisputeSealedPath);
        refused(&|it| it.sealed_path.truncate(2), Error::DisputeSealedPath);
        refused(&|it| it.sealed_path = BoundedVec::default(), Error::DisputeSealedPath);
        refused(&|it| it.plain_leaf = other.plain_leaf, Error::DisputePlainPath);
        refused(&|it| it.plain_leaf = sealing.leaves[1], Error::DisputePlainPath);
        refused(&|it| it.plain_path = other.plain_path.clone(), Error::DisputePlainPath);
        refused(&|it| it.plain_path = BoundedVec::default(), Error::DisputePlainPath);

        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, id));
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
    });
}

#[test]
fn a_block_cannot_be_judged_with_a_wrong_key() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 3);
        let (_, id) = delivered_with(&sealing, &wrong_key());
        let claim = Fault::BadBlock(sealing.block_fault(3));
        assert_noop!(dispute(id, claim), Error::<Test>::DisputeKeyIsWrong);
        assert_ok!(dispute(id, Fault::WrongKey));
    });
}

#[test]
fn a_dispute_is_the_buyers_and_in_time() {
    ExtBuilder::default().build_and_execute(|| {
        let (offer, id) = delivered_with(&Sealing::honest(1), &wrong_key());
        let late = order(BUYER, offer);
        deliver(late, &wrong_key());
        let proof = DisputeProof { shared: shared_proof(id), fault: Fault::WrongKey };
        for other in [SELLER, OTHER_BUYER, STRANGER] {
            assert_noop!(dispute_as(other, id, proof.clone()), Error::<Test>::NotTheBuyer);
        }
        assert_noop!(dispute_as(BUYER, 7, proof.clone()), Error::<Test>::NoSuchOrder);
        pass(DISPUTE_WINDOW);
        assert_ok!(dispute_as(BUYER, id, proof.clone()));
        assert_noop!(dispute_as(BUYER, id, proof), Error::<Test>::NoSuchOrder);
        pass(1);
        assert_noop!(dispute(late, Fault::WrongKey), Error::<Test>::TooLate);
    });
}

#[test]
fn the_dispute_reserve_is_there_for_the_buyer_while_he_may_dispute() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let id = order(BUYER, offer);
        let reserve = |who| Marketplace::reserved_for_dispute(&who, id);
        assert_eq!(reserve(BUYER), 0);
        deliver(id, &wrong_key());
        assert_eq!((reserve(BUYER), reserve(SELLER), reserve(STRANGER)), (RESERVE, 0, 0));
        assert_eq!(Marketplace::reserved_for_dispute(&BUYER, 7), 0);

        // Another's attempt does nothing.
        for other in [SELLER, OTHER_BUYER, STRANGER] {
            assert_ok!(Marketplace::release_dispute_reserve(&other, id));
        }
        assert_ok!(Marketplace::release_dispute_reserve(&BUYER, 7));
        assert_eq!((reserve(BUYER), held(HoldReason::Escrow, BUYER)), (RESERVE, ESCROW));

        pass(DISPUTE_WINDOW);
        assert_eq!(reserve(BUYER), RESERVE);
        pass(1);
        assert_eq!(reserve(BUYER), 0);
        assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
        assert_eq!(held(HoldReason::Escrow, BUYER), ESCROW);
    });
}

#[test]
fn a_released_reserve_is_gone_from_escrow_and_paid_back_by_the_bond_if_the_dispute_holds() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let (offer, wins) = delivered_with(&sealing, &wrong_key());
        let settles = order(BUYER, offer);
        deliver(settles, &sealing.key);
        for id in [wins, settles] {
            assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
            System::assert_last_event(Event::DisputeReserveReleased { order: id, amount: RESERVE }.into());
            assert_eq!((the_order(id).reserve_left, Marketplace::reserved_for_dispute(&BUYER, id)), (0, 0));
            // A second time it moves nothing.
            assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
        }
        assert_eq!((held(HoldReason::Escrow, BUYER), wealth(BUYER)), (2 * PRICE, ENDOWMENT));
        assert_ok!(dispute(wins, Fault::WrongKey));
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE);
        // The seller's and the treasury's parts do not depend on it.
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, settles));
        assert_eq!(wealth(BUYER), ENDOWMENT + RESERVE - PRICE);
        assert_eq!(wealth(SELLER), ENDOWMENT - ORDER_BOND + PRICE - FEE);
    });
}
